"""Word documents and their container."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from samaran.ingest import Unreadable, container, read
from samaran.ingest.document import TRACKED_CHANGES
from samaran.model import EntityType, Part, Reason, SpeakerRole, Transcript

W = nsdecls("w")


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The package with parts replaced or added; keys are paths with `/` as `__` and `.` as `_dot_`."""
    out = BytesIO()
    new = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in old.infolist():
            if info.filename not in new:
                target.writestr(info, old.read(info))
        for name, content in new.items():
            target.writestr(name, content)
    return out.getvalue()


def shown(found: Transcript) -> list[tuple[Part, str | None, str]]:
    """Part, label and text of each line."""
    return [(line.part, line.label.of(found.text) if line.label else None, line.body.of(found.text)) for line in found.lines]


def test_paragraphs_and_tables_in_order() -> None:
    """Turns and cells stand in the order of the document; headers and footers follow."""
    document = Document()
    document.add_paragraph("Transkrip 3")
    document.add_paragraph("P:\tDi mana, Teh?")
    turn = document.add_paragraph()
    turn.add_run("Ra").bold = True
    turn.add_run("ni: ").bold = True
    turn.add_run("Di Dago.")
    table = document.add_table(2, 3)
    for at, text in enumerate(["Nama", "Usia", "Asal", "Entin", "54", "Cianjur"]):
        table.cell(at // 3, at % 3).text = text
    document.add_paragraph("P: Terus?")
    document.add_paragraph("Rani: Begitu.")
    document.sections[0].header.paragraphs[0].text = "Rahasia, Nadya"
    document.sections[0].footer.paragraphs[0].text = "hlm 1"
    found = read(saved(document), "x.docx")
    assert shown(found) == [
        (Part.BODY, None, "Transkrip 3"),
        (Part.BODY, "P", "Di mana, Teh?"),
        (Part.BODY, "Rani", "Di Dago."),
        (Part.CELL, None, "Nama"),
        (Part.CELL, None, "Usia"),
        (Part.CELL, None, "Asal"),
        (Part.CELL, None, "Entin"),
        (Part.CELL, None, "54"),
        (Part.CELL, None, "Cianjur"),
        (Part.BODY, "P", "Terus?"),
        (Part.BODY, "Rani", "Begitu."),
        (Part.HEADER, None, "Rahasia, Nadya"),
        (Part.FOOTER, None, "hlm 1"),
    ]
    usia = found.lines[7]
    assert usia.column is not None
    assert (usia.column.of(found.text), usia.ref) == ("Usia", "table 1 cell B2")


def test_a_transcript_in_a_table() -> None:
    """Speakers in the first column are labels, and roles are read."""
    document = Document()
    table = document.add_table(0, 2)
    for label, said in [
        ("Peneliti:", "mulai ya"),
        ("Ceu Eneng:", "mangga"),
        ("Peneliti:", "umur?"),
        ("Ceu Eneng:", "tilu puluh"),
    ]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, said
    found = read(saved(document), "x.docx")
    assert [text for _, _, text in shown(found)] == ["mulai ya", "mangga", "umur?", "tilu puluh"]
    assert [label for _, label, _ in shown(found)] == ["Peneliti", "Ceu Eneng"] * 2
    assert found.lines[0].role is SpeakerRole.INTERVIEWER


def test_tracked_changes() -> None:
    """Inserted text stands in its paragraph, deleted text beside it, and who changed it is a property."""
    document = Document()
    document.element.body.insert(
        0,
        parse_xml(
            f'<w:p {W}><w:r><w:t xml:space="preserve">Saya </w:t></w:r>'
            '<w:ins w:author="Nadya" w:id="1"><w:r><w:t>Ra</w:t></w:r></w:ins>'
            '<w:r><w:t xml:space="preserve">ni dari </w:t></w:r>'
            '<w:del w:author="Ilham" w:id="2"><w:r><w:delText>Da</w:delText></w:r>'
            "<w:r><w:delText>go</w:delText></w:r></w:del><w:r><w:t>kota</w:t></w:r></w:p>"
        ),
    )
    document.element.body.insert(
        1, parse_xml(f'<w:p {W}><w:ins w:author="Nadya" w:id="3"><w:r><w:t>baru semua</w:t></w:r></w:ins></w:p>')
    )
    found = read(saved(document), "x.docx")
    assert shown(found) == [
        (Part.BODY, None, "Saya Rani dari kota"),
        (Part.DELETED, None, "Dago"),
        (Part.INSERTED, None, "baru semua"),
    ]
    assert TRACKED_CHANGES in found.warnings
    people = {p.value for p in found.properties if p.type is EntityType.PERSON}
    assert {"Nadya", "Ilham"} <= people


def test_comments_text_boxes_and_authors() -> None:
    """What is not in the paragraphs of the page is read, too."""
    document = Document()
    paragraph = document.add_paragraph("Ia tinggal di ")
    run = paragraph.add_run("sana")
    document.add_comment(run, text="maksudnya Cisitu", author="Nadya F", initials="NF")
    document.core_properties.author = "Ilham Maulana"
    document.core_properties.last_modified_by = "Ratna"
    box = "<w:txbxContent><w:p><w:r><w:t>kotak Rani</w:t></w:r></w:p></w:txbxContent>"
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {W}><w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
            f"<mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        ),
    )
    found = read(saved(document), "x.docx")
    assert shown(found) == [
        (Part.BODY, None, "kotak Rani"),
        (Part.BODY, None, "Ia tinggal di sana"),
        (Part.COMMENT, None, "maksudnya Cisitu"),
    ]
    properties = {(p.name, p.value) for p in found.properties}
    assert {("creator", "Ilham Maulana"), ("lastModifiedBy", "Ratna"), ("author", "Nadya F")} <= properties


def test_footnotes() -> None:
    """Footnotes are lines with their number, separators are none."""
    document = Document()
    document.add_paragraph("teks")
    data = saved(document)
    with zipfile.ZipFile(BytesIO(data)) as package:
        rels = package.read("word/_rels/document.xml.rels")
        types = package.read("[Content_Types].xml")
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Bu Ratna</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/></Types>'
    data = repacked(
        data,
        word__footnotes_dot_xml=notes.encode(),
        word___rels__document_dot_xml_dot_rels=rels.replace(
            b"</Relationships>", b'<Relationship Id="rId99" Type="' + kind + b'" Target="footnotes.xml"/></Relationships>'
        ),
        **{"[Content_Types]_dot_xml": types.replace(b"</Types>", override.encode())},
    )
    found = read(data, "x.docx")
    assert shown(found)[-1] == (Part.FOOTNOTE, None, "Bu Ratna")
    assert found.lines[-1].ref == "footnote 1"


def test_links_are_properties() -> None:
    """Where a link leads is metadata with its type."""
    document = Document()
    document.add_paragraph("surat")
    for target in ("mailto:rani@posta.example.com?subject=hai", "https://fb.example/rani"):
        document.part.relate_to(
            target, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
        )
    found = {(p.value, p.type) for p in read(saved(document), "x.docx").properties}
    assert {("rani@posta.example.com", EntityType.EMAIL), ("https://fb.example/rani", EntityType.URL)} <= found


def test_a_document_called_txt_is_read_as_what_it_is() -> None:
    """Content first, extension second, and the doubt is said."""
    document = Document()
    document.add_paragraph("halo")
    found = read(saved(document), "catatan.txt")
    assert (found.format, found.warnings) == ("docx", ("unexpected-extension",))


def test_an_empty_document_is_empty() -> None:
    """A document without text has nothing to segment."""
    with pytest.raises(Unreadable) as caught:
        read(saved(Document()), "x.docx")
    assert caught.value.reason is Reason.EMPTY


def test_passwords() -> None:
    """The container of encrypted documents is told apart from damage, and from the formats before docx."""
    for stream, reason in [("EncryptedPackage", Reason.PASSWORD), ("WordDocument", Reason.UNKNOWN_FORMAT)]:
        with pytest.raises(Unreadable) as caught:
            read(container.OLE + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 64, "x.docx")
        assert caught.value.reason is reason


def test_damage_and_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files, files of other kinds, entities and bombs are refused with their reasons."""
    document = Document()
    document.add_paragraph("halo")
    data = saved(document)
    entity = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>'
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.bin", bytes(range(32)))
    bomb = repacked(data, word__big_dot_xml=b"<a>" + b" " * 2_000_000)
    cases = [
        (data[: len(data) // 2], Reason.MALFORMED),
        (data.replace(b"word/document.xml", b"word/documens.xml"), Reason.MALFORMED),
        (repacked(data, word__document_dot_xml=b"<w:document"), Reason.MALFORMED),
        (repacked(data, word__document_dot_xml=entity), Reason.MALFORMED),
        (other.getvalue(), Reason.UNKNOWN_FORMAT),
        (bomb, Reason.TOO_LARGE),
    ]
    for content, reason in cases:
        with pytest.raises(Unreadable) as caught:
            read(content, "x.docx")
        assert caught.value.reason is reason
    monkeypatch.setattr(container, "MAX_UNPACKED", 1000)
    with pytest.raises(Unreadable) as caught:
        read(data, "x.docx")
    assert caught.value.reason is Reason.TOO_LARGE


def test_revision_ids_are_a_property() -> None:
    """The numbers of Word's sessions stand in one property, and in no line."""
    document = Document()
    document.add_paragraph("halo")
    found = read(saved(document), "a.docx")
    (ids,) = [p.value for p in found.properties if p.name == "revision ids"]
    assert all(len(number) == 8 for number in ids.split())
    assert ids.split()[0] not in found.text
