"""Who agreed to what: consent.csv, one row for each version of an informant's consent."""

import csv
import re
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS, Consent

COLUMNS = ("informant", "form_version", "date", "mode", *CONSENT_FLAGS)
_NEEDED = ("informant", "form_version", "date", "mode", "participate")
_ANSWERS = {"yes": True, "ya": True, "1": True, "true": True, "no": False, "tidak": False, "0": False, "false": False, "": False}
_MODES = {"written": "written", "tertulis": "written", "recorded": "recorded", "direkam": "recorded"}
_CODE = re.compile(r"([A-Za-z]{1,8})-?(\d{1,4})")


def read_consents(path: Path) -> Mapping[str, Consent]:
    """The consent in force of each informant: the row with the latest date, and of two on one day the lower one.

    An answer is yes, ya, 1, true or no, tidak, 0, false; an empty one is no, and so is a column that is not there. Raises
    `UsageError` with line and column: no such file, unknown, double or missing column, a value that is none of these.
    """
    found: dict[str, Consent] = {}
    for consent in _rows(_text(path)):
        before = found.get(consent.informant)
        if before is None or consent.date >= before.date:
            found[consent.informant] = consent
    return MappingProxyType(found)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise UsageError("consent.csv cannot be read.", "`samaran init STUDY` writes a template of it.") from None
    except UnicodeDecodeError:
        pass  # the exception holds the file: leave it here
    raise UsageError("consent.csv is not UTF-8.", "Save it as CSV UTF-8.")


def _rows(text: str) -> list[Consent]:
    head, *records = _records(text) or [(1, [])]
    columns = [name.strip().casefold() for name in head[1]]
    for position, name in enumerate(columns, 1):
        if name not in COLUMNS or columns.count(name) > 1:
            raise _wrong(1, f"column {position}", "is unknown or stands twice")
    for name in _NEEDED:
        if name not in columns:
            raise _wrong(1, name, "is missing")
    found = []
    for line, row in records:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            raise _wrong(line, f"column {len(columns) + 1}", "has no heading")
        padded = [cell.strip() for cell in row] + [""] * (len(columns) - len(row))
        found.append(_consent(dict(zip(columns, padded, strict=True)), line))
    return found


def _records(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the line each ends on."""
    head = text.partition("\n")[0]
    rows = csv.reader(StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    found: list[tuple[int, list[str]]] = []
    try:
        found += [(rows.line_num, row) for row in rows]
    except csv.Error:
        found.clear()
    if text and not found:
        raise _wrong(1, "the table", "cannot be read as CSV")
    return found


def _consent(cells: Mapping[str, str], line: int) -> Consent:
    code = _CODE.fullmatch(cells["informant"])
    if code is None:
        raise _wrong(line, "informant", "is no code such as INF-01")
    if not cells["form_version"]:
        raise _wrong(line, "form_version", "is empty")
    mode = _MODES.get(cells["mode"].casefold())
    if mode is None:
        raise _wrong(line, "mode", "must be written or recorded")
    flags = frozenset(flag for flag in CONSENT_FLAGS if _answer(cells.get(flag, ""), line, flag))
    return Consent(f"{code[1].upper()}-{code[2]}", cells["form_version"], _date(cells["date"], line), mode, flags)


def _answer(value: str, line: int, flag: str) -> bool:
    answer = _ANSWERS.get(value.casefold())
    if answer is None:
        raise _wrong(line, flag, "must be yes or no")
    return answer


def _date(value: str, line: int) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass  # the exception holds the value: leave it here
    raise _wrong(line, "date", "must be a day such as 2026-03-12")


def _wrong(line: int, column: str, what: str) -> UsageError:
    return UsageError(f"consent.csv, line {line}: {column} {what}.", f"Columns: {', '.join(COLUMNS)}.")
