"""Logs that the audit tests share. Each test works on a copy of its own."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samaran.audit.act import Draft
from samaran.audit.log import Log
from samaran.audit.note import LogKey, new_log_key
from samaran.audit.vocabulary import Phase

ORIGIN = "samaran.test/audit"
SID = "5a" * 16
OBJ = "0b" * 32


def clock() -> datetime:
    return datetime(2026, 3, 1, 14, 59, 59, tzinfo=UTC)


def grow(log: Log, entries: int) -> None:
    """Append whole acts until the log has so many entries (an even number)."""
    while (size := log.size()) < entries:
        drafts = []
        for n in range(min(entries - size, 200) // 2):
            drafts += [
                Draft("source.seal", Phase.INTENT, "collector", {"sid": SID, "n": n}),
                Draft("source.seal", Phase.RESULT, "collector", {"sid": SID, "obj": OBJ, "size": n}, of=-1, code="ok"),
            ]
        log.append(drafts)


@pytest.fixture(scope="session")
def key() -> LogKey:
    return new_log_key(ORIGIN)


@pytest.fixture
def log(tmp_path: Path, key: LogKey) -> Log:
    return Log.create(tmp_path / "audit", ORIGIN, key, clock=clock)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, key: LogKey) -> dict[int, Path]:
    """Finished logs by size, with checkpoints at 2, 10 and the last entry."""
    made = {}
    for size in (12, 300, 700):
        folder = tmp_path_factory.mktemp(f"log{size}") / "audit"
        with Log.create(folder, ORIGIN, key, clock=clock) as log:
            grow(log, 10)
            log.checkpoint(key)
            grow(log, size)
            log.checkpoint(key)
        made[size] = folder
    return made


@pytest.fixture
def copy(finished: dict[int, Path], tmp_path: Path) -> Callable[[int], Path]:
    """A private copy of a finished log."""

    def make(size: int) -> Path:
        target = tmp_path / f"copy{len(list(tmp_path.iterdir()))}"
        shutil.copytree(finished[size], target)
        return target

    return make
