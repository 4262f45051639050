"""OpenDocument texts and sheets."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from samaran.ingest import Unreadable, read
from samaran.ingest.document import TRACKED_CHANGES
from samaran.ingest.xlsx import HIDDEN_SHEETS
from samaran.model import EntityType, Part, Reason, Transcript
from tests.unit.ingest.programs import MARKDOWN, converted, needs, written

NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"), ("meta", "meta"),
        ("svg", "svg-compatible"),
    ]
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
TWICE = 'table:number-columns-repeated="2"'
META = "<meta:initial-creator>Nadya</meta:initial-creator><dc:title>Wawancara Rani</dc:title>"


def packed(kind: str, body: str, *, head: str = "", styles: str = "", manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}>{head}<office:body>{body}</office:body></office:document-content>",
        )
        archive.writestr("styles.xml", f"<office:document-styles {NAMESPACES}>{styles}</office:document-styles>")
        archive.writestr(
            "meta.xml", f"<office:document-meta {NAMESPACES}><office:meta>{META}</office:meta></office:document-meta>"
        )
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def text(body: str, **more: str) -> bytes:
    """An .odt file."""
    return packed("text", f"<office:text>{body}</office:text>", **more)


def shown(found: Transcript) -> list[tuple[Part, str, str]]:
    """Part, reference and text of each line."""
    return [(line.part, line.ref, line.body.of(found.text)) for line in found.lines]


CHANGES = """<text:tracked-changes>
<text:changed-region text:id="c1"><text:deletion><office:change-info><dc:creator>Gita</dc:creator></office:change-info>
<text:p>dihapus Lia</text:p></text:deletion></text:changed-region>
<text:changed-region text:id="c2"><text:insertion><office:change-info><dc:creator>Oded</dc:creator></office:change-info>
</text:insertion></text:changed-region></text:tracked-changes>"""


def test_all_that_a_text_shows() -> None:
    """Spaces, tabs, notes, comments, text boxes, links, descriptions, changes and running heads are read, each in its place."""
    body = (
        CHANGES + "<text:h>Judul</text:h>"
        '<text:p>di <text:s text:c="2"/>Dago<text:tab/>ya<text:line-break/>baris dua'
        '<text:note text:note-class="endnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>catatan</text:p>'
        "</text:note-body></text:note>"
        "<office:annotation><dc:creator>Wahyu</dc:creator><text:p>cek</text:p></office:annotation></text:p>"
        '<text:p>kata <text:change text:change-id="c1"/><text:a xlink:href="https://michat.id/x">tautan</text:a></text:p>'
        '<text:p><text:change-start text:change-id="c2"/>baru<text:change-end text:change-id="c2"/></text:p>'
        "<text:list><text:list-item><text:p>butir</text:p></text:list-item></text:list>"
        "<text:p><draw:frame><draw:text-box><text:p>kotak</text:p></draw:text-box>"
        "<svg:desc>foto Rani</svg:desc></draw:frame></text:p>"
    )
    page = "<style:master-page><style:header><text:p>kepala</text:p></style:header></style:master-page>"
    head = f"<office:master-styles>{page}</office:master-styles>"
    found = read(text(body, styles=head), "x.odt")
    assert shown(found) == [
        (Part.BODY, "paragraph 1", "Judul"),
        (Part.BODY, "paragraph 2", "di   Dago\tya"),
        (Part.BODY, "paragraph 2", "baris dua"),
        (Part.FOOTNOTE, "endnote 1", "catatan"),
        (Part.COMMENT, "comment 1", "cek"),
        (Part.BODY, "paragraph 3", "kata tautan"),
        (Part.DELETED, "paragraph 3 deleted", "dihapus Lia"),
        (Part.INSERTED, "paragraph 4", "baru"),
        (Part.BODY, "paragraph 5", "butir"),
        (Part.BODY, "paragraph 6 text box", "kotak"),
        (Part.HEADER, "header 1", "kepala"),
    ]
    assert TRACKED_CHANGES in found.warnings
    people = {p.value for p in found.properties if p.type is EntityType.PERSON}
    assert people == {"Gita", "Oded", "Wahyu", "Nadya"}
    assert {"https://michat.id/x", "foto Rani", "Wawancara Rani"} <= {p.value for p in found.properties}


def hollow() -> bytes:
    """A text whose content is there and empty."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text("<text:p>halo")[:200], Reason.MALFORMED),
        (text("<text:p>halo"), Reason.MALFORMED),
        (text("<text:p>halo</text:p>", manifest="<manifest:encryption-data/>"), Reason.PASSWORD),
        (text(""), Reason.EMPTY),
        (hollow(), Reason.MALFORMED),
        (text("<text:section>" * 400 + "<text:p>halo</text:p>" + "</text:section>" * 400), Reason.MALFORMED),
        (packed("presentation", "<text:p>halo</text:p>"), Reason.UNKNOWN_FORMAT),
    ],
)
def test_broken_texts(data: bytes, reason: Reason) -> None:
    """Damage, passwords, nesting without end and slides have their reasons."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.odt")
    assert caught.value.reason is reason


def cell(shown: str, value: str = "", attributes: str = "", more: str = "") -> str:
    """One cell of a sheet."""
    kind = f'office:value-type="float" office:value="{value}"' if value else 'office:value-type="string"'
    return f"<table:table-cell {kind} {attributes}>{more}<text:p>{shown}</text:p></table:table-cell>"


def sheet(*tables: str, head: str = "") -> bytes:
    """An .ods file."""
    return packed("spreadsheet", f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet>", head=head)


def test_cells_of_a_sheet() -> None:
    """Headings, leading zeros, all digits of a number, repeated cells, comments and hidden sheets."""
    comment = "<office:annotation><dc:creator>Wahyu</dc:creator><text:p>itu Rani</text:p></office:annotation>"
    rows = (
        f"<table:table-row>{cell('kode')}{cell('nama')}{cell('nik')}</table:table-row>"
        f"<table:table-row>{cell('007', '7')}{cell('Rani', more=comment)}{cell('3,27E+15', '3273014107980002')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{cell("Lin", attributes=TWICE)}</table:table-row>'
    )
    display = '<style:table-properties table:display="false"/>'
    hidden = f'<office:automatic-styles><style:style style:name="ta2">{display}</style:style></office:automatic-styles>'
    found = read(
        sheet(
            f'<table:table table:name="Sheet1">{rows}</table:table>',
            f"""<table:table table:name="Wahyu" table:style-name="ta2"><table:table-row>{cell("rahasia")}</table:table-row>
            </table:table>""",
            head=hidden,
        ),
        "x.ods",
    )
    assert shown(found) == [
        (Part.CELL, "cell A1", "kode"),
        (Part.CELL, "cell B1", "nama"),
        (Part.CELL, "cell C1", "nik"),
        (Part.CELL, "cell A2", "007"),
        (Part.CELL, "cell B2", "Rani"),
        (Part.COMMENT, "cell B2 comment", "itu Rani"),
        (Part.CELL, "cell C2", "3273014107980002"),
        (Part.CELL, "cell B3", "Lin"),
        (Part.CELL, "cell C3", "Lin"),
        (Part.CELL, "cell B4", "Lin"),
        (Part.CELL, "cell C4", "Lin"),
        (Part.HEADER, "sheet 2", "Wahyu"),
        (Part.CELL, "sheet 2 cell A1", "rahasia"),
    ]
    nik = found.lines[6]
    assert nik.column is not None
    assert nik.column.of(found.text) == "nik"
    assert HIDDEN_SHEETS in found.warnings


def test_a_sheet_that_repeats_without_end_is_too_large() -> None:
    """A cell that claims to stand in a million rows is refused before it does."""
    row = f'<table:table-row table:number-rows-repeated="9000000">{cell("x")}</table:table-row>'
    with pytest.raises(Unreadable) as caught:
        read(sheet(f"<table:table>{row}</table:table>"), "x.ods")
    assert caught.value.reason is Reason.TOO_LARGE


@needs("pandoc")
def test_what_pandoc_writes() -> None:
    """A text by pandoc has its turns, its cells and its footnote."""
    found = read(written(MARKDOWN, "odt"), "x.odt")
    labels = [line.label.of(found.text) for line in found.lines if line.label]
    assert labels == ["P", "Rani", "P", "Rani"]
    assert {(Part.CELL, "Entin"), (Part.FOOTNOTE, "catatan kaki Teh Lia"), (Part.BODY, "Begitu, “ngekos”.")} <= {
        (line.part, line.body.of(found.text)) for line in found.lines
    }


def interview(folder: Path) -> Path:
    """A docx with a tracked change, a comment and running heads."""
    document = Document()
    document.core_properties.author = "Nadya Fitriani"
    document.add_paragraph("P:\tDi mana, Teh?")
    document.add_paragraph("Rani: Di Dago, tétéh “ngekos”.")
    changed = document.add_paragraph("P: Terus ")
    for kind, run in [("ins", "<w:t>ditambah</w:t>"), ("del", "<w:delText>dihapus</w:delText>")]:
        date = 'w:date="2024-01-01T00:00:00Z"'
        changed._p.append(parse_xml(f'<w:{kind} {nsdecls("w")} w:author="Gita" w:id="7" {date}><w:r>{run}</w:r></w:{kind}>'))
    said = document.add_paragraph("Rani: Begitu.")
    document.add_comment(said.runs, "cek Mbak Wahyu", "Oded", "O")
    document.sections[0].header.paragraphs[0].text = "Rahasia Nadya"
    document.save(str(folder / "a.docx"))
    return folder / "a.docx"


@pytest.mark.slow
@needs("soffice")
@pytest.mark.parametrize("form", ["odt", "rtf"])
def test_what_libreoffice_writes(tmp_path: Path, form: str) -> None:
    """A docx that LibreOffice saves anew shows the same turns, changes, comments, heads and people."""
    found = read(converted(interview(tmp_path), form, tmp_path), f"x.{form}")
    lines = {(line.part, line.label.of(found.text) if line.label else None, line.body.of(found.text)) for line in found.lines}
    assert {
        (Part.BODY, "P", "Di mana, Teh?"),
        (Part.BODY, "Rani", "Di Dago, tétéh “ngekos”."),
        (Part.BODY, "P", "Terus ditambah"),
        (Part.DELETED, None, "dihapus"),
        (Part.COMMENT, None, "cek Mbak Wahyu"),
        (Part.HEADER, None, "Rahasia Nadya"),
    } <= lines
    assert {"Nadya Fitriani", "Gita", "Oded"} <= {p.value for p in found.properties if p.type is EntityType.PERSON}
    assert TRACKED_CHANGES in found.warnings


@pytest.mark.slow
@needs("soffice")
def test_what_libreoffice_calculates(tmp_path: Path) -> None:
    """A table that LibreOffice saves as .ods keeps its identifiers digit for digit."""
    (tmp_path / "a.csv").write_text("kode,nama,nik\n001,Rani,3273014107980002\n", encoding="utf-8")
    found = read(converted(tmp_path / "a.csv", "ods", tmp_path), "x.ods")
    assert "3273014107980002" in [line.body.of(found.text) for line in found.lines]
