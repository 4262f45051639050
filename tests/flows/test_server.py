"""The server of our own: it asks for its password, ends with its parent, and nothing but loopback is ever used."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from samaran.errors import SamaranError, UsageError
from samaran.flows import SETTINGS
from samaran.flows.server import Address, server
from tests.flows.history import asking


def test_a_stranger_is_turned_away(prefect_server: Address) -> None:
    """Whoever lacks the password gets nothing from the server; who has it is served. The address hides it."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{prefect_server.url}/flows/count", data=b"{}", timeout=10)
    assert refused.value.code == 401
    with asking(prefect_server) as client:
        assert client.api_healthcheck() is None
        client.read_flow_runs()
    assert prefect_server.password
    assert prefect_server.password not in repr(prefect_server)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4200/api", "http://localhost:4200/api", "http://[::1]:4200/api"])
def test_a_named_server_on_this_machine_is_used(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PREFECT_API_URL is used as it stands, with the password of the environment, and no child is started."""
    monkeypatch.setenv("PREFECT_API_URL", url)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "a:b")
    with server(tmp_path) as starting:
        assert starting._address == Address(url, "a:b")
        assert starting._child is None


@pytest.mark.parametrize(
    "url", ["https://api.prefect.cloud/api", "http://192.168.1.7:4200/api", "http://localhost.example/api", "nonsense"]
)
def test_a_server_elsewhere_is_refused(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """samaran connects to loopback only, whatever PREFECT_API_URL says."""
    monkeypatch.setenv("PREFECT_API_URL", url)
    with pytest.raises(UsageError, match="loopback"), server(tmp_path):
        pass


def test_a_silent_server_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When nothing answers at PREFECT_API_URL, the error says what to do instead."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with server(tmp_path) as starting, pytest.raises(SamaranError) as said:
        starting.ready()
    assert "--direct" in said.value.hint


def test_the_server_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed takes its server along: nothing keeps running on the machine."""
    script = (
        "import sys, pathlib\nfrom samaran.flows.server import server\n"
        "with server(pathlib.Path(sys.argv[1])) as starting:\n"
        "    print(starting._child.pid, flush=True)\n    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 60
    while alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(child)


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended and waits to be reaped does not)."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_what_talks_or_keeps_is_shut_off() -> None:
    """Importing the flows sets what keeps Prefect from telemetry, from writing results and from using a proxy for loopback."""
    assert SETTINGS["DO_NOT_TRACK"] == "1"
    assert all(os.environ[name] == value for name, value in SETTINGS.items())
    assert "127.0.0.1" in os.environ["NO_PROXY"].split(",")
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    assert not settings.server.analytics_enabled
    assert not settings.results.persist_by_default
    assert not settings.logging.to_api.enabled
    assert not settings.logging.log_prints
