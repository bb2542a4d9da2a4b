"""What is wrong with a catalogue of tools, as far as it can be told before one of them is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from components.core.faults import Fault
from components.tools.spec import (
    NAMESPACE,
    ApiToolSpec,
    CodeToolSpec,
    HumanToolSpec,
    RetrievalToolSpec,
    ToolSpec,
)


@dataclass(frozen=True, kw_only=True)
class Surrounding:
    """What the rest of the stack has for tools."""

    tenants: Collection[str]
    namespaces: Collection[str]
    """The platform's own."""
    secrets: Collection[str]
    """The stack's supplied secrets, by name."""
    tenants_secrets: Mapping[str, Collection[str]]
    """Tenant -> those of them that it asks for."""
    collections: Mapping[str | None, Collection[str]]
    """Tenant -> the collections of vectors in its database; None: in the platform's."""
    milvus: bool
    vectors: bool
    """Whether somebody makes collections in it, and users who search them."""
    gateway: bool
    own_nodes: bool
    """Whether the stack runs Karpenter itself: Auto Mode's nodes boot from images of AWS, without gVisor."""
    used: Mapping[str, Collection[str]]
    """Agent -> the tools that it uses."""
    unread: Mapping[str, Collection[str]] = field(default_factory=dict[str, Collection[str]])
    """Section -> its entries that have faults of their own: to name one of them is none."""


def tool_faults(tools: Mapping[str, ToolSpec], around: Surrounding) -> list[Fault]:
    """Every fault of every tool."""
    return [fault for name, tool in sorted(tools.items()) for fault in _faults(name, tool, tools, around)]


def _faults(name: str, tool: ToolSpec, tools: Mapping[str, ToolSpec], around: Surrounding) -> list[Fault]:
    path = f"tools.{name}"
    faults: list[Fault] = []
    if tool.tenant is not None and tool.tenant not in {*around.tenants, *around.unread.get("tenants", ())}:
        known = ", ".join(sorted(around.tenants)) or "none"
        faults.append(
            Fault(
                f"{path}.tenant", f"is {tool.tenant!r}; the stack has: {known}", "add the tenant, or drop it"
            )
        )
    match tool:
        case ApiToolSpec():
            faults += _api_faults(path, tool, around)
        case RetrievalToolSpec():
            faults += _collection_faults(path, tool, around) if around.vectors else []
            faults += [
                Fault(path, f"needs {what}, which is switched off", f"switch {where} on, or drop the tool")
                for here, what, where in (
                    (around.milvus, "Milvus", "data.milvus"),
                    (around.vectors or not around.milvus, "the job that makes its user", "vectors"),
                    (around.gateway, "the gateway for its embeddings", "gateway"),
                )
                if not here
            ]
        case CodeToolSpec():
            if not around.own_nodes:
                faults.append(
                    Fault(
                        path,
                        "runs code, for which nodes need gVisor; nodes of compute.mode auto boot from images of AWS",
                        "set compute.mode: karpenter, or drop the tool",
                    )
                )
        case HumanToolSpec():
            faults += _human_faults(path, name, tool, tools, around)
    return faults


def _api_faults(path: str, tool: ApiToolSpec, around: Surrounding) -> list[Fault]:
    faults: list[Fault] = []
    if tool.auth and tool.auth.secret not in around.secrets:
        known = ", ".join(sorted(around.secrets)) or "none"
        faults.append(
            Fault(
                f"{path}.auth.secret",
                f"nothing provides the secret {tool.auth.secret!r}",
                f"declare it under secrets with its arn; declared: {known}",
            )
        )
    elif tool.auth and tool.tenant in around.tenants:
        faults += _token_faults(path, tool.auth.secret, tool.tenant, around)
    if tool.server and tool.tenant:
        faults.append(
            Fault(
                f"{path}.server",
                f"is run by kmcp, which makes nothing in the namespace of tenant {tool.tenant}",
                "drop the tenant, or have Argo CD run it there (services.argocd) and name it under mcp_url",
            )
        )
    target = tool.target
    if target is None:
        return faults
    where = f"{path}.{'endpoint' if tool.endpoint else 'mcp_url'}"
    if target.outside:
        return faults
    if tool.tenant:
        if target.namespace != tool.tenant:
            faults.append(
                Fault(
                    where,
                    f"is a Service of {target.namespace}, and the tool is tenant {tool.tenant}'s",
                    "a tenant's tool calls Services of its own namespace; move one of the two",
                )
            )
    elif target.namespace in around.tenants:
        faults.append(
            Fault(
                where,
                f"is a Service of tenant {target.namespace}: the platform's tools reach into no tenant",
                f"set tenant: {target.namespace}",
            )
        )
    elif target.namespace not in around.namespaces:
        known = ", ".join(sorted(around.namespaces))
        faults.append(
            Fault(
                where,
                f"names no namespace: {target.namespace!r}; the stack has: {known}",
                "correct the address",
            )
        )
    elif target.namespace == NAMESPACE:
        faults.append(
            Fault(
                where,
                f"is in {NAMESPACE}, where only servers of tools are",
                "run the Service elsewhere, or make it the tool itself (server.image)",
            )
        )
    return faults


def _token_faults(path: str, secret: str, tenant: str | None, around: Surrounding) -> list[Fault]:
    asked = around.tenants_secrets.get(tenant or "", ())
    if secret in asked:
        return []
    return [
        Fault(
            f"{path}.auth.secret",
            f"is {secret!r}, which tenant {tenant} does not ask for; it asks for: "
            f"{', '.join(sorted(asked)) or 'none'}",
            f"add it to tenants.{tenant}.secrets: a tenant's tool reads what its tenant may read",
        )
    ]


def _collection_faults(path: str, tool: RetrievalToolSpec, around: Surrounding) -> list[Fault]:
    """A collection that is not where the tool searches: nobody would be there to search as, or nothing to find."""
    wanted = "database" if tool.tenant else "partition_key"
    known = around.collections.get(tool.tenant, ())
    if tool.collection in known:
        return []
    there = ", ".join(sorted(known)) or "none"
    whose = f"tenant {tool.tenant}" if tool.tenant else "the platform"
    return [
        Fault(
            f"{path}.collection",
            f"is {tool.collection!r}, and the database of {whose} has: {there}",
            f"name one of those, or add it to vectors.collections with isolation: {wanted}",
        )
    ]


def _human_faults(
    path: str, name: str, tool: HumanToolSpec, tools: Mapping[str, ToolSpec], around: Surrounding
) -> list[Fault]:
    faults: list[Fault] = []
    for index, approved in enumerate(tool.approves):
        other = tools.get(approved)
        where = f"{path}.approves[{index}]"
        if other is None and approved in around.unread.get("tools", ()):
            continue
        if other is None:
            known = ", ".join(sorted(set(tools) - {name})) or "none"
            faults.append(
                Fault(where, f"names no tool: {approved!r}; the catalogue has: {known}", "correct it")
            )
        elif isinstance(other, HumanToolSpec):
            faults.append(
                Fault(where, f"is {approved!r}, which is a person as well", "name a tool that acts")
            )
        faults += [
            Fault(
                f"agents.{agent}.tools",
                f"has {name!r}, which is about {approved!r}, but not {approved!r} itself",
                f"add {approved}, or drop {name}",
            )
            for agent, used in sorted(around.used.items())
            if name in used and approved not in used and other is not None
        ]
    return faults
