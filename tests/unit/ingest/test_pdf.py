"""PDF."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject

from samaran.ingest import Unreadable, images, read
from samaran.ingest.pdf import PAGES_WITHOUT_TEXT
from samaran.model import EntityType, Part, Reason, SpeakerRole, Transcript
from tests.unit.ingest.programs import converted, needs
from tests.unit.ingest.test_opendocument import interview

_FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
FONT = DictionaryObject({NameObject(key): NameObject(value) for key, value in _FONT.items()})


def pages(*texts: str, change: str = "", password: str = "", author: str = "Nadya Fitriani") -> bytes:
    """A document with a text layer, a page for each text."""
    writer = PdfWriter()
    for text in texts:
        page = writer.add_blank_page(400, 600)
        stream: StreamObject = DecodedStreamObject()
        rows = " ".join(f"({row}) Tj T*" for row in text.split("\n"))
        stream.set_data(f"BT /F1 11 Tf 14 TL 40 500 Td {rows} ET".encode("latin-1") if text else b"")
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): FONT})})
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Author": author, "/Title": "Wawancara Rani", "/Rahasia": "Lia"})
    if change:
        note = FreeText(text=change, rect=(10, 10, 90, 90))
        writer.add_annotation(0, note)
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://michat.id/x"))
        writer.add_outline_item(title="bab Rani", page_number=0)
        writer.add_attachment("Rani.txt", b"x")
    if password:
        writer.encrypt(password, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def shown(found: Transcript) -> list[tuple[Part, str, str | None, str]]:
    """Part, reference, label and text of each line."""
    return [
        (line.part, line.ref, line.label.of(found.text) if line.label else None, line.body.of(found.text)) for line in found.lines
    ]


def test_turns_over_lines_and_pages() -> None:
    """A turn goes on over the lines of its page; on the next page nobody is guessed; speakers are told over all pages."""
    data = pages("P: Di mana?\nRani: Di Dago,\ndekat Cisitu.\nP: Oh.", "lanjut\nRani: Begitu.\nPeneliti: Ya.")
    found = read(data, "x.pdf")
    assert shown(found) == [
        (Part.BODY, "page 1 line 1", "P", "Di mana?"),
        (Part.BODY, "page 1 line 2", "Rani", "Di Dago,\ndekat Cisitu."),
        (Part.BODY, "page 1 line 4", "P", "Oh."),
        (Part.BODY, "page 2 line 1", None, "lanjut"),
        (Part.BODY, "page 2 line 2", "Rani", "Begitu."),
        (Part.BODY, "page 2 line 3", "Peneliti", "Ya."),
    ]
    assert found.lines[-1].role is SpeakerRole.INTERVIEWER


def test_what_stands_beside_the_text() -> None:
    """Comments are lines; author, title, own fields, links, bookmarks and names of embedded files are properties."""
    found = read(pages("halo", change="cek Mbak Wahyu"), "x.pdf")
    assert (Part.COMMENT, "page 1 comment", None, "cek Mbak Wahyu") in shown(found)
    properties = {(p.name, p.value, p.type) for p in found.properties}
    assert {
        ("Author", "Nadya Fitriani", EntityType.PERSON),
        ("Title", "Wawancara Rani", None),
        ("custom property", "Lia", None),
        ("link", "https://michat.id/x", EntityType.URL),
        ("bookmark", "bab Rani", None),
        ("embedded file", "Rani.txt", None),
    } <= properties


def scan(folder: Path) -> bytes:
    """A page that is a picture."""
    Image.new("L", (800, 300), 255).save(folder / "a.pdf")
    return (folder / "a.pdf").read_bytes()


def test_pages_without_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blank page among others is said; a document of pictures alone is named, with what to install where that is missing."""
    assert PAGES_WITHOUT_TEXT in read(pages("halo", ""), "x.pdf").warnings
    monkeypatch.setattr(images, "available", lambda: False)
    with pytest.raises(Unreadable) as caught:
        read(scan(tmp_path), "x.pdf")
    assert caught.value.reason is Reason.NO_OCR
    assert "tesseract-ocr-ind" in caught.value.hint


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pages("halo", password="rahasia"), Reason.PASSWORD),
        (pages("halo")[:40], Reason.MALFORMED),
        (b"%PDF-1.7\n%\xe2\xe3\n", Reason.MALFORMED),
        (pages("halo").replace(b"/Kids", b"/Kidz").replace(b"/Pages", b"/Pagez"), Reason.MALFORMED),
    ],
)
def test_broken_documents(data: bytes, reason: Reason) -> None:
    """Passwords and damage have their reasons, and nothing of the file hangs on the error."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.pdf")
    assert caught.value.reason is reason
    assert caught.value.__context__ is None


def test_an_owner_s_password_alone_does_not_hold_back() -> None:
    """A document that anybody may open, and only its owner change, is read."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pages("halo"))))
    writer.encrypt("", "pemilik", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    assert read(out.getvalue(), "x.pdf").lines


@pytest.mark.slow
@needs("soffice")
def test_what_libreoffice_prints(tmp_path: Path) -> None:
    """A transcript that LibreOffice exported has its turns, its running head and its author."""
    found = read(converted(interview(tmp_path), "pdf", tmp_path), "x.pdf")
    assert {("P", "Di mana, Teh?"), ("Rani", "Di Dago, tétéh “ngekos”.")} <= {(label, body) for _, _, label, body in shown(found)}
    assert "Rahasia Nadya" in found.text
    assert "Nadya Fitriani" in {p.value for p in found.properties}
