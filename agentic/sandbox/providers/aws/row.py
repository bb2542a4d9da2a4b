"""One AWS type is one row; a new one is about ten lines and no other change.

A row names the boto3 service, the call that makes the thing and where its id is found, the call that looks at it, the
call that removes it, what can be changed in place, and what cannot:

    Row(
        type="aws:ec2/internetGateway:InternetGateway",
        service="ec2",
        create=Call("create_internet_gateway"),
        made="InternetGateway.InternetGatewayId",
        read=Call("describe_internet_gateways", lambda it: {"InternetGatewayIds": [it.id]}),
        at="InternetGateways[0]",
        delete=(Call("delete_internet_gateway", lambda it: {"InternetGatewayId": it.id}),),
        outputs={"ownerId": "OwnerId"},
        settings=(Setting("vpcId", Call("attach_internet_gateway", lambda it: {...})),),
        tags=ec2_tags("internet-gateway"),
    )

What a row need not say:

* Inputs whose name equals a member of the create request, ignoring case, are passed on, nested ones too, shaped by
  botocore's model. `Call(args=...)` adds or overrides. An input that no part of the row handles is refused by name,
  never dropped; list it in `local` if it means nothing to the cloud.
* A `Setting` is made at creation when its property is given and the create request has no such member (unless it
  is marked `later`), and at update when it changed. What has neither a setting nor tags must be replaced: the plan's
  table of replacements (`agentic/plan/replacements.py`) says so for both, `replace` adds to it.
* `natural` gives the id from the inputs where the cloud has none of its own; old and new things with one natural id,
  or one fixed `name`, are replaced by deleting first.
* Inputs are read back by the same names; `observe` says where else to look, by JMESPath or by a function.
* With `tags`, an interrupted creation is found again by its `agentic:urn` tag through `search`; with `natural` by id.

Ids alone must be enough to read and delete, because after a crash there is nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentic.plan.replacements import AWS
from agentic.sandbox.providers.aws.calls import Aws
from agentic.sandbox.providers.changes import Change, Kind
from agentic.sandbox.providers.kinds import Named

URN_TAG = "agentic:urn"


@dataclass(frozen=True, kw_only=True)
class It:
    """The thing a call is about."""

    aws: Aws
    region: str
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    named: Named | None = None

    def __getitem__(self, name: str) -> Any:
        return self.inputs[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Give an input or the default AWS takes without it."""
        return self.inputs.get(name, default)

    def parts(self, separator: str = "/", count: int = -1) -> list[str]:
        """Split the id."""
        return self.id.split(separator, count)


Arguments = Callable[[It], Mapping[str, Any]]
Action = Callable[[It], None]
Look = str | Callable[[It, Any], Any]
"""A JMESPath into an answer, or a function of it."""


@dataclass(frozen=True)
class Call:
    """One boto3 method; `args` win over what is taken from inputs, and an argument of None is left out."""

    method: str
    args: Arguments = lambda _: {}
    service: str = ""
    when: Callable[[It], bool] = lambda _: True


@dataclass(frozen=True)
class Setting:
    """Properties (space-separated) that one call, or a function of several, changes in place."""

    properties: str
    call: Call | Action
    later: bool = False
    """The create call carries these properties already, under other names."""


@dataclass(frozen=True, kw_only=True)
class TagStyle:
    """How one service takes tags when a thing is made, and later."""

    at_create: Callable[[Mapping[str, str]], Mapping[str, Any]]
    read: Callable[[It, Mapping[str, Any]], Mapping[str, str]]
    put: Callable[[It, Mapping[str, str]], object]
    drop: Callable[[It, Sequence[str]], object]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One AWS type."""

    type: str
    service: str
    create: Call
    """Makes it."""
    made: Look = ""
    """Where the answer of `create` has the id."""
    natural: Callable[[Mapping[str, Any]], str] | None = None
    """The id from inputs alone, instead of `made`."""
    read: Call
    """Looks at it; a not-found error means that it is gone."""
    at: Look = "@"
    """Where the answer of `read` has it; null, empty or false means that it is gone."""
    delete: tuple[Call | Action, ...]
    """Removes it, in this order; not-found errors are success."""
    settings: tuple[Setting, ...] = ()
    """What changes in place."""
    replace: str = ""
    """Dotted properties whose change needs a new thing, besides those in `agentic.plan.replacements`."""
    replace_on_removal: str = ""
    """Properties that can be added in place and not taken away."""
    outputs: Mapping[str, Look] = field(default_factory=dict[str, Look])
    """What only AWS can say, unknown at preview."""
    observe: Mapping[str, Look] = field(default_factory=dict[str, Look])
    """Inputs whose current value is elsewhere than under their own name."""
    local: str = ""
    """Inputs without a counterpart in AWS."""
    name: str = ""
    """The input that names it; one is made up where the program gives none."""
    name_limit: int = 64
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Inputs the real provider fills in."""
    after_create: Action = lambda _: None
    """What the real provider does besides, after the settings."""
    blocked: Callable[[It], str | None] = lambda _: None
    """Why AWS would refuse to delete it now, where moto would not."""
    tags: TagStyle | None = None
    search: Callable[[It], list[str]] | None = None
    """Ids that carry this URN's mark."""

    @property
    def settable(self) -> frozenset[str]:
        """Every property that a setting handles."""
        return frozenset(name for setting in self.settings for name in setting.properties.split())

    @property
    def replacing(self) -> tuple[str, ...]:
        """Every dotted property whose change always needs a new thing."""
        fixed = (self.name, f"{self.name}Prefix") if self.name else ()
        return (*AWS.get(self.type, ()), *self.replace.split(), *fixed, "region")

    def replaces(self, change: Change) -> bool:
        """Tell whether this change needs a new thing."""
        removed = change.kind is Kind.DELETE and change.path[0] in self.replace_on_removal.split()
        return removed or any(change.touches(pattern) for pattern in self.replacing)
