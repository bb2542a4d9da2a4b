"""A real API server on loopback for as long as a `with` block: etcd, kube-apiserver, kube-controller-manager.

The controller manager is no luxury: without it no namespace gets its default service account, none ends
terminating, and a quota that nobody has counted yet refuses every pod.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agentic.rehearsal import server_setup
from agentic.rehearsal.client import Answer, Client, Refused, Unreachable
from agentic.rehearsal.control_plane import DEFAULT_SERVICE_CIDR
from agentic.rehearsal.errors import ServerFailed
from agentic.rehearsal.objects import Objects, Ref
from agentic.rehearsal.processes import Processes
from agentic.rehearsal.termination import ends_in_order
from agentic.rehearsal.tools import Tools

START_SECONDS = 90.0
# Whoever else listens on the port may never answer.
READY_SECONDS = 2.0
PORT_ATTEMPTS = 3
ETCD, API_SERVER, CONTROLLER_MANAGER = "etcd", "kube-apiserver", "kube-controller-manager"


class ApiServer:
    """A Kubernetes without nodes. Leaving the block stops every process, whatever happened in it."""

    url: str
    token: str
    authority: str
    """The certificate that a client has to trust, as PEM text."""
    objects: Objects
    check: Callable[[], None]
    """ServerFailed when one of its processes has ended."""

    def __init__(
        self, tools: Tools, *, service_cidr: str = DEFAULT_SERVICE_CIDR, home: Path | None = None
    ) -> None:
        """Nothing starts before the block is entered; in a `home` of its own a server finds its objects again."""
        self._tools = tools
        self._home = home
        self._service_cidr = service_cidr
        self._resources = ExitStack()
        self.token = secrets.token_urlsafe(32)
        self._said = ""

    @property
    def version(self) -> str:
        """The Kubernetes that answers."""
        return self._tools.api_server.version

    def __enter__(self) -> Self:
        """Return when the server answers and its controllers work; ServerFailed says why not."""
        with ExitStack() as starting:
            starting.enter_context(ends_in_order())
            processes = Processes(self._home)
            starting.callback(processes.close)
            server_setup.write_credentials(processes.directory, self.token)
            processes.start(ETCD, server_setup.etcd(self._tools.etcd.path))
            client = self._answering(processes)
            starting.callback(client.close)
            self.objects = Objects(client)
            server_setup.write_kubeconfig(processes.directory, self.url, self.token)
            manager = server_setup.controller_manager(self._tools.controller_manager.path)
            processes.start(CONTROLLER_MANAGER, manager)
            self._until("makes service accounts", processes, self._has_service_account)
            self.check = processes.check_all
            self._resources = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop and remove everything."""
        self._resources.close()

    def create(self, manifest: Mapping[str, Any]) -> Answer:
        """Make one object; raises Refused with the server's words."""
        return self.objects.create(manifest)

    def _answering(self, processes: Processes) -> Client:
        """Start the server on a free port; whoever takes that port first costs one attempt."""
        for attempt in range(1, PORT_ATTEMPTS + 1):
            port = server_setup.free_port()
            self.url = f"https://127.0.0.1:{port}"
            command = server_setup.api_server(self._tools.api_server.path, port, self._service_cidr)
            processes.start(API_SERVER, command)
            try:
                signed = partial(server_setup.has_certificate, processes.directory)
                self._until("has a certificate", processes, signed)
                self.authority = server_setup.certificate(processes.directory).read_text()
                client = Client(self.url, self.token, self.authority)
                self._until("answers", processes, partial(self._is_ready, client))
            except ServerFailed:
                if attempt == PORT_ATTEMPTS or "address already in use" not in processes.log(API_SERVER):
                    raise
                processes.stop(API_SERVER)
            else:
                return client
        raise AssertionError("the last attempt returns or raises")

    def _has_service_account(self) -> bool:
        return self.objects.get(Ref("v1", "ServiceAccount", "default", "default")) is not None

    def _is_ready(self, client: Client) -> bool:
        try:
            return client.request("GET", "/readyz", seconds=READY_SECONDS).body == "ok"
        except (Refused, Unreachable) as error:
            self._said = str(error)
            return False

    def _until(self, what: str, processes: Processes, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not reached():
            processes.check_all()
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"the API server did not come to where it {what} within {START_SECONDS:.0f} s:\n"
                    + processes.log_end(API_SERVER)
                    + (f"\nasked last, it said: {self._said}" if self._said else ""),
                    remedy="run this again when the machine is less busy",
                )
            time.sleep(0.05)
