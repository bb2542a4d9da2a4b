"""Definitions are read from where they are, in a fixed order; only what is missing is fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentic.crds import charts, directory, fetch, provide
from agentic.crds.errors import CrdError
from agentic.crds.sources import SOURCES, Source

NODE_POOL = ("karpenter.sh/v1", "NodePool")
CLAIM = ("cert-manager.io/v1", "Certificate")


def _definition(kind: str, group: str, version: str = "v1") -> str:
    return json.dumps(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{kind.lower()}s.{group}"},
            "spec": {
                "group": group,
                "names": {"kind": kind},
                "versions": [{"name": version, "served": True}],
            },
        }
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources and charts that were asked for; a source brings one kind of its first group."""
    names: list[str] = []

    def modules(home: Path, say: object, *, sources: list[Source]) -> list[Source]:
        for source in sources:
            names.append(source.name)
            (home / source.name).mkdir(parents=True, exist_ok=True)
            kind = {"karpenter": "NodePool", "cert-manager": "Certificate"}[source.name]
            (home / source.name / "one.yaml").write_text(_definition(kind, source.groups[0]))
        return sources

    monkeypatch.setattr(provide, "fetch", modules)
    monkeypatch.setattr(charts, "fetch", lambda home, pins, say: names.extend(pin.name for pin in pins))
    return names


def _provide(root: Path, named: Path | None, *kinds: tuple[str, str]) -> list[str]:
    found = provide.provide(root, named, set(kinds), lambda _: None)
    return [str(one.file.relative_to(root)) for one in found]


def test_what_is_missing_is_fetched_from_its_own_source_and_only_once(
    tmp_path: Path, asked: list[str]
) -> None:
    fetched = f"{directory.FETCHED}/karpenter/one.yaml"
    assert _provide(tmp_path, None, NODE_POOL) == [fetched]
    assert asked == ["karpenter"]
    assert _provide(tmp_path, None, NODE_POOL) == [fetched]
    assert asked == ["karpenter"]


def test_what_was_named_comes_first_and_what_it_lacks_is_fetched(tmp_path: Path, asked: list[str]) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.yaml").write_text(_definition("NodePool", "karpenter.sh"))
    assert _provide(tmp_path, mine, NODE_POOL) == ["mine/a.yaml"]
    assert asked == []
    assert _provide(tmp_path, mine, NODE_POOL, CLAIM) == [
        f"{directory.FETCHED}/cert-manager/one.yaml",
        "mine/a.yaml",
    ]
    assert asked == ["cert-manager"]


def test_built_in_kinds_and_kinds_that_nobody_brings_cause_no_fetch(tmp_path: Path, asked: list[str]) -> None:
    assert (
        _provide(tmp_path, None, ("v1", "Pod"), ("apps/v1", "Deployment"), ("example.com/v1", "Thing")) == []
    )
    assert asked == []


def test_a_kind_that_only_a_chart_brings_is_asked_of_helm(tmp_path: Path, asked: list[str]) -> None:
    _provide(tmp_path, None, ("clickhouse.com/v1alpha1", "KeeperCluster"))
    assert asked == ["clickhouse-operator-helm"]


def test_a_source_that_cannot_be_had_is_said_and_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> list[Source]:
        raise CrdError("Go could not download modules: no such host", remedy="check the network")

    monkeypatch.setattr(provide, "fetch", unreachable)
    said: list[str] = []
    assert provide.provide(tmp_path, None, {NODE_POOL}, said.append) == []
    assert said[0] == "Go could not download modules: no such host"


def test_a_named_directory_that_is_none_is_an_error_before_anything_is_fetched(
    tmp_path: Path, asked: list[str]
) -> None:
    with pytest.raises(CrdError, match="does not exist"):
        _provide(tmp_path, tmp_path / "missing", NODE_POOL)
    assert asked == []


def test_what_a_source_brings_is_of_the_groups_it_says(tmp_path: Path) -> None:
    fetched = Path(__file__).parents[3] / directory.FETCHED
    here = [source for source in SOURCES if (fetched / source.name).is_dir()]
    if not here:
        pytest.skip("no definitions: they are fetched by `make rehearse`")
    for source in here:
        brought = {
            one.group
            for file in sorted((fetched / source.name).glob("*.yaml"))
            for one in directory.read(file, file.read_bytes())
        }
        assert brought <= set(source.groups), source.name
        assert brought, source.name


def test_no_two_sources_are_called_the_same_and_fetch_knows_them_all() -> None:
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    assert fetch.SOURCES is SOURCES
