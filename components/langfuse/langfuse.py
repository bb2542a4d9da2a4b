"""Langfuse: what a model was asked, what it said, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import LANGFUSE
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.langfuse.clickhouse import ClickHouse, ClickHouseArgs
from components.langfuse.names import OTLP_ENDPOINT, RELEASE, SERVICE_ACCOUNT
from components.langfuse.policy import bucket_access
from components.langfuse.spec import LangfuseSpec
from components.langfuse.values import values


@dataclass(frozen=True, kw_only=True)
class LangfuseArgs:
    """What Langfuse needs to know; database and cache it finds by its Secrets."""

    place: Place
    spec: LangfuseSpec
    cluster_name: Input[str]
    namespace: Input[str]
    bucket: str
    """By its name, which is known now."""
    bucket_key_alias: str | None = None
    """The alias of the KMS key that encrypts the bucket; None: S3's own key, which needs no permission."""
    cache_authority: bool = False
    """Whether the cache's certificate is of an authority that only its Secret knows."""
    after: tuple[Resource, ...]
    """Storage class, bucket, the Secrets of `credentials` and of the two stores, quotas and policies."""
    operator: tuple[Resource, ...]
    """`ClickHouseOperator.ready`."""
    monitored: bool = False
    """Whether the PodMonitor kind exists."""
    protect: bool = False
    retain: bool = False


class Langfuse(ComponentResource):
    """Traces are taken in as OTLP, kept in ClickHouse, and read by nobody who was not invited."""

    otlp_endpoint: str
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: LangfuseArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:langfuse:Langfuse", name, None, opts)
        child = ResourceOptions(parent=self)
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose=RELEASE,
                namespace=args.namespace,
                service_account=SERVICE_ACCOUNT,
                policies={"bucket": bucket_access(args.place, args.bucket, args.bucket_key_alias)},
                cluster_name=args.cluster_name,
            ),
            opts=child,
        )
        clickhouse = ClickHouse(
            f"{name}-clickhouse",
            ClickHouseArgs(
                spec=args.spec,
                after=(*args.after, *args.operator),
                monitored=args.monitored,
                protect=args.protect,
                retain=args.retain,
            ),
            opts=child,
        )
        installed = release(
            RELEASE,
            LANGFUSE,
            namespace=args.namespace,
            values=values(args.place, args.spec, bucket=args.bucket, cache_authority=args.cache_authority),
            # The agent hands out credentials only to pods started after their association was made. The
            # first start migrates ClickHouse, and keeps trying until its pods are up.
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *identity.ready, *clickhouse.ready]),
        )
        self.otlp_endpoint = OTLP_ENDPOINT
        self.ready = (installed,)
        self.register_outputs({"release": installed.name, "otlp_endpoint": self.otlp_endpoint})
