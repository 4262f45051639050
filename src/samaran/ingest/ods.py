"""OpenDocument sheets (.ods): each cell is a line, all sheets, hidden ones included, and the comments on cells.

A cell is written as it shows; where the display shortens a number, as its digits. Repeated cells are read once for each place
where they stand, within bounds.
"""

from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from samaran.ingest import odf
from samaran.ingest.document import Document
from samaran.ingest.metadata import link
from samaran.ingest.table import column_name, heading_row, turn
from samaran.ingest.unreadable import Unreadable
from samaran.ingest.wordml import attribute, name
from samaran.ingest.xlsx import DEFAULT_TITLE, HIDDEN_SHEETS, MAX_CELLS
from samaran.model import Part, Reason, Span, Transcript


def read(data: bytes) -> Transcript:
    """The cells, sheet by sheet and row by row. Raises `Unreadable`: PASSWORD, MALFORMED, TOO_LARGE."""
    content, _, meta = odf.parts(data)
    reader = _Reader()
    hidden = {
        attribute(style, "name")
        for style in content.iter()
        if name(style) == "style" and any(attribute(inner, "display") == "false" for inner in style)
    }
    tables = [e for e in content.iter() if name(e) == "table" and name(e.getparent()) == "spreadsheet"]
    for number, table in enumerate(tables, 1):
        if attribute(table, "style-name") in hidden:
            reader.warn(HIDDEN_SHEETS)
        reader.table_of_cells(table, number)
    if meta is not None:
        odf.about(meta, reader)
    return Transcript("ods", reader.sheet.text, tuple(reader.sheet.lines), tuple(reader.found), tuple(reader.warnings))


class _Reader(Document):
    """One workbook on its way to a transcript."""

    cells = 0

    def table_of_cells(self, table: Any, number: int) -> None:
        where = "" if number == 1 else f"sheet {number} "
        title = attribute(table, "name")
        if title and not DEFAULT_TITLE.fullmatch(title):
            self.sheet.add(title, f"sheet {number}", Part.HEADER)
        grid = self.filled(table)
        shown = {r: {c: _shown(cell) for c, cell in row.items()} for r, row in grid.items()}
        at = heading_row(dict(islice(shown.items(), 60)))
        titles: dict[int, Span] = {}
        for r, row in grid.items():
            who, said = turn(shown[at], shown[r]) if at is not None and r > at else (None, None)
            label = self.sheet.write(" ".join(shown[r][who].split())) if who is not None else None
            for c, cell in row.items():
                ref = f"{where}cell {column_name(c)}{r + 1}"
                column = titles.get(c) if at is not None and r > at else None
                for piece in shown[r][c].splitlines() if c != who else ():
                    span = self.sheet.add(piece, ref, Part.CELL, column=column, label=label if c == said else None)
                    if r == at and span:
                        titles.setdefault(c, span)
                self.beside(cell, ref)

    def filled(self, table: Any) -> dict[int, dict[int, Any]]:
        """Cells that hold anything, by row and column."""
        grid: dict[int, dict[int, Any]] = {}
        r = 0
        for row in (e for e in table.iter() if name(e) == "table-row"):
            found: dict[int, Any] = {}
            c = 0
            for cell in row:
                if name(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                times = _repeated(cell, "number-columns-repeated")
                if len(cell):
                    self.take(times)
                    found |= dict.fromkeys(range(c, c + times), cell)
                c += times
            times = _repeated(row, "number-rows-repeated")
            if found:
                self.take(len(found) * (times - 1))
                grid |= dict.fromkeys(range(r, r + times), found)
            r += times
        return grid

    def take(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise Unreadable(Reason.TOO_LARGE)

    def beside(self, cell: Any, ref: str) -> None:
        """What hangs on a cell: its comment, its links, the words in its formula."""
        for element in cell.iter():
            if name(element) == "annotation":
                for inner in element:
                    if name(inner) == "creator":
                        self.person("".join(inner.itertext()))
                    elif name(inner) in ("p", "list"):
                        self.sheet.add(" ".join("".join(inner.itertext()).split()), f"{ref} comment", Part.COMMENT)
            elif name(element) == "a" and (target := attribute(element, "href")):
                self.note(link(target))
        if '"' in (formula := attribute(cell, "formula")):
            self.sheet.add(formula, f"{ref} formula", Part.NOTE)


def _shown(cell: Any) -> str:
    """What the cell shows; a number whose display lost digits, as all of its digits."""
    shown = "\n".join("".join(p.itertext()) for p in cell if name(p) == "p")
    value = attribute(cell, "value")
    if attribute(cell, "value-type") != "float" or not value:
        return shown
    try:
        digits = format(Decimal(value), "f") if len(value) < 40 else value
    except InvalidOperation:
        return shown
    return digits if len(_digits(digits)) > len(_digits(shown)) or "E" in shown.upper() else shown


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def _repeated(element: Any, key: str) -> int:
    written = attribute(element, key)
    return min(int(written), MAX_CELLS + 2) if written.isdecimal() and len(written) < 9 else 1
