"""Tables that people write by hand or in a spreadsheet: CSV with commas, or semicolons as spreadsheets in Indonesia save it."""

import csv
from io import StringIO


def delimiter(text: str) -> str:
    """What stands between the cells, by the first line."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def records(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the line each ends on; none when the text is no CSV."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter(text))
    try:
        return [(rows.line_num, row) for row in rows]
    except csv.Error:
        return []
