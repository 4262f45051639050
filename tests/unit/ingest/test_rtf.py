"""Rich text, and the transcripts of f4."""

import pytest
from striprtf.striprtf import rtf_to_text

from samaran.ingest import Unreadable, read
from samaran.ingest.document import PICTURES, TRACKED_CHANGES
from samaran.model import EntityType, Part, Reason, Transcript
from tests.unit.ingest.programs import MARKDOWN, needs, written

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fnil\fcharset204 Arial;}}{\colortbl;\red1\green0\blue0;}"


def rtf(body: str) -> bytes:
    """A file around a body."""
    return (HEAD + body + "}").encode("latin-1")


def shown(found: Transcript) -> list[tuple[Part, str]]:
    """Part and text of each line."""
    return [(line.part, line.body.of(found.text)) for line in found.lines]


def test_characters() -> None:
    """Bytes in the font's code page, UTF-16 units with what stands in for them, pairs of units, and signs are characters."""
    body = r"T\'e9h \u8220?ya\u8221? {\f1 \'d0\'e0\'ed\'e8} \u-10179?\u-8704? {\uc0\u233}a \{x\}\~\endash\line dua\tab tiga\par"
    assert shown(read(rtf(body), "x.rtf")) == [
        (Part.BODY, "Téh “ya” Рани 😀 éa {x}\u00a0–"),
        (Part.BODY, "dua\ttiga"),
    ]


def test_all_that_a_text_shows() -> None:
    """Notes, comments, running heads, hidden and deleted text, list numbers, tables and links are read, each in its place."""
    body = (
        r"{\info{\author Nadya}{\operator Gita}{\company Unpad}{\title Rani}}{\*\revtbl{Unknown;}{Oded;}}"
        r"{\header kepala\par}{\footer kaki\par}"
        r"{\listtext 1.\tab}butir{\footnote catatan Lia}\par {\v tersembunyi}\par kata {\deleted hapus }{\revised sisip}\par"
        r'{\field{\*\fldinst HYPERLINK "https://michat.id/x"}{\fldrslt tautan}}\par'
        r"\pard\intbl Nama\cell Usia\cell\row\intbl Entin\cell 54\cell\row\pard"
        r"{\*\atnauthor Wahyu}{\*\annotation cek}{\pict\pngblip 89504e47}{\*\unknown rahasia}{\bin3 }}}}habis"
    )
    found = read(rtf(body), "x.rtf")
    assert shown(found) == [
        (Part.BODY, "1.\tbutir"),
        (Part.BODY, "tersembunyi"),
        (Part.BODY, "kata sisip"),
        (Part.DELETED, "hapus"),
        (Part.BODY, "tautan"),
        (Part.CELL, "Nama"),
        (Part.CELL, "Usia"),
        (Part.CELL, "Entin"),
        (Part.CELL, "54"),
        (Part.BODY, "habis"),
        (Part.HEADER, "kepala"),
        (Part.FOOTER, "kaki"),
        (Part.FOOTNOTE, "catatan Lia"),
        (Part.COMMENT, "cek"),
    ]
    assert found.warnings == (TRACKED_CHANGES, PICTURES)
    assert [(p.name, p.value) for p in found.properties if p.type is EntityType.PERSON] == [
        ("author", "Nadya"), ("author", "Gita"), ("author", "Oded"), ("author", "Wahyu"),
    ]  # fmt: skip
    assert {"Unpad", "Rani", "https://michat.id/x"} <= {p.value for p in found.properties}


def test_f4_times() -> None:
    """f4's mark at the end of a turn is the time at which it ends, tenths after the dash."""
    found = read(rtf(r"P: Di mana? #00:00:09-2#\par Rani: Di Dago. #00:00:12-0#\par P: Ya.\par Rani: Heueuh.\par"), "x.rtf")
    assert [(line.label.of(found.text), line.end_ms) for line in found.lines if line.label][:2] == [
        ("P", 9_200),
        ("Rani", 12_000),
    ]


def test_body_text_is_that_of_striprtf() -> None:
    """An independent reader finds the same words, in the same order, in a text without notes."""
    body = r"{\b P:} Di mana, T\'e9h?\par \pard\qc Rani:\tab Di {\i Dago}\u8230?\par Jl. Cisitu\line No. 5\par"
    theirs = rtf_to_text(rtf(body).decode("latin-1")).split()
    assert read(rtf(body), "x.rtf").text.split() == theirs


@needs("pandoc")
def test_what_pandoc_writes() -> None:
    """A text by pandoc has its turns, its cells and its footnote."""
    found = read(written(MARKDOWN, "rtf"), "x.rtf")
    assert [line.label.of(found.text) for line in found.lines if line.label] == ["P", "Rani", "P", "Rani"]
    assert {(Part.CELL, "Entin"), (Part.FOOTNOTE, "catatan kaki Teh Lia"), (Part.BODY, "Begitu, “ngekos”.")} <= set(shown(found))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (rtf(r"halo\par")[:-1], Reason.MALFORMED),
        (b"{\\rtf1 " + b"{" * 5000, Reason.MALFORMED),
        (b"{\\rtf1 halo {\\footnote x", Reason.MALFORMED),
        (b"{\\rtf1\\ansi }", Reason.EMPTY),
    ],
)
def test_broken_texts(data: bytes, reason: Reason) -> None:
    """A text that is cut, or nests without end, is named."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.rtf")
    assert caught.value.reason is reason
