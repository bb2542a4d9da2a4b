"""Proves (the protocol, our side): previews guess nothing, secrets stay secret, diffs say where and how.

A provider with one small type answers; nothing but the protocol's messages goes in or comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, FaultSpec
from agentic.sandbox.providers.journal import Journal
from agentic.sandbox.providers.kinds import Named, Observed, Properties, ResourceError
from agentic.sandbox.providers.lifecycle import LifeCycle
from agentic.sandbox.providers.servicer import Servicer
from agentic.sandbox.providers.wire import UNKNOWN, Secret, decode, encode

URN = "urn:pulumi:dev::project::outer:index:Parent$test:index:Thing::thing"
Diff = provider_pb2.DiffResponse
Kind = provider_pb2.PropertyDiff


@dataclass
class Things:
    """`size` changes in place, `name` and `shape` do not; `arn` is the cloud's to say; `all` is made of `tags`."""

    unordered: bool = True
    there: dict[str, Properties] = field(default_factory=dict[str, Properties])
    asked: list[str] = field(default_factory=list[str])

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        self.asked.append(f"check {named.name}")
        made_up = {} if "name" in news else {"name": olds.get("name", "made-up")}
        return {**news, **made_up, "all": news.get("tags", {})}, [("bad", "no")] if "bad" in news else []

    def replaces(self, change: Change) -> bool:
        return change.touches("name") or change.touches("shape.corners")

    def same_place(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        return olds.get("name") == news.get("name")

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        return {"arn": UNKNOWN, **(before or {}), **inputs}

    def create(self, named: Named, inputs: Properties) -> str:
        if inputs["name"] == "taken":
            raise ResourceError("AlreadyExists", "thing taken already exists")
        if inputs["name"] == "defect":
            raise KeyError("a defect of ours")
        self.there[inputs["name"]] = inputs
        return str(inputs["name"])

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Observed | None:
        found = self.there.get(identity)
        return None if found is None else Observed(found, {**found, "arn": f"arn:{identity}"})

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        self.asked.append(f"update {dict(olds)['size']} {news['size']}")
        self.there[identity] = news

    def delete(self, identity: str, outputs: Mapping[str, Any]) -> None:
        self.asked.append(f"delete {identity} {outputs['arn']}")
        del self.there[identity]

    def find(self, named: Named, inputs: Mapping[str, Any]) -> list[str]:
        return []


class OneType:
    """A package whose one input is `place`."""

    package = "aws"

    def __init__(self, things: Things) -> None:
        self.things = things
        self.configured: Properties = {}

    def check_config(self, news: Properties) -> list[tuple[str, str]]:
        return [] if "place" in news else [("place", "the provider needs a place")]

    def config_replaces(self, change: Change, olds: Properties, news: Properties) -> bool:
        return change.touches("place")

    def configure(self, inputs: Properties) -> None:
        self.configured = inputs

    def kind(self, token: str) -> Things:
        assert token == "test:index:Thing"
        return self.things

    def construct(self, request: Any) -> Any:
        raise ResourceError("UnknownType", f"no component {request.type}")


class AbortedError(Exception):
    """What gRPC turns into the engine's error."""


class Context:
    """gRPC's side of a call."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise AbortedError(f"{code.name} {details}")


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def served(things: Things, database: Database) -> Servicer:
    life = LifeCycle(Journal(database), Faults(FaultSpec(), database))
    return Servicer(OneType(things), life, (ResourceError,))


def _make(served: Servicer, **inputs: Any) -> provider_pb2.CreateResponse:
    request = provider_pb2.CreateRequest(urn=URN, name="thing", properties=encode(inputs))
    return served.Create(request, Context())


def _diff(served: Servicer, olds: Properties, news: Properties, *ignore: str) -> provider_pb2.DiffResponse:
    request = provider_pb2.DiffRequest(
        urn=URN, id="a", old_inputs=encode(olds), news=encode(news), ignoreChanges=ignore
    )
    return served.Diff(request, Context())


def test_secrets_and_resources_travel_as_what_they_are(served: Servicer) -> None:
    agreed = served.Handshake(provider_pb2.ProviderHandshakeRequest(), Context())
    assert (agreed.accept_secrets, agreed.accept_resources) == (True, True)
    configured = served.Configure(
        provider_pb2.ConfigureRequest(args=encode({"place": Secret("x")})), Context()
    )
    assert (configured.acceptSecrets, configured.supportsPreview) == (True, True)
    assert served.provider.configured == {"place": "x"}  # type: ignore[attr-defined]


def test_a_preview_makes_nothing_and_guesses_nothing(served: Servicer, things: Things) -> None:
    request = provider_pb2.CreateRequest(
        urn=URN, name="thing", preview=True, properties=encode({"name": "a", "size": UNKNOWN})
    )
    answer = served.Create(request, Context())
    assert decode(answer.properties) == {"name": "a", "size": UNKNOWN, "arn": UNKNOWN}
    assert answer.id == ""
    assert things.there == {}


def test_a_preview_of_a_change_keeps_what_was_known(served: Servicer, things: Things) -> None:
    request = provider_pb2.UpdateRequest(
        urn=URN,
        id="a",
        preview=True,
        olds=encode({"name": "a", "size": 1, "arn": "arn:a"}),
        old_inputs=encode({"name": "a", "size": 1}),
        news=encode({"name": "a", "size": 2}),
    )
    assert decode(served.Update(request, Context()).properties) == {"name": "a", "size": 2, "arn": "arn:a"}
    assert things.asked == []


def test_a_creation_with_a_value_that_is_still_unknown_is_a_fault_not_a_thing(served: Servicer) -> None:
    with pytest.raises(ValueError, match=r"asked to make .*thing with values that are still unknown"):
        _make(served, name="a", size=UNKNOWN)


def test_secret_inputs_are_secret_in_outputs_and_in_what_is_made_of_them(
    served: Servicer, things: Things
) -> None:
    request = provider_pb2.CheckRequest(
        urn=URN, name="thing", news=encode({"name": "a", "tags": {"k": Secret("hunter22")}})
    )
    checked = decode(served.Check(request, Context()).inputs)
    assert checked["all"] == {"k": Secret("hunter22")}
    outputs = decode(_make(served, **checked).properties)
    assert outputs["tags"] == outputs["all"] == {"k": Secret("hunter22")}
    assert things.there["a"]["tags"] == {"k": "hunter22"}, "the cloud gets the value itself"
    seen = served.Read(provider_pb2.ReadRequest(urn=URN, id="a", inputs=encode(checked)), Context())
    # A secret is printed as `Secret(...)`.
    assert "hunter22" not in str(decode(seen.properties)) + str(decode(seen.inputs))


def test_a_check_gives_each_fault_its_property_and_drops_nulls(served: Servicer, things: Things) -> None:
    request = provider_pb2.CheckRequest(urn=URN, name="thing", news=encode({"bad": 1, "size": None}))
    answer = served.Check(request, Context())
    assert [(f.property, f.reason) for f in answer.failures] == [("bad", "no")]
    assert "size" not in decode(answer.inputs)
    assert things.asked == ["check thing"]


def test_a_diff_names_each_path_and_tells_whether_it_replaces(served: Servicer) -> None:
    answer = _diff(
        served,
        {"name": "a", "size": 1, "shape": {"corners": 3, "colour": "red"}, "gone": 1},
        {"name": "a", "size": 2, "shape": {"corners": 4, "colour": "red", "a/b": 1}},
    )
    assert answer.changes == Diff.DIFF_SOME
    assert {path: Kind.Kind.Name(d.kind) for path, d in answer.detailedDiff.items()} == {
        "size": "UPDATE",
        "shape.corners": "UPDATE_REPLACE",
        'shape["a/b"]': "ADD",
        "gone": "DELETE",
    }
    assert list(answer.replaces) == ["shape"]
    assert sorted(answer.diffs) == ["gone", "shape", "size"]


def test_a_replacement_in_the_same_place_deletes_first_and_in_another_last(served: Servicer) -> None:
    assert _diff(
        served, {"name": "a", "shape": {"corners": 3}}, {"name": "a", "shape": {"corners": 4}}
    ).deleteBeforeReplace
    assert not _diff(served, {"name": "a"}, {"name": "b"}).deleteBeforeReplace
    assert not _diff(served, {"name": "a", "size": 1}, {"name": "a", "size": 2}).deleteBeforeReplace


def test_no_change_is_no_change_whatever_the_order_of_a_set(served: Servicer) -> None:
    assert _diff(served, {"ids": ["a", "b"]}, {"ids": ["b", "a"]}).changes == Diff.DIFF_NONE


def test_an_unknown_value_is_a_change(served: Servicer) -> None:
    assert list(_diff(served, {"name": "a"}, {"name": UNKNOWN}).replaces) == ["name"]


def test_ignored_properties_and_what_is_under_them_do_not_count(served: Servicer) -> None:
    olds: Properties = {"shape": {"corners": 3}, "size": 1, "sizes": 1}
    news: Properties = {"shape": {"corners": 4}, "size": 2, "sizes": 2}
    answer = _diff(served, olds, news, "shape", "size")
    assert list(answer.detailedDiff) == ["sizes"]


def test_a_thing_that_is_gone_reads_as_nothing(served: Servicer) -> None:
    assert served.Read(provider_pb2.ReadRequest(urn=URN, id="never"), Context()).id == ""


def test_an_update_gets_old_and_new_inputs_and_a_deletion_the_outputs(
    served: Servicer, things: Things
) -> None:
    _make(served, name="a", size=1)
    request = provider_pb2.UpdateRequest(
        urn=URN, id="a", old_inputs=encode({"name": "a", "size": 1}), news=encode({"name": "a", "size": 2})
    )
    outputs = served.Update(request, Context()).properties
    served.Delete(provider_pb2.DeleteRequest(urn=URN, id="a", properties=outputs), Context())
    assert things.asked == ["update 1 2", "delete a arn:a"]


def test_a_refusal_is_one_line_with_its_code_and_a_defect_of_ours_is_not_dressed_up(served: Servicer) -> None:
    with pytest.raises(
        AbortedError, match=r"^FAILED_PRECONDITION AlreadyExists: thing taken already exists$"
    ):
        _make(served, name="taken")
    with pytest.raises(KeyError, match="a defect of ours"):
        _make(served, name="defect")


def test_a_provider_without_what_it_needs_is_refused_by_property(served: Servicer) -> None:
    answer = served.CheckConfig(provider_pb2.CheckRequest(news=encode({})), Context())
    assert [(f.property, f.reason) for f in answer.failures] == [("place", "the provider needs a place")]


def test_a_changed_provider_says_whether_everything_moves(served: Servicer) -> None:
    def moves(olds: Properties, news: Properties) -> list[str]:
        request = provider_pb2.DiffRequest(old_inputs=encode(olds), news=encode(news))
        return list(served.DiffConfig(request, Context()).replaces)

    assert moves({"place": "a"}, {"place": "b"}) == ["place"]
    assert moves({"place": "a", "note": 1}, {"place": "a", "note": 2}) == []


def test_a_component_nobody_knows_is_refused(served: Servicer) -> None:
    with pytest.raises(AbortedError, match="UnknownType: no component test:index:Other"):
        served.Construct(provider_pb2.ConstructRequest(type="test:index:Other"), Context())
