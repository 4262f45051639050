"""The demo's material as it ships: real files, every mark on its words, nothing newer than its maker."""

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from samaran import ingest, study
from samaran.consent import read_consents
from samaran.demo import make
from samaran.demo.marks import Marked
from samaran.demo.recorded import material, read_review
from samaran.ingest import place, read_manifest
from samaran.model import Method, Reason, Transcript

GOLD = Path(__file__).parents[2] / "gold" / "dev"
STUDY = study.load(material())
REVIEW = read_review(material() / "review.csv")


def transcript(name: str) -> Transcript:
    data = (material() / "inbox" / name).read_bytes()
    return ingest.read(data, name, encoding=STUDY.naming.encoding, speakers=STUDY.speakers)


def gold(name: str) -> Counter[tuple[str, str, str]]:
    """What the gold of a document marks, with the asides that its renderer adds."""
    stem, maker = make.DOCUMENTS[name]
    rendered = maker(make._gold(stem, GOLD))
    return Counter(key for text in (*rendered.pieces, *rendered.asides) for key in marks_of(text))


def marks_of(text: Marked) -> list[tuple[str, str, str]]:
    return [(mark.type, mark.entity, mark.span.of(text.text)) for mark in text.marks]


def content(data: bytes) -> object:
    """The bytes of a file, or what an office file holds: zlib packs differently from one version to the next."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(member.filename, member.date_time, archive.read(member)) for member in archive.infolist()]


def placements() -> dict[str, ingest.Placement | None]:
    inbox, manifest = material() / "inbox", read_manifest(material() / "manifest.csv")
    names = [PurePosixPath(path.relative_to(inbox).as_posix()) for path in inbox.rglob("*") if path.is_file()]
    return {str(name): place(name, STUDY.naming, manifest) for name in names}


@pytest.mark.parametrize("name", make.DOCUMENTS)
def test_each_recorded_mark_stands_on_the_words_of_the_gold(name: str) -> None:
    """What the reviewer marked is, mark by mark, what the gold marks: type, entity and the very words."""
    text = transcript(name).text
    assert Counter((mark.type, mark.entity, mark.span.of(text)) for mark in REVIEW[name]) == gold(name)


@pytest.mark.parametrize("name", make.DOCUMENTS)
def test_each_recorded_mark_lies_in_a_line(name: str) -> None:
    """A mark lies inside one label, stamp or body, so that a surrogate can take its place."""
    lines = transcript(name).lines
    spans = [span for line in lines for span in (line.label, line.stamp, line.body) if span is not None]
    assert all(any(span.contains(mark.span) for span in spans) for mark in REVIEW[name])


def test_the_material_is_what_its_maker_makes(tmp_path: Path) -> None:
    """Made anew from the gold, inbox and review are what ships."""
    make.make(GOLD, tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    inbox = {path.relative_to(material()) for path in (material() / "inbox").rglob("*") if path.is_file()}
    assert set(made) == inbox | {Path("review.csv")}
    assert [path for path, data in made.items() if content((material() / path).read_bytes()) != content(data)] == []


def test_every_kind_of_file_is_there() -> None:
    """The files are in the eight formats that field material comes in most often, each of them one that samaran reads."""
    formats = {transcript(name).format for name in make.DOCUMENTS}
    assert formats == {"text", "docx", "srt", "vtt", "whatsapp", "copied-chat", "csv", "xlsx"}
    assert formats <= {form.name for form in ingest.FORMATS}


def test_every_file_has_a_place() -> None:
    """Names and manifest say of each file whose it is; all methods occur; observation and literature alone have no informant."""
    found = placements()
    assert [name for name, placement in found.items() if placement is None] == []
    placed = [placement for placement in found.values() if placement is not None]
    assert {placement.method for placement in placed} == set(Method)
    assert {p.method for p in placed if not p.informants} == {Method.OBSERVATION, Method.LITERATURE}
    assert set(read_manifest(material() / "manifest.csv")) <= set(found)


def test_consents_cover_everybody_but_one() -> None:
    """Each informant with a file takes part, but for the one whose file is to be refused; one agreed to no more than that."""
    wanted = {code for placement in placements().values() if placement for code in placement.informants}
    given = {code: consent.flags for code, consent in read_consents(material() / "consent.csv").items()}
    assert wanted - set(given) == {"INF-11"}
    assert all("participate" in flags for flags in given.values())
    assert [code for code, flags in given.items() if flags == {"participate"}] == ["TRI-03"]
    with (material() / "roster.csv").open(encoding="utf-8", newline="") as file:
        assert {row["informant_id"] for row in csv.DictReader(file)} >= wanted


def test_the_bad_files_are_bad() -> None:
    """The garbage can't be read and the copy is one: both have a known informant."""
    with pytest.raises(ingest.Unreadable) as caught:
        transcript(make.GARBAGE)
    assert caught.value.reason is Reason.UNKNOWN_FORMAT
    copy, original = ((material() / "inbox" / name).read_bytes() for name in make.TWIN)
    assert copy == original


def test_scholars_are_cited_and_not_marked() -> None:
    """The literature note names scholars who stay and one person who must not."""
    text = transcript("literatur/mead.md").text
    marked = {mark.span.of(text) for mark in REVIEW["literatur/mead.md"]}
    assert {"Yayat Hidayatullah", "Yayat"} <= marked
    assert all(scholar in text and scholar not in marked for scholar in ("Mead", "Goffman", "Creswell"))


def test_the_material_is_small() -> None:
    """What ships stays under a megabyte."""
    assert sum(path.stat().st_size for path in material().rglob("*") if path.is_file()) < 1_000_000
