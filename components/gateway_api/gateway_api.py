"""The kinds of the Gateway API and, where asked for, of its inference extension."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Resource, ResourceOptions
from pulumi_kubernetes.yaml.v2 import ConfigFile

from components.charts.pins import GATEWAY_API, INFERENCE_EXTENSION, LLM_D_OBJECTIVES, LLM_D_REWRITES


@dataclass(frozen=True, kw_only=True)
class GatewayApiArgs:
    """Which kinds; definitions have no namespace and need no node."""

    inference_pools: bool = False
    after: tuple[Resource, ...] = ()


class GatewayApi(ComponentResource):
    """A cluster that takes Gateways and routes, whoever serves them."""

    ready: tuple[Resource, ...]
    """What a controller of these kinds waits for: agentgateway exits at its start without them."""

    def __init__(self, name: str, args: GatewayApiArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:gateway_api:GatewayApi", name, None, opts)
        # Their objects go with a definition that is deleted: kept, as the charts' own definitions are.
        child = ResourceOptions(parent=self, depends_on=list(args.after), retain_on_delete=True)
        files = [ConfigFile(name, file=GATEWAY_API.url, opts=child)]
        if args.inference_pools:
            # The picker watches kinds of its own besides, and does not start without them.
            further = {
                "inference-extension": INFERENCE_EXTENSION,
                "objectives": LLM_D_OBJECTIVES,
                "rewrites": LLM_D_REWRITES,
            }
            files += [ConfigFile(f"{name}-{key}", file=one.url, opts=child) for key, one in further.items()]
        self.ready = tuple(files)
        self.register_outputs({"version": GATEWAY_API.version})
