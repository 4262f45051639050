"""A transcript is corrected after it was reviewed and released."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samaran import register
from samaran.audit.reading import entries
from samaran.export import load
from samaran.model import Span, Verdict
from samaran.pipeline.desk import Desk
from tests.cli.conftest import INTERVIEW, Samaran, Small
from tests.cli.test_withdraw import THEIRS, everything, released, settle, two_keys

NAME = "INF-01_wawancara_1.txt"
CORRECTED = INTERVIEW.replace("Tarif 400rb", "Tarif 450rb").replace("P: Kenal", "P: Oh begitu.\nP: Kenal")
OTHER = """P: Selamat sore, hari ini kita bicara tentang keluarga.
I: Ibu saya di kampung, adik saya dua orang masih sekolah.
"""


def segments(folder: Path) -> dict[str, dict[str, Any]]:
    """The records of a release by segment id."""
    rows = [json.loads(line) for line in (folder / "segments.jsonl").read_bytes().splitlines()]
    return {row["segment_id"]: row for row in rows}


def taken_in(small: Small, samaran: Samaran, text: str, name: str = NAME) -> None:
    small.put(name, text)
    done = samaran("run", small.folder, "--direct")
    assert done.code == 0, done.out


def status(small: Small, samaran: Samaran) -> Any:
    return json.loads(samaran("status", small.folder, "--json").out)


def stages(small: Small, samaran: Samaran) -> list[tuple[str, str | None]]:
    return [(row["stage"], row.get("reason")) for row in status(small, samaran)["rows"]]


def withheld(small: Small, samaran: Samaran, *more: object) -> list[str]:
    return [one["reason"] for one in json.loads(samaran("release", small.folder, "--json", *more).out)["withheld"]]


def sheet(small: Small, samaran: Samaran, tmp_path: Path) -> list[dict[str, str]]:
    """The rows of a new sheet."""
    path = tmp_path / "rows.csv"
    assert samaran("decide", small.folder, "--sheet", path, "--key", small.keys / "reviewer.key").code == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decided(small: Small, samaran: Samaran, tmp_path: Path, *rows: dict[str, str]) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, ["mention", "source", "start", "end", "decision", "new_type", "entity"], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)
    done = samaran("decide", small.folder, "--from", path, "--key", small.keys / "reviewer.key")
    assert done.code in (0, 3), done.err


@pytest.fixture
def reviewed(small: Small, samaran: Samaran, tmp_path: Path) -> Callable[[str], Path]:
    """Take a transcript of INF-01 in and settle it all; the folder of the release."""

    def review(text: str) -> Path:
        taken_in(small, samaran, text)
        settle(small, samaran, tmp_path)
        return released(small, samaran)

    return review


def test_unchanged_segments_keep_ids_and_decisions(
    small: Small, samaran: Samaran, tmp_path: Path, reviewed: Callable[[str], Path]
) -> None:
    """After a correction only what was edited is open; unchanged segments have the same id and the same text in the next release,
    the edited one keeps its id, a new one has a new id, and nothing moves in the other informant's source."""
    taken_in(small, samaran, THEIRS, "INF-02_wawancara_1.txt")
    first = segments(reviewed(INTERVIEW))
    taken_in(small, samaran, CORRECTED)
    waiting = sheet(small, samaran, tmp_path)
    assert [row["surface"] for row in waiting] == ["Yuyun"]
    assert "450rb" in waiting[0]["context"]
    settle(small, samaran, tmp_path)
    second = segments(released(small, samaran))
    texts = {segment_id: row["text"] for segment_id, row in first.items()}
    new = [row["text"] for segment_id, row in second.items() if segment_id not in first]
    edited = [segment_id for segment_id, text in texts.items() if second[segment_id]["text"] != text]
    assert new == ["Oh begitu."]
    assert [second[segment_id]["text"] for segment_id in edited] == ["Kenal, si [INF-02] teman saya. Tarif 450rb."]
    assert len(second) == len(first) + 1
    assert any("Bunga di pot" in row["text"] for row in second.values())


def test_both_versions_wait_for_a_key(small: Small, samaran: Samaran, tmp_path: Path, reviewed: Callable[[str], Path]) -> None:
    """From the run until a reviewer's key comes neither version is released, and status and run say why."""
    reviewed(INTERVIEW)
    small.put(NAME, CORRECTED)
    assert "1 of them correct an earlier version" in samaran("run", small.folder, "--direct").out
    assert stages(small, samaran) == [("done", "superseded"), ("corrected", "correction-due")]
    assert sorted(withheld(small, samaran)) == ["correction-due", "superseded"]
    assert samaran("release", small.folder).code == 3
    assert sorted(withheld(small, samaran, "--key", small.keys / "reviewer.key")) == ["superseded", "undecided"]
    assert stages(small, samaran) == [("superseded", "superseded"), ("done", None)]
    row = status(small, samaran)["rows"][1]
    assert row["joined"] == {"unchanged": 3, "edited": 1, "new": 1, "gone": 0, "carried": 5, "again": 1}
    assert f"corrects {row['corrects']}: 3 segments unchanged, 1 edited" in samaran("status", small.folder).out
    settle(small, samaran, tmp_path)
    kept = (released(small, samaran) / "withheld.csv").read_text()
    assert '"superseded","1","0"' in kept


def test_the_log_the_recalls_and_the_report_agree(
    small: Small, samaran: Samaran, tmp_path: Path, reviewed: Callable[[str], Path]
) -> None:
    """One entry counts the unchanged segments; edited ones are recalled from the earlier release alone; the carried decisions are
    no new ones in the report, and what was allowed in the earlier release stays allowed there."""
    first = reviewed(INTERVIEW.replace("Tarif", "Bunga di meja juga. Tarif"))
    edited = next(i for i, row in segments(first).items() if "Tarif" in row["text"])
    taken_in(small, samaran, CORRECTED.replace("Tarif", "Bunga di meja juga. Tarif"))
    settle(small, samaran, tmp_path)
    second = released(small, samaran)
    acts = [e for e in entries(small.folder / "audit") if e.act == "source.supersede" and e.code == "ok"]
    assert [entry.n for entry in acts] == [3]
    assert edited not in set(load(first)["segment_id"])
    assert len(load(first)) == len(segments(first)) - 1
    assert edited in set(load(second)["segment_id"])
    done = samaran("audit", "report", small.folder, "--format", "json", "--out", tmp_path / "report.json")
    assert done.code == 0, done.err
    facts = json.loads((tmp_path / "report.json").read_text())
    verdict = {control["id"]: control["status"] for control in facts["controls"]}
    assert (verdict["C11"], verdict["C16"], verdict["C32"]) == ("pass", "pass", "pass")
    assert samaran("audit", "verify", small.folder).code == 0


def test_decisions_keep_their_reviewer_and_land_on_their_words(
    small: Small, samaran: Samaran, reviewed: Callable[[str], Path]
) -> None:
    """Every decision in the ledger of the corrected version is the one made on the same words of the earlier version."""
    reviewed(INTERVIEW)
    taken_in(small, samaran, CORRECTED)
    withheld(small, samaran, "--key", small.keys / "reviewer.key")
    with Desk.open(small.folder) as desk:
        old, new = desk.state.sources()
        before, after = desk.state.decisions(old.source_id), desk.state.decisions(new.source_id)
    said = {(d.span.of(INTERVIEW), d.verdict, d.type, d.reviewer) for d in before}
    assert after
    assert {(d.span.of(CORRECTED), d.verdict, d.type, d.reviewer) for d in after} <= said
    assert all(d.carried for d in after)
    assert not any(d.carried for d in before)
    assert [d.span.of(CORRECTED) for d in after if d.verdict is Verdict.REJECT] == ["Bunga"]


def test_a_decision_on_the_earlier_version_counts_until_they_are_joined(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A sheet that was written before the correction came and is read after it is not lost."""
    taken_in(small, samaran, INTERVIEW)
    rows = [row | {"decision": "accept"} for row in sheet(small, samaran, tmp_path) if "400rb" not in row["context"]]
    taken_in(small, samaran, CORRECTED)
    decided(small, samaran, tmp_path, *rows)
    joined = status(small, samaran)["rows"][1]["joined"]
    assert (joined["carried"], joined["again"]) == (len(rows), 0)
    late = [row | {"decision": "accept"} for row in rows]
    decided(small, samaran, tmp_path, *late)
    assert len(sheet(small, samaran, tmp_path)) == 2


def test_what_a_reviewer_added_stays_masked_where_the_segment_was_edited(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A mention that only a reviewer saw is masked and open in an edited segment, settled in an unchanged one."""
    text = INTERVIEW.replace("Tarif 400rb", "Tarif empat ratus, bayar di warung pojok").replace("sudah layu", "di warung pojok")
    taken_in(small, samaran, text)
    source = status(small, samaran)["rows"][0]["source_id"]
    places = [at for at in range(len(text)) if text.startswith("warung pojok", at)]
    added = [{"source": source, "start": str(at), "end": str(at + 12), "decision": "add", "new_type": "DATE"} for at in places]
    decided(small, samaran, tmp_path, *added)  # dates are looked for nowhere else
    taken_in(small, samaran, text.replace("empat ratus", "lima ratus ribu"))
    open_rows = sheet(small, samaran, tmp_path)
    assert [row["surface"] for row in open_rows if row["type"] == "DATE"] == ["warung pojok"]
    with Desk.open(small.folder) as desk:
        new = desk.state.sources()[1]
        shown = [row.segment.text for row in desk.state.segments(new.source_id, "analysis")]
    assert not any("warung" in one for one in shown)


def test_a_manifest_row_names_the_file_that_is_corrected(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """`supersedes` joins files of different names; a name that is not there, or somebody else's, is refused."""
    taken_in(small, samaran, INTERVIEW)
    taken_in(small, samaran, THEIRS, "INF-02_wawancara_1.txt")
    row = "file,informant,method,wave,role,supersedes\nINF-01_benar.txt,INF-01,interview,1,,{}\n"
    for wrong in ("INF-01_lain.txt", "INF-02_wawancara_1.txt"):
        (small.folder / "manifest.csv").write_text(row.format(wrong))
        small.put("INF-01_benar.txt", CORRECTED)
        done = samaran("run", small.folder, "--direct", "--json")
        assert done.code == 3
        assert json.loads(done.out)["sources"][0]["reason"] == "no-earlier-version"
    (small.folder / "manifest.csv").write_text(row.format(NAME))
    taken_in(small, samaran, CORRECTED, "INF-01_benar.txt")
    sheet(small, samaran, tmp_path)
    assert status(small, samaran)["rows"][2]["joined"]["unchanged"] == 3
    taken_in(small, samaran, CORRECTED + "P: Terima kasih.\n")  # under the first name again: corrects the newest
    sheet(small, samaran, tmp_path)
    rows = status(small, samaran)["rows"]
    assert (rows[3]["corrects"], rows[3]["joined"]["unchanged"]) == (rows[2]["source_id"], 5)


@pytest.mark.parametrize("apart", [True, False])
def test_another_interview_under_an_old_name_is_held(small: Small, samaran: Samaran, tmp_path: Path, apart: bool) -> None:
    """Two files with little in common are not joined until a person says so; said to be two, both are released."""
    taken_in(small, samaran, INTERVIEW)
    settle(small, samaran, tmp_path)
    taken_in(small, samaran, OTHER)
    key = ("--key", small.keys / "reviewer.key")
    assert sorted(withheld(small, samaran, *key)) == ["correction-unclear", "superseded"]
    assert sorted(withheld(small, samaran, *key)) == ["correction-unclear", "superseded"]
    old, new = (row["source_id"] for row in status(small, samaran)["rows"])
    done = samaran("supersede", small.folder, old, new, *(["--apart"] if apart else []), *key, "--json")
    assert done.code in (0, 3), done.err
    settle(small, samaran, tmp_path)
    texts = " ".join(row["text"] for row in segments(released(small, samaran)).values())
    assert "adik saya" in texts
    assert ("Kenal" in texts) == apart
    assert samaran("supersede", small.folder, old, new, *key).code == (
        2 if not apart else 3 if status(small, samaran)["open"] else 0
    )


def test_a_correction_that_came_as_a_file_of_its_own(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """`supersede` joins two sources that were both reviewed; what was said of the newer one stands."""
    taken_in(small, samaran, INTERVIEW)
    settle(small, samaran, tmp_path)
    first = segments(released(small, samaran))
    taken_in(small, samaran, CORRECTED, "INF-01_wawancara_2.txt")
    settle(small, samaran, tmp_path)
    old, new = (row["source_id"] for row in status(small, samaran)["rows"])
    done = samaran("supersede", small.folder, old, new, "--key", small.keys / "reviewer.key")
    assert done.code == 0, done.out + done.err
    assert "3 segments unchanged, 1 edited, 1 new, 0 gone" in done.out
    second = segments(released(small, samaran))
    assert set(first) < set(second)
    assert {row["source_id"] for row in second.values()} == {new}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x", "y"), "no such two sources"),
        (("OLD", "OLD"), "no such two sources"),
        (("OLD", "THEIRS"), "different informants"),
        (("OLD", "THEIRS", "--apart"), "don't wait to be joined"),
    ],
)
def test_what_supersede_refuses(small: Small, samaran: Samaran, words: tuple[str, ...], said: str) -> None:
    """Sources that aren't there, are one, or belong to different people: one sentence, and nothing changes."""
    taken_in(small, samaran, INTERVIEW)
    taken_in(small, samaran, THEIRS, "INF-02_wawancara_1.txt")
    old, theirs = (row["source_id"] for row in status(small, samaran)["rows"])
    named = [{"OLD": old, "THEIRS": theirs}.get(word, word) for word in words]
    done = samaran("supersede", small.folder, *named, "--key", small.keys / "reviewer.key")
    assert (done.code, said in done.err.replace("\n", " ")) == (2, True), done.err
    assert stages(small, samaran) == [("done", None), ("done", None)]


def test_corrections_of_corrections(small: Small, samaran: Samaran, tmp_path: Path, reviewed: Callable[[str], Path]) -> None:
    """Two corrections that come before a key does are joined one after the other, and ids last through both."""
    first = segments(reviewed(INTERVIEW))
    taken_in(small, samaran, CORRECTED)
    taken_in(small, samaran, CORRECTED.replace("Oh begitu.", "Oh begitu ya."))
    assert stages(small, samaran) == [
        ("done", "superseded"),
        ("corrected", "superseded"),
        ("corrected", "correction-due"),
    ]
    settle(small, samaran, tmp_path)
    assert [stage for stage, _ in stages(small, samaran)] == ["superseded", "superseded", "done"]
    second = segments(released(small, samaran))
    assert set(first) < set(second)
    assert [second[i]["text"] for i in set(second) - set(first)] == ["Oh begitu ya."]


def test_what_is_no_correction(small: Small, samaran: Samaran) -> None:
    """A file that can't be read corrects nothing; an earlier version that comes again is sealed already; a file that took the
    place of one of which nothing was read yet is a source of its own."""
    taken_in(small, samaran, INTERVIEW)
    small.put(NAME, b"\xff\xfe\x00")
    samaran("run", small.folder, "--direct")
    assert stages(small, samaran)[0] == ("done", None)
    assert stages(small, samaran)[1][0] == "quarantined"
    taken_in(small, samaran, CORRECTED)
    withheld(small, samaran, "--key", small.keys / "reviewer.key")
    assert [stage for stage, _ in stages(small, samaran)] == ["superseded", "quarantined", "done"]
    small.put(NAME, INTERVIEW)
    assert json.loads(samaran("run", small.folder, "--direct", "--json").out)["sources"][0]["reason"] == "already-sealed"


def test_a_withdrawal_reaches_every_version(
    small: Small, samaran: Samaran, tmp_path: Path, reviewed: Callable[[str], Path]
) -> None:
    """Nothing of any version is left, and ids that only an earlier release has are recalled as well."""
    first = reviewed(INTERVIEW.replace("P: Kenal Yuyun?", "P: Sebentar dulu.\nP: Kenal Yuyun?"))
    gone = next(i for i, row in segments(first).items() if row["text"] == "Sebentar dulu.")
    taken_in(small, samaran, CORRECTED)
    settle(small, samaran, tmp_path)
    second = released(small, samaran)
    ids = {*segments(first), *segments(second)}
    taken_in(small, samaran, CORRECTED.replace("450rb", "500rb"))
    done = samaran("withdraw", small.folder, "INF-01", *two_keys(small))
    assert done.code == 0, done.out + done.err
    listed = (small.folder / "releases" / "recalls").read_text()
    assert all(f"{segment_id} *" in listed for segment_id in ids)
    assert gone in ids
    found = everything(small).lower()
    assert not [word for word in (b"maharani", b"bunga_23", b"0812-2094-7715", b"450rb", b"500rb") if word in found]
    with Desk.open(small.folder) as desk:
        left = (desk.state.sources(), desk.state.versions(), desk.state.former(), desk.state.decisions(), desk.state.pins())
        assert left == ((), {}, (), (), ())
        assert not any(desk.state.cuts(row.source_id) for row in desk.state.sources())


def test_who_withdrew_stays_masked_in_the_corrected_version(
    small: Small, samaran: Samaran, tmp_path: Path, reviewed: Callable[[str], Path]
) -> None:
    """What others say of somebody who withdrew is masked by the same pseudonym after a correction, and the name does not come
    back into the register with it."""
    taken_in(small, samaran, THEIRS, "INF-02_wawancara_1.txt")
    reviewed(INTERVIEW)
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    taken_in(small, samaran, CORRECTED)
    settle(small, samaran, tmp_path)
    texts = [row["text"] for row in segments(released(small, samaran)).values()]
    assert "Kenal [INF-02]?" in texts
    assert "Kenal, si [INF-02] teman saya. Tarif 450rb." in texts
    with Desk.open(small.folder) as desk:
        assert b"yuyun" not in register.to_bytes(desk.register).lower()


def test_no_version_is_joined_once_the_originals_are_destroyed(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Without work files nothing is joined and nothing fails: both versions stay withheld."""
    taken_in(small, samaran, INTERVIEW)
    settle(small, samaran, tmp_path)
    taken_in(small, samaran, CORRECTED)
    for path in (small.folder / "vault" / "work").iterdir():
        path.unlink()
    assert sorted(withheld(small, samaran, "--key", small.keys / "reviewer.key")) == ["correction-due", "superseded"]


def test_the_state_holds_no_trace_of_the_words(small: Small, samaran: Samaran, reviewed: Callable[[str], Path]) -> None:
    """Cuts and versions are offsets, ids and digests: no word of the transcript and no file name is in them."""
    reviewed(INTERVIEW)
    taken_in(small, samaran, CORRECTED)
    withheld(small, samaran, "--key", small.keys / "reviewer.key")
    with Desk.open(small.folder) as desk:
        new = desk.state.sources()[1]
        cuts = desk.state.cuts(new.source_id)
        place = desk.state.versions()[new.source_id].place
    assert cuts[0].span == Span(3, 3 + len("Perkenalkan, Teteh dipanggil siapa?"))
    assert place.isalnum()
    assert "inf" not in place[:3]
