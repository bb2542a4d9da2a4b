from __future__ import annotations

import json

from components.cluster.kubeconfig import kubeconfig
from components.core.aws import Place


def test_it_names_one_cluster_and_one_user_everywhere_the_same(place: Place) -> None:
    made = json.loads(kubeconfig(place, "https://x.eks.amazonaws.com", "Q0E="))
    assert made["current-context"] == "ai-dev"
    assert made["contexts"] == [{"name": "ai-dev", "context": {"cluster": "ai-dev", "user": "ai-dev"}}]
    assert made["clusters"] == [
        {
            "name": "ai-dev",
            "cluster": {"server": "https://x.eks.amazonaws.com", "certificate-authority-data": "Q0E="},
        }
    ]


def test_it_holds_nothing_that_opens_the_door_by_itself(place: Place) -> None:
    text = kubeconfig(place, "e", "c").lower()
    (user,) = json.loads(text)["users"]
    assert set(user["user"]) == {"exec"}
    assert not [
        word for word in ("token:", '"token"', "password", "client-key", "client-certificate") if word in text
    ]


def test_equal_clusters_have_equal_text(place: Place) -> None:
    other = Place(**{**vars(place), "tags": {"a": "b"}, "environment": "prod", "zones": ("us-east-1c",)})
    assert kubeconfig(place, "e", "c") == kubeconfig(other, "e", "c")
