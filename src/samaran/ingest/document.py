"""What all readers of documents share: paragraphs and tables become lines, people and links become properties.

A reader of one format says what its elements are (`blocks`, `grid`, `shown`, `paragraph`); the order, the references and the
tables that are transcripts are the same for all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from samaran.ingest import table
from samaran.ingest.spans import Sheet, numbered
from samaran.ingest.turns import transcribed
from samaran.model import EntityType, Part, Property, Span, Transcript

TRACKED_CHANGES = "tracked-changes"
PICTURES = "pictures-not-read"
EMBEDDED = "embedded-files-not-read"


class Document:
    """One document on its way to a transcript."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.found: dict[Property, None] = {}
        self.warnings: dict[str, None] = {}
        self.counts: Counter[str] = Counter()

    # what a format says of its elements

    def blocks(self, holder: Any) -> Iterable[Any]:
        """The paragraphs and tables in a part, a cell or a text box."""
        raise NotImplementedError

    def is_table(self, element: Any) -> bool:
        """Whether a block is a table."""
        raise NotImplementedError

    def grid(self, element: Any) -> list[list[tuple[int, Any]]]:
        """The rows of a table, each a list of column index and cell."""
        raise NotImplementedError

    def shown(self, cell: Any) -> str:
        """The text of a cell without its tables, on one line."""
        raise NotImplementedError

    def paragraph(
        self, element: Any, part: Part, ref: str, *, column: Span | None = None, label: Span | None = None
    ) -> Span | None:
        """Add a paragraph's lines; returns the first that shows."""
        raise NotImplementedError

    # what is the same for all

    def count(self, what: str) -> str:
        """The reference of the next one of a kind, `paragraph 3`."""
        self.counts[what] += 1
        return f"{what} {self.counts[what]}"

    def block(self, holder: Any, part: Part, ref: str) -> None:
        """Add all that a part, a note or a text box holds."""
        for element in self.blocks(holder):
            if self.is_table(element):
                self.table(element, part, ref)
            else:
                self.paragraph(element, part, ref or self.count("paragraph"))

    def table(self, element: Any, part: Part, ref: str) -> None:
        """Add a table cell by cell. A table that is a transcript has its speakers in the first column."""
        number = self.count("table")
        grid = self.grid(element)
        shown = [[self.shown(cell) for _, cell in row] for row in grid]
        spoken = table.spoken(shown)
        at = None if spoken else table.heading(shown)
        titles: dict[int, Span] = {}
        heads: dict[int, str] = {}
        for r, row in enumerate(grid):
            label: Span | None = None
            told = {index: shown[r][c] for c, (index, _) in enumerate(row)}
            who, said = table.turn(heads, told) if r > (len(grid) if at is None else at) else (None, None)
            if r == at:
                heads = told
            named = self.sheet.write(told[who]) if who is not None else None
            for c, (index, cell) in enumerate(row):
                if index == who:
                    continue
                where = f"{ref} {number} cell {table.column_name(index)}{r + 1}".strip()
                if spoken and c == 0 and shown[r][0] and any(shown[r][1:]):
                    written = self.sheet.write(shown[r][0])
                    label = Span(written.start, written.start + (len(shown[r][0].rstrip(": ")) or len(written)))
                    continue
                for inner in self.blocks(cell):
                    if self.is_table(inner):
                        self.table(inner, part, where)
                        continue
                    kept = Part.CELL if part is Part.BODY and not spoken else part
                    span = self.paragraph(inner, kept, where, column=titles.get(index), label=named if index == said else label)
                    if r == at and span:
                        titles.setdefault(index, span)

    def person(self, name: str) -> None:
        """Somebody who wrote, commented or changed."""
        if name.strip():
            self.note(Property("author", name.strip(), EntityType.PERSON))

    def note(self, found: Property) -> None:
        """A property, once."""
        self.found[found] = None

    def warn(self, code: str) -> None:
        """A warning, once."""
        self.warnings[code] = None

    def transcript(self, form: str, speakers: Mapping[str, str]) -> Transcript:
        """The document as read, with labels told as in any transcript."""
        text, running = self.sheet.text, (Part.BODY, Part.INSERTED)
        spoken = [line for line in self.sheet.lines if line.part in running and not line.label]
        others = [line for line in self.sheet.lines if line.part not in running or line.label]
        lines = numbered(sorted(others + transcribed(text, spoken, speakers), key=lambda line: line.body))
        return Transcript(form, text, tuple(lines), tuple(self.found), tuple(self.warnings))
