from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.cluster.spec import ClusterSpec
from components.cluster.versions import DEFAULT, SUPPORTED, version_fault


def _spec(**settings: Any) -> ClusterSpec:
    access = {"deployer_arn": "arn:aws:iam::111122223333:role/deployer"}
    return ClusterSpec.model_validate({"name": "ai-dev", "access": access, **settings})


def test_a_cluster_is_private_pinned_and_logged_unless_it_says_otherwise() -> None:
    spec = _spec()
    assert spec.public_endpoint_cidrs == []
    assert spec.version == DEFAULT
    assert spec.log_retention_days == 90
    assert spec.support == "STANDARD"


def test_the_default_version_is_a_supported_one() -> None:
    assert version_fault(DEFAULT) is None
    assert [row.version for row in SUPPORTED] == sorted(row.version for row in SUPPORTED)
    assert all(row.source for row in SUPPORTED)


@pytest.mark.parametrize("version", ["1.33", "1.99", "1.35.0", "v1.35", "1.350", "", "1.3"])
def test_a_version_that_no_row_names_is_refused(version: str) -> None:
    with pytest.raises(ValidationError, match=r"is not supported; choose one of 1\.34, 1\.35, 1\.36"):
        _spec(version=version)


@pytest.mark.parametrize("cidr", ["172.20.0.0/16", "10.96.0.0/12", "192.168.0.0/24"])
def test_services_live_in_a_private_block_of_a_size_that_eks_takes(cidr: str) -> None:
    assert _spec(service_cidr=cidr).service_cidr == cidr


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/11", "10.0.0.0/25", "8.8.0.0/16", "100.64.0.0/16", "169.254.0.0/16", "127.0.0.0/16"]
)
def test_services_live_nowhere_else(cidr: str) -> None:
    with pytest.raises(ValidationError, match="cannot hold Services"):
        _spec(service_cidr=cidr)


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/7"])
def test_the_internet_cannot_be_let_in_in_halves_either(cidr: str) -> None:
    with pytest.raises(ValidationError, match="opens the API server to the internet"):
        _spec(public_endpoint_cidrs=[cidr])


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "172.16.0.0/12", "192.168.1.0/24"])
def test_a_private_block_is_no_way_to_the_public_endpoint(cidr: str) -> None:
    with pytest.raises(ValidationError, match="is a private block, which EKS refuses here"):
        _spec(public_endpoint_cidrs=[cidr])
