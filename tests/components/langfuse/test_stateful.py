from __future__ import annotations

from components.langfuse.stateful import stateful


def test_the_claims_of_servers_and_quorum_are_named_as_the_operator_names_them() -> None:
    assert [one.name for one in stateful()] == [
        "observability/clickhouse-storage-volume-langfuse-clickhouse",
        "observability/clickhouse-storage-volume-langfuse-keeper",
    ]
