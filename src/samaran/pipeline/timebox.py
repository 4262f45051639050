"""An opened original in a folder of its own, wiped at the end of the time box: by the command, by a process that watches it when
it was killed, by the next command when both are gone, as after a power cut.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from samaran import codec
from samaran.errors import IntegrityError, SamaranError
from samaran.pipeline.desk import Desk
from samaran.pipeline.wiping import watched, wipe
from samaran.vault import disk

_RECORD = "openings.json"
_BLOCK = 1 << 20
_ISO = "%Y-%m-%dT%H:%M:%SZ"

LONGEST_MIN = 480


def private_folder(size: int, into: Path | None = None) -> Path:
    """A new folder, 0700, with room for `size` bytes: in memory where the system has such a place, else among temporary files.

    Raises `SamaranError` when there is no room anywhere, or `into` is no folder.
    """
    named = [os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm", tempfile.gettempdir()]  # noqa: S108
    for place in [into] if into else [Path(name) for name in named if name]:
        if place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > size + _BLOCK:
            return Path(tempfile.mkdtemp(prefix="samaran-", dir=place))
    raise SamaranError("There is no folder with room for the original.", "Name one with --into, on an encrypted disk.")


@contextmanager
def boxed(desk: Desk, folder: Path, minutes: int) -> Iterator[datetime]:
    """Remember the folder until the block ends, then wipe it. Gives the end of the time box."""
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    _write(desk, {**_read(desk), str(folder): (until.strftime(_ISO), os.getpid(), _boot())})
    try:
        with watched(folder):
            try:
                yield until
            finally:
                wipe(folder)
    finally:
        _write(desk, {path: rest for path, rest in _read(desk).items() if path != str(folder)})


def left_open(desk: Desk) -> tuple[Path, ...]:
    """Folders that are still there though their time box is over, or their command is gone: they should have been wiped."""
    return tuple(path for path in _over(desk) if path.exists())


def wipe_left_open(desk: Desk) -> int:
    """Wipe them now. Returns how many there were."""
    found = _over(desk)
    for folder in found:
        if folder.name.startswith("samaran-"):
            wipe(folder)
    if found:
        gone = {str(folder) for folder in found}
        _write(desk, {path: rest for path, rest in _read(desk).items() if path not in gone})
    return len(found)


def _over(desk: Desk) -> tuple[Path, ...]:
    now, boot = datetime.now(UTC).strftime(_ISO), _boot()
    return tuple(Path(path) for path, (until, pid, at) in _read(desk).items() if until < now or at != boot or not _alive(pid))


def _boot() -> str:
    """Since when the machine runs, where it says so: after it was started anew the same number means another process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _read(desk: Desk) -> dict[str, tuple[str, int, str]]:
    try:
        value = codec.parse((desk.study.folder / "vault" / _RECORD).read_bytes())
        return {str(path): (str(until), int(pid), "".join(boot)) for path, (until, pid, *boot) in value.items()}
    except (FileNotFoundError, IntegrityError, ValueError, TypeError, AttributeError):
        return {}


def _write(desk: Desk, value: dict[str, tuple[str, int, str]]) -> None:
    with disk.appearing(desk.study.folder / "vault" / _RECORD, replace=True) as file:
        file.write(codec.canonical({path: list(rest) for path, rest in value.items()}))
