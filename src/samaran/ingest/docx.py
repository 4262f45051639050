"""Word documents: paragraphs and tables in document order, then headers, footers, notes and comments.

python-docx opens the package; its `paragraphs` leave out tracked changes, text boxes and notes, so the XML is walked
(`wordml`). Inserted text stands in its paragraph, deleted text in a line of its own. Authors, links and picture
descriptions are properties.
"""

from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.package import OpcPackage

from samaran.ingest import container, roles, table, wordml
from samaran.ingest.metadata import link, of_part
from samaran.ingest.spans import Sheet, numbered
from samaran.ingest.turns import labelled
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Part, Property, Reason, Span, Transcript

TRACKED_CHANGES = "tracked-changes"
PICTURES = "pictures-not-read"
EMBEDDED = "embedded-files-not-read"

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
    return reader.transcript(speakers)


class _Reader:
    """One document on its way to a transcript."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.found: dict[Property, None] = {}
        self.warnings: dict[str, None] = {}
        self.counts: Counter[str] = Counter()

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
            elif kind in ("image", "oleObject", "package"):
                self.warnings[PICTURES if kind == "image" else EMBEDDED] = None
        for related in package.rels.values():
            if not related.is_external and _kind(related).endswith("-properties"):
                self.found |= dict.fromkeys(of_part(container.xml(related.target_part.blob)))

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

    def block(self, holder: Any, part: Part, ref: str) -> None:
        for element in wordml.blocks(holder):
            if wordml.name(element) == "tbl":
                self.table(element, part, ref)
            else:
                self.paragraph(element, part, ref or self.count("paragraph"))

    def count(self, what: str) -> str:
        self.counts[what] += 1
        return f"{what} {self.counts[what]}"

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
            self.warnings[TRACKED_CHANGES] = None
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

    def table(self, element: Any, part: Part, ref: str) -> None:
        number = self.count("table")
        grid = list(wordml.rows(element))
        shown = [[_shown(cell) for _, cell in row] for row in grid]
        spoken = _labels(shown)
        at = None if spoken else table.heading(shown)
        titles: dict[int, Span] = {}
        for r, row in enumerate(grid):
            label: Span | None = None
            for c, (index, cell) in enumerate(row):
                where = f"{ref} {number} cell {table.column_name(index)}{r + 1}".strip()
                if spoken and c == 0 and shown[r][0] and any(shown[r][1:]):
                    written = self.sheet.write(shown[r][0])
                    label = Span(written.start, written.start + (len(shown[r][0].rstrip(": ")) or len(written)))
                    continue
                for inner in wordml.blocks(cell):
                    if wordml.name(inner) == "tbl":
                        self.table(inner, part, where)
                        continue
                    kept = Part.CELL if part is Part.BODY and not spoken else part
                    span = self.paragraph(inner, kept, where, column=titles.get(index), label=label)
                    if r == at and span:
                        titles.setdefault(index, span)

    def person(self, name: str) -> None:
        if name.strip():
            self.note(Property("author", name.strip(), EntityType.PERSON))

    def note(self, found: Property) -> None:
        self.found[found] = None

    def transcript(self, speakers: Mapping[str, str]) -> Transcript:
        text = self.sheet.text
        spoken = [line for line in self.sheet.lines if line.part in (Part.BODY, Part.INSERTED) and not line.label]
        others = [line for line in self.sheet.lines if line.part not in (Part.BODY, Part.INSERTED) or line.label]
        lines = numbered(sorted(others + labelled(text, spoken, speakers), key=lambda line: line.body))
        return Transcript("docx", text, tuple(lines), tuple(self.found), tuple(self.warnings))


def _kind(related: Any) -> str:
    return str(related.reltype).rpartition("/")[2]


def _shown(cell: Any) -> str:
    """The text of a cell without its tables, on one line."""
    pieces = ("".join(wordml.paragraph(p).shown) for p in wordml.blocks(cell) if wordml.name(p) == "p")
    return " ".join(" ".join(pieces).split())


def _labels(shown: list[list[str]]) -> bool:
    """Whether the table is a transcript: speakers in the first of two columns, and the same ones again and again."""
    labels = [row[0].rstrip(": ") for row in shown if len(row) == 2 and row[0] and row[1]]
    counts = Counter(roles.key(label) for label in labels)
    if len(labels) < 2 or len(labels) * 2 < len(shown) or max(len(label) for label in labels) > 40:
        return False
    named = sum(n for label, n in counts.items() if n >= 2 or roles.role_of(label))
    return named * 3 >= len(labels) * 2 and len(counts) <= max(2, len(labels) * 2 // 3)
