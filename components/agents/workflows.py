"""Workflows as agents that ask agents, and the shapes of which none can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.agents.spec import DeclarativeAgentSpec, StepSpec, WorkflowSpec
from components.core.faults import Fault

WAY_OUT = "write it as an agent of type byo with LangGraph, whose graph can"


def compiled(workflow: WorkflowSpec) -> DeclarativeAgentSpec:
    """The agent that leads through the steps: each is an agent it may ask, and its prompt says in which order."""
    return DeclarativeAgentSpec(
        type="declarative",
        description=workflow.description,
        tenant=workflow.tenant,
        model=workflow.model,
        system_prompt=prompt(workflow),
        agents=list(dict.fromkeys(step.agent for step in workflow.steps.values())),
        memory=workflow.memory,
        scaling=workflow.scaling,
        resources=workflow.resources,
    )


def prompt(workflow: WorkflowSpec) -> str:
    """What the leading agent is told: every step, what it is given, and that nothing is added or left out."""
    return "\n".join(
        (
            workflow.description,
            "",
            "You lead a workflow. Ask the agents below and pass on what they answer; do no step yourself.",
            "Take the steps in this order and wait for each answer before you go on:",
            "",
            *(_step(number, name, workflow) for number, name in enumerate(_order(workflow), start=1)),
            "",
            "If an agent fails, say which step failed and stop: never make an answer up.",
            "When the last step has answered, give that answer, whole and unchanged.",
        )
    )


def _step(number: int, name: str, workflow: WorkflowSpec) -> str:
    step = workflow.steps[name]
    given = f"the answer of {step.after[0]}" if step.after else "the question"
    condition = f" Only when {step.when.rstrip('.')}; take no other branch then." if step.when else ""
    task = f" {step.instruction.strip()}" if step.instruction else ""
    return f"{number}. {name}: ask {step.agent}, and give it {given}.{condition}{task}"


def _order(workflow: WorkflowSpec) -> list[str]:
    """Every step after the one whose answer it is given; otherwise as they are written.

    Steps that wait for each other, or for none there is, come last: `shape_faults` refuses them, beside the faults of
    the rest of the stack, for which this has to have an answer.
    """
    done: list[str] = []
    waiting = list(workflow.steps)
    while waiting:
        able = next((name for name in waiting if set(workflow.steps[name].after) <= set(done)), waiting[0])
        done.append(able)
        waiting.remove(able)
    return done


def shape_faults(name: str, workflow: WorkflowSpec) -> list[Fault]:
    """What an agent that asks one agent after the other cannot do: wait for several, ask several, go back."""
    path = f"workflows.{name}.steps"
    steps = workflow.steps
    unknown = [
        Fault(
            f"{path}.{step}.after", f"names no step: {before!r}", f"write one of {', '.join(sorted(steps))}"
        )
        for step, spec in steps.items()
        for before in spec.after
        if before not in steps
    ]
    if unknown:
        return unknown
    circle = _circle(steps)
    if circle:
        return [
            Fault(
                path,
                f"go in a circle: {' -> '.join(circle)}; an agent that leads cannot tell when to stop",
                f"break it, or {WAY_OUT}",
            )
        ]
    return [*_merges(path, steps), *_forks(path, steps)]


def _merges(path: str, steps: Mapping[str, StepSpec]) -> list[Fault]:
    return [
        Fault(
            f"{path}.{name}.after",
            f"waits for {', '.join(step.after)} at once: kagent has no step that merges several answers",
            f"put them one after the other, or {WAY_OUT}",
        )
        for name, step in steps.items()
        if len(step.after) > 1
    ]


def _forks(path: str, steps: Mapping[str, StepSpec]) -> list[Fault]:
    followers: dict[str | None, list[str]] = {}
    for name, step in steps.items():
        followers.setdefault(step.after[0] if step.after else None, []).append(name)
    faults: list[Fault] = []
    for before, names in followers.items():
        if len(names) == 1:
            continue
        where = f"after {before}" if before else "at the beginning"
        faults += [
            Fault(
                f"{path}.{name}.when",
                f"is missing, and {', '.join(names)} all stand {where}: kagent cannot run them side by side",
                f"say in words when each is taken, put one after the other, or {WAY_OUT}",
            )
            for name in names
            if steps[name].when is None
        ]
    return faults


def _circle(steps: Mapping[str, StepSpec]) -> Sequence[str]:
    return circle({name: step.after for name, step in steps.items()})


def circle(edges: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """One way through `edges` that comes back to where it began, ends included; empty where there is none."""
    finished: set[str] = set()

    def walk(node: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if node in path:
            return (*path[path.index(node) :], node)
        if node in finished:
            return ()
        for following in edges.get(node, ()):
            found = walk(following, (*path, node))
            if found:
                return found
        finished.add(node)
        return ()

    for start in edges:
        found = walk(start, ())
        if found:
            return found
    return ()
