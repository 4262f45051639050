"""Lost published files are made again from rows that hold; changed ones are not touched."""

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest
from test_audit_verify import change, failed

from samaran.audit import tiles
from samaran.audit.restore import verify_restored

Copy = Callable[[int], Path]


def published(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in (folder / "log").rglob("*") if path.is_file()}


@pytest.mark.parametrize("lost", ["tile/0/001", "tile/entries/001", "tile/1/000.p/2", "checkpoint"])
def test_a_lost_file_is_made_again(copy: Copy, lost: str) -> None:
    """One file that is gone is written byte for byte as it was, counted, and the log holds; the next time nothing is written."""
    folder = copy(700)
    before = published(folder)
    (folder / "log" / lost).unlink()
    report = verify_restored(folder)
    assert (report.ok, report.restored) == (True, 1)
    assert published(folder) == before
    assert verify_restored(folder).restored == 0


def test_all_of_them(copy: Copy) -> None:
    """A published folder that is gone as a whole is made again."""
    folder = copy(700)
    current = {Path("log") / tile.path for tile in tiles.tiles(700)} | {Path("log/checkpoint")}
    rmtree(folder / "log")
    report = verify_restored(folder)
    assert (report.ok, report.restored) == (True, len(current))
    assert set(published(folder)) == current


def test_a_changed_file_stays_and_fails(copy: Copy) -> None:
    """Beside a lost file a changed one is left as it is: check 11 names it, and the lost one is there again."""
    folder = copy(700)
    changed = folder / "log/tile/0/000"
    changed.write_bytes(b"x" + changed.read_bytes()[1:])
    spoilt = changed.read_bytes()
    (folder / "log/tile/0/001").unlink()
    report = verify_restored(folder)
    assert (failed(report), report.restored, changed.read_bytes()) == ({11}, 1, spoilt)
    assert "tile/0/000" in report.checks[10].detail


def test_nothing_is_made_from_rows_that_do_not_hold(copy: Copy) -> None:
    """Where an entry was changed, a lost tile stays lost: it would be made from what is in doubt."""
    folder = copy(700)
    change(folder, "UPDATE leaf SET leaf_hash = zeroblob(32) WHERE seq = 3")
    (folder / "log/tile/0/001").unlink()
    report = verify_restored(folder)
    assert (report.restored, {6, 11} <= failed(report)) == (0, True)
    assert not (folder / "log/tile/0/001").exists()


def test_a_disk_that_takes_nothing(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it can't be written the lost file fails as before."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "read-only file system")

    folder = copy(700)
    (folder / "log/tile/0/001").unlink()
    monkeypatch.setattr(tiles.disk, "put", refuse)
    report = verify_restored(folder)
    assert (failed(report), report.restored) == ({11}, 0)
