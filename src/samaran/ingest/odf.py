"""OpenDocument text (.odt): paragraphs, tables and notes in document order, then headers and footers.

The XML is walked, since readers of the format leave out notes, comments or tracked changes. Inserted text stands in its
paragraph, deleted text in a line of its own. Hidden text and texts of fields are read like any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from samaran.ingest import container
from samaran.ingest.document import EMBEDDED, PICTURES, TRACKED_CHANGES, Document
from samaran.ingest.metadata import link
from samaran.ingest.unreadable import Unreadable
from samaran.ingest.wordml import attribute, name
from samaran.model import EntityType, Part, Property, Reason, Span, Transcript

_MARKS = {"tab": "\t", "line-break": "\n", "soft-page-break": ""}
_PEOPLE = frozenset({"creator", "initial-creator", "printed-by", "sender-firstname", "author-name", "author-initials"})
_ABOUT = frozenset({"title", "subject", "description", "keyword", "user-defined"})
_RUNNING = {"header": Part.HEADER, "footer": Part.FOOTER}
_DEPTH = 200


@dataclass(slots=True)
class Paragraph:
    """What one text:p or text:h holds; `notes` and `boxes` are elements to read after it."""

    shown: list[str] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: bool = False
    inserted: bool = False


def parts(data: bytes) -> tuple[Any, Any, Any]:
    """Content, styles and metadata. Raises `Unreadable`: PASSWORD, MALFORMED."""
    if b"encryption-data" in container.part(data, "META-INF/manifest.xml"):
        raise Unreadable(Reason.PASSWORD)
    found = [container.part(data, f"{part}.xml") for part in ("content", "styles", "meta")]
    roots = [container.xml(part) if part else None for part in found]
    if roots[0] is None or any(root is not None and _too_deep(root) for root in roots):
        raise Unreadable(Reason.MALFORMED)
    return roots[0], roots[1], roots[2]


def read(data: bytes, names: frozenset[str], speakers: Mapping[str, str]) -> Transcript:
    """The document's text, built line by line, with labels told as in any transcript. Raises `Unreadable`."""
    content, styles, meta = parts(data)
    reader = _Reader(content)
    for body in _named(content, "body"):
        reader.block(body, Part.BODY, "")
    reader.rest()
    for root in (styles, content):
        for running in _RUNNING:
            for element in _named(root, running) if root is not None else ():
                reader.block(element, _RUNNING[running], reader.count(running))
    if meta is not None:
        about(meta, reader)
    if any(n.startswith("Pictures/") for n in names):
        reader.warn(PICTURES)
    if any(n.startswith("Object") and n.endswith("/content.xml") for n in names):
        reader.warn(EMBEDDED)
    return reader.transcript("odt", speakers)


def about(meta: Any, document: Document) -> None:
    """Who made the document, and what they wrote of it."""
    for element in meta.iter():
        kind, value = name(element), " ".join("".join(element.itertext()).split())
        if value and kind in _PEOPLE:
            document.note(Property("author", value, EntityType.PERSON))
        elif value and kind in _ABOUT:
            document.note(Property("custom property" if kind == "user-defined" else kind, value))


class _Reader(Document):
    """One text on its way to a transcript."""

    def __init__(self, content: Any) -> None:
        super().__init__()
        self.deletions: dict[str, Any] = {}
        self.insertions: set[str] = set()
        self.open: set[str] = set()
        for region in _named(content, "changed-region"):
            self.warn(TRACKED_CHANGES)
            key = attribute(region, "id")
            for change in region:
                for creator in _named(change, "creator"):
                    self.person("".join(creator.itertext()))
                if name(change) == "deletion":
                    self.deletions[key] = change
                elif name(change) == "insertion":
                    self.insertions.add(key)

    def blocks(self, holder: Any) -> Iterator[Any]:
        for child in holder:
            kind = name(child)
            if kind in ("p", "h", "table"):
                yield child
            elif kind in ("change-start", "change-end", "change"):
                self.change(child, None)
            elif kind not in ("", "tracked-changes", "change-info", "forms"):
                yield from self.blocks(child)

    def is_table(self, element: Any) -> bool:
        return name(element) == "table"

    def grid(self, element: Any) -> list[list[tuple[int, Any]]]:
        found = []
        for row in _rows(element):
            cells, at = [], 0
            for cell in row:
                if name(cell) in ("table-cell", "covered-table-cell"):
                    cells.append((at, cell))
                    repeated = attribute(cell, "number-columns-repeated")
                    at += int(repeated) if repeated.isdecimal() and len(repeated) < 6 else 1
            found.append([(at, cell) for at, cell in cells if name(cell) == "table-cell"])
        return found

    def shown(self, cell: Any) -> str:
        held, self.open = self.open, set()  # a look ahead: the changes that it meets are not passed yet
        pieces = ["".join(self.inline(p).shown) for p in cell if name(p) in ("p", "h")]
        self.open = held
        return " ".join(" ".join(pieces).split())

    def paragraph(
        self, element: Any, part: Part, ref: str, *, column: Span | None = None, label: Span | None = None
    ) -> Span | None:
        found = self.inline(element)
        inserted = found.inserted and not found.kept and part in (Part.BODY, Part.CELL)
        first = None
        for piece in "".join(found.shown).split("\n"):
            span = self.sheet.add(piece, ref, Part.INSERTED if inserted else part, column=column, label=label)
            first = first or span
        for key in found.deleted:
            self.deletion(key, f"{ref} deleted")
        for box in found.boxes:
            self.block(box, part, f"{ref} text box")
        for note in found.notes:
            kind = "comment" if name(note) == "annotation" else attribute(note, "note-class") or "footnote"
            kind = kind if kind in ("comment", "footnote", "endnote") else "footnote"
            for creator in (e for e in note if name(e) == "creator"):
                self.person("".join(creator.itertext()))
            self.block(note, Part.COMMENT if kind == "comment" else Part.FOOTNOTE, self.count(kind))
        return first

    def deletion(self, key: str, ref: str) -> None:
        change = self.deletions.pop(key, None)
        if change is not None:
            self.block(change, Part.DELETED, ref)

    def rest(self) -> None:
        """Deletions whose place in the text was lost."""
        for key in list(self.deletions):
            self.deletion(key, "deleted")

    def inline(self, element: Any) -> Paragraph:
        found = Paragraph()
        self.walk(element, found)
        return found

    def walk(self, element: Any, found: Paragraph) -> None:
        self.text(element.text, found)
        for child in element:
            kind = name(child)
            if kind == "s":
                count = attribute(child, "c")
                self.text(" " * (int(count) if count.isdecimal() and len(count) < 4 else 1), found)
            elif kind in _MARKS:
                self.text(_MARKS[kind], found)
            elif kind in ("change-start", "change-end", "change"):
                self.change(child, found)
            elif kind in ("note", "annotation"):
                found.notes.append(child)
            elif kind == "text-box":
                found.boxes.append(child)
            elif kind in ("title", "desc"):
                self.note(Property("picture description", "".join(child.itertext()).strip() or "-"))
            elif kind:
                if kind == "a" and (target := attribute(child, "href")):
                    self.note(link(target))
                if hidden := attribute(child, "string-value") if kind in ("hidden-text", "conditional-text") else "":
                    self.text(hidden, found)
                self.walk(child, found)
            self.text(child.tail, found)

    def text(self, piece: str | None, found: Paragraph) -> None:
        if piece:
            found.shown.append(piece if piece in ("\n", "\t") else " ".join(piece.split("\n")))
            visible = bool(piece.strip())
            found.inserted = found.inserted or (visible and bool(self.open))
            found.kept = found.kept or (visible and not self.open)

    def change(self, element: Any, found: Paragraph | None) -> None:
        key = attribute(element, "change-id")
        if name(element) == "change-start" and key in self.insertions:
            self.open.add(key)
        elif name(element) == "change-end":
            self.open.discard(key)
        elif found is not None and key in self.deletions:
            found.deleted.append(key)


def _rows(element: Any) -> Iterator[Any]:
    for child in element:
        if name(child) == "table-row":
            yield child
        elif name(child) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _rows(child)


def _named(root: Any, wanted: str) -> Iterator[Any]:
    return (element for element in root.iter() if name(element) == wanted)


def _too_deep(root: Any) -> bool:
    """Whether elements nest deeper than any program writes them; the walk is recursive."""
    depth, todo = 0, [root]
    while todo:
        depth += 1
        if depth > _DEPTH:
            return True
        todo = [child for element in todo for child in element]
    return False
