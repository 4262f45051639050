"""Logs that the audit tests share. Each test works on a copy of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_making import ORIGIN, clock, grow

from samaran.audit.log import Log
from samaran.audit.note import LogKey, new_log_key


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
