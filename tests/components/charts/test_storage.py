from __future__ import annotations

from components.charts.storage import STORAGE_CLASS, volume_claim
from components.cluster import storage


def test_releases_ask_for_the_class_that_the_cluster_makes() -> None:
    assert storage.STORAGE_CLASS == STORAGE_CLASS


def test_a_claim_names_its_class_and_size() -> None:
    assert volume_claim(20) == {
        "storageClassName": "gp3",
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "20Gi"}},
    }
