from __future__ import annotations

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from components.secrets.reader import SecretReader, SecretReaderArgs
from components.secrets.spec import Remote, read_back


def test_a_reader_is_one_external_secret_in_its_namespace_after_what_it_reads(capture: Capture) -> None:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("ns", metadata={"name": "observability"})
        source = k8s.core.v1.ConfigMap("source", metadata={"name": "source", "namespace": "observability"})
        reader = SecretReader(
            "header",
            SecretReaderArgs(
                namespace=namespace.metadata.name,
                secret="collector-header",
                spec=read_back(
                    "collector-header",
                    {"key": Remote(key="ai-dev/pair", property="key")},
                    template={"HEADER": "{{ .key | b64enc }}"},
                ),
                after=(source,),
            ),
        )
        assert len(reader.ready) == 1

    plan = capture(program)
    made = plan.one("kubernetes:external-secrets.io/v1:ExternalSecret")
    metadata, spec = made.inputs["metadata"], made.inputs["spec"]
    assert metadata["name"] == "collector-header"
    assert metadata["namespace"] == "observability"
    assert spec["target"]["name"] == "collector-header"
    assert spec["data"] == [{"secretKey": "key", "remoteRef": {"key": "ai-dev/pair", "property": "key"}}]
    assert plan.deleted_before(made.urn, plan.one("kubernetes:core/v1:ConfigMap").urn)
