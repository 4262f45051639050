"""The log: durable before it is believed, acts with both ends, one root for one size."""

import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from audit_making import OBJ, ORIGIN, SID, clock, grow

from samaran.audit import disk, tiles
from samaran.audit.act import Draft, code_of
from samaran.audit.log import Log
from samaran.audit.note import LogKey, Note, VerifierKey, new_log_key
from samaran.audit.proof import ProofFile, consistent, included
from samaran.audit.store import DATABASE, Store
from samaran.audit.tree import leaf_hash
from samaran.audit.verify import verify
from samaran.audit.vocabulary import Act, Code, Phase
from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError, Waiting
from samaran.model import Reason


def last(log: Log) -> dict[str, object]:
    entry = next(log.entries(log.size() - 1))
    return {name: getattr(entry, name) for name in ("act", "phase", "of", "code", "sid", "obj", "size")}


def test_created(log: Log, key: LogKey) -> None:
    """A new log holds its own start, under a first checkpoint, and its public key lies beside it."""
    assert [(e.act, e.phase, e.code) for e in log.entries()] == [("log.start", "intent", None), ("log.start", "result", "ok")]
    assert (log.folder / "log.vkey").read_text().strip() == key.verifier.text
    note = Note.parse((log.folder / "log" / "checkpoint").read_bytes())
    assert (note.origin, note.size) == (ORIGIN, 2)
    assert verify(log.folder).ok


def test_private(log: Log) -> None:
    """Nothing in the log's folder can be read by others, whatever the umask."""
    grow(log, 4)
    found = list(log.folder.rglob("*"))
    assert found
    for path in [log.folder, *found]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.name


def test_created_once(log: Log, key: LogKey) -> None:
    """A second log in the same place is refused and changes nothing; so is the key of another log."""
    with pytest.raises(UsageError):
        Log.create(log.folder, ORIGIN, key)
    with pytest.raises(KeyUnusable):
        Log.create(log.folder / "x", "samaran.test/other", key)
    assert log.size() == 2
    assert verify(log.folder).ok


def test_no_log(tmp_path: Path) -> None:
    """Where there is no log, opening and verifying say so."""
    for action in (Log, verify):
        with pytest.raises(UsageError, match="no audit log"):
            action(tmp_path)


def test_act(log: Log) -> None:
    """An act's intent is durable before its block runs; the result names it and repeats the subject."""
    with log.act("source.seal", sid=SID, n=1) as act:
        with Log(log.folder) as other:
            assert last(other) == {
                "act": "source.seal", "phase": "intent", "of": None, "code": None, "sid": SID, "obj": None, "size": None,
            }  # fmt: skip
        act.ok(obj=OBJ, size=3)
        assert log.size() == 3
    assert last(log) == {"act": "source.seal", "phase": "result", "of": 2, "code": "ok", "sid": SID, "obj": OBJ, "size": 3}


def test_act_ends_with_a_reason(log: Log) -> None:
    """An act may end with a reason instead of success."""
    with log.act("source.quarantine", sid=SID) as act:
        act.end(Reason.BAD_ENCODING, obj=OBJ, size=9)
    assert last(log)["code"] == "bad-encoding"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IntegrityError("Teh Mia", "x"), "integrity"),
        (KeyUnusable("x", "x"), "key-unusable"),
        (UsageError("x", "x"), "usage"),
        (Waiting("x", "x"), "waiting"),
        (SamaranError("x", "x"), "failed"),
        (OSError(errno.ENOSPC, "x"), "disk-full"),
        (OSError(errno.EIO, "x"), "input-output"),
        (ValueError("Teh Mia"), "failed"),
        (KeyboardInterrupt(), "interrupted"),
        (SystemExit(), "interrupted"),
    ],
)
def test_act_fails(log: Log, error: BaseException, code: str) -> None:
    """An exception passes through and leaves a result with the code of its class, even after success was announced; no text."""
    assert code_of(error) == code
    with pytest.raises(type(error)), log.act("source.seal", sid=SID) as act:  # noqa: PT012
        act.ok(obj=OBJ, size=1)
        raise error
    assert last(log) == {"act": "source.seal", "phase": "result", "of": 2, "code": code, "sid": SID, "obj": None, "size": None}
    assert b"Mia" not in (log.folder / DATABASE).read_bytes() + (log.folder / f"{DATABASE}-wal").read_bytes()


def test_act_without_outcome(log: Log) -> None:
    """A block that says nothing of its outcome counts as failed, and is a mistake; so are two outcomes."""
    with pytest.raises(RuntimeError, match="without an outcome"), log.act("source.seal"):
        pass
    assert last(log)["code"] == "failed"
    with pytest.raises(RuntimeError, match="one outcome"), log.act("source.open") as act:  # noqa: PT012
        act.ok()
        act.ok()


def test_act_not_started(log: Log) -> None:
    """If the intent can't be written the block doesn't run."""
    log._store.close()
    ran = False
    with pytest.raises(SamaranError), log.act("source.seal"):
        ran = True
    assert not ran


def test_first_error_is_told(log: Log) -> None:
    """When the result of a failed act can't be written either, the act's own error is what the caller sees."""
    with pytest.raises(ZeroDivisionError), log.act("source.seal"):  # noqa: PT012
        log._store.close()
        raise ZeroDivisionError
    with Log(log.folder) as again:
        assert again._store.open_intents() == (2,)


@pytest.mark.parametrize("step", ["found", "insert", "add_head"])
def test_killed_while_created(tmp_path: Path, key: LogKey, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A start that was killed before its first checkpoint is finished by the next one; the log has one beginning."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):  # noqa: PT012
        patch.setattr(Store, step, die)
        Log.create(tmp_path, ORIGIN, key)
    with Log.create(tmp_path, ORIGIN, key) as log:
        assert log.size() == 2
    assert verify(tmp_path).ok
    with pytest.raises(UsageError):
        Log.create(tmp_path, ORIGIN, key)


def test_record(log: Log) -> None:
    """An act that takes no time is two entries in one commit, with config in the intent and object in the result."""
    assert log.record("source.detect", Code.OK, sid=SID, model=OBJ, n=4) == 3
    intent, result = log.entries(2)
    assert (intent.model, intent.n, result.model, result.n, result.of) == (OBJ, None, None, 4, 2)


@pytest.mark.parametrize(
    "drafts",
    [
        [Draft("source.seal", Phase.RESULT, "collector", {}, of=0, code="failed")],
        [Draft("log.start", Phase.RESULT, "collector", {}, of=0, code="ok")],
        [Draft("source.seal", Phase.RESULT, "collector", {}, of=1, code="failed")],
        [Draft("source.seal", Phase.RESULT, "collector", {}, of=99, code="failed")],
        [
            Draft("source.seal", Phase.INTENT, "collector", {}),
            Draft("source.open", Phase.RESULT, "collector", {}, of=-1, code="ok"),
        ],
        [
            Draft("source.open", Phase.INTENT, "collector", {}),
            Draft("source.open", Phase.RESULT, "collector", {}, of=2, code="ok"),
            Draft("source.open", Phase.RESULT, "collector", {}, of=2, code="ok"),
        ],
        [Draft("source.seal", Phase.INTENT, "Teh Mia", {})],
        [Draft("source.seal", Phase.INTENT, "collector", {}), Draft("x", Phase.INTENT, "collector", {})],
    ],
)
def test_refused_drafts(log: Log, drafts: list[Draft]) -> None:
    """A result without an open intent of the same act, or anything that is no entry, is refused with its whole call."""
    with pytest.raises(ValueError, match="audit entry") as caught:
        log.append(drafts)
    assert "Mia" not in str(caught.value)
    assert log.size() == 2
    grow(log, 6)
    assert verify(log.folder).checks[4].ok


def test_result_of_an_earlier_commit(log: Log) -> None:
    """A result may come in a later process than its intent, once."""
    (seq,) = log.append([Draft("source.open", Phase.INTENT, "collector", {})])
    with Log(log.folder) as other:
        result = Draft("source.open", Phase.RESULT, "collector", {}, of=seq, code="ok")
        other.append([result])
        with pytest.raises(ValueError, match="open intent"):
            log.append([result])


def test_hours(tmp_path: Path, key: LogKey) -> None:
    """Times are UTC and cut to the hour."""
    log = Log.create(tmp_path, ORIGIN, key, clock=lambda: datetime(2026, 3, 2, 6, 59, 59, tzinfo=timezone(timedelta(hours=7))))
    assert {e.t for e in log.entries()} == {"2026-03-01T23:00:00Z"}


def test_clock_set_back(tmp_path: Path, key: LogKey) -> None:
    """A clock that goes back is recorded as it is, and the report says so without calling it tampering."""
    hours = iter(range(20, 0, -1))
    log = Log.create(tmp_path, ORIGIN, key, clock=lambda: datetime(2026, 3, 2, next(hours), tzinfo=UTC))
    log.record("source.refuse", Reason.EMPTY)
    log.checkpoint(key)
    report = verify(tmp_path)
    assert report.ok
    assert "set back 1 times" in report.checks[2].detail


def test_recover(log: Log, key: LogKey) -> None:
    """Intents of a process that died are closed as abandoned, once, with their subject; our own stay open."""
    code = (
        "import os, sys; from pathlib import Path; from samaran.audit.log import Log\n"
        "log = Log(Path(sys.argv[1])); log.act('source.seal', sid=sys.argv[2]).__enter__(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(log.folder), SID], check=False).returncode == -9
    with log.act("source.open") as act:
        assert log.recover() == 1
        assert last(log) == {
            "act": "source.seal",
            "phase": "result",
            "of": 2,
            "code": "abandoned",
            "sid": SID,
            "obj": None,
            "size": None,
        }
        assert log.recover() == 0
        act.ok()
    log.checkpoint(key)
    assert verify(log.folder).ok


def test_recover_waits_for_the_living(log: Log) -> None:
    """While another process has an act under way its intent isn't taken for abandoned."""
    with Log(log.folder) as other, other.act("source.seal") as act:
        assert log.recover() == 0
        act.end("failed")
    assert log.recover() == 0
    assert last(log)["code"] == "failed"


def test_threads(log: Log, key: LogKey) -> None:
    """Many threads append whole acts at once; all are there, each result follows its own intent."""

    def work() -> None:
        for n in range(20):
            with log.act("source.detect", sid=SID) as act:
                act.ok(n=n)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.checkpoint(key)
    assert log.size() == 2 + 8 * 20 * 2
    assert verify(log.folder).ok


def test_group_commit(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers that wait together share one commit, and a bad draft among them spoils only its own call."""
    commits, gate, started = [], threading.Event(), threading.Event()
    real = Store.insert

    def slow(self: Store, rows: object, nodes: object) -> None:
        commits.append(len(rows))  # type: ignore[arg-type]
        started.set()
        gate.wait(10)
        real(self, rows, nodes)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "insert", slow)
    outcome: list[object] = []

    def call(act: str) -> None:
        try:
            outcome.append(log.append([Draft(act, Phase.INTENT, "collector", {})]))
        except ValueError as error:
            outcome.append(error)

    first = threading.Thread(target=call, args=("source.seal",))
    first.start()
    started.wait(10)
    rest = [threading.Thread(target=call, args=(act,)) for act in ("source.open", "nonsense", "source.seal", "source.detect")]
    for thread in rest:
        thread.start()
    while len(log._writer._waiting) < 4:
        pass
    gate.set()
    for thread in [first, *rest]:
        thread.join()
    assert commits == [1, 3]
    assert sorted(item for item in outcome if isinstance(item, tuple)) == [(2,), (3,), (4,), (5,)]
    assert sum(isinstance(item, ValueError) for item in outcome) == 1


def test_processes(log: Log, key: LogKey) -> None:
    """Several processes append to one log."""
    code = (
        "import sys; from pathlib import Path; from samaran.audit.log import Log\n"
        "log = Log(Path(sys.argv[1]))\nfor n in range(30): log.record('source.refuse', 'empty', n=n)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(log.folder)]) for _ in range(3)]
    for n in range(10):
        log.record("source.refuse", "empty", n=n)
    assert [process.wait() for process in running] == [0, 0, 0]
    log.checkpoint(key)
    assert log.size() == 2 + 2 * 100
    assert verify(log.folder).ok


def test_killed_while_appending(tmp_path: Path, key: LogKey) -> None:
    """After kill -9 every acknowledged entry is there, and the log verifies."""
    folder = tmp_path / "audit"
    Log.create(folder, ORIGIN, key).close()
    code = (
        "import sys; from pathlib import Path; from samaran.audit.log import Log\n"
        "log = Log(Path(sys.argv[1]))\nwhile True: print(log.record('source.refuse', 'empty'), flush=True)"
    )
    seen = 1
    for wait in (5, 60, 23, 41):
        process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
        assert process.stdout
        for _ in range(wait):
            seen = int(process.stdout.readline())
        process.kill()
        seen = max([seen, *(int(line) for line in process.stdout.read().split("\n")[:-1])])
        process.wait()
    with Log(folder) as log:
        assert log.size() > seen
        log.checkpoint(key)
    assert verify(folder).ok


def test_full_disk(log: Log, key: LogKey) -> None:
    """A full disk is called by its name; the log goes on from where it was once there is room."""
    grow(log, 10)
    pages = log._store._db.execute("PRAGMA page_count").fetchone()[0]
    log._store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(SamaranError, match="disk is full"):
        grow(log, 2000)
    log._store._db.execute("PRAGMA max_page_count = 1000000")
    grow(log, 500)
    log.checkpoint(key)
    assert log.size() == 500
    assert verify(log.folder).ok


def test_locked(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that another process holds is called in use."""
    log._store._db.execute("PRAGMA busy_timeout = 1")
    blocker = sqlite3.connect(log.folder / DATABASE, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(SamaranError, match="in use by another process"):
        log.record("source.refuse", "empty")
    blocker.close()
    log.record("source.refuse", "empty")


def test_not_a_database(log: Log) -> None:
    """A database that was overwritten is damaged, for readers and for writers."""
    log.close()
    (log.folder / DATABASE).write_bytes(b"bukan basis data" * 1000)
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (log.folder / name).unlink(missing_ok=True)
    with pytest.raises(IntegrityError, match="damaged"):
        Log(log.folder)
    assert not verify(log.folder).ok


def test_checkpoint_is_repeatable(log: Log, key: LogKey) -> None:
    """A second checkpoint of the same log is the same bytes; entries in between give a new one."""
    grow(log, 6)
    first = log.checkpoint(key)
    assert log.checkpoint(key) == first
    grow(log, 8)
    assert Note.parse(log.checkpoint(key)).size == 8
    assert VerifierKey.parse(log.vkey).verifies(Note.parse(first))


def test_other_key(log: Log) -> None:
    """Only the key that the log was started with signs it."""
    with pytest.raises(KeyUnusable, match="started with"):
        log.checkpoint(new_log_key(ORIGIN))


def test_two_roots_for_a_size(log: Log, key: LogKey) -> None:
    """A log whose signed entries were changed isn't signed again."""
    grow(log, 6)
    log.checkpoint(key)
    log._store._db.execute("UPDATE leaf SET leaf_hash = zeroblob(32) WHERE seq = 3")
    for size in (6, 8):
        with pytest.raises(IntegrityError, match="not the one that was signed"):
            log.checkpoint(key)
        log._store._db.execute("DELETE FROM leaf WHERE seq >= ?", (5,))
        assert log._store.last_head()[0] == 6, size  # type: ignore[index]


def test_killed_while_publishing(log: Log, key: LogKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file the publishing dies before, the signed head is kept and the next checkpoint finishes the work, same bytes."""
    real = disk.put
    grow(log, 300)
    for _ in range(5):
        calls = 0

        def dying(path: Path, data: bytes, **how: bool) -> None:
            nonlocal calls
            calls += 1
            if calls > 1:
                raise KeyboardInterrupt
            real(path, data, **how)

        monkeypatch.setattr(tiles.disk, "put", dying)
        with pytest.raises(KeyboardInterrupt):
            log.checkpoint(key)
        head = log._store.last_head()
        assert head is not None
        assert head[0] == 300
        assert Note.parse((log.folder / "log/checkpoint").read_bytes()).size == 2
    monkeypatch.setattr(tiles.disk, "put", real)
    assert log.checkpoint(key) == head[2]
    assert verify(log.folder).ok


@pytest.mark.parametrize("sizes", [(2, 256), (254, 258), (256, 512), (300, 700), (10, 22, 30, 514)])
def test_published_in_steps(tmp_path: Path, key: LogKey, sizes: tuple[int, ...]) -> None:
    """Tiles published step by step are the same files as those published at once, except for older partial ones."""
    for name, steps in (("steps", sizes), ("once", sizes[-1:])):
        with Log.create(tmp_path / name, ORIGIN, key, clock=clock) as log:
            for size in steps:
                grow(log, size)
                log.checkpoint(key)
    files = {
        name: {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name / "log").rglob("*") if p.is_file()}
        for name in ("steps", "once")
    }
    assert files["once"].items() - files["steps"].items() <= set()
    wanted = {Path("log") / tile.path for size in (2, *sizes) for tile in tiles.tiles(size)}
    full = {path.parent for path in wanted if path.parent.suffix == ".p"} & {path.with_suffix(".p") for path in files["steps"]}
    assert set(files["steps"]) == {path for path in wanted if path.parent not in full} | {Path("log/checkpoint")}
    assert not list(tmp_path.rglob(".*.part"))


def test_rebuild(copy: Callable[[int], Path]) -> None:
    """A published folder that is lost, or has damaged files, is written again from the rows, byte for byte."""
    folder = copy(700)
    before = {path: path.read_bytes() for path in (folder / "log").rglob("*") if path.is_file()}
    (folder / "log/tile/0/001").write_bytes(b"")
    (folder / "log/checkpoint").unlink()
    assert not verify(folder).ok
    with Log(folder) as log:
        assert log.rebuild() == 2
        assert log.rebuild() == 0
        shutil.rmtree(folder / "log")
        log.rebuild()
    after = {path: path.read_bytes() for path in (folder / "log").rglob("*") if path.is_file()}
    assert after.items() <= before.items()
    assert verify(folder).ok


def test_prove(log: Log, key: LogKey) -> None:
    """A proof holds for its entry under the newest checkpoint; an entry too new and one that isn't there are told apart."""
    grow(log, 300)
    log.checkpoint(key)
    grow(log, 302)
    for seq in (0, 1, 255, 256, 299):
        proof = ProofFile.parse(log.prove(seq))
        note = Note.parse(proof.note)
        entry = next(log.entries(seq, seq + 1))
        assert included(leaf_hash(entry.to_bytes()), proof.index, note.size, proof.path, note.root)
    with pytest.raises(Waiting, match="newer"):
        log.prove(300)
    for seq in (-1, 302):
        with pytest.raises(UsageError, match="There is no entry"):
            log.prove(seq)


def test_prove_growth(log: Log, key: LogKey) -> None:
    """Growth from a kept checkpoint is proved to the newest one; a checkpoint of another log is refused."""
    grow(log, 10)
    old = Note.parse(log.checkpoint(key))
    grow(log, 300)
    new = Note.parse(log.checkpoint(key))
    assert consistent(old.size, new.size, log.prove_growth(old), old.root, new.root)
    with pytest.raises(UsageError):
        log.prove_growth(Note.parse(new_log_key("samaran.test/other").sign(2, old.root)))
    with pytest.raises(UsageError):
        log.prove_growth(Note.parse(key.sign(1000, old.root)))


def test_appending_costs_the_same(tmp_path: Path, key: LogKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """An append reads no leaves: the number of rows read doesn't grow with the log."""
    log = Log.create(tmp_path, ORIGIN, key)
    grow(log, 1000)
    read: list[int] = []
    real = Store.hashes
    monkeypatch.setattr(Store, "hashes", lambda self, level, lo, hi: read.append(hi - lo) or real(self, level, lo, hi))
    grow(log, 1010)
    assert read == []
    with Log(log.folder) as other:
        grow(other, 1012)
    assert sum(read) < 3 * 256


def test_read_only_disk(copy: Callable[[int], Path]) -> None:
    """A log on a read-only disk verifies, and nothing is written next to it."""
    folder = copy(12)
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere: a read-only folder can't be made here")
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert verify(folder).ok
        with pytest.raises(SamaranError):
            Log(folder)
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o700)


def test_verifying_writes_nothing(copy: Callable[[int], Path]) -> None:
    """Verification leaves every file of the folder as it was; SQLite may put its own index and empty journal beside them."""
    folder = copy(300)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert verify(folder).ok
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after.items() >= before.items()
    new = {path.name: after[path] for path in after.keys() - before.keys()}
    assert new.keys() <= {"log.db-wal", "log.db-shm"}
    assert not new.get("log.db-wal")


def test_every_act_in_the_log(log: Log, key: LogKey) -> None:
    """Every act can be recorded, and the log of them verifies."""
    for act in Act:
        if act not in (Act.RUN_START, Act.LOG_START):
            log.record(act, "failed", sid=SID, n=1)
    log.record(Act.RUN_START, "ok", cfg=OBJ, model=OBJ, pkg=OBJ)
    log.checkpoint(key)
    assert verify(log.folder).ok
