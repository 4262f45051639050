"""What can be wrong around the log: each is said in a sentence with the right exit code, and nothing is overwritten."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from samaran.audit import store
from samaran.audit.reading import entries
from tests.cli.conftest import INTERVIEW, Samaran, Small


def count(study: Path) -> int:
    return len(list(entries(study / "audit")))


def test_a_missing_log_key_stops_signing_not_writing(small: Small, samaran: Samaran) -> None:
    """Without its key the log is written and whole, checkpoints wait, and the command says so; with the key back they go on."""
    key = small.folder / "audit" / "log.key"
    aside = shutil.move(key, small.keys / "log.key")
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    before = count(small.folder)
    said = samaran("run", small.folder, "--direct")
    assert (said.code, "log key is missing" in said.err) == (1, True)
    assert count(small.folder) > before
    assert samaran("audit", "verify", small.folder).code == 0
    prove = samaran("audit", "prove", small.folder, count(small.folder) - 1)
    assert (prove.code, "newer than the last checkpoint" in prove.err) == (3, True)
    shutil.move(aside, key)
    assert samaran("audit", "watch", small.folder).code == 0
    assert samaran("audit", "prove", small.folder, count(small.folder) - 1).code == 0


def test_another_logs_key_signs_nothing(small: Small, samaran: Samaran) -> None:
    """A key of another log in place of ours is refused, and no checkpoint of it appears."""
    from samaran.audit.note import new_log_key, save_log_key

    key, checkpoint = small.folder / "audit" / "log.key", small.folder / "audit" / "log" / "checkpoint"
    before = checkpoint.read_bytes()
    key.unlink()
    save_log_key(new_log_key("samaran.local/other"), key)
    assert samaran("incident", "open", small.folder, "--kind", "access-request").code == 1
    assert checkpoint.read_bytes() == before


def test_a_locked_log_is_said_to_be_in_use(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, an act doesn't happen; reading does."""
    monkeypatch.setattr(store, "_WAIT_S", 0.1)
    before = count(small.folder)
    other = sqlite3.connect(small.folder / "audit" / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = samaran("incident", "open", small.folder, "--kind", "access-request")
    assert (said.code, "in use by another process" in said.err) == (1, True)
    assert samaran("audit", "show", small.folder).code == 0
    assert samaran("audit", "verify", small.folder).code == 0
    other.execute("ROLLBACK")
    other.close()
    assert count(small.folder) == before


def test_a_study_that_cannot_be_written_is_said_to_be_so(small: Small, samaran: Samaran) -> None:
    """On a disk that takes no lock each command that writes ends with 1 and a sentence, and what only reads goes on."""
    lock = small.folder / ".lock"
    lock.unlink()
    lock.mkdir()
    before = count(small.folder)
    for command in (
        ("run", "--direct"),
        ("release",),
        ("incident", "open", "--kind", "breach"),
        ("audit", "report"),
        ("audit", "watch"),
    ):
        words = command[:2] if command[0] in ("incident", "audit") else command[:1]
        said = samaran(*words, small.folder, *command[len(words) :])
        assert (said.code, "can't be written to; nothing was changed" in said.err) == (1, True), (command, said)
    assert samaran("audit", "verify", small.folder).code == 0
    assert samaran("audit", "show", small.folder).code == 0
    assert count(small.folder) == before


def test_a_failed_verification_is_told_where_nothing_can_be_written(
    small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alarm can't be written: the command still ends with 4 and says what failed."""
    from samaran.audit import disk

    def refuses(*_: object) -> None:
        raise OSError(30, "read-only")

    with sqlite3.connect(small.folder / "audit" / "log.db") as db:
        db.execute("UPDATE leaf SET leaf_hash = zeroblob(32) WHERE seq = 1")
    monkeypatch.setattr(disk, "put", refuses)
    said = samaran("audit", "watch", small.folder)
    assert (said.code, "not what it was" in said.err) == (4, True)


@pytest.mark.parametrize("left", [None, b"no checkpoint", b"\xff\xfe"])
def test_a_report_without_the_published_checkpoint(small: Small, samaran: Samaran, left: bytes | None) -> None:
    """A published checkpoint that is lost or damaged stops no report: C12 fails in it, and it shows the newest signed one."""
    path = small.folder / "audit" / "log" / "checkpoint"
    signed = path.read_text().split("\n")
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    target = small.keys / "report.json"
    assert samaran("audit", "report", small.folder, "--format", "json", "--out", target).code == 0
    report = json.loads(target.read_text())
    assert next(c["status"] for c in report["controls"] if c["id"] == "C12") == "fail"
    assert [report["facts"]["log"][name] for name in ("origin", "root")] == [signed[0], signed[2]]


def test_a_damaged_database_is_kept_as_it_is(small: Small, samaran: Samaran) -> None:
    """A log.db that is none ends every command with 4 and stays byte for byte."""
    path = small.folder / "audit" / "log.db"
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    path.write_bytes(b"not a database" * 500)
    before = path.read_bytes()
    for command in (("verify",), ("show",), ("report",), ("watch",), ("prove", "1"), ("bundle", "--out", small.keys / "b.zip")):
        said = samaran("audit", command[0], small.folder, *command[1:])
        assert said.code == 4, (command, said)
    assert path.read_bytes() == before
    assert not (small.keys / "b.zip").exists()


def test_a_study_without_a_log_is_a_usage_error(small: Small, samaran: Samaran) -> None:
    """With audit/ gone each command says that there is no log, and none begins a new one."""
    shutil.rmtree(small.folder / "audit")
    for command in (("verify",), ("show",), ("report",), ("watch",), ("prove", "1")):
        assert samaran("audit", command[0], small.folder, *command[1:]).code == 2, command
    assert not (small.folder / "audit" / "log.db").exists()


def test_statements_that_cannot_be_read_stop_the_report(small: Small, samaran: Samaran) -> None:
    """A mistyped statement is named with table and key; the old report stays."""
    assert samaran("audit", "report", small.folder).code == 0
    before = (small.folder / "audit" / "report.html").read_bytes()
    (small.folder / "statements.toml").write_text('[C22]\non = 2026-01-01\nby = "pi"\nlegal_risk = 1\ncustody = "mine"\n')
    said = samaran("audit", "report", small.folder)
    assert (said.code, "custody" in said.err) == (2, True)
    assert (small.folder / "audit" / "report.html").read_bytes() == before
