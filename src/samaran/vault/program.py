"""The program `age-plugin-pq` as pyrage starts it: found where it was installed, answered nothing, its remains cleared away."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from samaran.errors import SamaranError
from samaran.vault.plugin import NAME

_TASKS = Path("/proc/self/task")


class Silent:
    """What a plugin may ask of its user. Ours asks nothing, and would be answered nothing."""

    def display_message(self, _: str) -> None: ...

    def confirm(self, _: str, __: str, ___: str | None) -> bool | None: ...

    def request_public_string(self, _: str) -> str | None: ...

    def request_passphrase(self, _: str) -> str | None: ...


@contextmanager
def at_hand() -> Iterator[None]:
    """The program can be started by pyrage within the block. Raises `SamaranError` when it is nowhere."""
    put_on_path()
    try:
        yield
    finally:
        _clear_away()


def put_on_path() -> None:
    """Put the program's folder on PATH, where pyrage and Debian's age look for it. Raises `SamaranError` when it is nowhere."""
    path = os.environ.get("PATH", "")
    places = (sysconfig.get_path("scripts"), str(Path(sys.executable).parent), path)
    found = shutil.which(NAME, path=os.pathsep.join(places))
    if found is None:
        raise SamaranError(
            f"The program {NAME} is missing; post-quantum keys need it.", "Install samaran again: it comes with the package."
        )
    folder = str(Path(found).parent)
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (folder, path)))


def _clear_away() -> None:
    """Take leave of programs that have ended. pyrage doesn't: a long run would fill the system's table of processes. Only our own
    are looked at, by name, since others wait for theirs themselves. Where the system has no /proc they stay until we end."""
    for children in _TASKS.glob("*/children"):
        with suppress(OSError):
            for pid in children.read_text().split():
                if Path("/proc", pid, "comm").read_text().strip() == NAME:
                    os.waitpid(int(pid), os.WNOHANG)
