"""Runs a command and says what it and its Python children reached for outside this machine, and wrote for a while."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.studies import environment

_HOOK = Path(__file__).parent / "hook"
_LOOPBACK_ONLY = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: up, running
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True)
class Watched:
    """How a command ended, what it said, and what the hook noted: one line for each attempt or temporary file."""

    code: int
    out: str
    err: str
    noted: tuple[str, ...]


def watch(command: list[str], place: Path, *, alone: bool = False, **named: str) -> Watched:
    """Run a command in a user's clean environment, with notes and temporary files in `place`.

    With `alone`, in a network namespace that has loopback only, where this machine allows one to be made.
    """
    notes, temp = place / "noted.txt", place / "tmp"
    temp.mkdir(parents=True, exist_ok=True)
    notes.unlink(missing_ok=True)
    path = os.pathsep.join(filter(None, [str(_HOOK), os.environ.get("PYTHONPATH", "")]))
    named = {"PYTHONPATH": path, "NOTED": str(notes), "TMPDIR": str(temp), **named}
    if alone and can_be_alone():
        command = [*_unshare(), sys.executable, "-c", _LOOPBACK_ONLY, *command]
    done = subprocess.run(command, env=environment(**named), capture_output=True, text=True, timeout=580, check=False)
    noted = notes.read_text().splitlines() if notes.exists() else []
    return Watched(done.returncode, done.stdout, done.stderr, tuple(noted))


@lru_cache(maxsize=1)
def can_be_alone() -> bool:
    """Whether a network namespace can be made here."""
    script = [*_unshare(), sys.executable, "-c", _LOOPBACK_ONLY, sys.executable, "-c", "pass"]
    try:
        return subprocess.run(script, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _unshare() -> list[str]:
    return ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
