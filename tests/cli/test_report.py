"""audit report on a real study: what is really there decides, and each kind of harm shows in its control."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import INTERVIEW, Samaran, Small

Read = Callable[[], dict[str, tuple[str, list[list[int]]]]]


@pytest.fixture
def released(small: Small, samaran: Samaran) -> Small:
    """A study with one source taken in, decided by a reviewer with a key, and released."""
    config = small.folder / "study.toml"
    config.write_text(config.read_text().replace('number = ""', 'number = "12/KEPK"'))
    small.put("INF-01_wawancara_1.txt", INTERVIEW + "P: Lalu?\nI: Asep Sunandar mah pacar si Yuyun.\n")
    assert samaran("run", small.folder, "--direct").code == 0
    sheet, key = small.keys / "sheet.csv", ("--key", small.keys / "reviewer.key")
    samaran("decide", small.folder, "--sheet", sheet, *key)
    import csv

    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "decision": "accept"} for row in rows)
    assert samaran("decide", small.folder, "--from", sheet, *key).code == 0
    assert samaran("release", small.folder, *key).code == 0
    return small


@pytest.fixture
def read(released: Small, samaran: Samaran, tmp_path: Path) -> Read:
    """The status and entries of each control, as a report made now has them."""

    def now() -> dict[str, tuple[str, list[list[int]]]]:
        target = tmp_path / "report.json"
        said = samaran("audit", "report", released.folder, "--format", "json", "--out", target)
        assert said.code == 0, said.err
        return {c["id"]: (c["status"], c["entries"]) for c in json.loads(target.read_text())["controls"]}

    return now


def test_a_clean_study_fails_only_what_nobody_did(read: Read) -> None:
    """What was looked at passes with entries; the missing approval fails, and so do few who are alike while nobody decided on it;
    what people must state is not checked."""
    found = read()
    assert {name for name, (status, _) in found.items() if status == "fail"} == {"C17", "C28"}
    passed = {name for name, (status, _) in found.items() if status == "pass"}
    security, masking = (
        {"C06", "C08", "C09", "C10", "C11", "C12", "C13", "C32"},
        {"C15", "C16", "C19", "C20", "C25", "C26", "C27"},
    )
    assert passed == {"C01", "C02"} | security | masking
    assert all(entries for name, (status, entries) in found.items() if status == "pass" and name not in ("C10", "C26"))
    waiting = {name for name, (status, _) in found.items() if status == "not-checked"}
    assert waiting == {"C18", "C21", "C22", "C23", "C29"}


def harm_consent(study: Path) -> None:
    path = study / "consent.csv"
    path.write_text(path.read_text().replace("INF-01,1,2026-01-02,written,yes", "INF-01,1,2026-01-02,written,no"))


def harm_consent_date(study: Path) -> None:
    path = study / "consent.csv"
    path.write_text(path.read_text().replace("INF-01,1,2026-01-02", "INF-01,1,2099-01-02"))


def harm_seal(study: Path) -> None:
    sealed = next((study / "vault" / "originals").rglob("*.age"))
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"\x00")


def harm_modes(study: Path) -> None:
    study.chmod(0o755)
    (study / "register").chmod(0o755)


def harm_copy(study: Path) -> None:
    shutil.copy(study / "register" / "register.age", study / "releases" / "register.age")


def harm_state(study: Path) -> None:
    with sqlite3.connect(study / "state.db") as db:
        db.execute("DELETE FROM decision WHERE n = 1")


def harm_log(study: Path) -> None:
    with sqlite3.connect(study / "audit" / "log.db") as db:
        db.execute("UPDATE leaf SET leaf_hash = zeroblob(32) WHERE seq = 3")


def harm_release(study: Path) -> None:
    path = next((study / "releases").glob("*/segments.csv"))
    path.write_bytes(path.read_bytes() + b"Rani\n")


def harm_media(study: Path) -> None:
    (next((study / "releases").glob("analysis-*")) / "voice.mp3").write_bytes(b"x")


def harm_assessment(study: Path) -> None:
    (study / "dpia.toml").unlink()


def harm_assessment_text(study: Path) -> None:
    path = study / "dpia.toml"
    path.write_text(path.read_text().replace('purpose = "', 'purpose = "" # '))


def harm_config(study: Path) -> None:
    path = study / "entities.toml"
    path.write_text(path.read_text() + "\n# changed\n")


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("C01", harm_consent),
        ("C01", harm_consent_date),
        ("C06", harm_seal),
        ("C06", harm_modes),
        ("C08", harm_assessment),
        ("C08", harm_assessment_text),
        ("C10", harm_copy),
        ("C11", harm_state),
        ("C12", harm_log),
        ("C16", harm_release),
        ("C25", harm_media),
        ("C32", harm_config),
    ],
)
def test_harm_shows_in_its_control(released: Small, read: Read, name: str, harm: Callable[[Path], None]) -> None:
    """The control passed before the harm was done and fails after it."""
    assert read()[name][0] == "pass"
    harm(released.folder)
    assert read()[name][0] == "fail"


def test_acts_show_in_their_controls(released: Small, read: Read, samaran: Samaran, tmp_path: Path) -> None:
    """An opening by two, an incident answered in time, a statement: not applicable or not checked before, a pass after."""
    before = read()
    assert [before[name][0] for name in ("C14", "C07", "C22")] == ["not-applicable", "not-applicable", "not-checked"]
    source = next((released.folder / "vault" / "work").glob("*.age")).stem
    keys = ("--key", released.keys / "pi.key", "--key", released.keys / "board.key")
    assert samaran("open", released.folder, source, *keys, "--purpose", "access", "--out", tmp_path / "original").code == 0
    samaran("incident", "open", released.folder, "--kind", "breach")
    for did in ("authority-told", "informants-told"):
        samaran("incident", "note", released.folder, 1, "--did", did)
    (released.folder / "statements.toml").write_text('[C22]\non = 2026-01-02\nby = "pi"\nlegal_risk = 0\ncustody = "split"\n')
    after = read()
    assert [after[name][0] for name in ("C14", "C07", "C22")] == ["pass", "pass", "pass"]
    assert len(after["C14"][1]) == 1


def test_a_kept_checkpoint_is_compared(released: Small, samaran: Samaran, tmp_path: Path) -> None:
    """With the board's checkpoint in audit/ or given, C12 says that the log grew from it, or fails when it did not."""
    kept = released.folder / "audit" / "checkpoint.kept"
    shutil.copy(released.folder / "audit" / "log" / "checkpoint", kept)
    page = tmp_path / "r.html"
    samaran("audit", "report", released.folder, "--lang", "en", "--out", page)
    assert "it grew from the checkpoint that the board kept" in page.read_text()
    kept.write_text("something else")
    samaran("audit", "report", released.folder, "--lang", "en", "--out", page)
    assert "C12</b>" in page.read_text()[: page.read_text().index("part-2")]


def test_the_page_holds_nothing_of_the_interviews(released: Small, samaran: Samaran) -> None:
    """In no form and language does a name, a number, a line or a file name reach the report."""
    for lang in ("id", "en", "both"):
        for form in ("html", "json"):
            assert samaran("audit", "report", released.folder, "--lang", lang, "--format", form).code == 0
            text = (released.folder / "audit" / f"report.{form}").read_text().casefold()
            for canary in ("rani", "bunga", "0812", "yuyun", "asep", "tarif", "wawancara_1", "kusumah"):
                assert not re.search(rf"\b{canary}", text), (lang, form, canary)


def test_a_place_that_cannot_be_written_is_said(released: Small, samaran: Samaran, tmp_path: Path) -> None:
    """An unwritable target is one sentence and exit code 1."""
    (tmp_path / "file").write_text("")
    said = samaran("audit", "report", released.folder, "--out", tmp_path / "file" / "r.html")
    assert (said.code, "can't be written" in said.err) == (1, True)
