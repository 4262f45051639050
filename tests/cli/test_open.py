"""Opening in a time box: private, two people, wiped however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samaran import codec
from samaran.pipeline import opening, timebox
from samaran.pipeline.desk import Desk
from samaran.vault.keys import load_private_key
from tests.cli.conftest import INTERVIEW, Samaran, Small


@pytest.fixture
def source(small: Small, samaran: Samaran) -> str:
    """One interview, sealed."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    return str(json.loads(samaran("status", small.folder, "--json").out)["rows"][0]["source_id"])


def keys(small: Small) -> tuple[object, ...]:
    return ("--key", small.keys / "pi.key", "--key", small.keys / "board.key")


def test_it_lies_open_in_private_and_is_wiped(small: Small, source: str, tmp_path: Path) -> None:
    """Inside the block the original is there, for its owner alone; afterwards no file and no folder; the log has both ends."""
    pair = [load_private_key(small.keys / f"{role}.key", None) for role in ("pi", "board")]
    with Desk.open(small.folder, alone=False) as desk:
        with opening.open_for(desk, source, pair, "dispute", 5, tmp_path) as opened:
            assert opened.path.read_text() == INTERVIEW
            assert (opened.path.stat().st_mode & 0o777, opened.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
            assert opened.path.suffix == ".txt"
            (opened.path.parent / "~lock").write_text("what an editor leaves")
            assert [e.phase for e in desk.log.entries() if e.act == "source.open"] == ["intent"]
        assert not opened.path.parent.exists()
        ends = [(e.phase, e.second, e.why, e.code) for e in desk.log.entries() if e.act == "source.open"]
    assert ends == [("intent", pair[1].id, "dispute", None), ("result", None, None, "ok")]
    assert timebox.left_open(desk) == ()


def test_the_clock_ends_it(small: Small, samaran: Samaran, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal the command waits for the end of the time box, then wipes and says so."""
    monkeypatch.setattr(timebox, "timedelta", lambda minutes: __import__("datetime").timedelta(milliseconds=50 * minutes))
    done = samaran("open", small.folder, source, *keys(small), "--purpose", "review", "--minutes", 2, "--into", tmp_path)
    assert done.code == 0, done.err
    assert "wiped." in done.out
    assert not list(tmp_path.glob("samaran-*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_is_ended(small: Small, samaran: Samaran, source: str, tmp_path: Path, number: int) -> None:
    """A polite kill or a closed terminal wipes at once. After kill -9 the process that watches wipes, within a moment and without
    another command; the next run forgets that there was something."""
    words = ["open", small.folder, source, *keys(small), "--purpose", "review", "--into", tmp_path]
    code = "import sys; from samaran.cli.main import main; main()"
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, words)], stdin=subprocess.DEVNULL, env=dict(os.environ))
    for _ in range(600):
        if list(tmp_path.glob("samaran-*/original.txt")):
            break
        time.sleep(0.05)
    assert list(tmp_path.glob("samaran-*/original.txt"))
    process.send_signal(number)
    process.wait()
    for _ in range(600 if number == signal.SIGKILL else 0):
        if not list(tmp_path.glob("samaran-*")):
            break
        time.sleep(0.05)
    assert not list(tmp_path.glob("samaran-*"))
    assert "was not wiped" not in samaran("status", small.folder).out
    samaran("run", small.folder, "--direct")
    assert codec.parse((small.folder / "vault" / "openings.json").read_bytes()) == {}
    with Desk.open(small.folder) as desk:
        assert [e.code for e in desk.log.entries() if e.act == "source.open"][-1] in ("interrupted", "abandoned")


@pytest.mark.parametrize("change", [("2020-01-01T00:00:00Z", None, None), (None, 2**22 + 1, None), (None, None, "another start")])
def test_what_a_power_cut_left(
    small: Small, samaran: Samaran, source: str, tmp_path: Path, change: tuple[str | None, int | None, str | None]
) -> None:
    """When nothing was there to wipe, because the machine went down, status names the folder and the next command wipes it: the
    time box is over, the process is gone, or the machine was started anew and its number is another's."""
    left = tmp_path / "samaran-left"
    left.mkdir()
    (left / "original.txt").write_text(INTERVIEW)
    usual = ("2999-01-01T00:00:00Z", os.getpid(), timebox._boot())
    with Desk.open(small.folder) as desk:
        timebox._write(desk, {str(left): usual})
        assert timebox.left_open(desk) == ()
        until, pid, boot = (new if new is not None else old for new, old in zip(change, usual, strict=True))
        timebox._write(desk, {str(left): (str(until), int(pid), str(boot))})
    assert f"was not wiped: {left}" in samaran("status", small.folder).out
    samaran("run", small.folder, "--direct")
    assert not left.exists()


def test_what_may_stay(small: Small, samaran: Samaran, source: str, tmp_path: Path) -> None:
    """A file that stays is for access and recovery only; a time box has bounds; who withdrew is opened for nothing else."""
    out = tmp_path / "o.txt"
    assert samaran("open", small.folder, source, *keys(small), "--purpose", "review", "--out", out).code == 2
    assert samaran("open", small.folder, source, *keys(small), "--purpose", "review", "--minutes", 0).code == 2
    assert samaran("open", small.folder, source, *keys(small), "--purpose", "curiosity").code == 2
    assert samaran("open", small.folder, source, *keys(small), "--purpose", "review", "--into", small.folder).code == 2
    assert samaran("open", small.folder, source, *keys(small), "--purpose", "review", "--into", tmp_path / "none").code == 1
    samaran("withdraw", small.folder, "INF-01")
    assert samaran("open", small.folder, source, *keys(small), "--purpose", "access", "--out", out).code == 2
    assert not out.exists()


def test_only_folders_of_ours_are_wiped(small: Small, source: str, tmp_path: Path) -> None:
    """A record that somebody edited to name another folder wipes nothing there."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.docx").write_text("years")
    with Desk.open(small.folder) as desk:
        timebox._write(desk, {str(tmp_path / "precious"): ("2020-01-01T00:00:00Z", 1, "")})
        assert timebox.wipe_left_open(desk) == 1
    assert (tmp_path / "precious" / "thesis.docx").exists()
