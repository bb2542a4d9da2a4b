"""A directory of definitions gives those that are asked for, or says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentic.crds import directory
from agentic.crds.errors import CrdError

NODE_POOL = ("karpenter.sh/v1", "NodePool")


def _definition(kind: str = "NodePool", group: str = "karpenter.sh", *served: str, **more: Any) -> str:
    versions = [{"name": version, "served": True} for version in served or ("v1",)]
    manifest = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.lower()}s.{group}"},
        "spec": {"group": group, "names": {"kind": kind}, "versions": versions, **more},
    }
    return json.dumps(manifest)


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(_definition())
    (tmp_path / "b.yaml").write_text(_definition("NodeClaim"))
    (tmp_path / "c.yaml").write_text("kind: CustomResourceDefinition\nunfinished: [\n")
    (found,) = directory.find([tmp_path], {NODE_POOL})
    assert (found.name, found.group, found.kind, found.served) == (
        "nodepools.karpenter.sh",
        "karpenter.sh",
        "NodePool",
        ("v1",),
    )
    assert found.file == tmp_path / "a.yaml"


def test_definitions_lie_at_any_depth_and_several_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "all.yml").write_text(
        f"---\n{_definition('NodeClaim')}\n---\n---\n{_definition()}\n---\nkind: ConfigMap\n"
    )
    found = directory.find([tmp_path], {NODE_POOL, ("karpenter.sh/v1", "NodeClaim")})
    assert [definition.kind for definition in found] == ["NodeClaim", "NodePool"]


def test_of_two_definitions_of_one_kind_the_one_that_serves_the_version_counts(tmp_path: Path) -> None:
    (tmp_path / "1-old.yaml").write_text(_definition("NodePool", "karpenter.sh", "v1beta1"))
    (tmp_path / "2-new.yaml").write_text(_definition("NodePool", "karpenter.sh", "v1beta1", "v1"))
    (tmp_path / "3-newer.yaml").write_text(_definition("NodePool", "karpenter.sh", "v1", "v2"))
    (found,) = directory.find([tmp_path], {NODE_POOL})
    assert found.file.name == "2-new.yaml"


def test_a_definition_that_lacks_the_version_is_given_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(_definition("NodePool", "karpenter.sh", "v1beta1"))
    (found,) = directory.find([tmp_path], {NODE_POOL})
    assert found.served == ("v1beta1",)


def test_the_same_kind_of_another_group_is_another_kind(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(
        _definition("NodePool", "eks.amazonaws.com", description="karpenter.sh")
    )
    assert directory.find([tmp_path], {NODE_POOL}) == []


def test_an_operator_that_yaml_takes_for_something_else_stays_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "kind: CustomResourceDefinition\n"
        "metadata: {name: nodepools.karpenter.sh}\n"
        "spec:\n  group: karpenter.sh\n  names: {kind: NodePool}\n"
        "  versions:\n  - {name: v1, served: true}\n"
        "  enum:\n  - '!='\n  - =\n  default: 2026-01-02\n"
    )
    (found,) = directory.find([tmp_path], {NODE_POOL})
    assert found.manifest["spec"]["enum"] == ["!=", "="]
    assert found.manifest["spec"]["default"] == "2026-01-02"


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(
        "kind: CustomResourceDefinition\n# karpenter.sh NodePool\nspec: [1, 2\nmore: x\n"
    )
    with pytest.raises(CrdError, match=r"bad\.yaml is not YAML: line 4: "):
        directory.find([tmp_path], {NODE_POOL})


def test_bytes_that_are_no_text_are_not_yaml_either(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"CustomResourceDefinition karpenter.sh NodePool \xff\x00")
    with pytest.raises(CrdError, match=r"bad\.yaml is not YAML: "):
        directory.find([tmp_path], {NODE_POOL})


@pytest.mark.parametrize(
    "body", ["spec: {}", "metadata: {name: x}\nspec: {group: karpenter.sh}", "metadata: NodePool\nspec: x"]
)
def test_a_definition_without_what_makes_it_one_is_named(tmp_path: Path, body: str) -> None:
    (tmp_path / "bad.yaml").write_text(f"# karpenter.sh NodePool\nkind: CustomResourceDefinition\n{body}\n")
    with pytest.raises(CrdError, match=r"bad\.yaml: a CustomResourceDefinition without "):
        directory.find([tmp_path], {NODE_POOL})


def test_several_directories_are_one_and_the_first_that_serves_a_version_counts(tmp_path: Path) -> None:
    for place, versions in (("mine", ("v1",)), ("theirs", ("v1", "v2"))):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.yaml").write_text(_definition("NodePool", "karpenter.sh", *versions))
    (tmp_path / "theirs" / "b.yaml").write_text(_definition("NodeClaim"))
    places = [tmp_path / "mine", tmp_path / "theirs", tmp_path / "absent"]
    claim, pool = directory.find(places, {NODE_POOL, ("karpenter.sh/v1", "NodeClaim")})
    assert pool.file.parent.name == "mine"
    assert claim.file.parent.name == "theirs"


def test_a_directory_that_was_named_and_holds_no_definitions_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("kind: ConfigMap\n")
    with pytest.raises(CrdError) as empty:
        directory.named(tmp_path)
    assert f"{tmp_path} holds no CustomResourceDefinition" in str(empty.value)
    assert "remedy: name another directory with --crds" in str(empty.value)
    (tmp_path / "b.yaml").write_text(_definition())
    assert directory.named(tmp_path) == tmp_path


def test_a_directory_that_is_not_there_or_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CrdError, match=r"/missing does not exist"):
        directory.named(tmp_path / "missing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(CrdError, match=r"/file is not a directory"):
        directory.named(tmp_path / "file")
