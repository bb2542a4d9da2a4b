"""The one typed object of a stack: parsed whole, checked whole, every fault reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, cast

import pulumi
from pydantic import BaseModel, Field, ValidationError, create_model

from components.agents.spec import AgentName, AgentSpec, WorkflowSpec
from components.cluster.spec import ClusterSpec
from components.core.aws import AwsSpec, Place
from components.core.labels import OwnershipSpec, tags
from components.core.spec import DnsLabel, EnvironmentName, SecretArn, Spec
from components.edge.spec import EdgeSpec
from components.egress_proxy.spec import EgressProxySpec
from components.gateway.spec import GatewaySpec
from components.identity_provider.spec import CognitoSpec, IdentitySpec
from components.kagent.spec import KagentSpec
from components.login.spec import LoginSpec
from components.models.spec import ModelKey, ModelSpec
from components.namespaces.spec import NamespaceSpec
from components.network.spec import NetworkSpec
from components.node_pools.compute import Compute
from components.node_pools.spec import GpuPoolName, GpuPoolSpec
from components.prices.spec import PricesSpec
from components.rate_limit.spec import RateLimitSpec
from components.relay.spec import RelaySpec
from components.tenants.spec import TenantSpec
from components.tools.spec import SandboxSpec, ToolName, ToolSpec
from components.vectors.spec import VectorsSpec
from stacks.checks import faults, names_written
from stacks.data import DataSpec
from stacks.errors import ConfigError
from stacks.fault_text import fault_texts, key_text, no_such_key
from stacks.observability import ObservabilitySpec
from stacks.profiles import MAPS_OF_NAMED_THINGS, Profile, with_profile
from stacks.services import ServicesSpec

READ_ONE_BY_ONE = MAPS_OF_NAMED_THINGS - {"namespaces"}
"""Sections of which one entry may be at fault and the others still count. Not `namespaces`: without its entry
a namespace would be judged by its defaults."""


class SecretReference(Spec):
    """A secret that exists in Secrets Manager: where it is, never what it is."""

    arn: SecretArn = Field(description="The secret's ARN; its value is read in the cluster, by its consumer.")


class ProtectionSpec(Spec):
    """What stands between a mistake and the loss of a stack."""

    protect: bool = Field(description="`pulumi destroy` refuses network and cluster until this is off.")
    retain_data: bool = Field(description="Data-bearing resources stay in AWS when the stack lets them go.")


class PlatformConfig(Spec):
    """A whole platform as one frozen object; environments differ by its values and by nothing else."""

    environment: EnvironmentName = Field(description="Short name of the environment; a tag and a name part.")
    profile: Profile = Field(description="The table of values this stack starts from; what is written wins.")
    aws: AwsSpec = Field(description="Account, partition, region, zones.")
    ownership: OwnershipSpec = Field(description="Who answers for it and who pays: tags on everything.")
    network: NetworkSpec = Field(description="A VPC made here, or one that exists.")
    cluster: ClusterSpec = Field(description="The EKS control plane.")
    compute: Compute = Field(description="Who runs nodes: Karpenter of our own, or EKS Auto Mode.")
    agents: dict[AgentName, AgentSpec] = Field(
        default_factory=dict, description="Agents by name: what they think with, and what they may use."
    )
    workflows: dict[AgentName, WorkflowSpec] = Field(
        default_factory=dict, description="Agents that call agents, by name."
    )
    tools: dict[ToolName, ToolSpec] = Field(default_factory=dict, description="What agents may use, by name.")
    sandbox: SandboxSpec = Field(
        default_factory=SandboxSpec, description="Where programs run that agents write."
    )
    kagent: KagentSpec = Field(default_factory=KagentSpec, description="Who makes pods of agents.")
    egress_proxy: EgressProxySpec = Field(
        default_factory=EgressProxySpec, description="The way out for tools, to declared hosts only."
    )
    relay: RelaySpec = Field(default_factory=RelaySpec, description="One API before every provider.")
    vectors: VectorsSpec = Field(
        default_factory=VectorsSpec, description="Collections of Milvus, and who may search them."
    )
    gateway: GatewaySpec = Field(
        default_factory=GatewaySpec, description="The way in: names, limits, routes, pages."
    )
    identity: IdentitySpec = Field(
        default_factory=CognitoSpec,
        description="Whose tokens are taken: a pool made here, or another issuer.",
    )
    rate_limit: RateLimitSpec = Field(
        default_factory=RateLimitSpec, description="Limits that hold over all proxies, for each tenant."
    )
    login: LoginSpec = Field(default_factory=LoginSpec, description="The login before pages for people.")
    edge: EdgeSpec = Field(default_factory=EdgeSpec, description="CloudFront and WAF before the gateway.")
    gpu_pools: dict[GpuPoolName, GpuPoolSpec] = Field(
        default_factory=dict, description="Accelerator pools by name, one per accelerator class."
    )
    models: dict[ModelKey, ModelSpec] = Field(
        default_factory=dict, description="Models that the cluster serves itself, by name."
    )
    namespaces: dict[DnsLabel, NamespaceSpec] = Field(
        default_factory=dict, description="Changes to the platform's own namespaces, by name."
    )
    data: DataSpec = Field(description="Where data is kept.")
    observability: ObservabilitySpec = Field(
        default_factory=ObservabilitySpec, description="Metrics, traces, logs, alerts."
    )
    prices: PricesSpec = Field(
        default_factory=PricesSpec, description="What tokens cost where the catalogue is not right for you."
    )
    services: ServicesSpec = Field(default_factory=ServicesSpec, description="Shared services.")
    secrets: dict[DnsLabel, SecretReference] = Field(
        default_factory=dict, description="Secrets that tenants may be given, by the name they are asked for."
    )
    tenants: dict[DnsLabel, TenantSpec] = Field(
        default_factory=dict, description="Tenants by name; the name is the tenant's namespace."
    )
    protection: ProtectionSpec = Field(description="What a mistake cannot take away.")

    @property
    def place(self) -> Place:
        """Where everything goes, for the pure functions that name things."""
        return Place(
            account_id=self.aws.account_id,
            partition=self.aws.partition,
            region=self.aws.region,
            zones=tuple(self.aws.zones),
            environment=self.environment,
            cluster_name=self.cluster.name,
            tags=tags(self.environment, self.cluster.name, self.ownership),
        )


def parse(raw: object, source: str) -> PlatformConfig:
    """`raw` as a checked config; ConfigError carries every fault of every section at once."""
    if not isinstance(raw, Mapping):
        raise ConfigError(source, ["the platform object is not a mapping; see docs/reference/config.md"])
    merged = with_profile(cast("Mapping[str, Any]", raw))
    found: list[str] = []
    sections = _sections(merged, found)
    found += [str(fault) for fault in faults(sections, names_written(merged))]
    if found:
        raise ConfigError(source, sorted(set(found)))
    return PlatformConfig.model_construct(**sections)


def load() -> PlatformConfig:
    """The config of the stack that runs, as the engine hands it over."""
    source = f"Pulumi.{pulumi.get_stack()}.yaml"
    try:
        raw = pulumi.Config().get_object("platform")
    except pulumi.ConfigTypeError:
        # The SDK's message repeats the value, which may be anything.
        raise ConfigError(source, ["the platform object is text; indent its keys below it"]) from None
    if raw is None:
        raise ConfigError(source, ["has no `agentic-platform:platform`; copy it from Pulumi.dev.yaml"])
    return parse(raw, source)


def _sections(merged: Mapping[str, Any], found: list[str]) -> dict[str, Any]:
    """Each section on its own, so that a fault in one does not hide the faults of the others."""
    sections: dict[str, Any] = {}
    for name, field in PlatformConfig.model_fields.items():
        if name in merged:
            value = _section(name, merged[name], found)
            if value is not None:
                sections[name] = value
        elif field.is_required():
            found.append(f"{name}: is missing; {field.description}")
        else:
            sections[name] = field.get_default(call_default_factory=True)
    unknown = [key_text(key) for key in merged.keys() - PlatformConfig.model_fields.keys()]
    found += [no_such_key(key, key, PlatformConfig.model_fields) for key in unknown]
    return sections


def _section(name: str, raw: object, found: list[str]) -> Any:
    model = _section_model(name)
    try:
        return getattr(model.model_validate({name: raw}), name)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    found += [text for detail in details for text in fault_texts(model, detail)]
    if name in READ_ONE_BY_ONE and isinstance(raw, Mapping):
        return _sound(model, name, cast("Mapping[object, Any]", raw))
    return None


def _sound(model: type[BaseModel], name: str, entries: Mapping[object, Any]) -> dict[str, Any]:
    """The entries of a section that have no fault of their own, so that rules between sections see them."""
    sound: dict[str, Any] = {}
    for key, entry in entries.items():
        with suppress(ValidationError):
            sound.update(getattr(model.model_validate({name: {key: entry}}), name))
    return sound


@cache
def _section_model(name: str) -> type[BaseModel]:
    """One section as a model of its own."""
    field = PlatformConfig.model_fields[name]
    parts: dict[str, Any] = {name: (field.annotation, field)}
    return create_model(f"{name.title()}Section", __base__=Spec, **parts)
