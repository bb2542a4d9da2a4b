"""The one way to install a chart: pinned, named, timed, and with values a reviewer can read in the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi import Input, ResourceOptions
from pulumi_kubernetes.helm.v3 import Release, ReleaseArgs, RepositoryOptsArgs

from components.charts.literals import faults
from components.charts.pins import Pin
from components.core.names import RELEASE_NAME_LIMIT


def release(
    name: str,
    pin: Pin,
    *,
    namespace: Input[str],
    values: Mapping[str, Any],
    opts: ResourceOptions,
    skip_crds: bool = False,
) -> Release:
    """Install `pin` as release `name`; ValueError when the values are not literals or the name is too long.

    The name is both the logical one and Helm's: an automatic suffix would change every Service the chart
    names after its release. The namespace is never Helm's to create: quotas and policies come before pods.
    """
    if len(name) > RELEASE_NAME_LIMIT:
        raise ValueError(f"release {name}: {len(name)} characters; Helm allows {RELEASE_NAME_LIMIT}")
    found = faults(name, values)
    if found:
        raise ValueError(f"release {name}: {len(found)} unfit value(s)\n  " + "\n  ".join(found))
    return Release(
        name,
        ReleaseArgs(
            name=name,
            chart=pin.chart,
            version=pin.version,
            namespace=namespace,
            create_namespace=False,
            repository_opts=RepositoryOptsArgs(repo=pin.repo) if pin.repo else None,
            values=dict(values),
            skip_crds=skip_crds,
            timeout=pin.timeout_seconds,
            atomic=pin.atomic,
            # What a failed upgrade added is removed only where Helm may also roll the rest back.
            cleanup_on_fail=pin.atomic,
            # Hooks such as start-up checks and migrations belong to "installed".
            wait_for_jobs=True,
        ),
        opts=opts,
    )
