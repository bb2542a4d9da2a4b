"""The images of a plan for people and for programs."""

from __future__ import annotations

from typing import Any

from agentic.plan.images import Images, Pinned, PulledImage


def one_line(found: Images) -> str:
    """How many there are and how they are pinned."""
    counted = [
        (found.count(Pinned.DIGEST), "by digest"),
        (found.count(Pinned.TAG), "by tag only"),
        (found.count(Pinned.MOVING), "moving"),
        (found.count(Pinned.UNKNOWN), "unknown"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counted if count) or "none"
    until = f"; the first reason ends {found.first_expiry.isoformat()}" if found.first_expiry else ""
    bare = f"; without a reason: {len(found.unexplained)}" if found.unexplained else ""
    missing = "" if found.declared else "; those of releases are not in the plan"
    return f"images ({len(found.images)}): {said}{until}{bare}{missing}"


def as_text(found: Images) -> str:
    """One line an image, least pinned first; the reasons below, each once."""
    order = {pinned: place for place, pinned in enumerate((Pinned.MOVING, Pinned.UNKNOWN, Pinned.TAG))}
    ranked = sorted(found.images, key=lambda image: (order.get(image.pinned, 9), image.reference))
    reasons = sorted({_excuse(image) for image in ranked if image.expires})
    width = max((len(image.reference) for image in ranked), default=0)
    lines = [one_line(found)]
    for image in ranked:
        note = f"[{reasons.index(_excuse(image)) + 1}]" if image.expires else ""
        how = f"{image.pinned.value} {note}"
        lines.append(f"  {how:<11}{image.reference:<{width}}  {', '.join(image.users)}")
    lines += [f"  [{number}] {reason}" for number, reason in enumerate(reasons, start=1)]
    return "\n".join(lines) + "\n"


def _excuse(image: PulledImage) -> str:
    return f"until {image.expires.isoformat()}: {image.reason}" if image.expires else ""


def records(found: Images) -> dict[str, Any]:
    """Every image."""
    return {
        "declared": found.declared,
        "counts": {pinned.value: found.count(pinned) for pinned in Pinned},
        "images": [
            {
                "reference": image.reference,
                "pinned": image.pinned.value,
                "reason": image.reason or None,
                "expires": image.expires.isoformat() if image.expires else None,
                "users": list(image.users),
            }
            for image in found.images
        ],
    }
