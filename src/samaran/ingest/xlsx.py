"""Excel workbooks: each cell is a line, all sheets, hidden ones included, and the comments on cells.

A number is written as its digits, with the leading zeros that its format shows: no identifier is rounded. A formula
shows its last value.
"""

import datetime
import re
import warnings
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from samaran.ingest.metadata import link
from samaran.ingest.spans import Sheet
from samaran.ingest.table import column_name, heading_row, turn
from samaran.ingest.unreadable import Unreadable
from samaran.ingest.workbook import Text, beside
from samaran.model import EntityType, Part, Property, Reason, Span, Transcript

HIDDEN_SHEETS = "hidden-sheets"
CHART_SHEETS = "chart-sheets-not-read"
MAX_CELLS = 2_000_000
DEFAULT_TITLE = re.compile(r"(?:Sheet|Lembar|Tabelle|Feuil)\s?\d+")
_ZEROS = re.compile(r"0{2,20}")
_DAMAGE = (KeyError, ValueError, AttributeError, TypeError, OSError, SyntaxError, IndexError, EOFError, RecursionError)


warnings.filterwarnings("ignore", module="openpyxl")  # they quote names of the file


def read(data: bytes) -> Transcript:
    """The cells, sheet by sheet and row by row; a sheet's name, where somebody gave it one, stands above. Raises
    `Unreadable`: MALFORMED, TOO_LARGE."""
    reader = _Reader()
    try:
        reader.book(openpyxl.load_workbook(BytesIO(data)), lambda: openpyxl.load_workbook(BytesIO(data), data_only=True))
        reader.rest(data)
    except _DAMAGE:
        damaged = True  # the exception may hold text of the file: leave it here
    else:
        damaged = False
    if damaged:
        raise Unreadable(Reason.MALFORMED)
    return Transcript("xlsx", reader.page.text, tuple(reader.page.lines), tuple(reader.found), tuple(reader.warnings))


class _Reader:
    """One workbook on its way to a transcript."""

    def __init__(self) -> None:
        self.page = Sheet()
        self.found: dict[Property, None] = {}
        self.warnings: dict[str, None] = {}
        self.cells = 0

    def book(self, book: Any, calculated: Callable[[], Any]) -> None:
        formulas = any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values())
        values = calculated() if formulas else book  # a second look at the file, for the last values of formulas
        for number, sheet in enumerate(book.worksheets, 1):
            self.sheet(sheet, values[sheet.title], number)
        if any(name not in {sheet.title for sheet in book.worksheets} for name in book.sheetnames):
            self.warnings[CHART_SHEETS] = None
        self.core(book.properties)

    def rest(self, data: bytes) -> None:
        """What stands in no cell."""
        for found in beside(data):
            if isinstance(found, Text):
                self.page.add(found.text, found.ref, found.part)
            elif isinstance(found, Property):
                self.found[found] = None
            else:
                self.warnings[found] = None

    def sheet(self, sheet: Any, values: Any, number: int) -> None:
        where = "" if number == 1 else f"sheet {number} "
        if sheet.sheet_state != "visible":
            self.warnings[HIDDEN_SHEETS] = None
        if not DEFAULT_TITLE.fullmatch(sheet.title):
            self.page.add(sheet.title, f"sheet {number}", Part.HEADER)
        cells = sorted(c for c, cell in sheet._cells.items() if cell.value is not None or cell.comment or cell.hyperlink)
        self.cells += len(cells)
        if self.cells > MAX_CELLS:
            raise Unreadable(Reason.TOO_LARGE)
        rows: dict[int, dict[int, str]] = {}
        for r, c in cells:
            rows.setdefault(r, {})[c] = _shown(sheet._cells[r, c], values)
        at = heading_row(rows)
        titles: dict[int, Span] = {}
        for r, row in rows.items():
            who, said = turn(rows[at], row) if at is not None and r > at else (None, None)
            label = self.page.write(" ".join(row[who].split())) if who is not None else None
            for c, shown in row.items():
                ref = f"{where}cell {column_name(c - 1)}{r}"
                column = titles.get(c) if at is not None and r > at else None
                for piece in shown.splitlines() if c != who else ():
                    span = self.page.add(piece, ref, Part.CELL, column=column, label=label if c == said else None)
                    if r == at and span:
                        titles.setdefault(c, span)
                self.beside(sheet._cells[r, c], ref)

    def beside(self, cell: Any, ref: str) -> None:
        """What hangs on a cell: its comment, its link, the words in its formula."""
        if cell.comment:
            for piece in (cell.comment.text or "").splitlines():
                self.page.add(piece, f"{ref} comment", Part.COMMENT)
            if cell.comment.author and cell.comment.author != "None":
                self.found[Property("author", cell.comment.author, EntityType.PERSON)] = None
        if cell.hyperlink and cell.hyperlink.target:
            self.found[link(cell.hyperlink.target)] = None
        if cell.data_type == "f" and '"' in str(cell.value):
            self.page.add(str(cell.value), f"{ref} formula", Part.NOTE)

    def core(self, properties: Any) -> None:
        for name, kind in (
            ("creator", EntityType.PERSON),
            ("lastModifiedBy", EntityType.PERSON),
            ("title", None),
            ("subject", None),
            ("description", None),
            ("keywords", None),
            ("category", None),
        ):
            if value := getattr(properties, name, None):
                self.found[Property(name, str(value), kind)] = None


def _shown(cell: Any, values: Any) -> str:
    value = cell.value
    if cell.data_type == "f":
        value = values.cell(cell.row, cell.column).value
        if value is None:
            return str(getattr(cell.value, "text", cell.value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        value = format(Decimal(repr(value)), "f")
        value = value.rstrip("0").rstrip(".") if "." in value else value
    if isinstance(value, int | str) and str(value).isdigit() and _ZEROS.fullmatch(str(cell.number_format)):
        return str(value).zfill(len(cell.number_format))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value) if value is not None else ""
