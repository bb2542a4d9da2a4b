from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from components.charts import pins
from components.charts.literals import faults
from components.charts.pods import Workload
from components.core.aws import Place
from components.milvus.names import ETCD_METRICS_PORT
from components.milvus.pods import ETCD_METRICS_LISTENER, pods
from components.milvus.secrets import credentials
from components.milvus.spec import (
    SHARED,
    AutoscalingSpec,
    ClusterMilvus,
    CoordinatorSpec,
    MilvusSpec,
    ProxySpec,
    QueryNodeSpec,
    StandaloneMilvus,
)
from components.milvus.values import values

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    environment="dev",
    cluster_name="ai-dev",
)
STANDALONE = StandaloneMilvus(mode="standalone")
CLUSTER = ClusterMilvus(mode="cluster")
SCALED = ClusterMilvus(mode="cluster", query_node=QueryNodeSpec(autoscaling=AutoscalingSpec(max_replicas=9)))
MODES = pytest.mark.parametrize(
    "spec", [STANDALONE, CLUSTER, SCALED], ids=["standalone", "cluster", "scaled"]
)
COMPONENTS = {
    "milvus-standalone": "standalone",
    "milvus-mixcoord": "mixCoordinator",
    "milvus-proxy": "proxy",
    "milvus-querynode": "queryNode",
    "milvus-datanode": "dataNode",
    "milvus-streamingnode": "streamingNode",
    "milvus-etcd": "etcd",
}


def told(spec: MilvusSpec, *, monitored: bool = True, retain: bool = False) -> dict[str, Any]:
    return values(PLACE, spec, bucket="ai-dev-milvus", monitored=monitored, retain=retain)


def texts(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for below in cast("dict[str, object]", tree).values():
            yield from texts(below)
    elif isinstance(tree, list):
        for below in cast("list[object]", tree):
            yield from texts(below)
    elif isinstance(tree, str):
        yield tree


@MODES
def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion, spec: MilvusSpec) -> None:
    assert snapshot == told(spec)


@MODES
def test_values_are_literals_without_secrets(spec: MilvusSpec) -> None:
    assert faults(SHARED.name, told(spec)) == []


@MODES
def test_every_declared_pod_is_sized_and_counted_as_declared(spec: MilvusSpec) -> None:
    given = told(spec)
    for pod in pods(spec):
        said = given[COMPONENTS[pod.name]]
        (container,) = pod.containers
        for kind in ("requests", "limits"):
            there = {key: said["resources"][kind][key] for key in ("cpu", "memory")}
            assert there == container.resources.values()[kind], pod.name
        if pod.name == "milvus-querynode" and spec is SCALED:
            continue
        counted = "replicaCount" if pod.kind is Workload.STATEFUL_SET else "replicas"
        assert said.get(counted, 1) == pod.replicas, pod.name


@MODES
def test_objects_and_log_are_in_the_bucket_and_nothing_else_is_installed(spec: MilvusSpec) -> None:
    given = told(spec)
    assert [given[one]["enabled"] for one in ("minio", "pulsarv3")] == [False, False]
    assert given["externalS3"]["useIAM"] is True
    assert given["externalS3"]["host"] == "s3.eu-west-1.amazonaws.com"
    assert given["externalS3"]["bucketName"] == "ai-dev-milvus"
    assert not {"accessKey", "secretKey"} & set(given["externalS3"])
    # Without the first the chart emits no queue at all; with the second off it installs one.
    assert given["woodpecker"] == {"enabled": True}
    assert given["streaming"]["woodpecker"] == {"embedded": True, "storage": {"type": "minio"}}


def test_s3_in_china_has_another_domain() -> None:
    china = Place(
        account_id="111122223333",
        partition="aws-cn",
        region="cn-north-1",
        zones=("cn-north-1a", "cn-north-1b"),
        environment="dev",
        cluster_name="ai-dev",
    )
    given = values(china, CLUSTER, bucket="b", monitored=False)
    assert given["externalS3"]["host"] == "s3.cn-north-1.amazonaws.com.cn"


@MODES
def test_who_asks_has_to_say_who_it_is_and_sees_nothing_unless_granted(spec: MilvusSpec) -> None:
    config = yaml.safe_load(told(spec)["extraConfigFiles"]["user.yaml"])
    assert config["common"]["security"] == {"authorizationEnabled": True, "enablePublicPrivilege": False}


@MODES
def test_a_thousand_tenants_find_room_for_a_database_a_user_and_a_role_each(spec: MilvusSpec) -> None:
    config = yaml.safe_load(told(spec)["extraConfigFiles"]["user.yaml"])
    rooms = (
        config["rootCoord"]["maxDatabaseNum"],
        config["proxy"]["maxUserNum"],
        config["proxy"]["maxRoleNum"],
    )
    assert min(rooms) > 1000


@MODES
def test_only_who_makes_the_first_user_is_told_its_password_and_by_reference(spec: MilvusSpec) -> None:
    given = told(spec)
    named = {name for name, key in COMPONENTS.items() if "extraEnv" in given.get(key, {})}
    assert named == {"milvus-standalone" if spec is STANDALONE else "milvus-mixcoord"}
    (variable,) = given[COMPONENTS[named.pop()]]["extraEnv"]
    assert variable == {
        "name": "COMMON_SECURITY_DEFAULTROOTPASSWORD",
        "valueFrom": {"secretKeyRef": {"name": "milvus-root", "key": "password"}},
    }
    (root,) = credentials()
    (consumer,) = root.consumers
    assert set(root.keys_for(consumer)) == {"password"}


@MODES
def test_nobody_is_root_and_the_image_can_still_be_read(spec: MilvusSpec) -> None:
    """In milvus 2.6.1 every file is root:root 0774: uid 1000 with gid 1000 cannot even execute it."""
    context = told(spec)["securityContext"]
    assert (context["runAsNonRoot"], context["runAsUser"], context["runAsGroup"]) == (True, 999, 0)
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert told(spec)["containerSecurityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }


@MODES
def test_every_process_makes_its_directories_where_it_may(spec: MilvusSpec) -> None:
    given = told(spec)
    assert given["volumes"] == [{"name": "local", "emptyDir": {}}]
    assert given["volumeMounts"] == [{"name": "local", "mountPath": "/var/lib/milvus-local"}]
    config = yaml.safe_load(given["extraConfigFiles"]["user.yaml"])
    assert config["localStorage"]["path"].startswith("/var/lib/milvus-local/")
    assert config["woodpecker"]["storage"]["rootPath"].startswith("/var/lib/milvus-local/")


def test_a_standalone_milvus_leaves_no_volume_behind() -> None:
    assert told(STANDALONE)["standalone"]["persistence"] == {"enabled": False}


def test_the_disk_of_a_node_is_used_up_to_what_was_said() -> None:
    for given, gib in ((told(CLUSTER)["queryNode"], 30), (told(STANDALONE)["standalone"], 20)):
        for kind in ("requests", "limits"):
            assert given["resources"][kind]["ephemeral-storage"] == f"{gib}Gi"
        assert given["disk"] == {"size": {"enabled": True}}, "or Milvus does not know of the limit"


def test_an_autoscaler_owns_the_number_it_changes() -> None:
    node = told(SCALED)["queryNode"]
    assert node["replicas"] == -1, "the chart leaves the field out for a negative number only"
    assert node["hpa"] == {
        "enabled": True,
        "minReplicas": 2,
        "maxReplicas": 9,
        "cpuUtilization": 60,
        "memoryUtilization": 70,
    }
    assert "hpa" not in told(CLUSTER)["queryNode"]


@pytest.mark.parametrize("replicas", [1, 2])
def test_a_second_coordinator_stands_by(replicas: Any) -> None:
    spec = ClusterMilvus(mode="cluster", coordinator=CoordinatorSpec(replicas=replicas))
    assert told(spec)["mixCoordinator"]["activeStandby"] == {"enabled": replicas == 2}


def test_pods_of_a_kind_are_spread_over_nodes_and_zones_where_there_are_several() -> None:
    proxy = told(CLUSTER)["proxy"]["topologySpreadConstraints"]
    assert [one["topologyKey"] for one in proxy] == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
    assert proxy[0]["labelSelector"]["matchLabels"]["component"] == "proxy"
    alone = ClusterMilvus(mode="cluster", proxy=ProxySpec(replicas=1))
    assert "topologySpreadConstraints" not in told(alone)["proxy"]


def test_three_members_of_etcd_share_no_node_and_two_of_them_stay() -> None:
    etcd = told(CLUSTER)["etcd"]
    assert (etcd["replicaCount"], etcd["podAntiAffinityPreset"]) == (3, "hard")
    assert etcd["pdb"] == {"create": True, "minAvailable": 2}
    (spread,) = etcd["topologySpreadConstraints"]
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread["labelSelector"]["matchLabels"] == {
        "app.kubernetes.io/name": "etcd",
        "app.kubernetes.io/instance": "milvus",
    }
    assert told(STANDALONE)["etcd"]["pdb"]["create"] is False


@MODES
def test_a_member_of_etcd_stays_one_while_its_pod_moves(spec: MilvusSpec) -> None:
    assert told(spec)["etcd"]["removeMemberOnContainerTermination"] is False


@pytest.mark.parametrize(("retain", "policy"), [(True, "Retain"), (False, "Delete")])
def test_volumes_of_etcd_outlive_the_release_only_where_data_is_retained(retain: bool, policy: str) -> None:
    kept = told(CLUSTER, retain=retain)["etcd"]["persistentVolumeClaimRetentionPolicy"]
    assert kept == {"enabled": True, "whenDeleted": policy, "whenScaled": "Retain"}


@MODES
def test_etcd_tells_its_metrics_where_it_tells_nothing_else(spec: MilvusSpec) -> None:
    given = {one["name"]: one["value"] for one in told(spec)["etcd"]["extraEnvVars"]}
    assert given["ETCD_LISTEN_METRICS_URLS"] == "http://0.0.0.0:2381"
    assert ETCD_METRICS_LISTENER.number == ETCD_METRICS_PORT == 2381
    # A list replaces the chart's: these three are its own.
    assert given["ETCD_QUOTA_BACKEND_BYTES"] == str(4 * 2**30)
    assert {"ETCD_HEARTBEAT_INTERVAL", "ETCD_ELECTION_TIMEOUT"} <= set(given)


@pytest.mark.parametrize("monitored", [True, False])
def test_monitors_come_with_their_kind_and_not_before(monitored: bool) -> None:
    monitor = told(CLUSTER, monitored=monitored)["metrics"]["serviceMonitor"]
    assert monitor == {"enabled": monitored, "additionalLabels": {"release": "kube-prometheus-stack"}}


def test_the_account_is_not_the_charts() -> None:
    assert told(CLUSTER)["serviceAccount"] == {"create": False, "name": "milvus"}


def test_what_holds_volumes_is_not_rolled_back() -> None:
    assert pins.MILVUS.atomic is False


@MODES
def test_no_image_comes_from_where_images_are_frozen(spec: MilvusSpec) -> None:
    assert not [text for text in texts(told(spec)) if "bitnami" in text]
