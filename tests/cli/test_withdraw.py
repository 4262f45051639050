"""Withdrawal: frozen at once, gone for good, and everybody else's material as it was."""

import csv
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from samaran import register, withdrawals
from samaran.audit import recall
from samaran.errors import IntegrityError, KeyUnusable
from samaran.export import load
from samaran.model import Reason
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk
from samaran.pipeline.reviewing import refresh
from samaran.vault.keys import load_private_key
from samaran.vault.pool import unwrap, wrapped_sids
from samaran.vault.seal import open_bytes
from tests.cli.conftest import INTERVIEW, Samaran, Small

THEIRS = """P: Nama Teteh?
I: Yuyun. Kata Zulaikha, tetangga saya di Cibogo, tarif 275rb. Hubungi 0813-7788-1234.
P: Pacar?
I: Asep Sunandar orangnya, kerja di bengkel.
"""
NAMES = ("yuyun", "yuningsih", "sunandar", "zulaikha", "cibogo", "7788-1234", "bengkel", "tarif 275rb")  # too long for chance


def prepared(small: Small, samaran: Samaran, tmp_path: Path) -> Path:
    """Two interviews taken in, reviewed, released; the sheet is gone."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    small.put("INF-02_wawancara_1.txt", THEIRS)
    assert samaran("run", small.folder, "--direct").code == 0
    settle(small, samaran, tmp_path)
    return released(small, samaran)


def settle(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Accept every open mention but a flower."""
    sheet, key = tmp_path / "open.csv", small.keys / "reviewer.key"
    for _ in range(4):
        assert samaran("decide", small.folder, "--sheet", sheet, "--key", key).code == 0
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))
        if not found:
            break
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(found[0]))
            writer.writeheader()
            writer.writerows({**row, "decision": "reject" if row["surface"] == "Bunga" else "accept"} for row in found)
        samaran("decide", small.folder, "--from", sheet, "--key", key)
    sheet.unlink()


def released(small: Small, samaran: Samaran) -> Path:
    done = samaran("release", small.folder, "--json")
    assert done.code == 0, done.out + done.err
    return Path(json.loads(done.out)["folder"])


def two_keys(small: Small) -> tuple[object, ...]:
    return ("--key", small.keys / "pi.key", "--key", small.keys / "board.key")


def text_of(folder: Path) -> Mapping[str, str]:
    """Every sanitized text in every profile, with the ids, of INF-01."""
    with sqlite3.connect(folder / "state.db") as db:
        rows = db.execute(
            "SELECT segment_id, profile, speaker, text, surrogates, allowed FROM sanitized JOIN segment USING(segment_id)"
            " JOIN source USING(source_id) WHERE informants = 'INF-01'"
        )
        return {f"{row[0]} {row[1]}": repr(row) for row in rows}


def everything(small: Small) -> bytes:
    """Every byte of the study folder, and in plain what the working key and the others' keys open."""
    found = [path.read_bytes() for path in sorted(small.folder.rglob("*")) if path.is_file()]
    with Desk.open(small.folder) as desk:
        found.append(register.to_bytes(desk.register))
        found.append(open_bytes(small.folder / "register" / "register.age", [desk.working.key]))
    return b"\n".join(found) + "\n".join(str(path) for path in small.folder.rglob("*")).encode()


def test_nothing_of_theirs_is_left_and_the_rest_is_as_it_was(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """After a withdrawal no byte of the study folder, the register included, holds their text or a name of their people; the
    other's segments, in every profile, in the next release and sanitized anew from raw text, are the same bytes."""
    first = prepared(small, samaran, tmp_path)
    kept = [line for line in (first / "segments.jsonl").read_bytes().splitlines() if b'"INF-01"' in line]
    theirs = [line for line in (first / "segments.jsonl").read_bytes().splitlines() if b'"informant_id":"INF-02"' in line]
    before, found = text_of(small.folder), everything(small).lower()
    assert theirs
    assert any("[INF-02]" in text for text in before.values())
    assert all(name.encode() in found for name in NAMES if name != "tarif 275rb")
    done = samaran("withdraw", small.folder, "INF-02", *two_keys(small))
    assert done.code == 0, done.out + done.err
    assert not first.exists()
    assert text_of(small.folder) == before
    assert (released(small, samaran) / "segments.jsonl").read_bytes().splitlines() == kept
    with Desk.open(small.folder) as desk:
        desk.state.add_decisions([], stale=[row.source_id for row in desk.state.sources()])
        assert refresh(desk, load_private_key(small.keys / "reviewer.key", None)) == 1
    assert text_of(small.folder) == before
    found = everything(small).lower()
    assert not [name for name in NAMES if name.encode() in found]
    assert not [line for line in theirs if json.loads(line)["text"].lower().encode() in found]
    assert samaran("audit", "verify", small.folder).code == 0


def test_the_key_is_destroyed_and_copies_are_dead(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A copy of the sealed original, taken before, opens for nobody afterwards; the subject id is never given again."""
    prepared(small, samaran, tmp_path)
    with Desk.open(small.folder) as desk:
        sid = desk.register.subjects["INF-02"]
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    for role in ("pi", "board", "reviewer"):
        with pytest.raises(KeyUnusable):
            unwrap(small.folder / "vault", sid, load_private_key(small.keys / f"{role}.key", None))
    with Desk.open(small.folder) as desk:
        assert sid not in desk.register.subjects.values()
        bound = {desk.subject_recipient(f"INF-{n}") for n in range(10, 14)}
    assert sid not in {pair[0] for pair in bound if pair}
    assert len({pair for pair in bound if pair}) == 4


def test_later_work_keeps_the_mask_and_learns_no_name(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """When somebody else's source is sanitized anew from its raw text, the one who withdrew stays masked by the same pseudonym,
    and the name does not come back into the register."""
    prepared(small, samaran, tmp_path)
    before = text_of(small.folder)
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    source = json.loads(samaran("status", small.folder, "--json").out)["rows"][0]["source_id"]
    at, sheet = INTERVIEW.index("layu"), tmp_path / "add.csv"
    sheet.write_text(f"mention,source,start,end,decision,new_type,entity\n,{source},{at},{at + 4},add,VENUE,\n")
    decided = samaran("decide", small.folder, "--from", sheet, "--key", small.keys / "reviewer.key", "--json")
    assert json.loads(decided.out)["sanitized_anew"] == 1, decided.err
    after = text_of(small.folder)
    changed = {key for key in before if before[key] != after[key]}
    assert {key for key in before if "layu" in before[key]} == changed
    assert any("[INF-02]" in text for text in after.values())
    with Desk.open(small.folder) as desk:
        assert b"yuyun" not in register.to_bytes(desk.register).lower()
        open_ones = [row for row in desk.state.mentions() if not row.settled]
    assert open_ones == []


def test_frozen_before_anything_is_destroyed(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Asking freezes: no release, no review, no intake of theirs, and the clock runs; the keys are still there."""
    prepared(small, samaran, tmp_path)
    asked = samaran("withdraw", small.folder, "INF-02")
    assert asked.code == 3
    assert "--key twice" in asked.out
    status = json.loads(samaran("status", small.folder, "--json").out)
    assert status["withdrawals"][0]["stage"] == "requested"
    assert 71 < status["withdrawals"][0]["hours_left"] <= 72
    assert [row["reason"] for row in status["rows"] if row["informants"] == ["INF-02"]] == ["withdrawn"]
    out = json.loads(samaran("release", small.folder, "--json").out)
    assert [held["reason"] for held in out["withheld"]] == ["withdrawn"]
    assert b'"INF-02"' not in (Path(out["folder"]) / "cases.csv").read_bytes()
    small.put("INF-02_wawancara_2.txt", THEIRS)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert ran.code == 3
    assert json.loads(ran.out)["sources"][0]["reason"] == "withdrawn"
    assert (small.folder / "inbox" / "INF-02_wawancara_2.txt").exists()
    assert "hours left" in samaran("status", small.folder).out


def test_a_run_under_way_stops_taking_theirs(small: Small, samaran: Samaran) -> None:
    """A withdrawal that comes while a run is at work is honoured at the next step; nobody waits for the run's lock."""
    small.put("INF-02_wawancara_1.txt", THEIRS)
    with Desk.open(small.folder) as desk:
        run = Run(desk)
        run.begin()
        run.seal(run.source_ids[0])
        asked = samaran("withdraw", small.folder, "INF-02")
        assert asked.code == 3
        assert "at work" in asked.err
        run.prepare(run.source_ids[0])
        assert [(o.what, o.reason) for o in run.outcomes.values()] == [("refused", Reason.WITHDRAWN)]
        run.link()
        run.end()


STEPS = [
    "samaran.state.State.erase",
    "samaran.pipeline.desk.Desk.save_register",
    "samaran.pipeline.withdrawing.erase_key",
    "samaran.pipeline.withdrawing.delete",
    "samaran.pipeline.withdrawing.recall_segments",
    "samaran.pipeline.withdrawing.remove",
    "samaran.state.State.shrink",
    "samaran.pipeline.withdrawing.write_certificate",
]


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_withdrawal_goes_on(
    small: Small, samaran: Samaran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed before any step, the same command given again ends in the same place."""
    prepared(small, samaran, tmp_path)
    before = text_of(small.folder)
    with monkeypatch.context() as patch:
        patch.setattr(step, _killed)
        with pytest.raises(Killed):
            samaran("withdraw", small.folder, "INF-02", *two_keys(small))
    again = samaran("withdraw", small.folder, "INF-02", *two_keys(small), "--json")
    assert again.code == 0, again.out + again.err
    assert json.loads(again.out)["withdrawal"]["stage"] == "executed"
    assert text_of(small.folder) == before
    found = everything(small).lower()
    assert not [name for name in NAMES if name.encode() in found]
    assert samaran("audit", "verify", small.folder).code == 0
    assert (small.folder / "withdrawals" / "INF-02.all.html").exists()


class Killed(BaseException):
    """The end of a process, as far as a test can play it."""


def _killed(*_: object, **__: object) -> None:
    raise Killed


def test_analysts_loader_drops_what_was_recalled(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A copy of a release, with a copy of the signed list, loads without the segments of the one who withdrew; a list that was
    changed is no longer the study's."""
    first = prepared(small, samaran, tmp_path)
    copy = tmp_path / "copy" / "release"
    copy.parent.mkdir()
    first.rename(copy)
    whole = load(copy)
    assert set(whole["informant_id"]) == {"INF-01", "INF-02"}
    assert whole.attrs["recalled"] == 0
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    listed = small.folder / "releases" / "recalls"
    left = load(copy, recalls=listed)
    assert set(left["informant_id"]) == {"INF-01"}
    assert left.attrs["recalled"] == len(whole) - len(left) > 0
    (copy.parent / "recalls").write_bytes(listed.read_bytes())
    assert len(load(copy)) == len(left)
    vkey = (small.folder / "audit" / "log.vkey").read_text()
    assert len(recall.verified(listed.read_bytes(), vkey)) == left.attrs["recalled"]
    fewer = listed.read_bytes().replace(b"\n6\n", b"\n5\n").replace(b"*", b"0", 1)
    with pytest.raises(IntegrityError):
        recall.verified(fewer, vkey)
    (copy.parent / "recalls").write_bytes(listed.read_bytes()[:80])
    with pytest.raises(IntegrityError):
        load(copy)


def test_what_two_share_waits_for_a_word(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A source of two informants is neither destroyed nor kept by default; withheld, it never leaves; erased, it is gone."""
    (small.folder / "manifest.csv").write_text(
        "file,informant,method,wave,role\nfgd.txt,INF-01;INF-02,fgd,1,\n", encoding="utf-8"
    )
    small.put("fgd.txt", "Yuyun: Halo semua.\nRani: Halo juga, Yuyun.\n")
    prepared(small, samaran, tmp_path)
    unsaid = samaran("withdraw", small.folder, "INF-02", *two_keys(small))
    assert unsaid.code == 3
    assert "1 sources belong to other informants too" in unsaid.err
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small), "--shared", "withhold").code == 0
    out = json.loads(samaran("release", small.folder, "--json").out)
    assert [held["reason"] for held in out["withheld"]] == ["withdrawn"]
    assert len(json.loads(samaran("status", small.folder, "--json").out)["rows"]) == 2
    assert b"yuyun" not in everything(small).lower()
    assert "tetap disegel" in (small.folder / "withdrawals" / "INF-02.all.txt").read_text()


def test_shared_sources_can_go_too(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """With --shared erase the source of two is destroyed with its own key, and its row of the manifest."""
    (small.folder / "manifest.csv").write_text(
        "file,informant,method,wave,role\nfgd.txt,INF-01;INF-02,fgd,1,\nyuyun.txt,INF-02,interview,1,\n", encoding="utf-8"
    )
    small.put("fgd.txt", "Yuyun: Halo semua.\nRani: Halo juga, Yuyun.\n")
    prepared(small, samaran, tmp_path)
    keys = len(wrapped_sids(small.folder / "vault"))
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small), "--shared", "erase").code == 0
    assert len(wrapped_sids(small.folder / "vault")) == keys - 2
    assert len(json.loads(samaran("status", small.folder, "--json").out)["rows"]) == 1
    assert (small.folder / "manifest.csv").read_text() == "file,informant,method,wave,role\n"


def test_places_that_are_out_of_reach_keep_it_open(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A stick that study.toml lists has to be plugged in: until then the withdrawal is not done, and says what is missing."""
    stick = tmp_path / "stick"
    config = small.folder / "study.toml"
    config.write_text(config.read_text() + f'\n[vault]\nplaces = ["{stick}"]\n')
    prepared(small, samaran, tmp_path)
    open_ = samaran("withdraw", small.folder, "INF-02", *two_keys(small))
    assert open_.code == 3
    assert "out of reach" in open_.out
    status = json.loads(samaran("status", small.folder, "--json").out)["withdrawals"][0]
    assert (status["stage"], status["places"]) == ("erased", [str(stick)])
    with Desk.open(small.folder) as desk:
        (sid,) = desk.register.spent
    (stick / "keys").mkdir(parents=True)
    (stick / "keys" / f"{sid}.age").write_bytes(b"a copy")
    (stick / "keys" / "other.age").write_bytes(b"another's")
    assert samaran("withdraw", small.folder, "INF-02").code == 0
    assert [path.name for path in (stick / "keys").iterdir()] == ["other.age"]


def test_rows_that_are_kept_are_named(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """With --keep-rows the lines to delete are named, status reminds, and until they are gone the name is not used again."""
    prepared(small, samaran, tmp_path)
    small.put("INF-02_wawancara_2.txt", THEIRS)
    done = samaran("withdraw", small.folder, "INF-02", *two_keys(small), "--keep-rows")
    assert done.code == 3
    assert "roster.csv, lines 3, 4" in done.out
    assert "inbox/INF-02_wawancara_2.txt" in done.out
    assert "3 rows or files are still there" in samaran("status", small.folder).out
    with Desk.open(small.folder) as desk:
        assert b"yuyun" not in register.to_bytes(desk.register).lower()
    roster = (small.folder / "roster.csv").read_text().splitlines(keepends=True)
    (small.folder / "roster.csv").write_text("".join(roster[:2]))
    (small.folder / "inbox" / "INF-02_wawancara_2.txt").unlink()
    assert samaran("withdraw", small.folder, "INF-02").code == 0


def test_taking_back_quotes_only(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Quotes taken back: the publication is withheld and recalled, analysis goes on, and a form signed later counts anew."""
    first = prepared(small, samaran, tmp_path)
    published = Path(json.loads(samaran("release", small.folder, "--profile", "publication", "--json").out)["folder"])
    copy = tmp_path / "publication"
    copy.mkdir()
    for path in published.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    assert samaran("withdraw", small.folder, "INF-01", "--scope", "quotes").code == 0
    assert not published.exists()
    assert first.exists()
    assert len(load(first)) > 0
    assert load(first).attrs["recalled"] == 0
    assert load(copy, small.folder / "releases" / "recalls").empty
    out = json.loads(samaran("release", small.folder, "--profile", "publication", "--json").out)
    assert {held["reason"] for held in out["withheld"]} == {"consent-scope"}
    assert released(small, samaran)
    consent = small.folder / "consent.csv"
    consent.write_text(consent.read_text() + "INF-01,2,2999-01-01,written,yes,yes,yes,yes,yes,no,no,no\n")
    with Desk.open(small.folder) as desk:
        assert "quote_verbatim" in desk.consents["INF-01"].flags


def test_who_may_do_it(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """One key, one key twice, a stranger's key and an unknown code do nothing but freeze, or nothing at all."""
    prepared(small, samaran, tmp_path)
    assert samaran("withdraw", small.folder, "INF-77").code == 2
    assert not (small.folder / "withdrawals").exists()
    pi = small.keys / "pi.key"
    alone = samaran("withdraw", small.folder, "INF-02", "--key", pi, "--key", pi)
    assert alone.code == 1
    assert "two holders" in alone.err
    other = tmp_path / "other"
    samaran("init", other)
    samaran("keys", "new", other, "--for", "pi", "--out", tmp_path / "stranger.key", "--no-passphrase")
    strange = samaran("withdraw", small.folder, "INF-02", "--key", pi, "--key", tmp_path / "stranger.key")
    assert strange.code == 1
    assert "no holder" in strange.err
    assert (small.folder / "roster.csv").read_text().count("INF-02") == 3


def test_the_log_and_the_certificate_say_who(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """The act stands in the log with both key ids; the certificate, in two languages, has the code, the entry and no name."""
    prepared(small, samaran, tmp_path)
    done = json.loads(samaran("withdraw", small.folder, "INF-02", *two_keys(small), "--json").out)["withdrawal"]
    ids = [load_private_key(small.keys / f"{role}.key", None).id for role in ("pi", "board")]
    assert [done["first"], done["second"]] == ids
    with Desk.open(small.folder) as desk:
        entry = next(e for e in desk.log.entries() if e.seq == done["entry"])
    assert (entry.act, entry.actor, entry.second) == ("informant.withdraw", *ids)
    text = (small.folder / "withdrawals" / "INF-02.all.txt").read_text()
    page = (small.folder / "withdrawals" / "INF-02.all.html").read_text()
    for shown in (text, page):
        assert all(word in shown for word in ("INF-02", "Surat keterangan", "Certificate", str(done["entry"]), *ids))
        assert "uyun" not in shown


def test_a_damaged_file_thaws_nobody(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A withdrawal whose file can't be read stops the study instead of letting the informant's material through."""
    prepared(small, samaran, tmp_path)
    samaran("withdraw", small.folder, "INF-02")
    path = small.folder / "withdrawals" / "INF-02.all.json"
    path.write_bytes(path.read_bytes()[:-20])
    assert samaran("release", small.folder).code == 4


def test_the_clock_runs_out(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """After 72 hours status says by how much a withdrawal is late."""
    prepared(small, samaran, tmp_path)
    withdrawals.write(small.folder, withdrawals.Withdrawal("INF-02", "all", "2026-01-01T00:00Z"))
    assert "OVERDUE" in samaran("status", small.folder).out


def test_recordings_and_unreadable_files_go_too(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A recording and a quarantined file of theirs are destroyed with the rest; so is what was never taken in."""
    small.put("INF-01_wawancara_1.wav", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100))
    small.put("INF-01_wawancara_2.docx", b"\x00\x01 not a docx")
    small.put("INF-02_wawancara_1.txt", THEIRS)
    samaran("run", small.folder, "--direct")
    assert list((small.folder / "quarantine").iterdir())
    assert len(list((small.folder / "vault" / "originals").iterdir())) == 2
    small.put("INF-01_wawancara_3.txt", INTERVIEW)
    done = samaran("withdraw", small.folder, "INF-01", *two_keys(small), "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["withdrawal"]["sources"] == 2
    assert not list((small.folder / "quarantine").iterdir())
    assert len(list((small.folder / "vault" / "originals").iterdir())) == 1
    assert not list((small.folder / "inbox").iterdir())


def test_somebody_without_material(small: Small, samaran: Samaran) -> None:
    """An informant of whom nothing was taken in yet can withdraw, too: the rows go, and no file will come in."""
    done = samaran("withdraw", small.folder, "inf02", *two_keys(small))
    assert done.code == 0, done.err
    assert "Yuyun" not in (small.folder / "roster.csv").read_text()
    small.put("INF-02_wawancara_1.txt", THEIRS)
    assert samaran("run", small.folder, "--direct").code == 3


def test_one_after_the_other(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """When the one withdraws of whom the other spoke, and then the other: nothing of either is left, pins included."""
    prepared(small, samaran, tmp_path)
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    assert samaran("withdraw", small.folder, "INF-01", *two_keys(small)).code == 0
    found = everything(small).lower()
    assert not [name for name in (*NAMES, "maharani", "kusumah", "2094-7715", "bunga_23") if name.encode() in found]
    with Desk.open(small.folder) as desk:
        assert (desk.state.pins(), desk.state.sources(), desk.register.register.entities) == ((), (), ())
        assert len(desk.register.spent) == 2
