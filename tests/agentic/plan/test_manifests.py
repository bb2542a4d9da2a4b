from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from agentic.plan.errors import PlanError
from agentic.plan.manifests import LISTING, documents, write
from agentic.plan.model import Plan, Resource

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]

CONFIG = "kubernetes:core/v1:ConfigMap"
RELEASE = "kubernetes:helm.sh/v3:Release"


def config_map(resource: Make, name: str, namespace: str | None = "ai") -> Resource:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return resource(CONFIG, f"{namespace}-{name}", apiVersion="v1", kind="ConfigMap", metadata=metadata)


def release(resource: Make, name: str, namespace: str) -> Resource:
    return resource(
        RELEASE,
        f"{namespace}-{name}",
        name=name,
        chart="oci://registry.example.org/charts/x",
        version="1.2.3",
        namespace=namespace,
        values={"replicas": 2, "image": {"tag": "1e3"}},
    )


def test_objects_are_filed_by_namespace_and_releases_by_name(resource: Make, plan_of: PlanOf) -> None:
    files = documents(
        plan_of(
            config_map(resource, "one"),
            config_map(resource, "two", None),
            release(resource, "karpenter", "karpenter"),
            resource("aws:ec2/vpc:Vpc", "v"),
            resource("kubernetes:yaml/v2:ConfigFile", "f", _custom=False, _remote=True, file="x"),
        )
    )
    assert list(files) == [
        "_cluster/configmap-two.yaml",
        "ai/configmap-one.yaml",
        "karpenter.values.yaml",
        "releases.json",
    ]
    assert yaml.safe_load(files["ai/configmap-one.yaml"]) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "one", "namespace": "ai"},
    }
    assert yaml.safe_load(files["karpenter.values.yaml"]) == {"replicas": 2, "image": {"tag": "1e3"}}
    assert json.loads(files["releases.json"]) == [
        {
            "name": "karpenter",
            "chart": "oci://registry.example.org/charts/x",
            "version": "1.2.3",
            "repo": None,
            "namespace": "karpenter",
            "values": "karpenter.values.yaml",
        }
    ]


def test_objects_and_releases_of_one_name_are_all_kept(resource: Make, plan_of: PlanOf) -> None:
    other = resource(
        "kubernetes:example.org/v1:ConfigMap",
        "x",
        apiVersion="example.org/v1",
        kind="ConfigMap",
        metadata={"name": "one", "namespace": "ai"},
    )
    files = documents(
        plan_of(config_map(resource, "one"), other, release(resource, "r", "a"), release(resource, "r", "b"))
    )
    assert {"ai/configmap-one.yaml", "ai/configmap-one.2.yaml"} < set(files)
    assert [(item["namespace"], item["values"]) for item in json.loads(files["releases.json"])] == [
        ("a", "r.values.yaml"),
        ("b", "r.values.2.yaml"),
    ]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "", "a/b", "@{a:b:C::d.e}", "x\n"])
def test_no_name_leads_out_of_the_directory(
    resource: Make, plan_of: PlanOf, name: str, tmp_path: Path
) -> None:
    plan = plan_of(config_map(resource, name, name or None), release(resource, name, "n"))
    out = tmp_path / "out"
    write(plan, out)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 4
    assert all(path.is_relative_to(out) for path in written)


def test_a_secret_is_written_without_its_contents(resource: Make, plan_of: PlanOf) -> None:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "ai"}}
    secret = resource("kubernetes:core/v1:Secret", "s", stringData="[secret]", **body)
    assert yaml.safe_load(documents(plan_of(secret))["ai/secret-s.yaml"]) == body


def test_the_same_plan_gives_the_same_files(stack_plan: Callable[[str], Plan]) -> None:
    assert documents(stack_plan("dev")) == documents(stack_plan("dev"))


def test_every_object_of_the_program_is_written_as_it_is(stack_plan: Callable[[str], Plan]) -> None:
    plan = stack_plan("dev")
    objects = [r.inputs for r in plan if r.type.startswith("kubernetes:") and "kind" in r.inputs]
    written = [yaml.safe_load(text) for name, text in documents(plan).items() if "/" in name]
    assert sorted(map(str, written)) == sorted(map(str, ordered(objects)))


def ordered(objects: list[object]) -> list[object]:
    return [yaml.safe_load(yaml.safe_dump(item, sort_keys=True)) for item in objects]


def test_writing_again_removes_what_is_gone_and_nothing_else(
    resource: Make, plan_of: PlanOf, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    write(plan_of(config_map(resource, "one"), config_map(resource, "two", "gone")), out)
    (out / "ai" / "notes.txt").write_text("mine")
    write(plan_of(config_map(resource, "three")), out)
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        LISTING,
        "ai/configmap-three.yaml",
        "ai/notes.txt",
        "releases.json",
    ]
    assert not (out / "gone").exists()


def test_a_directory_that_others_filled_is_refused(resource: Make, plan_of: PlanOf, tmp_path: Path) -> None:
    (tmp_path / "theirs.txt").write_text("theirs")
    plan = plan_of(config_map(resource, "one"))
    with pytest.raises(PlanError) as fault:
        write(plan, tmp_path)
    assert str(fault.value) == (
        f"{tmp_path}: it holds files that this command did not write\n"
        "  remedy: choose an empty directory, or pass --force to write among them"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.txt"]


def test_force_writes_among_files_of_others_and_keeps_them(
    resource: Make, plan_of: PlanOf, tmp_path: Path
) -> None:
    (tmp_path / "theirs.txt").write_text("theirs")
    write(plan_of(config_map(resource, "one")), tmp_path, force=True)
    write(plan_of(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [LISTING, "releases.json", "theirs.txt"]


def test_a_doctored_listing_deletes_nothing_outside(resource: Make, plan_of: PlanOf, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("keep")
    out = tmp_path / "out"
    write(plan_of(config_map(resource, "one")), out)
    (out / LISTING).write_text(f"../victim.txt\n{victim}\n")
    write(plan_of(), out)
    assert victim.read_text() == "keep"


def test_a_file_is_no_directory(plan_of: PlanOf, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(PlanError, match="out: it is a file\n  remedy: name a directory"):
        write(plan_of(), tmp_path / "out")


def test_a_place_that_cannot_be_written_is_said(plan_of: PlanOf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlanError, match="cannot be written: Not a directory"):
        write(plan_of(), tmp_path / "file" / "out")
