"""The whole way through the command line, and each mistake on it: the sentence, the hint, the exit code, the file whole."""

import csv
import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from samaran.vault import disk
from tests.cli.conftest import INTERVIEW, Samaran, Small


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path: Path, decide: dict[str, str], default: str = "accept") -> None:
    """Decide a sheet: by surface, else the default."""
    found = rows(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        for row in found:
            writer.writerow({**row, "decision": decide.get(row["surface"], default)})


def test_the_whole_way(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Inbox to verified release: nothing of the raw text is left, the flower stays, and the log verifies."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["counts"] == {"done": 1}
    assert not list((small.folder / "inbox").iterdir())
    early = samaran("release", small.folder)
    assert early.code == 3
    assert "undecided" in early.out
    sheet, key = tmp_path / "open.csv", small.keys / "reviewer.key"
    assert samaran("decide", small.folder, "--sheet", sheet, "--key", key).code == 0
    assert sheet.stat().st_mode & 0o777 == 0o600
    fill(sheet, {"Bunga": "reject"})
    decided = samaran("decide", small.folder, "--from", sheet, "--key", key)
    assert decided.code == 0, decided.out + decided.err
    released = samaran("release", small.folder, "--json")
    assert released.code == 0, released.out + released.err
    folder = Path(json.loads(released.out)["folder"])
    text = (folder / "segments.csv").read_text()
    assert "[INF-01]" in text
    assert "[INF-02]" in text
    assert "Bunga di pot" in text
    assert "400rb" in text
    for raw in ("Rani", "Maharani", "7715", "Bunga_23", "Yuyun"):
        assert raw not in text
    assert samaran("audit", "verify", small.folder).code == 0
    report = tmp_path / "report.html"
    assert samaran("audit", "report", small.folder, "--out", report).code == 0
    assert "Rani" not in report.read_text()
    again = samaran("release", small.folder, "--json")
    assert json.loads(again.out)["folder"] == str(folder)


def test_accepting_needs_no_key_rejecting_does(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """What is masked already can be accepted by anybody's sheet; a rejection shows text and waits for a key."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    sheet, key = tmp_path / "open.csv", small.keys / "reviewer.key"
    samaran("decide", small.folder, "--sheet", sheet, "--key", key)
    fill(sheet, {"Bunga": "reject"})
    assert samaran("decide", small.folder, "--from", sheet).code == 3
    waiting = samaran("release", small.folder)
    assert waiting.code == 3
    assert "undecided" in waiting.out or "second-pass-due" in waiting.out
    assert samaran("release", small.folder, "--key", key).code == 0


def test_sources_of_other_systems_can_be_decided(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Line ends of Windows around a mention break no row of the sheet: what it decides is taken, and the source is released."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW.replace("\n", "\r\n"))
    assert samaran("run", small.folder, "--direct").code == 0
    sheet, key = tmp_path / "open.csv", small.keys / "reviewer.key"
    said = samaran("decide", small.folder, "--sheet", sheet, "--key", key, "--json")
    assert len(sheet.read_bytes().splitlines()) == json.loads(said.out)["open"] + 1
    fill(sheet, {"Bunga": "reject"})
    assert samaran("decide", small.folder, "--from", sheet, "--key", key).code == 0
    assert samaran("release", small.folder).code == 0


def test_a_name_added_later_is_found_in_earlier_sources(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A name that a reviewer adds in one document is looked for in all: the other is withheld until it has been searched."""
    small.put("INF-01_wawancara_1.txt", "P: Siapa itu?\nI: Namanya zubaedah, tetangga.\n")
    small.put("INF-02_wawancara_1.txt", "P: Lalu?\nI: Terus ada Zubaedah datang sore-sore.\n")
    assert samaran("run", small.folder, "--direct").code == 0
    sheet, key = tmp_path / "open.csv", small.keys / "reviewer.key"
    for _ in range(3):
        samaran("decide", small.folder, "--sheet", sheet, "--key", key)
        found = rows(sheet)
        if not found:
            break
        fill(sheet, {}, "accept")
        samaran("decide", small.folder, "--from", sheet, "--key", key)
    status = json.loads(samaran("status", small.folder, "--json").out)
    first = next(row for row in status["rows"] if row["informants"] == ["INF-01"])
    start = "P: Siapa itu?\nI: Namanya zubaedah".index("zubaedah")
    sheet.write_text(
        f"mention,source,start,end,decision,new_type,entity\n,{first['source_id']},{start},{start + 8},add,PERSON,\n"
    )
    samaran("decide", small.folder, "--from", sheet, "--key", key)
    samaran("decide", small.folder, "--sheet", sheet, "--key", key)
    if rows(sheet):
        fill(sheet, {}, "accept")
        samaran("decide", small.folder, "--from", sheet, "--key", key)
    released = samaran("release", small.folder, "--json")
    folder = Path(json.loads(released.out)["folder"])
    segments = [json.loads(line) for line in (folder / "segments.jsonl").read_text().splitlines()]
    assert not any("zubaedah" in s["text"].lower() for s in segments)
    names = {m["pseudonym"] for s in segments for m in s["surrogates"] if m["type"] == "PERSON"}
    assert len(names) == 1


def test_open_takes_two_people(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """One key opens nothing here, one key given twice neither; two holders' keys do, and the log says so."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    samaran("run", small.folder, "--direct")
    source = json.loads(samaran("status", small.folder, "--json").out)["rows"][0]["source_id"]
    out = tmp_path / "original.txt"
    base = ("open", small.folder, source, "--out", out, "--purpose", "access")
    pi, board = small.keys / "pi.key", small.keys / "board.key"
    alone = samaran(*base, "--key", pi)
    assert alone.code == 1
    assert "two holders" in alone.err
    assert samaran(*base, "--key", pi, "--key", pi).code == 1
    assert not out.exists()
    both = samaran(*base, "--key", pi, "--key", board)
    assert both.code == 0, both.err
    assert out.read_text() == INTERVIEW
    assert out.stat().st_mode & 0o777 == 0o600
    inside = samaran(
        "open", small.folder, source, "--out", small.folder / "x", "--purpose", "access", "--key", pi, "--key", board
    )
    assert inside.code == 2
    bad = samaran("open", small.folder, source, "--out", tmp_path / "y", "--purpose", "curiosity", "--key", pi, "--key", board)
    assert bad.code == 2


@pytest.mark.parametrize(
    ("name", "content", "what", "reason"),
    [
        ("INF-01_wawancara_1.txt", b"", "quarantined", "empty"),
        ("INF-01_wawancara_1.docx", b"PK\x03\x04 cut short", "quarantined", "malformed"),
        ("INF-01_wawancara_1.bin", bytes(range(256)) * 20, "quarantined", None),
        ("INF-03_wawancara_1.txt", INTERVIEW.encode(), "refused", "unknown-informant"),
        ("tanpa nama.txt", INTERVIEW.encode(), "refused", "no-place"),
    ],
)
def test_what_can_not_be_taken_in(
    small: Small, samaran: Samaran, name: str, content: bytes, what: str, reason: str | None
) -> None:
    """Each has a reason and a hint; refused files stay whole, quarantined ones are sealed; nothing is lost, nothing released."""
    path = small.put(name, content)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert ran.code == 3
    (outcome,) = json.loads(ran.out)["sources"]
    assert outcome["what"] == what
    assert reason in (None, outcome["reason"])
    if what == "refused":
        assert path.read_bytes() == content
        assert not list((small.folder / "quarantine").iterdir())
    else:
        assert not path.exists()
        (sealed,) = (small.folder / "vault" / "originals").iterdir()
        assert sealed.read_bytes().startswith(b"age-encryption.org/v1")
        note = small.folder / "quarantine" / f"{outcome['source']}.json"
        assert json.loads(note.read_text())["reason"] == outcome["reason"]
    told = samaran("status", small.folder)
    assert outcome["reason"] in told.out


def test_no_consent_stays_in_the_inbox(small: Small, samaran: Samaran) -> None:
    """A known informant who has not agreed: her file is not touched, and comes in once she has."""
    with (small.folder / "roster.csv").open("a") as file:
        file.write("dewi,INF-03,Dewi Anggraeni,Nde,,,informan\n")
    path = small.put("INF-03_wawancara_1.txt", INTERVIEW)
    ran = samaran("run", small.folder, "--direct")
    assert ran.code == 3
    assert "no-consent" in ran.out
    assert path.read_text() == INTERVIEW
    with (small.folder / "consent.csv").open("a") as file:
        file.write("INF-03,1,2026-02-01,recorded,yes,,,,,,,\n")
    assert samaran("run", small.folder, "--direct").code == 0
    assert not path.exists()


def test_the_same_file_twice(small: Small, samaran: Samaran) -> None:
    """A copy is sealed and set aside as a duplicate; the same file laid in again stays where it is and is named."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    copy = small.put("INF-01_wawancara_2.txt", INTERVIEW)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert ran.code == 3
    assert sorted(s["what"] for s in json.loads(ran.out)["sources"]) == ["done", "quarantined"]
    assert not copy.exists()
    again = small.put("INF-01_wawancara_1.txt", INTERVIEW)
    told = samaran("run", small.folder, "--direct")
    assert told.code == 3
    assert "already-sealed" in told.out
    assert again.read_text() == INTERVIEW


def test_a_file_that_changes_while_it_is_read(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file still being written is left alone and taken in by a later run."""
    from samaran.pipeline import deidentify

    path = small.put("INF-01_wawancara_1.txt", INTERVIEW)
    whole = deidentify.seal_stretch

    def growing(*given: Any) -> Any:
        path.write_text(INTERVIEW + "I: Masih ada lagi.\n")
        return whole(*given)

    monkeypatch.setattr(deidentify, "seal_stretch", growing)
    ran = samaran("run", small.folder, "--direct")
    assert ran.code == 3
    assert "changed-while-read" in ran.out
    assert path.read_text().endswith("lagi.\n")
    assert not list((small.folder / "vault" / "originals").glob("*.age"))
    monkeypatch.undo()
    assert samaran("run", small.folder, "--direct").code == 0
    assert not path.exists()


def test_a_full_disk(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full in the middle of sealing, the raw file stays, nothing half is left, and a later run goes on."""
    path = small.put("INF-01_wawancara_1.txt", INTERVIEW)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk, "settle", full)
    ran = samaran("run", small.folder, "--direct")
    assert ran.code == 1
    assert "INF-01" not in ran.err
    assert path.read_text() == INTERVIEW
    assert not list((small.folder / "vault" / "originals").iterdir())
    monkeypatch.undo()
    assert samaran("run", small.folder, "--direct").code == 0
    assert samaran("audit", "verify", small.folder).code == 0


def test_a_failing_detector_releases_nothing(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in the detector: the file waits, whole; the message shows where, and no text."""
    from samaran import detect

    path = small.put("INF-01_wawancara_1.txt", INTERVIEW)

    def broken(*_: object, **__: object) -> None:
        raise ValueError(INTERVIEW)

    monkeypatch.setattr(detect.Detector, "find", broken)
    ran = samaran("run", small.folder, "--direct")
    assert ran.code == 1
    assert "detector-failed" in ran.out
    assert "ValueError" in ran.err
    assert "Rani" not in ran.out + ran.err
    assert path.read_text() == INTERVIEW
    assert samaran("release", small.folder).code == 3


@pytest.mark.parametrize("how", ["missing", "open to others", "no key", "a stranger's"])
def test_an_unusable_key(small: Small, samaran: Samaran, tmp_path: Path, how: str) -> None:
    """A key that is not there, readable by others, no key at all or nobody's in this study: one sentence each, and no sheet."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    samaran("run", small.folder, "--direct")
    key = small.keys / "reviewer.key"
    if how == "missing":
        key.unlink()
    elif how == "open to others":
        key.chmod(0o644)
    elif how == "no key":
        key.write_text("not a key\n")
    else:
        from samaran.vault.keys import new_private_key, save_private_key

        key.unlink()
        save_private_key(new_private_key(), key, None)
    sheet = tmp_path / "open.csv"
    said = samaran("decide", small.folder, "--sheet", sheet, "--key", key)
    assert said.code == 1
    assert len(said.err.strip().splitlines()) == 2
    assert not sheet.exists()


def test_mistakes_in_a_sheet_take_no_row(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A sheet with one bad row decides nothing, and the row's number is named."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    samaran("run", small.folder, "--direct")
    sheet, key = tmp_path / "open.csv", small.keys / "reviewer.key"
    samaran("decide", small.folder, "--sheet", sheet, "--key", key)
    surface = rows(sheet)[1]["surface"]
    fill(sheet, {surface: "perhaps"})
    said = samaran("decide", small.folder, "--from", sheet, "--key", key)
    assert said.code == 2
    assert "Row 3" in said.err
    status = json.loads(samaran("status", small.folder, "--json").out)
    assert status["open"] == status["mentions"]


def test_usage(samaran: Samaran, small: Small, tmp_path: Path) -> None:
    """Wrong words, a folder that is no study, a key inside the study, an unknown role: exit code 2 and a hint."""
    assert samaran("frobnicate").code == 2
    assert samaran("status", tmp_path / "nowhere").code == 2
    inside = samaran("keys", "new", small.folder, "--for", "pi", "--out", small.folder / "pi.key", "--no-passphrase")
    assert inside.code == 2
    assert samaran("keys", "new", small.folder, "--for", "dean", "--out", tmp_path / "k", "--no-passphrase").code == 2
    assert samaran("decide", small.folder).code == 2
    assert samaran("init", small.folder).code == 2
    assert samaran("release", small.folder, "--profile", "press").code == 2


def test_unchanged_run_does_nothing(small: Small, samaran: Samaran) -> None:
    """A second run over an unchanged study leaves every sealed file as it was."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    samaran("run", small.folder, "--direct")
    before = {path: path.read_bytes() for path in (small.folder / "vault").rglob("*.age")}
    assert samaran("run", small.folder, "--direct").code == 0
    assert {path: path.read_bytes() for path in (small.folder / "vault").rglob("*.age")} == before


def test_two_at_once(small: Small, samaran: Samaran) -> None:
    """While one command works on a study, another waits its turn with exit code 3."""
    from samaran.pipeline.desk import Desk

    with Desk.open(small.folder):
        said = samaran("run", small.folder, "--direct")
    assert said.code == 3
    assert "at work" in said.err


def test_expired_approval_stops_runs(small: Small, samaran: Samaran) -> None:
    """After the ethics approval has expired nothing is taken in."""
    config = small.folder / "study.toml"
    config.write_text(config.read_text().replace('expires = ""', 'expires = "2020-01-01"'))
    path = small.put("INF-01_wawancara_1.txt", INTERVIEW)
    said = samaran("run", small.folder, "--direct")
    assert said.code == 2
    assert "expired" in said.err
    assert path.exists()


def test_tampering_with_the_log_is_exit_code_4(small: Small, samaran: Samaran) -> None:
    """One changed byte in the log is found, and the exit code says so."""
    import sqlite3

    database = sqlite3.connect(small.folder / "audit" / "log.db")
    leaf = database.execute("SELECT leaf FROM leaf WHERE seq = 1").fetchone()[0]
    database.execute("UPDATE leaf SET leaf = ? WHERE seq = 1", (leaf.replace(b"ok", b"no"),))
    database.commit()
    database.close()
    said = samaran("audit", "verify", small.folder)
    assert said.code == 4
    assert "FAILED" in said.out


def test_what_stands_out_unmarked_is_listed_beside_the_sheet(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Suspicious words block nothing; added they are masked in every source, rejected they are not listed again."""
    small.put("INF-01_wawancara_1.txt", "P: Siapa?\nI: Itu drelvina, rumahnya di wrekto.\n")
    small.put("INF-02_wawancara_1.txt", "P: Terus?\nI: Ya drelvina yang bilang.\n")
    assert samaran("run", small.folder, "--direct").code == 0
    facts = json.loads(samaran("status", small.folder, "--json").out)
    assert facts["suspicious"] >= 3
    assert facts["suspicious_per_1000"] > 0
    key, sheet, beside = small.keys / "reviewer.key", tmp_path / "open.csv", tmp_path / "open-suspicious.csv"
    written = json.loads(samaran("decide", small.folder, "--sheet", sheet, "--key", key, "--json").out)
    assert written["suspicious"] == len(rows(beside))
    assert beside.stat().st_mode & 0o777 == 0o600
    assert {"drelvina", "wrekto"} <= {row["surface"] for row in rows(beside)}
    row = next(row for row in rows(beside) if row["surface"] == "drelvina")
    assert row["found_by"].startswith("suspicious: unknown; 2 times in 2 sources")
    refused = samaran("decide", small.folder, "--from", _filled(beside, {"drelvina": ("accept", "")}), "--key", key)
    assert refused.code == 2
    assert "drelvina" not in refused.err
    filled = _filled(beside, {"drelvina": ("add", "PERSON"), "wrekto": ("reject", "")})
    done = json.loads(samaran("decide", small.folder, "--from", filled, "--key", key, "--json").out)
    assert done["decisions"] == 2
    samaran("decide", small.folder, "--sheet", sheet, "--key", key)
    assert not {"drelvina", "wrekto"} & {row["surface"] for row in rows(beside)}
    if rows(sheet):
        fill(sheet, {})
        assert samaran("decide", small.folder, "--from", sheet, "--key", key).code == 0
    released = samaran("release", small.folder, "--json")
    assert released.code == 0, released.out + released.err
    text = (Path(json.loads(released.out)["folder"]) / "segments.csv").read_text()
    assert "drelvina" not in text
    assert "wrekto" in text


def _filled(path: Path, decide: dict[str, tuple[str, str]]) -> Path:
    """A copy of a sheet with decisions and types by surface."""
    found, out = rows(path), path.with_name("filled.csv")
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        for row in found:
            decision, kind = decide.get(row["surface"], ("", ""))
            writer.writerow({**row, "decision": decision, "new_type": kind})
    return out
