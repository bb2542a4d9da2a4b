"""A plan's Kubernetes objects and Helm values as files, so that ordinary tools can check them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from agentic.plan.errors import PlanError
from agentic.plan.model import Plan, Resource
from agentic.plan.shapes import RELEASE
from agentic.plan.wire import SECRET_MARKER
from agentic.plan.yaml_text import yaml_text

CLUSTER_SCOPED = "_cluster"
RELEASES = "releases.json"
LISTING = ".agentic-manifests"
"""Names the files written here last: those may be removed again, and no others."""

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


def documents(plan: Plan) -> dict[str, str]:
    """Every file's text by path: `<namespace>/<kind>-<name>.yaml`, `<release>.values.yaml`, the list."""
    files: dict[str, str] = {}
    releases: list[dict[str, Any]] = []
    for resource in plan:
        if resource.type == RELEASE:
            path = _add(files, _values_file(resource), yaml_text(resource.section("values")))
            releases.append({**_release(resource), "values": path})
        elif resource.custom and resource.type.startswith("kubernetes:") and "kind" in resource.inputs:
            _add(files, _path(resource), yaml_text(_readable(resource)))
    releases.sort(key=lambda release: (str(release["namespace"]), str(release["name"])))
    files[RELEASES] = json.dumps(releases, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return dict(sorted(files.items()))


def write(plan: Plan, directory: Path, *, force: bool = False) -> list[str]:
    """Write them all and remove what an earlier plan left; refuse a directory somebody else has filled.

    With `force` files of the same name are overwritten there; others are never touched.
    """
    files = documents(plan)
    if directory.exists() and not directory.is_dir():
        raise PlanError(str(directory), "it is a file", "name a directory")
    if not force and directory.is_dir() and not (directory / LISTING).is_file() and any(directory.iterdir()):
        raise PlanError(
            str(directory),
            "it holds files that this command did not write",
            "choose an empty directory, or pass --force to write among them",
        )
    try:
        _remove_stale(directory, files)
        for name, text in {**files, LISTING: "\n".join(files) + "\n"}.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PlanError(str(error.filename), f"cannot be written: {error.strerror}", "see --out") from None
    return list(files)


def _remove_stale(directory: Path, files: dict[str, str]) -> None:
    listing = directory / LISTING
    if not listing.is_file():
        return
    home = directory.resolve()
    for name in listing.read_text(encoding="utf-8").splitlines():
        path = directory / name
        if name not in files and path.resolve().is_relative_to(home) and path.is_file():
            path.unlink()
            if path.parent != directory and not any(path.parent.iterdir()):
                path.parent.rmdir()


def _readable(resource: Resource) -> dict[str, Any]:
    """The object, without the contents of a Secret where the plan only has a marker: no schema takes that."""
    return {
        key: value
        for key, value in resource.inputs.items()
        if not (key in ("data", "stringData") and value == SECRET_MARKER)
    }


def _path(resource: Resource) -> str:
    metadata = resource.section("metadata")
    namespace = _file_name(str(metadata.get("namespace", CLUSTER_SCOPED)))
    kind = _file_name(str(resource.inputs["kind"]).lower())
    return f"{namespace}/{kind}-{_file_name(str(metadata.get('name', resource.name)))}.yaml"


def _add(files: dict[str, str], path: str, text: str) -> str:
    """Two objects of one kind and name may differ in their API group: both are kept."""
    wanted, number = path, 1
    while path in files:
        number += 1
        path = wanted.replace(".yaml", f".{number}.yaml")
    files[path] = text
    return path


def _file_name(name: str) -> str:
    """A name as one segment of a path: a reference or an odd character cannot leave the directory."""
    return _UNFIT.sub("_", name).lstrip(".") or "_"


def _values_file(release: Resource) -> str:
    return f"{_file_name(str(release.inputs.get('name', release.name)))}.values.yaml"


def _release(release: Resource) -> dict[str, Any]:
    return {
        "name": release.inputs.get("name", release.name),
        "chart": release.inputs.get("chart"),
        "version": release.inputs.get("version"),
        "repo": release.section("repositoryOpts").get("repo"),
        "namespace": release.inputs.get("namespace"),
    }
