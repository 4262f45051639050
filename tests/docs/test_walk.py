"""The commands of the pages for beginners run as written, in their order, on a study of one interview."""

import csv
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from samaran.cli.main import main
from samaran.demo.recorded import material
from samaran.errors import Exit

PAGE = Path(__file__).parents[2] / "docs" / "getting-started.md"
TALK = "I: Teh Tini, tos lami di Dago?\nP: Meh lima taun. Nomor abdi 0812-3344-5566.\n"


def shown() -> list[str]:
    """Commands that stand on lines of their own, in order."""
    return re.findall(r"^    samaran (.*)", PAGE.read_text(encoding="utf-8"), re.M)


def run(command: str) -> int:
    """The exit code of a command, as the shell would see it."""
    sys.argv = ["samaran", *shlex.split(command)]
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def put_material(study: Path) -> None:
    """One consent, one known name, one interview, the demo's assessment; without the language model, which other tests try."""
    shutil.copy(material() / "dpia.toml", study)
    with (study / "consent.csv").open("a", encoding="utf-8") as file:
        file.write("INF-01,1,2026-01-02,written,yes,no,no,no,no,no,no,no\n")
    with (study / "roster.csv").open("a", encoding="utf-8") as file:
        file.write("tini,INF-01,Tini Karsa,Tini,,,informan\n")
    (study / "inbox" / "INF-01_wawancara_1.txt").write_text(TALK, encoding="utf-8")
    config = study / "study.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('model = "shipped"', 'model = "none"'), encoding="utf-8")


def accept_all(sheet: Path) -> None:
    """Fill a sheet: everything in it identifies."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "decision": "accept"} for row in rows)


def test_getting_started_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of the page ends with 0, the release holds no name, and the original comes back byte for byte."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [])
    study = tmp_path / "my-study"
    for command in shown():
        if command.startswith("schedule"):  # serves until stopped: tests/flows
            continue
        if command.startswith("keys new"):
            command += " --no-passphrase"  # stretching it takes a second each time: tests/unit/vault
        if command.startswith("run"):
            put_material(study)
            command += " --direct"  # with Prefect: tests/flows
        if command.startswith("open"):
            (work,) = (study / "vault" / "work").glob("*.age")
            command = command.replace("SOURCE", work.stem)
        assert run(command) == Exit.DONE, (command, capsys.readouterr())
        if "--sheet" in command:
            accept_all(tmp_path / "open.csv")
    assert (tmp_path / "original.docx").read_text(encoding="utf-8") == TALK
    released = "".join(path.read_text(encoding="utf-8") for path in (study / "releases").rglob("*.jsonl"))
    assert "[INF-01]" in released
    assert "Tini" not in released
    assert list((study / "inbox").iterdir()) == []
