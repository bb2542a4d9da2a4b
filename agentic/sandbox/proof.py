"""Runs the whole story of `make up` and of `make down`, each step only when the one before it held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from agentic.sandbox import report
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.session import Sandbox

Print = Callable[[str], None]


def up(sandbox: Sandbox, out: Print, *, prove: bool) -> Outcome:
    """Preview, up and, to prove it, a second preview that must be empty; quick if nothing is to do."""
    planned = done = sandbox.preview()
    _show(planned, out)
    if not planned.is_empty:
        expected = sum(planned.changes.values()) + planned.same
        sandbox.options = replace(sandbox.options, expected=expected)
        done = sandbox.up()
        _show(done, out)
        if prove:
            _prove(sandbox, out)
    for line in report.limits(sandbox.layout):
        out(line)
    return done


def _prove(sandbox: Sandbox, out: Print) -> None:
    second = sandbox.preview()
    if not second.is_empty:
        raise SandboxError(
            "\n".join(["the second preview is not empty:", *report.summary(second)]),
            remedy="a provider reads back something else than the program says; compare the paths above",
        )
    out(f"second preview: empty, {second.same} resources as they should be, in {second.seconds:.1f} s")


def down(sandbox: Sandbox, out: Print, *, unprotect: bool) -> Outcome:
    """Destroy, list what is left (nothing, or it is an error), then stop AWS and forget the sandbox."""
    state = sandbox.state
    protected = [resource for resource in state.resources if resource.protected]
    if protected and unprotect:
        sandbox.unprotect()
    elif protected:
        raise SandboxError(
            f"{len(protected)} resources of this stack are protected, {protected[0].urn.rpartition('::')[2]} "
            "among them, so the engine would refuse",
            remedy="to end the rehearsal anyway, add --unprotect; on a real account, change the stack's config",
        )
    done = sandbox.destroy()
    _show(done, out)
    left = sandbox.inventory()
    retained = [resource for resource in state.resources if resource.retained and resource.custom]
    if not left.is_empty and not retained:
        raise SandboxError(
            "\n".join(
                ["the stack is destroyed and these are left:", *(f"  {line}" for line in left.lines())]
            ),
            remedy=f"this is a defect; `rm -r {sandbox.layout.home}` ends the sandbox whatever is in it",
        )
    if left.is_empty:
        out("nothing is left: no AWS resource, no cluster object, no release")
    else:
        out(f"left as the stack says (retain on delete: {len(retained)}), gone with the sandbox:")
        for line in left.lines():
            out(f"  {line}")
    sandbox.close()
    out("every server is stopped; only logs are kept")
    return done


def _show(outcome: Outcome, out: Print) -> None:
    for line in report.summary(outcome):
        out(line)
