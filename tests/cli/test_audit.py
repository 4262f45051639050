"""audit: what the board and its programs get from the command line."""

import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from samaran.audit.note import Note
from samaran.audit.proof import ProofFile
from tests.cli.conftest import INTERVIEW, Samaran, Small

GO = bool(shutil.which("go")) and Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir()


@pytest.fixture
def ran(small: Small, samaran: Samaran) -> Path:
    """A study with one interview taken in."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    return small.folder


def test_show_filters_and_speaks_json(ran: Path, samaran: Samaran) -> None:
    """Entries are shown by act and code, in a table or as they stand in the log; a mistyped act is a usage error."""
    said = samaran("audit", "show", ran, "--act", "source.seal", "--json")
    lines = said.out.splitlines()
    assert len(lines) == 2
    assert all('"act":"source.seal"' in line for line in lines)
    assert "2 entries" in samaran("audit", "show", ran, "--act", "source.seal").out
    assert "1 entries" in samaran("audit", "show", ran, "--last", "1").out
    assert samaran("audit", "show", ran, "--act", "source.sael").code == 2


def test_export_reads_in_pandas(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """The exported table has each entry once."""
    assert samaran("audit", "export", ran, "--out", tmp_path / "log.parquet").code == 0
    table = pd.read_parquet(tmp_path / "log.parquet")
    assert list(table["seq"]) == list(range(len(table)))
    assert samaran("audit", "export", ran, "--out", tmp_path / "log.parquet").code == 2


def test_prove_gives_a_proof_that_stands_alone(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """A proof names its entry and carries the checkpoint; an entry that isn't there is a usage error."""
    assert samaran("audit", "prove", ran, 3, "--out", tmp_path / "3.tlog-proof").code == 0
    proof = ProofFile.parse((tmp_path / "3.tlog-proof").read_bytes())
    assert proof.index == 3
    assert Note.parse(proof.note).origin == "samaran.local/small"
    assert len((tmp_path / "3.tlog-proof").read_bytes()) < 1500
    assert samaran("audit", "prove", ran, 3).out.encode() == proof.to_bytes()
    assert samaran("audit", "prove", ran, 99999).code == 2


def test_a_bundle_for_the_board_and_back(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """The board makes a key, checks the bundle, cosigns; the study verifies against what came back; next time it must grow."""
    vkey = ran / "audit" / "log.vkey"
    first = samaran("audit", "bundle", ran, "--out", tmp_path / "march.zip")
    assert first.code == 0
    assert vkey.read_text().strip() in first.out
    assert samaran("audit", "verify", tmp_path / "march.zip", "--vkey", vkey).code == 0
    assert samaran("audit", "cosigner", "kepk.example", "--out", tmp_path / "kepk.key").code == 0
    board = ("--key", tmp_path / "kepk.key", "--vkey", vkey, "--out")
    assert samaran("audit", "cosign", tmp_path / "march.zip", *board, tmp_path / "march").code == 2
    assert samaran("audit", "cosign", tmp_path / "march.zip", *board, tmp_path / "march", "--first").code == 0
    assert samaran("audit", "verify", ran, "--since", tmp_path / "march").code == 0
    shutil.copy(tmp_path / "march", ran / "audit" / "checkpoint.kept")
    assert "grew from the kept checkpoint" in samaran("audit", "verify", ran).out
    assert samaran("run", ran, "--direct").code == 0
    since = ("--since", tmp_path / "march")
    assert samaran("audit", "bundle", ran, "--out", tmp_path / "june.zip", *since).code == 0
    assert samaran("audit", "cosign", tmp_path / "june.zip", *board, tmp_path / "june", *since).code == 0
    assert Note.parse((tmp_path / "june").read_bytes()).size > Note.parse((tmp_path / "march").read_bytes()).size
    back = samaran("audit", "cosign", tmp_path / "march.zip", *board, tmp_path / "again", "--since", tmp_path / "june")
    assert back.code == 4
    assert not (tmp_path / "again").exists()


def test_a_bundle_holds_nothing_of_the_study_but_the_log(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """Neither names, nor text, nor keys, nor a database are in the bundle."""
    assert samaran("audit", "bundle", ran, "--out", tmp_path / "board.zip").code == 0
    secret = (ran / "audit" / "log.key").read_text().strip().split("+", 4)[4]
    with zipfile.ZipFile(tmp_path / "board.zip") as archive:
        everything = b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
    for canary in ("Rani", "Bunga_23", "0812-2094-7715", "Yuyun", "Tarif", "wawancara", "INF-01", "SQLite format", secret):
        assert canary.encode() not in everything
    again = samaran("audit", "bundle", ran, "--out", tmp_path / "again.zip")
    assert again.code == 0
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "board.zip").read_bytes()


@pytest.mark.skipif(not GO, reason="Go or its x/mod is not installed: the bundle was NOT verified with Go")
def test_go_verifies_the_bundle_of_a_study(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """The commands of VERIFY.md, run as they stand there, accept the bundle, and refuse it with an entry changed."""
    assert samaran("audit", "bundle", ran, "--out", tmp_path / "board.zip", "--entry", 0, "--entry", 5).code == 0
    with zipfile.ZipFile(tmp_path / "board.zip") as archive:
        archive.extractall(tmp_path / "board")
    manual = (tmp_path / "board" / "VERIFY.md").read_text()
    command = next(line.strip() for line in manual.splitlines() if "go run" in line)

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", "-c", command], cwd=tmp_path / "board", capture_output=True, text=True)

    good = run()
    assert (good.returncode, good.stdout.splitlines()[-1][:4]) == (0, "OK: "), good.stderr
    assert "entry 5 is in the log" in good.stdout
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "board").returncode == 0
    tile = next((tmp_path / "board" / "log" / "tile" / "entries").rglob("*.p/*"))
    tile.write_bytes(tile.read_bytes().replace(b'"code":"ok"', b'"code":"no"', 1))
    assert run().returncode != 0


def test_missing_tiles_are_made_again(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """Where the folder of entry tiles is gone, bundle makes it again as verify does, and both say so; then all is well."""
    for words in (("verify", ran), ("bundle", ran, "--out", tmp_path / "board.zip")):
        shutil.rmtree(ran / "audit" / "log" / "tile" / "entries")
        said = samaran("audit", *words)
        assert (said.code, "made again" in said.out) == (0, True)
        again = samaran("audit", "verify", ran)
        assert (again.code, "made again" in again.out) == (0, False)


def test_a_changed_entry_is_named(ran: Path, samaran: Samaran) -> None:
    """verify ends with 4, names the first entry that doesn't hold, and what was done to it."""
    with sqlite3.connect(ran / "audit" / "log.db") as db:
        db.execute("UPDATE leaf SET leaf = CAST(replace(CAST(leaf AS TEXT), ?, ?) AS BLOB) WHERE seq = 7", ('"v":1', '"v":2'))
    said = samaran("audit", "verify", ran)
    assert said.code == 4
    assert "First entry that doesn't hold: 7." in said.out


def test_wrong_files_are_refused_with_words(ran: Path, samaran: Samaran, tmp_path: Path) -> None:
    """A bundle cut short, a checkpoint of another log, a key that is none, a study that isn't there: each its words and code."""
    assert samaran("audit", "bundle", ran, "--out", tmp_path / "b.zip").code == 0
    (tmp_path / "cut.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:-100])
    cut = samaran("audit", "verify", tmp_path / "cut.zip")
    assert (cut.code, "cut short" in cut.err) == (4, True)
    assert samaran("audit", "bundle", ran, "--out", tmp_path / "b.zip").code == 2
    (tmp_path / "junk").write_text("junk")
    assert samaran("audit", "verify", ran, "--vkey", tmp_path / "junk").code == 1
    assert samaran("audit", "verify", ran, "--since", tmp_path / "junk").code == 4
    assert samaran("audit", "verify", ran, "--since", tmp_path / "none").code == 2
    assert samaran("audit", "verify", tmp_path / "nowhere").code == 2
    assert samaran("audit", "bundle", ran, "--out", tmp_path / "c.zip", "--since", tmp_path / "junk").code == 4
    assert not (tmp_path / "c.zip").exists()
