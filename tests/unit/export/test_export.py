"""Exports: what was cleared and nothing else, in three formats, the same bytes twice, whole or not at all."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran import export
from samaran.errors import IntegrityError, SamaranError, UsageError, Waiting
from samaran.export import folder as folder_module
from samaran.export import readback, tables
from samaran.export.companions import stem
from samaran.export.records import FIELDS, NESTED, informant_of
from samaran.model import (
    Candidate,
    Cleared,
    Consent,
    EntityType,
    Form,
    Method,
    Reason,
    Release,
    SanitizedSegment,
    Span,
    SpeakerRole,
    Surrogate,
    Withheld,
)
from samaran.release import gate, residual
from samaran.study import Profile

DIGEST = "c0ffee" * 10 + "abcd"
FORMS = ((Form("Rani"), EntityType.PERSON), (Form("Bandung"), EntityType.LOCATION), (Form("0856-7214-0938"), EntityType.PHONE))
SCAN = residual(FORMS)
SCHEMA = json.loads((Path(__file__).parents[3] / "docs/formats/segment.schema.json").read_text())

TEXTS = (
    "Kata [TEMAN-2] 🙂 mah, jangan atuh.",
    "=1+1 begitu",
    "- nah, kitu",
    "'petik",
    'dia bilang "iya", terus\nbaris dua\rtiga\u2028empat\x85lima\ttab',
    "@ 500",
    "",
)


def segment(text, n, speaker="[INF-01]", role=SpeakerRole.INFORMANT):
    at = text.find("[")
    marks = (Surrogate(Span(at, text.index("]") + 1), EntityType.PERSON, "TEMAN-2", "entity"),) if at >= 0 else ()
    return SanitizedSegment(n, 1, speaker, role, text, marks)


def candidate(source_id="7f3a", informants=("INF-01",), method=Method.INTERVIEW, texts=TEXTS, needed=True, **more):
    flags = frozenset({"participate", "quote_paraphrase"})
    return Candidate(
        source_id=source_id,
        informants=informants,
        method=method,
        wave=1,
        segments=tuple(
            (f"{source_id}-{n}", segment(text, n), "id" if informants else "unknown") for n, text in enumerate(texts, 1)
        ),
        open_mentions=more.get("open_mentions", 0),
        second_pass_due=False,
        consents=tuple(Consent(code, "v1", "2026-01-02", "written", flags) for code in informants),
        consent_needed=needed,
    )


def made(*more):
    sources = [
        candidate(),
        candidate("0b1c", (), Method.LITERATURE, ("Mead (1934) menulis.",), needed=False),
        candidate("9d2e", open_mentions=3),
    ]
    return gate([*sources, *more], Profile("analysis"), FORMS)


def write(release, folder, scan=SCAN, study="demo", language="id"):
    return export.write(release, folder.parent, name=folder.name, language=language, study=study, config=DIGEST, scan=scan)


@pytest.fixture
def released(tmp_path):
    """A release on disk."""
    return write(made(), tmp_path / "r1")


def rows_of(folder):
    return [json.loads(line) for line in (folder / "segments.jsonl").read_text("utf-8").split("\n")[:-1]]


def test_the_files_are_there_and_sha256sum_agrees(released):
    """Every promised file stands in the folder, private, and an outside program confirms CHECKSUMS."""
    names = {path.name for path in released.folder.iterdir()}
    assert names == {*readback.TABLES, "README.md", "LIMITS.md", "CHECKSUMS"}
    assert names - {"CHECKSUMS"} == {name for name, _ in released.files}
    subprocess.run(["sha256sum", "-c", "--strict", "CHECKSUMS"], cwd=released.folder, check=True, capture_output=True)
    assert all((path.stat().st_mode & 0o077) == 0 for path in released.folder.iterdir())
    assert released.digest == hashlib.sha256((released.folder / "CHECKSUMS").read_bytes()).hexdigest()
    assert [p.name for p in released.folder.parent.iterdir()] == ["r1"]


def test_each_record_fits_the_published_schema(released):
    """JSONL validates against docs/formats/segment.schema.json, which names exactly our fields."""
    check = jsonschema.Draft202012Validator(SCHEMA)
    check.check_schema(SCHEMA)
    rows = rows_of(released.folder)
    assert len(rows) == 8
    for row in rows:
        check.validate(row)
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]) == set(FIELDS)
    assert not check.is_valid({**rows[0], "surname": "x"})
    assert not check.is_valid({**rows[0], "wave": "2026-01-02"})


def test_the_three_formats_hold_the_same_segments(released):
    """JSONL, CSV with the cell rule undone, and Parquet give the same values back."""
    rows = rows_of(released.folder)
    assert pq.read_table(released.folder / "segments.parquet").to_pylist() == rows
    with (released.folder / "segments.csv").open(encoding="utf-8", newline="") as file:
        for row, cells in zip(rows, csv.DictReader(file), strict=True):
            for name, cell in cells.items():
                value = json.loads(cell) if name in NESTED and cell else cell.removeprefix("'")
                assert value == ("" if row[name] is None else row[name] if name in NESTED else str(row[name]))


def test_texts_and_surrogates_are_those_that_were_cleared(released):
    """Texts are exact, separators and emoji included, and surrogate spans count code points of the text."""
    rows = rows_of(released.folder)
    assert [row["text"] for row in rows if row["source_id"] == "7f3a"] == list(TEXTS)
    assert rows[0]["lang"] is None
    (mark,) = next(row for row in rows if row["surrogates"])["surrogates"]
    assert rows[1]["text"][mark["start"] : mark["end"]] == "[TEMAN-2]"


def test_no_cell_is_a_formula(released):
    """No cell of any CSV begins with what a spreadsheet may run, and the rule can be undone."""
    for path in released.folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    for text in (*TEXTS, "=", "''", "＝1", "\t=1", "+62", "aman"):
        assert tables.unguarded(tables.guarded(text)) == text
    assert tables.guarded("=1") == "'=1"


def test_the_same_release_is_the_same_bytes(tmp_path):
    """Two writings, candidates in another order, give the same digest; nothing depends on time or place."""
    first = write(made(), tmp_path / "a")
    again = write(made(), tmp_path / "b" / "c")
    assert (first.files, first.digest) == (again.files, again.digest)
    assert write(made(candidate("ffff")), tmp_path / "d").digest != first.digest


def test_without_a_name_profile_and_content_name_the_folder(tmp_path):
    """The same release finds its own folder again, another one gets another."""
    given = {"language": "id", "study": "demo", "config": DIGEST, "scan": SCAN}
    first = export.write(made(), tmp_path, **given)
    assert first.folder.name == f"analysis-{first.digest[:12]}"
    assert export.write(made(), tmp_path, **given) == first
    assert export.write(made(candidate("ffff")), tmp_path, **given).folder != first.folder
    assert len(list(tmp_path.iterdir())) == 2


def test_a_coarse_surrogate_does_not_carry_its_pseudonym(tmp_path):
    """Where the profile keeps only the kind, the number that would tie two mentions together is nowhere in the files."""
    text = "Nomornya [TELEPON] ya"
    one = SanitizedSegment(
        1, 1, "", SpeakerRole.INFORMANT, text, (Surrogate(Span(9, 18), EntityType.PHONE, "TELEPON-7", "category"),)
    )
    release = gate([replace(candidate(), segments=(("g1", one, "id"),))], Profile("archive"), FORMS)
    write(release, tmp_path / "r")
    assert rows_of(tmp_path / "r")[0]["surrogates"][0]["pseudonym"] == "TELEPON"
    assert not [path for path in (tmp_path / "r").iterdir() if b"TELEPON-7" in path.read_bytes()]


def test_writing_again_changes_nothing_and_overwrites_nothing(released):
    """A folder that already holds the release is accepted as it is; one that holds something else is refused, whole."""
    assert write(made(), released.folder) == released
    before = (released.folder / "segments.csv").read_bytes()
    with pytest.raises(UsageError):
        write(made(candidate("ffff")), released.folder)
    (released.folder / "extra.txt").write_text("x")
    with pytest.raises(UsageError):
        write(made(), released.folder)
    assert (released.folder / "segments.csv").read_bytes() == before


def test_what_a_killed_run_left_is_replaced(tmp_path):
    """A half-written folder beside is cleared away, and only the whole one stays."""
    (tmp_path / ".r1.partial").mkdir()
    (tmp_path / ".r1.partial" / "old").write_text("x")
    write(made(), tmp_path / "r1")
    assert [p.name for p in tmp_path.iterdir()] == ["r1"]


def test_nothing_cleared_is_nothing_written(tmp_path):
    """A release without a cleared source waits for a human and leaves no folder."""
    with pytest.raises(Waiting):
        write(gate([candidate(open_mentions=1)], Profile("analysis"), FORMS), tmp_path / "r1")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_no_half_release(tmp_path, monkeypatch):
    """An error of the disk is one sentence, and the folder beside is gone."""

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder_module.os, "fsync", full)
    with pytest.raises(SamaranError, match="No space left"):
        write(made(), tmp_path / "r1")
    assert not list(tmp_path.iterdir())


def test_load_checks_before_it_reads(released):
    """`load` gives the segments, and refuses a changed byte, a missing file and an added one."""
    table = export.load(released.folder)
    assert list(table.columns) == list(FIELDS)
    assert list(table["text"]) == [row["text"] for row in rows_of(released.folder)]
    for spoil in (
        lambda f: (f / "cases.csv").write_bytes(b"x"),
        lambda f: (f / "LIMITS.md").unlink(),
        lambda f: (f / "more.csv").write_text("x"),
        lambda f: (f / "CHECKSUMS").unlink(),
    ):
        copy = released.folder.with_name("copy")
        shutil.copytree(released.folder, copy)
        spoil(copy)
        with pytest.raises(IntegrityError):
            export.load(copy)
        shutil.rmtree(copy)


def test_a_study_name_in_the_register_is_left_out(tmp_path):
    """A study named after a place of the register is not named in the release; another study is."""
    write(made(), tmp_path / "a", study="bandung-2026")
    write(made(), tmp_path / "b", study="demo-2026")
    assert "bandung" not in (tmp_path / "a" / "README.md").read_text().lower()
    assert "demo-2026" in (tmp_path / "b" / "README.md").read_text()


def test_the_release_folder_may_not_be_named_after_anybody(tmp_path):
    """A folder name with a form of the register is refused, and the sentence doesn't repeat it."""
    with pytest.raises(UsageError) as error:
        write(made(), tmp_path / "untuk-rani")
    assert "rani" not in str(error.value) + error.value.hint


def test_both_languages_come_in_the_order_of_the_study(tmp_path):
    """README and LIMITS hold both languages, that of the study first."""
    for language, first, second in (("id", "Batas-batas", "The limits"), ("en", "The limits", "Batas-batas")):
        write(made(), tmp_path / language, language=language)
        text = (tmp_path / language / "LIMITS.md").read_text()
        assert 0 <= text.index(first) < text.index(second)
        assert "{" not in text + (tmp_path / language / "README.md").read_text()


def test_withheld_counts_by_reason_and_hides_an_id_that_names(tmp_path):
    """withheld.csv counts every source; an id that holds a form is counted and not shown."""
    release = made()
    release = replace(release, withheld=(*release.withheld, Withheld("rani_1", Reason.UNDECIDED, 2, 4)))
    write(release, tmp_path / "r")
    with (tmp_path / "r" / "withheld.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {"reason": "undecided", "sources": "2", "segments": str(len(TEXTS) + 4), "source_ids": "9d2e"}


def test_cases_and_codebook_count(released):
    """One row per informant, and one tag per word of a surrogate beside the seed."""
    with (released.folder / "cases.csv").open(newline="") as file:
        (case,) = csv.DictReader(file)
    assert (case["informant_id"], case["sources"], case["segments"], case["surrogates"]) == ("INF-01", "1", "7", "1")
    with (released.folder / "codebook.csv").open(newline="") as file:
        rows = {row["tag"]: row for row in csv.DictReader(file)}
    assert rows["Surrogate.TEMAN"]["uses"] == "1"
    assert rows["Mind"]["seed"] == "true"
    assert [stem(p) for p in ("TEMAN-2", "USIA 20-24", "TEMPAT", "INF-03")] == ["TEMAN", "USIA", "TEMPAT", "INF"]


def test_a_segment_belongs_to_the_informant_who_speaks():
    """One informant owns all segments of a source; of several, the one whose pseudonym is the label; none in observations."""
    one = Cleared("s", ("INF-01",), Method.INTERVIEW, 1, (), frozenset())
    many = replace(one, informants=("INF-01", "INF-02"))
    assert informant_of(one, segment("a", 1, "P")) == "INF-01"
    assert informant_of(many, segment("a", 1, "[INF-02]")) == "INF-02"
    assert informant_of(many, segment("a", 1, "P")) is None
    assert informant_of(replace(one, method=Method.OBSERVATION), segment("a", 1)) is None


CANARY = "Zarahkanari"


def poisoned(place):
    """A release as a faulty gate would give it: a name in one place."""
    release = made()
    source = next(c for c in release.cleared if c.source_id == "7f3a")
    segment_id, one, lang = source.segments[0]
    mark = one.surrogates[0]
    if place == "source_id":
        source = replace(source, source_id=CANARY)
    elif place == "informant_id":
        source = replace(source, informants=(CANARY,))
    elif place == "segment_id":
        segment_id = CANARY
    elif place == "level":
        one = replace(one, surrogates=(replace(mark, level=CANARY),))
    elif place == "pseudonym":
        one = replace(one, text=one.text.replace("TEMAN-2", "ZARAHKANARI"), surrogates=(replace(mark, span=Span(5, 18)),))
    elif place == "config_digest":
        pass
    source = replace(source, segments=((segment_id, one, lang), *source.segments[1:]))
    return Release(release.profile, (source,), release.withheld)


@pytest.mark.parametrize("place", ["source_id", "informant_id", "segment_id", "level", "pseudonym", "config_digest"])
def test_the_second_look_finds_a_name_in_any_field(tmp_path, place):
    """A name that a faulty gate let through in any field but the cleared text stops the export, and nothing stays."""
    scan = residual([(Form(CANARY), EntityType.PERSON)])
    digest = CANARY if place == "config_digest" else DIGEST
    with pytest.raises(IntegrityError, match=r"check [34]") as error:
        export.write(poisoned(place), tmp_path, name="r", language="id", study="demo", config=digest, scan=scan)
    assert CANARY not in str(error.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["segments.jsonl", "segments.csv", "segments.parquet"])
def test_the_second_look_finds_a_changed_text(tmp_path, monkeypatch, name):
    """A writer that changes, drops or doubles one segment in one format is caught, though CHECKSUMS fits."""
    real = folder_module._files

    for fault in (
        lambda rows: [{**rows[0], "text": rows[0]["text"] + " "}, *rows[1:]],
        lambda rows: rows[1:],
        lambda rows: [*rows, rows[-1]],
        lambda rows: [{**rows[0], "speaker": "P"}, *rows[1:]],
    ):

        def faulty(release, digest, scan, fault=fault):
            files = real(release, digest, scan)
            rows = fault(list(folder_module.records(release, digest)))
            writer = {"jsonl": tables.jsonl, "csv": tables.segments_csv, "parquet": tables.parquet}[name.split(".")[1]]
            return {**files, name: writer(rows)}

        monkeypatch.setattr(folder_module, "_files", faulty)
        with pytest.raises(IntegrityError, match="check 2"):
            write(made(), tmp_path / "r")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "data", "check"),
    [
        ("cases.csv", b'"informant_id"\n"Rani"\n', 4),
        ("codebook.csv", b'"tag"\n"Surrogate.RANI"\n', 4),
        ("withheld.csv", b'"reason"\n"=1"\n', 3),
        ("README.md", b"# Rani\n", 5),
        ("LIMITS.md", b"", 5),
    ],
)
def test_the_second_look_reads_the_companions(tmp_path, monkeypatch, name, data, check):
    """A name in a table, a cell that a spreadsheet would run, or other words than the published ones stop the export."""
    real = folder_module._put
    monkeypatch.setattr(folder_module, "_put", lambda beside, files: real(beside, spoiled({**files, name: data})))
    with pytest.raises(IntegrityError, match=f"check {check}"):
        write(made(), tmp_path / "r")
    assert not list(tmp_path.iterdir())


def spoiled(files):
    """Files with CHECKSUMS made to fit them."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()) if name != "CHECKSUMS")
    return {**files, "CHECKSUMS": "".join(lines).encode()}


def test_the_second_look_scans_the_metadata_of_parquet(tmp_path, monkeypatch):
    """A name in Parquet's key-value metadata stops the export."""
    real = tables.parquet

    def faulty(rows):
        table = pq.read_table(io.BytesIO(real(rows)))
        out = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({"author": "Rani"}), out)
        return out.getvalue()

    monkeypatch.setattr(tables, "parquet", faulty)
    with pytest.raises(IntegrityError, match=r"segments.parquet did not pass check 4"):
        write(made(), tmp_path / "r")


def test_the_second_look_wants_exactly_the_files(tmp_path, monkeypatch):
    """A file that nobody promised stops the export."""
    real = folder_module._files
    monkeypatch.setattr(folder_module, "_files", lambda *a: {**real(*a), "notes.txt": b"x"})
    with pytest.raises(IntegrityError, match="check 1"):
        write(made(), tmp_path / "r")


def test_a_release_can_be_examined_later(released):
    """A whole release shows no hit; a name settled since, a missing consent flag, a strange file and a changed byte show."""
    seen = export.examine(released.folder, SCAN, consent=("participate",))
    assert seen.singling is not None
    assert (seen.singling.informants, seen.singling.k, seen.singling.alone) == (1, 1, 1)
    assert replace(seen, singling=None) == export.Examined(True, released.digest, 8)
    later = residual([(Form("atuh"), EntityType.PERSON), (Form("Mead"), EntityType.PERSON)])
    assert export.examine(released.folder, later, consent=()).hits == 2
    allowed = {("7f3a", "7f3a-1"): (Span(29, 33),), ("7f3b", "7f3a-2"): (Span(0, 999),)}
    assert TEXTS[0][29:33] == "atuh"
    assert export.examine(released.folder, later, consent=(), allowed=allowed).hits == 1
    labels = residual([(Form("INF-01 x"), EntityType.PERSON)])
    assert export.examine(released.folder, labels, consent=()).hits == 0
    assert export.examine(released.folder, SCAN, consent=("quote_verbatim",)).unconsented == len(TEXTS)
    (released.folder / "suara.mp3").write_bytes(b"x")
    assert export.examine(released.folder, SCAN, consent=()) == export.Examined(False, strangers=1)


def test_examining_what_is_not_there_is_not_intact(tmp_path):
    """A folder that is gone is not a release that is whole."""
    assert not export.examine(tmp_path / "gone", SCAN, consent=()).intact


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4))
def test_any_text_survives_the_cells_of_a_table(texts):
    """Whatever the cells hold, a CSV reader gives them back once the rule is undone, and none starts a formula."""
    data = tables.table(["a"] * len(texts), [texts]).decode()
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert [tables.unguarded(cell) for cell in rows[1]] == texts
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[1])
