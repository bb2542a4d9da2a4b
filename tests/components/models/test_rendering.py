from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts import images
from components.models.render import deadline_seconds, deployment, disruption_budget, service
from components.models.servers import Server, all_servers
from components.models.sizing import loading_seconds, startup_seconds
from components.models.spec import VllmModel
from tests.components.models import scene

REGION = "eu-west-1"


def server(spec: Any, key: str = "m") -> Server:
    (one,) = all_servers({key: spec})
    return one


def rendered(spec: Any, key: str = "m") -> dict[str, Any]:
    return deployment(server(spec, key), bucket=scene.BUCKET, region=REGION)


def pod(spec: Any) -> dict[str, Any]:
    return rendered(spec)["template"]["spec"]


def main(spec: Any) -> dict[str, Any]:
    (container,) = pod(spec)["containers"]
    return container


def flag(spec: VllmModel, name: str) -> str | None:
    said = main(spec)["args"]
    return said[said.index(name) + 1] if name in said else None


class TestVllm:
    def test_what_it_is_told_of_a_mixture_on_four_gpus(self) -> None:
        container = main(scene.mixtral())
        assert container["image"] == images.VLLM.reference
        assert container["command"] == ["vllm", "serve"]
        assert container["args"] == [
            "/weights/model",
            "--served-model-name",
            "m",
            "--host",
            "0.0.0.0",
            "--port",
            "8000",
            "--load-format",
            "safetensors",
            "--dtype",
            "bfloat16",
            "--max-model-len",
            "32768",
            "--gpu-memory-utilization",
            "0.9",
            "--max-num-seqs",
            "256",
            "--shutdown-timeout",
            "600",
            "--distributed-executor-backend",
            "mp",
            "--tensor-parallel-size",
            "4",
            "--enable-expert-parallel",
        ]

    @pytest.mark.parametrize("share", [1, 2, 4, 8])
    def test_gpus_are_the_tensor_parallel_size(self, share: int) -> None:
        spec = scene.vllm(tensor_parallel=share)
        resources = main(spec)["resources"]
        assert resources["requests"]["nvidia.com/gpu"] == resources["limits"]["nvidia.com/gpu"] == str(share)
        assert (flag(spec, "--tensor-parallel-size") or "1") == str(share)

    def test_pipeline_stages_multiply_the_gpus(self) -> None:
        spec = scene.vllm(tensor_parallel=2, pipeline_parallel=2)
        assert main(spec)["resources"]["limits"]["nvidia.com/gpu"] == "4"
        assert flag(spec, "--pipeline-parallel-size") == "2"

    def test_agents_get_what_kagent_asks_for(self) -> None:
        said = main(scene.vllm())["args"]
        assert "--enable-auto-tool-choice" in said
        assert flag(scene.vllm(), "--tool-call-parser") == "hermes"
        assert "--enable-auto-tool-choice" not in main(scene.mixtral())["args"]

    def test_adapters_are_loaded_from_where_they_are_copied_to(self) -> None:
        adapters = {
            "tickets": {"weights": scene.s3("tickets"), "rank": 16},
            "legal": {"weights": scene.s3("legal"), "rank": 64},
        }
        spec = scene.vllm(adapters=adapters)
        said = main(spec)["args"]
        assert said[said.index("--lora-modules") + 1 :] == [
            "tickets=/weights/adapters/tickets",
            "legal=/weights/adapters/legal",
        ]
        assert (flag(spec, "--max-loras"), flag(spec, "--max-lora-rank")) == ("2", "64")
        copied = {one["name"]: one["command"][4] for one in pod(spec)["initContainers"]}
        assert copied == {
            "model": "/weights/model",
            "adapter-tickets": "/weights/adapters/tickets",
            "adapter-legal": "/weights/adapters/legal",
        }

    def test_two_adapters_with_one_long_beginning_are_copied_by_two_containers(self) -> None:
        names = ["a" * 60 + "b", "a" * 60 + "c"]
        spec = scene.vllm(adapters={name: {"weights": scene.s3("x"), "rank": 16} for name in names})
        copied = [one["name"] for one in pod(spec)["initContainers"]]
        assert len(set(copied)) == 3
        assert all(len(name) <= 63 for name in copied)

    def test_it_goes_offline_and_reports_nothing(self) -> None:
        told = {one["name"]: one["value"] for one in main(scene.vllm())["env"]}
        assert told["HF_HUB_OFFLINE"] == told["VLLM_NO_USAGE_STATS"] == told["DO_NOT_TRACK"] == "1"
        assert told["VLLM_ENGINE_READY_TIMEOUT_S"] == str(startup_seconds(scene.vllm()))

    def test_neither_a_pickle_nor_a_program_is_copied_or_loaded(self) -> None:
        (copy,) = pod(scene.vllm())["initContainers"]
        said = copy["command"]
        assert said[:6] == [
            "aws",
            "s3",
            "sync",
            f"s3://{scene.BUCKET}/models/qwen3-8b/1/",
            "/weights/model",
            "--no-progress",
        ]
        assert said[7:9] == ["--exclude", "*"]
        assert said[10::2] == ["*.safetensors", "*.json", "*.model", "*.jinja", "*.txt", "*consolidated*"]
        assert said[-2] == "--exclude"
        assert flag(scene.vllm(), "--load-format") == "safetensors"
        assert "--trust-remote-code" not in main(scene.vllm())["args"]

    def test_what_copies_asks_pod_identity_and_never_the_nodes_own_role(self) -> None:
        (copy,) = pod(scene.vllm())["initContainers"]
        told = {one["name"]: one["value"] for one in copy["env"]}
        assert told["AWS_EC2_METADATA_DISABLED"] == "true"
        assert told["AWS_REGION"] == "eu-west-1"


class TestPod:
    def test_it_goes_where_its_gpus_are_and_is_counted_against_them(self) -> None:
        spec = pod(scene.vllm())
        assert spec["nodeSelector"] == {"agentic.dev/pool": "l40s"}
        assert spec["tolerations"] == [
            {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
        ]
        assert spec["priorityClassName"] == "gpu-l40s"

    def test_without_gpus_it_goes_anywhere(self) -> None:
        (graph,) = scene.models(triage=scene.GRAPH).values()
        assert not {"nodeSelector", "tolerations", "priorityClassName"} & set(pod(graph))

    def test_replicas_are_spread_where_that_is_possible_and_share_a_node_where_not(self) -> None:
        spread = pod(scene.vllm())["topologySpreadConstraints"]
        assert {one["topologyKey"] for one in spread} == {
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        }
        assert {one["whenUnsatisfiable"] for one in spread} == {"ScheduleAnyway"}

    def test_shared_memory_is_memory_and_scratch_is_disk(self) -> None:
        volumes = {one["name"]: one.get("emptyDir") for one in pod(scene.mixtral())["volumes"]}
        assert volumes["shm"] == {"medium": "Memory", "sizeLimit": "5120Mi"}
        assert volumes["scratch"] == {"sizeLimit": "20Gi"}
        assert volumes["weights"] == {"sizeLimit": "97Gi"}
        assert main(scene.mixtral())["resources"]["requests"]["ephemeral-storage"] == "116Gi"

    def test_the_file_system_is_fixed_and_weights_are_read_only(self) -> None:
        container = main(scene.vllm())
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        (weights,) = (one for one in container["volumeMounts"] if one["name"] == "weights")
        assert weights["readOnly"] is True
        context = pod(scene.vllm())["securityContext"]
        assert (context["runAsNonRoot"], context["runAsUser"]) == (True, 2000)

    def test_nothing_is_told_by_the_names_of_services(self) -> None:
        assert pod(scene.vllm())["enableServiceLinks"] is False
        assert pod(scene.vllm())["automountServiceAccountToken"] is False

    def test_an_image_of_weights_is_mounted_and_nothing_is_fetched(self) -> None:
        image = {"source": "image", "image": f"registry.example/w@{scene.DIGEST}", "path": "models/qwen"}
        spec = pod(scene.vllm(weights=image))
        assert spec["initContainers"] == []
        (volume,) = (one for one in spec["volumes"] if "image" in one)
        assert volume["image"] == {
            "reference": f"registry.example/w@{scene.DIGEST}",
            "pullPolicy": "IfNotPresent",
        }
        (mount,) = (one for one in spec["containers"][0]["volumeMounts"] if one["name"] == volume["name"])
        assert (mount["mountPath"], mount["subPath"]) == ("/weights/model", "models/qwen")
        labels = rendered(scene.vllm(weights=image))["template"]["metadata"]["labels"]
        assert labels["agentic.dev/weights"] == "image"

    def test_only_who_fetches_is_labelled_for_the_way_to_s3(self) -> None:
        (graph,) = scene.models(triage=scene.GRAPH).values()
        said = [
            rendered(spec)["template"]["metadata"]["labels"]["agentic.dev/weights"]
            for spec in (scene.vllm(), graph)
        ]
        assert said == ["s3", "none"]

    @given(st.integers(10, 10_000), st.sampled_from(["Qwen/Qwen3-8B", "meta-llama/Llama-3.3-70B-Instruct"]))
    def test_probes_and_deadlines_leave_time_to_load(self, speed: int, name: str) -> None:
        spec = scene.vllm(architecture=name, load_mib_per_second=speed)
        probe = main(spec)["startupProbe"]
        assert (
            startup_seconds(spec)
            <= probe["periodSeconds"] * probe["failureThreshold"]
            < startup_seconds(spec) + 10
        )
        undisturbed = rendered(spec)["template"]["metadata"]["annotations"]["karpenter.sh/do-not-disrupt"]
        assert undisturbed == f"{loading_seconds(spec)}s"
        assert deadline_seconds(server(spec)) > loading_seconds(spec) > startup_seconds(spec)
        assert rendered(spec)["progressDeadlineSeconds"] == deadline_seconds(server(spec))

    def test_streams_end_before_the_pod_does(self) -> None:
        spec = pod(scene.vllm(drain_seconds=900))
        assert spec["terminationGracePeriodSeconds"] == 900 + 15 + 30
        assert spec["containers"][0]["lifecycle"] == {"preStop": {"sleep": {"seconds": 15}}}
        assert flag(scene.vllm(drain_seconds=900), "--shutdown-timeout") == "900"


class TestUpdates:
    def test_without_gpus_to_spare_one_goes_before_one_comes(self) -> None:
        assert rendered(scene.vllm())["strategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}

    def test_with_gpus_to_spare_one_comes_first(self) -> None:
        spare = scene.vllm(spare_gpus_for_updates=True)
        assert rendered(spare)["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}

    def test_a_server_without_gpus_always_can(self) -> None:
        (graph,) = scene.models(triage=scene.GRAPH).values()
        assert rendered(graph)["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}

    def test_a_drain_takes_one_at_a_time(self) -> None:
        budget = disruption_budget(server(scene.vllm()))
        assert (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]) == (1, "IfHealthyBudget")
        assert budget["selector"] == rendered(scene.vllm())["selector"]


class TestTgi:
    def test_what_it_is_told(self) -> None:
        (spec,) = scene.models(mixtral=scene.TGI).values()
        container = main(spec)
        assert container["image"] == images.TGI.reference
        assert container["args"][:10] == [
            "--model-id",
            "/weights/model",
            "--port",
            "8080",
            "--hostname",
            "0.0.0.0",
            "--num-shard",
            "8",
            "--dtype",
            "bfloat16",
        ]
        assert container["ports"] == [{"name": "http", "containerPort": 8080}]

    def test_it_is_root_without_a_single_capability(self) -> None:
        (spec,) = scene.models(mixtral=scene.TGI).values()
        assert pod(spec)["securityContext"]["runAsNonRoot"] is False
        assert main(spec)["securityContext"]["capabilities"] == {"drop": ["ALL"]}


class TestOwn:
    def test_bentoml_is_moved_to_the_port_that_policies_open(self) -> None:
        (spec,) = scene.models(b={**scene.GRAPH, "kind": "bentoml", "env": {"MODE": "fast"}}).values()
        container = main(spec)
        told = {one["name"]: one["value"] for one in container["env"]}
        assert (told["BENTOML_PORT"], told["MODE"]) == ("8000", "fast")
        assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}

    def test_langserve_counts_as_ready_once_its_port_is_open(self) -> None:
        (spec,) = scene.models(c={**scene.GRAPH, "kind": "langserve"}).values()
        assert main(spec)["startupProbe"]["tcpSocket"] == {"port": "http"}
        assert "httpGet" not in main(spec)["livenessProbe"]


def test_the_service_is_http_to_ready_pods_of_this_server_only() -> None:
    made = service(server(scene.vllm()))
    assert made["selector"] == {"app.kubernetes.io/name": "vllm-m", "app.kubernetes.io/instance": "vllm-m"}
    assert made["ports"] == [{"name": "http", "port": 8000, "targetPort": "http", "appProtocol": "http"}]
