"""audit watch: a failed verification stops runs and releases until somebody with a key has seen it."""

import sqlite3
from pathlib import Path

import pytest

from samaran.audit.reading import Question, entries
from samaran.pipeline import alarm
from tests.cli.conftest import INTERVIEW, Samaran, Small


def spoil(study: Path, seq: int = 3) -> None:
    with sqlite3.connect(study / "audit" / "log.db") as db:
        db.execute("UPDATE leaf SET leaf_hash = zeroblob(32) WHERE seq = ?", (seq,))


def mend(study: Path, seq: int = 3) -> None:
    from samaran.audit.tree import leaf_hash

    with sqlite3.connect(study / "audit" / "log.db") as db:
        leaf = db.execute("SELECT leaf FROM leaf WHERE seq = ?", (seq,)).fetchone()[0]
        db.execute("UPDATE leaf SET leaf_hash = ? WHERE seq = ?", (leaf_hash(leaf), seq))


def newest_tile(study: Path) -> Path:
    """Of the partial tiles the one that the newest checkpoint needs."""
    return max((path for path in (study / "audit/log/tile/0").rglob("*") if path.is_file()), key=lambda path: int(path.name))


def test_a_whole_log_is_signed_and_reported(small: Small, samaran: Samaran) -> None:
    """With nothing wrong the report is there, and no alarm."""
    assert samaran("audit", "watch", small.folder).code == 0
    assert (small.folder / "audit" / "report.html").exists()
    assert alarm.read(small.folder) is None
    assert samaran("audit", "acknowledge", small.folder, "--key", small.keys / "pi.key").code == 2


def test_an_alarm_stops_runs_and_releases_until_it_is_acknowledged(small: Small, samaran: Samaran) -> None:
    """After a failure run and release end with 4 and touch nothing; under a holder's key they go on, and the log says whose."""
    raw = small.put("INF-01_wawancara_1.txt", INTERVIEW)
    spoil(small.folder)
    failed = samaran("audit", "watch", small.folder)
    assert (failed.code, "check 6" in failed.err) == (4, True)
    for command in (("run", small.folder, "--direct"), ("release", small.folder)):
        stopped = samaran(*command)
        assert (stopped.code, "acknowledge" in stopped.err) == (4, True)
    assert raw.exists()
    assert samaran("audit", "acknowledge", small.folder, "--key", small.keys / "pi.key").code == 0
    assert samaran("run", small.folder, "--direct").code in (0, 4)
    said = [e for e in entries(small.folder / "audit", Question(act="log", phase="result")) if e.act != "log.start"]
    assert [e.act for e in said] == ["log.alarm", "log.acknowledge"]
    assert said[1].actor in (small.folder / "vault" / "holders.csv").read_text()


def test_the_same_failure_stays_acknowledged_and_another_does_not(small: Small, samaran: Samaran) -> None:
    """The nightly verification goes on failing, but stops nothing until something else is wrong; mended, the alarm is gone."""
    spoil(small.folder)
    key = ("--key", small.keys / "board.key")
    assert samaran("audit", "watch", small.folder).code == 4
    assert samaran("audit", "acknowledge", small.folder, *key).code == 0
    assert samaran("audit", "watch", small.folder).code == 4
    alarm.check(small.folder)
    spoil(small.folder, 1)
    assert samaran("audit", "watch", small.folder).code == 4
    with pytest.raises(Exception, match="nobody has acknowledged"):
        alarm.check(small.folder)
    mend(small.folder, 1)
    mend(small.folder)
    assert samaran("audit", "watch", small.folder).code == 0
    assert alarm.read(small.folder) is None


def test_a_stranger_cannot_acknowledge(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A key of nobody, or none, acknowledges nothing; neither does a damaged alarm file."""
    from samaran.vault.keys import new_private_key, save_private_key

    spoil(small.folder)
    samaran("audit", "watch", small.folder)
    save_private_key(new_private_key(), tmp_path / "x.key", None)
    assert samaran("audit", "acknowledge", small.folder, "--key", tmp_path / "x.key").code == 1
    assert samaran("audit", "acknowledge", small.folder).code == 2
    (small.folder / "audit" / "alarm.json").write_text("{}")
    assert samaran("run", small.folder, "--direct").code == 4


def test_a_shrunken_log_is_an_alarm_too(small: Small, samaran: Samaran) -> None:
    """A kept checkpoint in audit/ is compared on each watch."""
    import shutil

    shutil.copy(small.folder / "audit" / "log" / "checkpoint", small.folder / "audit" / "checkpoint.kept")
    assert samaran("audit", "watch", small.folder).code == 0
    (small.folder / "audit" / "checkpoint.kept").write_bytes(b"other\n1\n" + b"A" * 43 + b"=\n")
    assert samaran("audit", "watch", small.folder).code == 4


def test_missing_tiles_are_made_again_and_changed_ones_alarm(small: Small, samaran: Samaran) -> None:
    """Tiles are a cache of the log: verify and watch make a lost one again and say so, no alarm; a changed one is an alarm."""
    for command in ("verify", "watch"):
        tile = newest_tile(small.folder)
        content = tile.read_bytes()
        tile.unlink()
        done = samaran("audit", command, small.folder)
        assert (done.code, "1 published files were missing and were made again" in done.out) == (0, True)
        assert tile.read_bytes() == content
        assert alarm.read(small.folder) is None
    tile = newest_tile(small.folder)
    tile.write_bytes(b"x" + tile.read_bytes()[1:])
    failed = samaran("audit", "watch", small.folder)
    assert (failed.code, "check 11 failed" in failed.err) == (4, True)
    assert alarm.read(small.folder) is not None
