"""A Milvus Lite that the bootstrap program is pointed at, and that pymilvus is asked about afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.vectors.render import files
from components.vectors.spec import VectorsSpec

ROOT = Path(__file__).parents[2]
BRIDGE = ROOT / "tests/lite/rest_bridge.py"
ASK = """
import json, os, sys
from pymilvus import MilvusClient
client = MilvusClient(os.environ["MILVUS_LITE"], db_name=os.environ["DATABASE"])
{program}
"""


@dataclass
class Lite:
    python: Path
    uri: str
    bridge: str
    directory: Path

    def bootstrap(self, spec: VectorsSpec) -> subprocess.CompletedProcess[str]:
        for name, text in files(spec, ("tenant-a",)).items():
            (self.directory / name).write_text(text)
        wanted = json.loads((self.directory / "wanted.json").read_text())
        # Milvus Lite has no users; tests/components/vectors/test_bootstrap.py is about those.
        (self.directory / "wanted.json").write_text(json.dumps({**wanted, "users": []}))
        (self.directory / "root").write_text("unused")
        return subprocess.run(
            [sys.executable, "-I", "-B", "bootstrap.py"],
            cwd=self.directory,
            env={
                "PATH": os.environ["PATH"],
                "MILVUS_URI": self.bridge,
                "PASSWORDS": str(self.directory),
                "ROOT_PASSWORD_FILE": str(self.directory / "root"),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, program: str, database: str = "tenant_a") -> Any:
        """What a client of Milvus itself finds: pymilvus, and nothing of ours."""
        done = subprocess.run(
            [str(self.python), "-c", ASK.format(program=program)],
            env={"PATH": os.environ["PATH"], "MILVUS_LITE": self.uri, "DATABASE": database},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])
