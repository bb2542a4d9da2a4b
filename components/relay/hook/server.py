# pyright: basic
# LiteLLM is in the image and in the tests' own environment, not in the project's: its types cannot be read here.
"""What uvicorn runs: LiteLLM's application behind the door."""

from __future__ import annotations

import os
from pathlib import Path

from . import quiet

quiet.quieten(quiet.secrets_of(os.environ))

# After that: its loggers take hold of the streams when it is imported.
from litellm.proxy.proxy_server import app as litellm_app  # noqa: E402  # pyright: ignore[reportMissingImports]

from . import batch  # noqa: E402
from .door import Door, Keys  # noqa: E402
from .rules import Settings  # noqa: E402

PROVIDER_KEY = "PROVIDER_KEY_"
LONGEST_QUEUE = int(os.environ.get("RELAY_LONGEST_QUEUE", "0"))
"""0: no request waits."""

app = Door(
    litellm_app,
    Keys(Path(os.environ["RELAY_KEYS"])),
    gateway_key=os.environ["RELAY_GATEWAY_KEY"],
    master_key=os.environ["LITELLM_MASTER_KEY"],
    waiting=batch.client() if LONGEST_QUEUE else None,
    longest_queue=LONGEST_QUEUE,
    names=Settings.read(Path(os.environ["RELAY_SETTINGS"]).read_text()).names,
    secrets=[value for name, value in os.environ.items() if name.startswith(PROVIDER_KEY)],
)
