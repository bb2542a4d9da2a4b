"""`python -m rag serve`: the agent. `python -m rag put FILE...`: documents, a passage for each paragraph."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from openai import OpenAI

from rag.settings import Settings, SettingsError
from rag.store import Document, Store

USAGE = "usage: python -m rag serve | put FILE..."
BATCH = 64
"""Texts in one request for vectors."""


def paragraphs(path: Path) -> list[Document]:
    """Its paragraphs; the id says which, so that the same file put again replaces its own."""
    texts = [text.strip() for text in path.read_text(encoding="utf-8").split("\n\n")]
    return [
        Document(
            id=hashlib.sha256(f"{path.name}#{number}".encode()).hexdigest()[:32], text=text, source=path.name
        )
        for number, text in enumerate(texts, 1)
        if text
    ]


def put(settings: Settings, files: list[str]) -> int:
    """Store the files' paragraphs."""
    store = Store(settings, OpenAI(base_url=settings.base_url, api_key=settings.api_key))
    documents = [one for name in files for one in paragraphs(Path(name))]
    for start in range(0, len(documents), BATCH):
        store.put(documents[start : start + BATCH])
    print(f"{len(documents)} passages of {len(files)} file(s)")
    return 0


def serve(settings: Settings) -> int:
    """Until the process is told to end; open answers are finished first."""
    import uvicorn

    from rag.server import app

    uvicorn.run(
        app(settings),
        host="0.0.0.0",  # noqa: S104 - a pod's own address
        port=int(os.environ.get("PORT", "8080")),
        timeout_graceful_shutdown=int(settings.timeout_seconds),
    )
    return 0


def main(arguments: list[str]) -> int:
    """Run one command."""
    try:
        match arguments:
            case ["serve"]:
                return serve(Settings.read())
            case ["put", *files] if files:
                return put(Settings.read(), files)
    except SettingsError as error:
        print(f"rag: {error}", file=sys.stderr)
        return 1
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
