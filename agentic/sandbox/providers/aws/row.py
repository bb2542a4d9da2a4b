"""One AWS type is one row; a new one is about ten lines and no other change.

A row names the boto3 service, the call that makes the thing and where its id is found, the call that looks at it, the
call that removes it, what can be changed in place, and what cannot:

    Row(
        token="aws:ec2/internetGateway:InternetGateway",
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
* A `Setting` is made at creation when its property is given and the create request has no such member, and at update
  when it changed. What has neither a setting nor tags must stand in `replace`.
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

from agentic.sandbox.providers.aws.calls import Aws
from agentic.sandbox.providers.kinds import Named, Properties

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

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return self.inputs[name]

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        """Give an input or the default AWS takes without it."""
        return self.inputs.get(name, default)

    def parts(self, separator: str = "/", count: int = -1) -> list[str]:
        """Split the id."""
        return self.id.split(separator, count)


Arguments = Callable[[It], Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """One boto3 method; `args` win over what is taken from the inputs, and an argument of None is left out."""

    method: str
    args: Arguments = lambda _: {}
    service: str = ""


@dataclass(frozen=True)
class Setting:
    """Properties (space-separated) that one call changes in place."""

    properties: str
    call: Call
    when: Callable[[It], bool] = lambda _: True


@dataclass(frozen=True, kw_only=True)
class TagStyle:
    """How one service takes tags when a thing is made, and later."""

    at_create: Callable[[Mapping[str, str]], Mapping[str, Any]]
    read: Callable[[It, Mapping[str, Any]], Mapping[str, str]]
    put: Callable[[It, Mapping[str, str]], None]
    drop: Callable[[It, Sequence[str]], None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One AWS type."""

    token: str
    service: str
    create: Call
    read: Call
    delete: tuple[Call, ...]
    made: str = ""
    natural: Callable[[Mapping[str, Any]], str] | None = None
    at: str = "@"
    present: Callable[[It, Any], bool] = lambda _, found: bool(found)
    outputs: Mapping[str, str | Callable[[It, Any], Any]] = field(default_factory=dict[str, Any])
    observe: Mapping[str, str | Callable[[It, Any], Any]] = field(default_factory=dict[str, Any])
    settings: tuple[Setting, ...] = ()
    replace: str = ""
    local: str = ""
    name: str = ""
    name_limit: int = 64
    tags: TagStyle | None = None
    search: Callable[[It], list[str]] | None = None
    allowed: Callable[[It], str | None] = lambda _: None
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def settable(self) -> frozenset[str]:
        """Every property that a setting handles."""
        return frozenset(name for setting in self.settings for name in setting.properties.split())
