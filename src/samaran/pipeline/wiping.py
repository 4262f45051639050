"""Wiping a folder in which an original lies open; and a process of its own that does it when the one that opened it is gone.

`python -m samaran.pipeline.wiping FOLDER` waits for the end of its input, which comes when the process at the other end dies, by
kill -9 too, and wipes the folder.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samaran.vault import disk

_BLOCK = 1 << 20


def wipe(folder: Path) -> None:
    """Overwrite every file in it, then remove it. On flash memory old blocks may stay: that is what an encrypted disk is for."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            path.chmod(0o600)
            with path.open("r+b") as file:
                for at in range(0, path.stat().st_size, _BLOCK):
                    file.write(bytes(min(_BLOCK, path.stat().st_size - at)))
                disk.settle(file)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """While the block runs, another process waits for this one to die, and wipes the folder then."""
    words = [sys.executable, "-P", "-m", "samaran.pipeline.wiping", str(folder)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True):
        yield


def _main(folder: Path) -> None:
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    wipe(folder)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
