"""Who agreed to what, and since when: consent.csv, one row for each version of an informant's consent, and the answers to an
online form, by the mapping in study.toml (`form`)."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from samaran.consent.form import CODE, answers
from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS, Consent
from samaran.study import ConsentForm
from samaran.tables import records

COLUMNS = ("informant", "form_version", "date", "mode", *CONSENT_FLAGS)
_NEEDED = ("informant", "form_version", "date", "mode", "participate")
_ANSWERS = {"yes": True, "ya": True, "1": True, "true": True, "no": False, "tidak": False, "0": False, "false": False, "": False}
_MODES = {"written": "written", "tertulis": "written", "recorded": "recorded", "direkam": "recorded"}


def read_consents(path: Path) -> Mapping[str, Consent]:
    """The consent in force of each informant: the row with the latest date, and of two on one day the lower one. Raises as
    `history`."""
    return in_force(history(path))


def in_force(versions: Mapping[str, tuple[Consent, ...]]) -> Mapping[str, Consent]:
    """The last version of each informant's consent."""
    return MappingProxyType({informant: given[-1] for informant, given in versions.items()})


def history(path: Path, form: ConsentForm | None = None) -> Mapping[str, tuple[Consent, ...]]:
    """All versions of each informant's consent, oldest first; of two on one day the online form's comes before the table's, and
    the upper row before the lower one.

    An answer is yes, ya, 1, true or no, tidak, 0, false; an empty one is no, and so is a column that is not there. Raises
    `UsageError` with line and column: no such file, unknown, double or missing column, a value that is none of these.
    """
    given = answers(_text(path.with_name(form.file), "the consent form's table"), form) if form and form.file else []
    found: dict[str, list[Consent]] = {}
    for consent in sorted([*given, *_rows(_text(path))], key=lambda c: c.date):
        found.setdefault(consent.informant, []).append(consent)
    return MappingProxyType({informant: tuple(versions) for informant, versions in found.items()})


def _text(path: Path, what: str = "consent.csv") -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        hint = "`samaran init STUDY` writes a template of it." if what == "consent.csv" else "Check `file` in [consent]."
        raise UsageError(f"{what} cannot be read.", hint) from None
    except UnicodeDecodeError:
        pass  # the exception holds the file: leave it here
    raise UsageError(f"{what} is not UTF-8.", "Save it as CSV UTF-8.")


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
    found = records(text)
    if text and not found:
        raise _wrong(1, "the table", "cannot be read as CSV")
    return found


def _consent(cells: Mapping[str, str], line: int) -> Consent:
    code = CODE.fullmatch(cells["informant"])
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
