"""The Prefect server behind a run or a schedule: the one of PREFECT_API_URL, else a child process of ours on loopback.

Ours listens on a port that the system chose, keeps run history in the study's private PREFECT_HOME, asks for a password that
only this process and its children know (other users of the machine reach loopback too), serves no page, and ends with us: it
watches a pipe that closes when we do, killed or not. This module imports no Prefect, so that the child starts while we import it.
"""

import ipaddress
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from samaran.errors import SamaranError, UsageError

PATIENCE_S = 120.0
"""How long a server may take until it answers: seconds on a laptop, more on a busy test machine."""

_LEAN = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is and the password it asks for, empty for none."""

    url: str
    password: str = ""

    def __repr__(self) -> str:
        return f"Address({self.url})"


class Server:
    """A server that may still be starting."""

    def __init__(self, address: Address, child: subprocess.Popen[bytes] | None = None) -> None:
        self._address, self._child = address, child

    def ready(self) -> Address:
        """Wait until it answers. Raises `SamaranError` when it ended or does not answer in time."""
        until = time.monotonic() + PATIENCE_S
        while not _healthy(self._address.url):
            ended = self._child is not None and self._child.poll() is not None
            if ended or self._child is None or time.monotonic() > until:
                raise SamaranError(
                    "The Prefect server does not answer.",
                    "Check PREFECT_API_URL if you set it; else delete .prefect in the study (only run history is in it), or use "
                    "`samaran run STUDY --direct`, which needs no server.",
                )
            time.sleep(0.05)
        return self._address


@contextmanager
def server(home: Path, *, schedules: bool = False) -> Iterator[Server]:
    """The server to use, for as long as the block runs. With `schedules`, ours runs the services that start scheduled runs.

    Raises `UsageError` when PREFECT_API_URL names another machine.
    """
    named = os.environ.get("PREFECT_API_URL", "")
    if named:
        yield Server(Address(_loopback(named), os.environ.get("PREFECT_API_AUTH_STRING", "")))
        return
    password = f"samaran:{secrets.token_urlsafe(24)}"
    environment = {**os.environ, **_LEAN, "PREFECT_HOME": str(home), "PREFECT_SERVER_API_AUTH_STRING": password}
    if not schedules:
        environment["PREFECT__SERVER_EPHEMERAL"] = "1"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, handle = listening.getsockname()[1], listening.fileno()
        child = subprocess.Popen(
            [sys.executable, "-m", "samaran.flows.server", str(handle)],
            env=environment,
            pass_fds=(handle,),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours: the flow's last words must still find a server
        )
    try:
        yield Server(Address(f"http://127.0.0.1:{port}/api", password), child)
    finally:
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _loopback(url: str) -> str:
    host = urlsplit(url).hostname or ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local:
        raise UsageError(
            "PREFECT_API_URL names another machine; samaran connects to loopback only.",
            "Use a server on this machine, such as http://127.0.0.1:4200/api, or unset PREFECT_API_URL.",
        )
    return url


def _healthy(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _serve(handle: int) -> None:
    """The child: serve on an open socket until standard input closes."""
    import uvicorn

    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="critical", lifespan="on")
    serving = uvicorn.Server(config)

    def watch() -> None:
        sys.stdin.buffer.read()
        serving.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    serving.run(sockets=[socket.socket(fileno=handle)])


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
