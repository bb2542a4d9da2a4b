"""The pods of tools, those that kmcp makes among them."""

from __future__ import annotations

from collections.abc import Mapping

from components.charts import images
from components.charts.images import Image
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload
from components.charts.supplied import image_of
from components.tools.names import labels, object_name
from components.tools.render import adapted
from components.tools.spec import PORT, ApiToolSpec, ToolSpec

RELEASE = "tools"


def pods(tools: Mapping[str, ToolSpec]) -> tuple[PodClass, ...]:
    """A server for each tool that has one here."""
    return tuple(
        PodClass(
            release=RELEASE,
            namespace=tool.namespace,
            kind=Workload.DEPLOYMENT,
            name=object_name(name),
            labels=labels(name),
            ports=(Port("http", PORT),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=object_name(name),
            containers=(Container(name="tool", image=image, resources=tool.resources),),
            replicas=tool.replicas,
        )
        for name, tool in sorted(tools.items())
        if (image := _image(tool)) is not None
    )


def _image(tool: ToolSpec) -> Image | None:
    if adapted(tool) is not None:
        return images.PYTHON
    return image_of(tool.server.image) if isinstance(tool, ApiToolSpec) and tool.server else None
