"""Invariant 1: no connection but loopback, ever."""

import sys
from pathlib import Path

import pytest

from tests.guards.watching import can_be_alone, watch
from tests.studies import SAMARAN

REACHING = {
    "a connection": "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 0.1)\nexcept OSError: pass",
    "a name": "import socket\ntry: socket.getaddrinfo('publicsuffix.org', 443)\nexcept OSError: pass",
    "a datagram": "import socket as s\ntry: s.socket(type=s.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))\nexcept OSError: pass",
    "a grandchild": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', \"import urllib.request as u\\n"
    "try: u.urlopen('http://192.0.2.1/', timeout=0.1)\\nexcept OSError: pass\"])",
}


@pytest.mark.timeout(600)
def test_the_demo_reaches_for_loopback_only(tmp_path: Path) -> None:
    """From init to report, Prefect's server and all other children included, nothing outside this machine is tried; and all of it
    works where there is no network."""
    seen = watch([*SAMARAN, "demo", str(tmp_path / "demo")], tmp_path / "watched", alone=True)
    assert seen.code == 0, seen.err
    assert [line for line in seen.noted if not line.startswith("open ")] == []


@pytest.mark.parametrize("how", REACHING)
def test_an_attempt_is_noticed(how: str, tmp_path: Path) -> None:
    """The watch notices each way of reaching out, in a child's child too, and lets loopback pass."""
    loopback = "import socket\ns = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(s.getsockname())\n"
    assert watch([sys.executable, "-c", loopback], tmp_path).noted == ()
    seen = watch([sys.executable, "-c", loopback + REACHING[how]], tmp_path)
    assert seen.code == 0, seen.err
    assert len(seen.noted) >= 1
    assert any("192.0.2.1" in line or "publicsuffix.org" in line for line in seen.noted)


def test_alone_means_alone(tmp_path: Path) -> None:
    """In the namespace loopback works and nothing else is there."""
    if not can_be_alone():
        pytest.skip("this machine lets nobody make a network namespace; the audit hook still watches")
    script = (
        "import socket\ns = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(s.getsockname())\n"
        "try: socket.create_connection(('192.0.2.1', 80), 2)\nexcept OSError as error: print(error.errno)"
    )
    assert watch([sys.executable, "-c", script], tmp_path, alone=True).out.strip() == "101"
