"""What a workbook says beside its cells."""

import zipfile
from io import BytesIO

import openpyxl
import pytest

from samaran.ingest import Unreadable, read
from samaran.ingest.document import EMBEDDED, PICTURES
from samaran.model import EntityType, Part, Property, Reason

APP = '<Properties xmlns="x"><Company>Universitas Contoh</Company><Manager>Nadya Fitriani</Manager></Properties>'
PERSONS = '<personList><person displayName="Dadan Hamdani" userId="dadan@contoh.id" id="1"/></personList>'
DRAWING = (
    '<wsDr xmlns:a="a"><sp><cNvPr id="2" name="Kotak" descr="foto Rani"/>'
    "<a:p><a:r><a:t>Ibu </a:t></a:r><a:r><a:t>Ening</a:t></a:r></a:p></sp></wsDr>"
)
RELS = '<Relationships><Relationship Target="file:///C:/Users/nadya/kode.xlsx" TargetMode="External"/></Relationships>'


def workbook(**members: str) -> bytes:
    """A workbook with running heads, and members put in or over its own; `__` in a name is a slash, `_xml` its ending."""
    book, out, done = openpyxl.Workbook(), BytesIO(), BytesIO()
    book.active.append(["Kode", "Nama"])
    book.active.append(["INF-01", "Rani"])
    book.active.oddHeader.center.text = "Proyek Teh Lia &P"
    book.active.oddFooter.left.text = "Gita"
    book.save(out)
    named = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in members.items()}
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(done, "w") as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, content in named.items():
            new.writestr(name, content)
    return done.getvalue()


def test_running_heads_and_text_boxes_are_lines() -> None:
    """Codes for page numbers and type are markup; what was written is text with a place."""
    found = read(workbook(xl__drawings__drawing1_xml=DRAWING), "a.xlsx")
    lines = {(line.part, line.ref, line.body.of(found.text)) for line in found.lines}
    assert (Part.HEADER, "sheet 1 header", "Proyek Teh Lia") in lines
    assert (Part.FOOTER, "sheet 1 footer", "Gita") in lines
    assert (Part.NOTE, "drawing 1", "Ibu Ening") in lines
    assert Property("picture description", "foto Rani") in found.properties


def test_people_places_and_companies_are_properties() -> None:
    """Company, manager, commenters and where other files lie are listed, never lines; pictures and files inside are said."""
    members = {
        "docProps__app_xml": APP,
        "xl__persons__person_xml": PERSONS,
        "xl__externalLinks___rels__externalLink1_xml.rels": RELS,
        "xl__media__image1.png": "x",
        "xl__embeddings__oleObject1.bin": "x",
    }
    found = read(workbook(**members), "a.xlsx")
    assert {
        Property("Company", "Universitas Contoh", EntityType.ORGANIZATION),
        Property("Manager", "Nadya Fitriani", EntityType.PERSON),
        Property("author", "Dadan Hamdani", EntityType.PERSON),
        Property("author", "dadan@contoh.id", EntityType.PERSON),
        Property("link", "file:///C:/Users/nadya/kode.xlsx"),
    } <= set(found.properties)
    assert {PICTURES, EMBEDDED} <= set(found.warnings)
    assert "Universitas" not in found.text


def test_a_damaged_part_is_named() -> None:
    """A part that is no XML makes the workbook damaged, and no text of it stands in the error."""
    with pytest.raises(Unreadable) as caught:
        read(workbook(xl__persons__person_xml="<personList><person"), "a.xlsx")
    assert caught.value.reason is Reason.MALFORMED
    assert caught.value.__context__ is None
