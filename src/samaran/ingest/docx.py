"""Word documents: paragraphs and tables in document order, then headers, footers, notes and comments.

python-docx opens the package; its `paragraphs` leave out tracked changes, text boxes and notes, so the XML is walked
(`wordml`). Inserted text stands in its paragraph, deleted text in a line of its own. Authors, links and picture
descriptions are properties.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.package import OpcPackage

from samaran.ingest import container, wordml
from samaran.ingest.document import EMBEDDED, PICTURES, TRACKED_CHANGES, Document
from samaran.ingest.metadata import link, of_part
from samaran.ingest.unreadable import Unreadable
from samaran.model import Part, Property, Reason, Span, Transcript

_PARTS = {
    "header": Part.HEADER,
    "footer": Part.FOOTER,
    "footnotes": Part.FOOTNOTE,
    "endnotes": Part.FOOTNOTE,
    "comments": Part.COMMENT,
    "diagramData": Part.BODY,
    "chart": Part.BODY,
}
_NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_DAMAGE = (
    PackageNotFoundError,
    KeyError,
    ValueError,
    AttributeError,
    TypeError,
    OSError,
    SyntaxError,
    IndexError,
    RecursionError,
)


def read(data: bytes, speakers: Mapping[str, str]) -> Transcript:
    """The document's text, built line by line, with labels told as in any transcript. Raises `Unreadable`."""
    reader = _Reader()
    try:
        reader.package(OpcPackage.open(BytesIO(data)))
    except _DAMAGE:
        damaged = True  # the exception may hold text of the file: leave it here
    else:
        damaged = False
    if damaged:
        raise Unreadable(Reason.MALFORMED)
    return reader.transcript("docx", speakers)


class _Reader(Document):
    """One document on its way to a transcript."""

    def package(self, package: Any) -> None:
        main = package.main_document_part
        self.block(container.xml(main.blob), Part.BODY, "")
        kinds = Counter[str]()
        for related in sorted(
            main.rels.values(), key=lambda r: (list(_PARTS).index(_kind(r)) if _kind(r) in _PARTS else 99, r.rId)
        ):
            kind = _kind(related)
            if related.is_external:
                self.note(link(related.target_ref))
            elif kind in _PARTS:
                kinds[kind] += 1
                self.part(container.xml(related.target_part.blob), kind, f"{kind} {kinds[kind]}")
            elif kind == "people":
                for person in container.xml(related.target_part.blob):
                    self.person(wordml.attribute(person, "author"))
            elif kind == "settings":
                self.revisions(container.xml(related.target_part.blob))
            elif kind in ("image", "oleObject", "package"):
                self.warn(PICTURES if kind == "image" else EMBEDDED)
        for related in package.rels.values():
            if not related.is_external and _kind(related).endswith("-properties"):
                self.found |= dict.fromkeys(of_part(container.xml(related.target_part.blob)))

    def revisions(self, root: Any) -> None:
        """The numbers that Word gives each session of writing: they tie documents of one machine together."""
        numbers = dict.fromkeys(wordml.attribute(e, "val") for e in root.iter() if wordml.name(e) in ("rsidRoot", "rsid"))
        if shown := " ".join(filter(None, numbers)):
            self.note(Property("revision ids", shown))

    def part(self, root: Any, kind: str, ref: str) -> None:
        if kind in _NOTES:
            for n, note in enumerate((e for e in root if wordml.attribute(e, "type") in ("", "normal")), 1):
                self.person(wordml.attribute(note, "author"))
                self.block(note, _PARTS[kind], f"{_NOTES[kind]} {n}")
        elif kind in ("header", "footer"):
            self.block(root, _PARTS[kind], ref)
        else:
            for element in root.iter():
                if wordml.name(element) in ("t", "v") and element.text and not element.text.replace(".", "").isdigit():
                    self.sheet.add(element.text, ref, _PARTS[kind])

    def blocks(self, holder: Any) -> Iterator[Any]:
        return wordml.blocks(holder)

    def is_table(self, element: Any) -> bool:
        return wordml.name(element) == "tbl"

    def grid(self, element: Any) -> list[list[tuple[int, Any]]]:
        return list(wordml.rows(element))

    def shown(self, cell: Any) -> str:
        pieces = ("".join(wordml.paragraph(p).shown) for p in wordml.blocks(cell) if wordml.name(p) == "p")
        return " ".join(" ".join(pieces).split())

    def paragraph(
        self, element: Any, part: Part, ref: str, *, column: Span | None = None, label: Span | None = None
    ) -> Span | None:
        found = wordml.paragraph(element)
        first = None
        kept = Part.INSERTED if found.inserted and part in (Part.BODY, Part.CELL) else part
        for piece in "".join(found.shown).split("\n"):
            span = self.sheet.add(piece, ref, kept, column=column, label=label)
            first = first or span
        for piece in found.deleted:
            self.sheet.add(piece.replace("\n", " "), f"{ref} deleted", Part.DELETED)
        if found.touched:
            self.warn(TRACKED_CHANGES)
        for box in found.boxes:
            self.block(box, part, f"{ref} text box")
        for person in found.people:
            self.person(person)
        for instruction in found.fields:
            if '"' in instruction and instruction.split()[:1] == ["HYPERLINK"]:
                self.note(link(instruction.split('"')[1]))
        for described in filter(None, found.described):
            self.note(Property("picture description", described))
        return first


def _kind(related: Any) -> str:
    return str(related.reltype).rpartition("/")[2]
