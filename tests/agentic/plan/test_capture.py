from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions
from pulumi.runtime import settings

from agentic.plan import files
from agentic.plan.capture import Capture, capture_program, capture_stack
from agentic.plan.errors import PlanError
from agentic.plan.model import Plan

ROOT = Path(__file__).parents[3]
URN = "urn:pulumi:dev::agentic-platform::"


class Room(pulumi.ComponentResource):
    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:rooms:Room", name, None, opts)
        self.table = aws.ec2.Vpc(f"{name}-table", cidr_block="10.0.0.0/16", opts=ResourceOptions(parent=self))
        self.register_outputs({})


def network() -> None:
    vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
    aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.0.0/24")


# What is recorded.


def test_a_value_only_the_cloud_knows_becomes_a_reference_that_names_it(capture: Capture) -> None:
    subnet = capture(network).one("aws:ec2/subnet:Subnet")
    assert subnet.inputs == {"vpcId": "@{aws:ec2/vpc:Vpc::network.id}", "cidrBlock": "10.0.0.0/24"}
    assert subnet.unknowns == {"vpcId": ["aws:ec2/vpc:Vpc::network.id"]}
    assert subnet.dependencies == [f"{URN}aws:ec2/vpc:Vpc::network"]
    assert subnet.property_dependencies == {"vpcId": [f"{URN}aws:ec2/vpc:Vpc::network"]}


def test_a_name_the_program_sets_is_known_to_others(capture: Capture) -> None:
    def program() -> None:
        role = aws.iam.Role("r", name="ours", assume_role_policy="{}")
        aws.iam.RolePolicyAttachment("p", role=role.name, policy_arn=role.arn)

    attachment = capture(program).one("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attachment.inputs == {"role": "ours", "policyArn": "@{aws:iam/role:Role::r.arn}"}


def test_references_survive_formatting_and_json(capture: Capture) -> None:
    def program() -> None:
        bucket = aws.s3.Bucket("b")
        policy = pulumi.Output.json_dumps(
            {"Resource": [bucket.arn, pulumi.Output.format("{0}/*", bucket.arn)]}
        )
        aws.s3.BucketPolicy("p", bucket=bucket.id, policy=policy)

    policy = capture(program).one("aws:s3/bucketPolicy:BucketPolicy")
    arn = "@{aws:s3/bucket:Bucket::b.arn}"
    assert json.loads(policy.inputs["policy"]) == {"Resource": [arn, f"{arn}/*"]}
    assert policy.unknowns["policy"] == ["aws:s3/bucket:Bucket::b.arn"]


def test_parents_chain_their_types_and_the_stack_is_no_parent(capture: Capture) -> None:
    plan = capture(lambda: Room("r"))
    room, table = plan.one("agentic:rooms:Room"), plan.one("aws:ec2/vpc:Vpc")
    assert (room.urn, room.parent, room.custom) == (f"{URN}agentic:rooms:Room::r", "", False)
    assert (table.urn, table.parent) == (f"{URN}agentic:rooms:Room$aws:ec2/vpc:Vpc::r-table", room.urn)


def test_a_provider_is_recorded_by_urn_and_inherited(capture: Capture) -> None:
    def program() -> None:
        provider = aws.Provider("east", region="us-east-1")
        Room("r", ResourceOptions(providers=[provider]))

    plan = capture(program)
    provider = f"{URN}pulumi:providers:aws::east"
    assert plan.one("aws:ec2/vpc:Vpc").provider == provider
    assert plan.one("agentic:rooms:Room").options["providers"] == {"aws": provider}


def test_options_are_recorded_when_they_are_set(capture: Capture) -> None:
    def program() -> None:
        other = aws.ec2.Vpc("other", cidr_block="10.1.0.0/16")
        aws.ec2.Vpc(
            "v",
            cidr_block="10.0.0.0/16",
            opts=ResourceOptions(
                protect=True,
                retain_on_delete=True,
                deleted_with=other,
                ignore_changes=["tags", "cidr_block"],
                replace_on_changes=["cidr_block"],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="5m"),
                depends_on=[other],
            ),
        )

    plan = capture(program)
    options = plan.one("aws:ec2/vpc:Vpc", "v").options
    options.pop("version")
    assert options == {
        "protect": True,
        "retain_on_delete": True,
        "deleted_with": f"{URN}aws:ec2/vpc:Vpc::other",
        "ignore_changes": ["cidrBlock", "tags"],
        "replace_on_changes": ["cidrBlock"],
        "delete_before_replace": True,
        "custom_timeouts": {"create": "5m"},
    }
    assert set(plan.one("aws:ec2/vpc:Vpc", "other").options) == {"version"}


def test_aliases_of_a_parent_reach_its_children(capture: Capture) -> None:
    plan = capture(lambda: Room("r", ResourceOptions(aliases=[pulumi.Alias(name="old")])))
    assert plan.one("agentic:rooms:Room").options["aliases"] == [f"{URN}agentic:rooms:Room::old"]
    assert plan.one("aws:ec2/vpc:Vpc").options["aliases"] == [
        f"{URN}agentic:rooms:Room$aws:ec2/vpc:Vpc::old-table"
    ]


def test_a_secret_never_enters_the_plan(capture: Capture) -> None:
    def program() -> None:
        secret = pulumi.Output.secret("hunter2")
        aws.ssm.Parameter("p", type="SecureString", value=pulumi.Output.format("x-{0}", secret))
        pulumi.export("secret", secret)

    plan = capture(program)
    parameter = plan.one("aws:ssm/parameter:Parameter")
    assert parameter.inputs["value"] == "[secret]"
    assert parameter.secrets == ["value"]
    assert plan.outputs == {"secret": "[secret]"}
    assert "hunter2" not in files.to_json(plan)


def test_what_a_resource_calls_secret_is_hidden_although_the_program_did_not(capture: Capture) -> None:
    def program() -> None:
        secret = k8s.core.v1.Secret("s", metadata={"name": "s"}, string_data={"key": "hunter2"})
        k8s.core.v1.ConfigMap("c", metadata={"name": "c"}, data={"copy": secret.string_data["key"]})

    plan = capture(program)
    assert plan.one("kubernetes:core/v1:Secret").inputs["stringData"] == "[secret]"
    assert plan.one("kubernetes:core/v1:ConfigMap").inputs["data"] == {"copy": "[secret]"}


def test_outputs_that_are_declared_secret_stay_so_downstream(capture: Capture) -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc(
            "v", cidr_block="10.0.0.0/16", opts=ResourceOptions(additional_secret_outputs=["cidr_block"])
        )
        aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block=vpc.cidr_block)

    plan = capture(program)
    assert plan.one("aws:ec2/vpc:Vpc").inputs == {"cidrBlock": "[secret]"}
    assert plan.one("aws:ec2/subnet:Subnet").secrets == ["cidrBlock"]


def test_a_kubernetes_object_passes_its_name_on(capture: Capture) -> None:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("n", metadata={"name": "ai"})
        k8s.core.v1.ConfigMap("c", metadata={"name": "c", "namespace": namespace.metadata.name})
        pulumi.export("id", namespace.id)

    plan = capture(program)
    assert plan.one("kubernetes:core/v1:ConfigMap").inputs["metadata"] == {"name": "c", "namespace": "ai"}
    assert plan.outputs == {"id": "ai"}


def test_the_program_sees_a_preview_of_the_named_stack(capture: Capture) -> None:
    def program() -> None:
        pulumi.export("seen", [pulumi.get_stack(), pulumi.get_project(), pulumi.runtime.is_dry_run()])

    assert capture(program, stack="prod").outputs == {"seen": ["prod", "agentic-platform", True]}


def test_configuration_is_what_the_engine_would_pass(capture: Capture) -> None:
    def program() -> None:
        config = pulumi.Config()
        pulumi.export("platform", config.require_object("platform"))
        pulumi.export("password", config.require_secret("password"))

    plan = capture_program(
        program,
        config={"agentic-platform:platform": '{"a": 1}', "agentic-platform:password": "hunter2"},
        secret_keys=["agentic-platform:password"],
    )
    assert plan.outputs == {"platform": {"a": 1}, "password": "[secret]"}


def test_unknown_inputs_are_answered_by_urn(capture: Capture) -> None:
    assert capture(network).unknown_inputs() == {f"{URN}aws:ec2/subnet:Subnet::a": {"vpcId"}}


# What is refused.


def test_an_invoke_is_refused_by_name(capture: Capture) -> None:
    with pytest.raises(PlanError, match="invokes aws:index/getRegion:getRegion: a plan has no cloud to ask"):
        capture(lambda: pulumi.export("region", aws.get_region_output().region))


def test_reading_a_resource_is_refused_by_name(capture: Capture) -> None:
    with pytest.raises(PlanError, match="reads aws:ec2/vpc:Vpc 'theirs': a plan has no cloud to ask"):
        capture(lambda: aws.ec2.Vpc.get("theirs", "vpc-1"))


def test_an_unknown_without_a_name_is_refused_with_the_row_to_add(capture: Capture) -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("a", vpc_id=vpc.owner_id, cidr_block="10.0.0.0/24")

    with pytest.raises(PlanError) as fault:
        capture(program)
    assert str(fault.value) == (
        "aws:ec2/subnet:Subnet 'a', property vpcId: its value is unknown and nothing says what it stands "
        "for\n"
        "  remedy: add the attribute it reads to the row of aws:ec2/vpc:Vpc in agentic/plan/shapes.py"
    )


def test_an_export_without_a_name_is_refused_too(capture: Capture) -> None:
    with pytest.raises(PlanError, match="stack output owner: its value is unknown"):
        capture(lambda: pulumi.export("owner", aws.ec2.Vpc("v", cidr_block="10.0.0.0/16").owner_id))


def test_a_reference_that_the_program_took_apart_is_refused(capture: Capture) -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("a", vpc_id=vpc.id.apply(lambda text: text[:9]), cidr_block="10.0.0.0/24")

    with pytest.raises(PlanError, match=r"property vpcId: a reference was cut or changed: '@\{aws:ec2'"):
        capture(program)


def test_two_resources_with_one_urn_are_refused(capture: Capture) -> None:
    def program() -> None:
        aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
        aws.ec2.Vpc("v", cidr_block="10.1.0.0/16")

    with pytest.raises(PlanError, match=r"aws:ec2/vpc:Vpc::v: two resources have this URN"):
        capture(program)


def test_one_name_under_two_types_of_parent_is_fine(capture: Capture) -> None:
    def program() -> None:
        aws.ec2.Vpc("r-table", cidr_block="10.0.0.0/16")
        Room("r")

    assert len(capture(program).all("aws:ec2/vpc:Vpc")) == 2


def test_a_remote_component_without_expansion_is_refused(capture: Capture) -> None:
    with pytest.raises(PlanError, match="x:y:Z 'z': a remote component that no table expands"):
        capture(lambda: pulumi.ComponentResource("x:y:Z", "z", {}, None, remote=True))


def test_an_opaque_component_is_recorded_without_children(capture: Capture) -> None:
    plan = capture(lambda: k8s.yaml.v2.ConfigFile("crds", file="https://example.org/crds.yaml"))
    assert [(resource.type, resource.remote) for resource in plan] == [
        ("kubernetes:yaml/v2:ConfigFile", True)
    ]


# What the program raises, and what is left behind.


def test_what_the_program_raises_comes_out_as_it_is(capture: Capture) -> None:
    def program() -> None:
        network()
        raise pulumi.RunError("Pulumi.dev.yaml: 1 fault")

    with pytest.raises(pulumi.RunError, match=r"Pulumi.dev.yaml: 1 fault"):
        capture(program)


def test_what_the_program_raises_is_not_hidden_by_what_it_had_not_finished(capture: Capture) -> None:
    def program() -> None:
        pulumi.export("owner", aws.ec2.Vpc("v", cidr_block="10.0.0.0/16").owner_id)
        raise pulumi.RunError("Pulumi.dev.yaml: 1 fault")

    with pytest.raises(pulumi.RunError, match=r"Pulumi.dev.yaml: 1 fault"):
        capture(program)


def test_what_an_apply_raises_comes_out_as_it_is(capture: Capture) -> None:
    def explode(_: Any) -> str:
        raise ZeroDivisionError("in an apply")

    def program() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        aws.ec2.Subnet("a", vpc_id=vpc.id.apply(explode), cidr_block="10.0.0.0/24")

    with pytest.raises(ZeroDivisionError, match="in an apply"):
        capture(program)


def test_an_apply_that_nobody_reads_still_fails_the_capture(capture: Capture) -> None:
    def program() -> None:
        aws.ec2.Vpc("network", cidr_block="10.0.0.0/16").id.apply(lambda text: int(text))

    with pytest.raises(ValueError, match="invalid literal for int"):
        capture(program)


def sdk_state() -> dict[str, object]:
    ambient = settings.SETTINGS
    return {
        "root": settings.get_root_resource(),
        "monitor": ambient.monitor,
        "callbacks": ambient.callbacks,
        "project": ambient.project,
        "stack": ambient.stack,
        "dry_run": ambient.dry_run,
        "rpcs": ambient.rpc_manager,
        "config": pulumi.runtime.get_config("agentic-platform:platform"),
    }


def broken() -> None:
    network()
    raise pulumi.RunError("no")


def test_a_refusal_that_the_program_swallows_still_fails_the_capture(capture: Capture) -> None:
    def program() -> None:
        with contextlib.suppress(Exception):
            aws.get_region()

    with pytest.raises(PlanError, match="invokes aws:index/getRegion:getRegion"):
        capture(program)


@pytest.mark.parametrize("program", [network, broken])
def test_a_capture_leaves_the_sdk_as_it_found_it(capture: Capture, program: Callable[[], None]) -> None:
    before = sdk_state()
    try:
        capture(program, config={"agentic-platform:platform": "{}"})
    except pulumi.RunError:
        assert program is broken
    assert sdk_state() == before
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_another_thread_does_not_inherit_a_past_captures_monitor(capture: Capture) -> None:
    capture(network)
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(settings.get_monitor()))
    thread.start()
    thread.join()
    assert seen == [None]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_afterwards_as_it_was(capture: Capture, enabled: bool) -> None:
    seen: list[bool] = []
    try:
        gc.enable() if enabled else gc.disable()
        capture(lambda: seen.append(gc.isenabled()))
        assert (seen, gc.isenabled(), gc.get_freeze_count()) == ([False], enabled, 0)
    finally:
        gc.enable()


def test_captures_in_one_process_do_not_mix(capture: Capture) -> None:
    def once(name: str) -> Plan:
        return capture(lambda: aws.ec2.Vpc(name, cidr_block="10.0.0.0/16"))

    assert [[resource.name for resource in once(name)] for name in ("one", "two", "one")] == [
        ["one"],
        ["two"],
        ["one"],
    ]


# Transforms.


def with_tag(key: str) -> pulumi.ResourceTransform:
    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.startswith("aws:ec2/"):
            return None
        seen = [*args.props.get("tags", {}).get("seen", "").split(), key]
        return pulumi.ResourceTransformResult({**args.props, "tags": {"seen": " ".join(seen)}}, args.opts)

    return transform


def test_transforms_apply_from_the_inside_out(capture: Capture) -> None:
    def program() -> None:
        pulumi.runtime.register_resource_transform(with_tag("stack"))
        room = Room("r", ResourceOptions(transforms=[with_tag("parent")]))
        aws.ec2.Vpc(
            "v", cidr_block="10.0.0.0/16", opts=ResourceOptions(parent=room, transforms=[with_tag("own")])
        )

    plan = capture(program)
    assert plan.one("aws:ec2/vpc:Vpc", "v").inputs["tags"] == {"seen": "own parent stack"}
    assert plan.one("aws:ec2/vpc:Vpc", "r-table").inputs["tags"] == {"seen": "parent stack"}


def test_a_transform_reaches_grandchildren(capture: Capture) -> None:
    def program() -> None:
        house = pulumi.ComponentResource(
            "agentic:rooms:House", "h", None, ResourceOptions(transforms=[with_tag("house")])
        )
        Room("r", ResourceOptions(parent=house))

    assert capture(program).one("aws:ec2/vpc:Vpc").inputs["tags"] == {"seen": "house"}


def test_a_transform_that_declines_changes_nothing(capture: Capture) -> None:
    def program(*transforms: pulumi.ResourceTransform) -> None:
        other = aws.ec2.Vpc("other", cidr_block="10.1.0.0/16")
        opts = ResourceOptions(
            transforms=list(transforms),
            protect=True,
            aliases=[pulumi.Alias(name="old")],
            custom_timeouts=pulumi.CustomTimeouts(create="5m"),
            deleted_with=other,
            ignore_changes=["tags"],
        )
        aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=opts)

    assert capture(lambda: program(lambda _: None)) == capture(program)


def test_a_transform_may_change_options_and_keeps_those_it_leaves(capture: Capture) -> None:
    def protect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(
            args.props, ResourceOptions.merge(args.opts, ResourceOptions(protect=True))
        )

    def program() -> None:
        other = aws.ec2.Vpc("other", cidr_block="10.1.0.0/16")
        opts = ResourceOptions(transforms=[protect], ignore_changes=["tags"], depends_on=[other])
        aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=opts)

    vpc = capture(program).one("aws:ec2/vpc:Vpc", "v")
    vpc.options.pop("version")
    assert vpc.options == {"protect": True, "ignore_changes": ["tags"]}
    assert vpc.dependencies == [f"{URN}aws:ec2/vpc:Vpc::other"]


def test_a_transform_that_fails_fails_the_capture(capture: Capture) -> None:
    def fail(_: pulumi.ResourceTransformArgs) -> None:
        raise LookupError("no such row")

    with pytest.raises(LookupError, match="no such row"):
        capture(lambda: aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=ResourceOptions(transforms=[fail])))


# The project's own program.


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_same_configuration_gives_the_same_bytes(stack: str, stack_plan: Callable[[str], Plan]) -> None:
    assert files.to_json(capture_stack(stack, ROOT)) == files.to_json(stack_plan(stack))


def test_a_capture_keeps_the_working_directory_and_the_import_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    capture_stack("dev", ROOT)
    assert (Path.cwd(), sys.path) == (tmp_path, before)


def test_every_resource_of_the_program_has_an_explicit_provider(stack_plan: Callable[[str], Plan]) -> None:
    without = [
        resource.urn
        for resource in stack_plan("dev")
        if resource.custom and not resource.provider and not resource.type.startswith("pulumi:providers:")
    ]
    assert without == []
