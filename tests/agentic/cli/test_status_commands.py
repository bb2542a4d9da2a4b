"""`agentic status` from end to end, where nothing answers: what a person without a way in sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from agentic.cli.main import run

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _nobody_signed_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    set_kubeconfig(monkeypatch, tmp_path / "no-kubeconfig")


def set_kubeconfig(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The client reads the variable once, when it is imported."""
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(path))


def test_without_a_way_in_it_cannot_tell_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "dev"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("dev (ai-dev, us-east-1): cannot tell: 2 unknown\n")
    assert "no usable AWS credentials" in said.out
    assert "aws sso login" in said.out
    assert "aws eks update-kubeconfig --name ai-dev --region us-east-1" in said.out
    assert "cert_manager" in said.out
    assert "Traceback" not in said.out + said.err


def test_another_clusters_context_is_never_read_by_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = "arn:aws:eks:us-east-1:111122223333:cluster/ai-prod"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "prod",
        "clusters": [{"name": arn, "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "me", "user": {"token": "t"}}],
        "contexts": [{"name": "prod", "context": {"cluster": arn, "user": "me"}}],
    }
    path = tmp_path / "config"
    path.write_text(yaml.safe_dump(config))
    set_kubeconfig(monkeypatch, path)
    assert run(["status", "dev", "--format", "json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert (document["state"], document["exitCode"], document["source"]) == ("unknown", 2, "nothing")
    said = json.dumps(document)
    assert "no context for cluster ai-dev" in said
    assert run(["status", "dev", "--context", "prod"]) == 2
    assert "https://127.0.0.1:1 does not answer" in capsys.readouterr().out


def test_a_stack_without_a_sandbox_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("agentic.sandbox.layout.SANDBOX_DIRECTORY", str(tmp_path / "nowhere"))
    assert run(["status", "dev", "--sandbox"]) == 2
    said = capsys.readouterr().out
    assert "there is no sandbox of stack dev" in said
    assert "agentic sandbox up dev" in said
    assert run(["status", "dev", "--sandbox", "--context", "x"]) == 1
    assert "leave one of --sandbox and --context out" in capsys.readouterr().err


def test_a_stack_that_is_not_there_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "nowhere"]) == 1
    assert "this project has: dev, prod, staging" in capsys.readouterr().err
