"""What Argo CD may change in a tenant's namespace: asked of a real API server, in Argo CD's name."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.rehearse import rehearse
from components.argocd.pods import CONTROLLER, NAMESPACE
from components.argocd.spec import ArgoCdSpec
from components.argocd.takeover import NAME, REFUSED, TRACKED, policy
from components.argocd.values import values
from components.core.labels import TENANT_LABEL
from components.isolation.admission import in_force

ARGO_CD = f"system:serviceaccount:{NAMESPACE}:{CONTROLLER}"


def program() -> None:
    rules = in_force("takeover", NAME, policy(), labels={}, opts=ResourceOptions())
    for space, labels in (("tenant-a", {TENANT_LABEL: "tenant-a"}), ("argocd", {})):
        home = k8s.core.v1.Namespace(space, metadata={"name": space, "labels": labels})
        for name, notes in (("ours", {}), ("noted", {"by": "us"}), ("its", {TRACKED: "tenant-a-web:x"})):
            k8s.core.v1.ConfigMap(
                f"{space}-{name}",
                metadata={"name": name, "namespace": space, "annotations": notes},
                data={"program": "as it was"},
                opts=ResourceOptions(depends_on=[home, *rules]),
            )


@pytest.fixture(scope="module")
def there(capture: Capture, server: ApiServer) -> ApiServer:
    judged = rehearse(capture(program), server, at_hand=[], declared=())
    assert judged.rejected == ()
    return server


def asked(server: ApiServer, user: str, method: str, path: str, body: object = None) -> tuple[int, str]:
    """Status and words; with every right, so that only the rule refuses."""
    request = urllib.request.Request(
        f"{server.url}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {server.token}",
            "Impersonate-User": user,
            "Impersonate-Group": "system:masters",
            "Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json",
        },
    )
    context = ssl.create_default_context(cadata=server.authority)
    try:
        with urllib.request.urlopen(request, context=context, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


CHANGE: dict[str, Any] = {"data": {"program": "another"}, "metadata": {"annotations": {TRACKED: "mine"}}}


@pytest.mark.apiserver
@pytest.mark.xdist_group("apiserver")
class TestArgoCd:
    @pytest.mark.parametrize("name", ["ours", "noted"])
    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_it_takes_over_nothing_that_it_did_not_make(
        self, there: ApiServer, name: str, method: str
    ) -> None:
        path = f"/api/v1/namespaces/tenant-a/configmaps/{name}"
        status, words = asked(there, ARGO_CD, method, path, CHANGE if method == "PATCH" else None)
        assert (status, REFUSED in words) == (422, True)

    def test_it_makes_changes_and_removes_what_is_its_own(self, there: ApiServer) -> None:
        base = "/api/v1/namespaces/tenant-a/configmaps"
        new = {"metadata": {"name": "new", "annotations": {TRACKED: "tenant-a-web:y"}}}
        assert asked(there, ARGO_CD, "POST", base, new)[0] == 201
        for name in ("new", "its"):
            assert asked(there, ARGO_CD, "PATCH", f"{base}/{name}", CHANGE)[0] == 200
            assert asked(there, ARGO_CD, "DELETE", f"{base}/{name}")[0] == 200

    def test_the_rule_is_about_nobody_else_and_no_other_namespace(self, there: ApiServer) -> None:
        ours = "/api/v1/namespaces/{}/configmaps/ours"
        assert asked(there, ARGO_CD, "PATCH", ours.format("argocd"), {"data": {}})[0] == 200
        assert asked(there, "platform", "PATCH", ours.format("tenant-a"), {"data": {}})[0] == 200


def test_argo_cd_tracks_by_what_the_rule_goes_by() -> None:
    told = values(ArgoCdSpec(enabled=True), monitored=False)["configs"]["cm"]
    assert told["application.resourceTrackingMethod"] == "annotation"
