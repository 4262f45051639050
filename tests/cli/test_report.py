"""audit report on a real study: what is really there decides, and each kind of harm shows in its control."""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samaran.audit.vocabulary import Act, Why
from samaran.export import examine
from samaran.export.records import FIELDS
from samaran.pipeline import desk as desks
from samaran.pipeline.desk import Desk
from samaran.pipeline.reviewing import COLUMNS
from samaran.report.controls import RULES
from tests.cli.conftest import INTERVIEW, Samaran, Small

FAIL_ANYWAY = {"C17", "C28"}
"""Two who stand alone, without a decision on it, and no approval on record: so it is in a study that nobody harmed."""

Read = Callable[[], dict[str, tuple[str, list[list[int]]]]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test lays a copy of the study below, for those after it."""
    return tmp_path_factory.mktemp("released")


@pytest.fixture
def released(request: pytest.FixtureRequest, samaran: Samaran, tmp_path: Path, kept: Path) -> Small:
    """A study with one source taken in, decided by a reviewer with a key, and released."""
    small = Small(tmp_path / "study", tmp_path / "keys")
    if not any(kept.iterdir()):
        assert request.getfixturevalue("small") == small
        config = small.folder / "study.toml"
        config.write_text(config.read_text().replace('number = ""', 'number = "12/KEPK"'))
        taken_in(small, samaran, "INF-01_wawancara_1.txt", INTERVIEW + "P: Lalu?\nI: Asep Sunandar mah pacar si Yuyun.\n")
        assert samaran("release", small.folder, "--key", small.keys / "reviewer.key").code == 0
        shutil.copytree(tmp_path, kept, dirs_exist_ok=True)
    else:
        shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    return small


def taken_in(small: Small, samaran: Samaran, name: str, content: str) -> None:
    """One more source, every mention of it accepted by a reviewer with a key."""
    small.put(name, content)
    assert samaran("run", small.folder, "--direct").code == 0
    sheet, key = small.keys / "sheet.csv", ("--key", small.keys / "reviewer.key")
    samaran("decide", small.folder, "--sheet", sheet, *key)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = [{**row, "decision": "accept"} for row in csv.DictReader(file)]
    decided(small, samaran, rows)


def decided(small: Small, samaran: Samaran, rows: list[dict[str, str]]) -> None:
    """Read a sheet with these rows."""
    sheet = small.keys / "decided.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    assert samaran("decide", small.folder, "--from", sheet, "--key", small.keys / "reviewer.key").code == 0


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
    assert {name for name, (status, _) in found.items() if status == "fail"} == FAIL_ANYWAY
    passed = {name for name, (status, _) in found.items() if status == "pass"}
    security, masking = (
        {"C06", "C08", "C09", "C10", "C11", "C12", "C13", "C32"},
        {"C15", "C16", "C20", "C25", "C26", "C27"},
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


def harm_profile(study: Path) -> None:
    """The board now asks for a flag that the informant never gave."""
    path = study / "study.toml"
    path.write_text(path.read_text() + '\n[profiles.analysis]\nconsent = ["participate", "member_check"]\n')


def harm_retention(study: Path) -> None:
    path = study / "study.toml"
    path.write_text(path.read_text() + '\n[retention]\noriginals = "2020-12-31"\n')


def harm_reviewer(study: Path) -> None:
    with sqlite3.connect(study / "state.db") as db:
        db.execute("UPDATE decision SET reviewer = 'collector' WHERE n = 1")


def harm_link(study: Path) -> None:
    with sqlite3.connect(study / "state.db") as db:
        db.execute("UPDATE mention SET entity = NULL WHERE type = 'PERSON'")


def harm_share(study: Path) -> None:
    with sqlite3.connect(study / "state.db") as db:
        db.execute("UPDATE source SET characters = 20")


def harm_release_whole(study: Path) -> None:
    """A name comes into a release, and CHECKSUMS is written anew by somebody who knows how."""
    path = next((study / "releases").glob("*/segments.csv"))
    path.write_bytes(path.read_bytes() + b"Rani\n")
    sums = path.with_name("CHECKSUMS")
    lines = [line.split("  ") for line in sums.read_text().splitlines()]
    sums.write_text("".join(f"{hashlib.sha256((sums.parent / name).read_bytes()).hexdigest()}  {name}\n" for _, name in lines))


HARMS = [
    ("C01", harm_consent),
    ("C01", harm_consent_date),
    ("C02", harm_profile),
    ("C06", harm_seal),
    ("C06", harm_modes),
    ("C08", harm_assessment),
    ("C08", harm_assessment_text),
    ("C09", harm_seal),
    ("C10", harm_copy),
    ("C11", harm_state),
    ("C12", harm_log),
    ("C13", harm_log),
    ("C15", harm_reviewer),
    ("C16", harm_release),
    ("C16", harm_release_whole),
    ("C20", harm_link),
    ("C25", harm_media),
    ("C27", harm_share),
    ("C32", harm_config),
]


@pytest.mark.parametrize(("name", "harm"), HARMS)
def test_harm_shows_in_its_control(released: Small, read: Read, name: str, harm: Callable[[Path], None]) -> None:
    """The control passed before the harm was done and fails after it."""
    assert read()[name][0] == "pass"
    harm(released.folder)
    assert read()[name][0] == "fail"


def stated(study: Small, name: str, **values: str | int) -> None:
    """Somebody states this today."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    text = "\n".join([f"[{name}]", f"on = {datetime.now().astimezone().date()}", 'by = "pi"', *lines])
    (study.folder / "statements.toml").write_text(text + "\n")


def late_withdrawal(study: Small, samaran: Samaran, patch: pytest.MonkeyPatch) -> None:
    samaran("withdraw", study.folder, "INF-02")
    later = datetime.now(UTC) + timedelta(hours=80)
    patch.setattr(desks, "utc_now", lambda: later)


def late_request(study: Small, samaran: Samaran, _: pytest.MonkeyPatch) -> None:
    samaran("incident", "open", study.folder, "--kind", "access-request", "--known", 80)


def no_end(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    harm_retention(study.folder)


def late_breach(study: Small, samaran: Samaran, _: pytest.MonkeyPatch) -> None:
    samaran("incident", "open", study.folder, "--kind", "breach", "--known", 80)


def alone(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    with Desk.open(study.folder) as desk:
        desk.log.record(Act.SOURCE_OPEN, "ok", actor="ab" * 8, why=Why.REVIEW)
        desk.sign()


def nobody_recognizes(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    stated(study, "C18", sources=1, spouse=0, parent_child=0, colleague=0, mitigated=0)


def place_found(study: Small, samaran: Samaran, _: pytest.MonkeyPatch) -> None:
    """A reviewer finds a place in what has left already."""
    source = json.loads(samaran("status", study.folder, "--json").out)["rows"][0]["source_id"]
    at = INTERVIEW.index("pot sudah")
    row = dict.fromkeys(COLUMNS, "") | {
        "source": source,
        "start": str(at),
        "end": str(at + 3),
        "decision": "add",
        "new_type": "VENUE",
    }
    decided(study, samaran, [row])


def nobody_of_age(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    stated(study, "C21", adults=0, minors=0, disposition="none-needed")


def keys_elsewhere(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    stated(study, "C22", legal_risk=0, custody="elsewhere")


def late_event(study: Small, samaran: Samaran, _: pytest.MonkeyPatch) -> None:
    samaran("incident", "open", study.folder, "--kind", "adverse-event", "--known", 80)


def chat_found(study: Small, samaran: Samaran, _: pytest.MonkeyPatch) -> None:
    """A chat was published, and a search in the app finds it."""
    lines = "".join(
        f"12/05/23 21.{n:02} - {who}: {text}\n" for n, (who, text) in enumerate([("Rani", "kumaha"), ("Asep", "hayu")] * 3)
    )
    taken_in(study, samaran, "INF-01_chat_2.txt", lines)
    assert samaran("release", study.folder, "--profile", "publication", "--key", study.keys / "reviewer.key").code == 0
    stated(study, "C24", tested=3, found=1)


def one_field_more(_: Small, __: Samaran, patch: pytest.MonkeyPatch) -> None:
    """The release holds a field that no release should: as seen by a version that promises one less."""
    patch.setattr(sys.modules[examine.__module__], "FIELDS", FIELDS[1:])


def no_pledge(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    (study.folder / "statements.toml").write_text('[C29]\non = 2026-01-02\nby = "pi"\npledges = 0\ntrained = 2026-01-02\n')


def nobody_asked(study: Small, _: Samaran, __: pytest.MonkeyPatch) -> None:
    path = study.folder / "consent.csv"
    path.write_text(path.read_text().replace("yes,yes,yes,yes,yes,no,no,no", "yes,yes,yes,yes,yes,no,no,yes"))
    stated(study, "C30", offered=0, answered=0)


def open_archive(study: Small, samaran: Samaran, _: pytest.MonkeyPatch) -> None:
    assert samaran("release", study.folder, "--profile", "archive", "--key", study.keys / "reviewer.key").code == 0
    stated(study, "C31", access="open", datatags="red")


DONE = [
    ("C03", late_withdrawal),
    ("C04", late_request),
    ("C05", no_end),
    ("C07", late_breach),
    ("C14", alone),
    ("C18", nobody_recognizes),
    ("C19", place_found),
    ("C21", nobody_of_age),
    ("C22", keys_elsewhere),
    ("C23", late_event),
    ("C24", chat_found),
    ("C26", one_field_more),
    ("C29", no_pledge),
    ("C30", nobody_asked),
    ("C31", open_archive),
]


@pytest.mark.parametrize(("name", "act"), DONE)
def test_what_was_done_or_left_undone_shows_in_its_control(
    released: Small,
    read: Read,
    samaran: Samaran,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    act: Callable[[Small, Samaran, pytest.MonkeyPatch], None],
) -> None:
    """The control did not fail before, and fails after a missed deadline, a statement, or an act against the rule."""
    assert read()[name][0] != "fail"
    act(released, samaran, monkeypatch)
    assert read()[name][0] == "fail"


def test_every_control_is_made_to_fail_by_a_real_study() -> None:
    """Each of the 32 fails on evidence in a study's folder in some test of this file: two do so in a clean study already."""
    assert {name for name, _ in (*HARMS, *DONE)} | FAIL_ANYWAY == set(RULES)


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
