"""Rendered files: real formats, the same bytes each time, no mark lost."""

import io
import itertools
from collections.abc import Callable

import docx as python_docx
import openpyxl
import pytest
import webvtt

from samaran.demo.marks import Marked, parse
from samaran.demo.render import Office, Rendered, docx, plain, srt, vtt, xlsx

OFFICE = Office("Draf 2", "Tini Karsa", "Dodi Wira", "2023-03-14", header="Kepala", footer="Kaki", comment="Cek.", head_lines=3)
TALK = parse(
    "WAWANCARA\nInforman : Satu\nTempat : [[VENUE:Kos Kenanga]]\n\n"
    "I: Halo, [[PERSON#tini:Tini]]?\nP: Iya. Umur [[AGE:30]]. Jam 9: kerja.\n"
)
TIMED = parse("tgl [[DATE:4 april 23]]\n------\n[00:00:05] Peneliti: oke\n[00:01:50] Inf4: iya [[PERSON:put]]\n")
SHEET = parse("No;Nama;Setor\n1;[[PERSON:Tini]];100000\n2;[[PERSON:Dodi]];\n")


def surfaces(*texts: Marked) -> list[str]:
    return [mark.span.of(text.text) for text in texts for mark in text.marks]


@pytest.mark.parametrize(
    ("maker", "text"),
    [
        (lambda text: docx(text, OFFICE), TALK),
        (lambda text: xlsx(text, OFFICE), SHEET),
        (srt, TIMED),
        (lambda text: vtt(text, voices=True), TALK),
        (plain, TALK),
        (lambda text: plain(text, "utf-16-le", "\r\n"), TALK),
    ],
)
def test_same_text_same_bytes_and_every_mark(maker: Callable[[Marked], Rendered], text: Marked) -> None:
    """A renderer gives the same bytes twice and carries every mark of the gold."""
    first, second = maker(text), maker(text)
    assert first.data == second.data
    assert surfaces(*first.pieces) == surfaces(text)


def test_a_docx_has_what_a_word_processor_leaves() -> None:
    """Bold labels, a table, header, footer, a comment and the names of who wrote it are in the document."""
    document = python_docx.Document(io.BytesIO(docx(TALK, OFFICE).data))
    label = document.paragraphs[1].runs[0]
    assert (label.text, label.bold) == ("I:", True)
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["Tempat", "Kos Kenanga"]
    assert document.sections[0].header.paragraphs[0].text == "Kepala"
    assert document.sections[0].footer.paragraphs[0].text == "Kaki"
    assert [(c.author, c.text) for c in document.comments] == [("Dodi Wira", "Cek.")]
    properties = document.core_properties
    assert (properties.author, properties.last_modified_by, properties.title) == ("Tini Karsa", "Dodi Wira", "Draf 2")


def test_subtitles_keep_the_times_of_the_transcript() -> None:
    """A line's own time starts its cue, and no cue reaches into the next."""
    captions = webvtt.from_buffer(io.StringIO(srt(TIMED).data.decode()), format="srt")
    assert [(c.start, c.text) for c in captions][1:] == [("00:00:05.000", "Peneliti: oke"), ("00:01:50.000", "Inf4: iya put")]
    assert all(one.end <= two.start for one, two in itertools.pairwise(captions))


def test_voices_become_voice_tags() -> None:
    """A speaker label becomes a voice tag and the head becomes a note."""
    text = vtt(parse("Head\n\n[[PERSON:GRACE]]: Okay. So: yes.\n"), voices=True).data.decode()
    assert "NOTE\nHead\n" in text
    assert "<v GRACE>Okay. So: yes.\n" in text


def test_numbers_in_a_sheet_are_numbers() -> None:
    """Amounts are numeric cells; a cell with nothing in it stays empty."""
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(SHEET, OFFICE).data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [1, "Tini", 100000]
    assert sheet["C3"].value is None


def test_utf16_has_its_mark_and_windows_line_ends() -> None:
    """The UTF-16 file starts with a byte order mark and breaks lines as Windows does."""
    data = plain(parse("é\nb"), "utf-16-le", "\r\n").data
    assert data == b"\xff\xfe" + "é\r\nb".encode("utf-16-le")
