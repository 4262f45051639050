"""`roster.csv`, the list of who is who that the researcher keeps, becomes the first entities of the register."""

import csv
import io
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from samaran.errors import UsageError
from samaran.model import Entity, EntityType, Form, Register
from samaran.pseudonymize import names, numbers, roles
from samaran.pseudonymize.fold import fold
from samaran.pseudonymize.identity import Book, entity_id, merged
from samaran.pseudonymize.labels import LABELS

COLUMNS = ("entity", "informant_id", "real_name", "aliases", "phone", "online_ids", "role")
REQUIRED = ("informant_id", "real_name", "role")
_COLUMN_HINT = f"Columns: {', '.join(COLUMNS)}; {', '.join(REQUIRED)} are needed. Several values in a cell stand with ; between."


@dataclass(frozen=True, slots=True, repr=False)
class _Row:
    line: int
    entity: str
    code: str
    name: str
    aliases: tuple[str, ...]
    phones: tuple[str, ...]
    online: tuple[str, ...]
    role: str
    informant: bool = False


def _never(_: str) -> bool:
    return False


def read_roster(
    path: Path,
    key: bytes,
    words: Callable[[str], bool] = _never,
    known: Register | None = None,
    without: Container[str] = (),
) -> Register:
    """The entities of a roster, settled: persons with all their forms, and their telephone numbers and accounts.

    An informant's pseudonym is the code itself; others are numbered by role, in the order of the rows. With `known`, its
    entities stay as they are and rows that it knows add only forms. `words` says which forms are common words too. Rows of the
    codes in `without` are passed over: these informants have withdrawn. Raises
    `UsageError` with the line number when a column is unknown or missing, a name is missing, or rows repeat or contradict."""
    book = Book(known or Register())
    rows = _informants([row for row in _rows(path) if row.code not in without])
    for row in rows:
        _add_person(book, row, key, words)
    for row in rows:
        for kind, values in ((EntityType.PHONE, row.phones), (EntityType.ONLINE_ID, row.online)):
            for value in values:
                _add(book, key, kind, (value,), row.code, words, LABELS[kind])
    return book.register()


def _rows(path: Path) -> list[_Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError("The roster is missing.", "Write roster.csv, at least its first line; see docs/pseudonyms.md.") from None
    except UnicodeDecodeError:
        raise UsageError("The roster is not UTF-8.", "Save it as CSV UTF-8.") from None
    if "\0" in text:
        raise UsageError("The roster is not a CSV file.", "Save it as CSV UTF-8.")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=lambda d: len(set(COLUMNS) & {c.strip().casefold() for c in head.split(d)}))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        _check_header(header)
        found = []
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(_row(line, header, cells))
            line = reader.line_num + 1
    except csv.Error:
        raise UsageError(f"roster.csv line {reader.line_num}: a quote is not closed.", "Mend that line.") from None
    return found


def _check_header(header: list[str]) -> None:
    unknown = [n for n, column in enumerate(header, 1) if column not in COLUMNS]
    if unknown:
        raise UsageError(f"roster.csv line 1: column {unknown[0]} is unknown.", _COLUMN_HINT)
    missing = [column for column in REQUIRED if column not in header]
    if missing or len(set(header)) != len(header):
        raise UsageError(f"roster.csv line 1: `{missing[0]}` is missing." if missing else "A column stands twice.", _COLUMN_HINT)


def _row(line: int, header: list[str], cells: list[str]) -> _Row:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        raise UsageError(
            f"roster.csv line {line}: more cells than columns.",
            "Put a value that holds what stands between the cells (a comma, a semicolon) in quotes.",
        )
    value: Mapping[str, str] = dict(zip(header, (" ".join(cell.split()) for cell in cells), strict=False))
    name = value.get("real_name", "")
    if not any(c.isalpha() for c in name):
        raise UsageError(f"roster.csv line {line}: no name.", "Fill in real_name, or delete the row.")
    code = value.get("informant_id", "")
    if code and not all(c.isalnum() or c in "-_" for c in code):
        raise UsageError(
            f"roster.csv line {line}: not a code.", "An informant_id is letters, digits and hyphens, such as INF-01."
        )
    several = {c: tuple(v.strip() for v in value.get(c, "").split(";") if v.strip()) for c in ("aliases", "phone", "online_ids")}
    if any(len(numbers.digits(phone)) < 5 for phone in several["phone"]):
        raise UsageError(f"roster.csv line {line}: a telephone number has too few digits.", "Mend it, or leave it out.")
    return _Row(
        line,
        value.get("entity", ""),
        code,
        name,
        several["aliases"],
        several["phone"],
        several["online_ids"],
        value.get("role", ""),
    )


def _informants(rows: list[_Row]) -> list[_Row]:
    """Mark the row that is the informant, for each code: the one that says so, else the first that is nobody's relative."""
    said: dict[str, _Row] = {}
    for row in rows:
        if row.code and (numbers.words(row.role)[:1] or [""])[0] in roles.INFORMANT_WORDS:
            if row.code in said:
                raise UsageError(
                    f"roster.csv line {row.line}: a second informant of a code that line {said[row.code].line} has.",
                    "Give each informant a code of their own.",
                )
            said[row.code] = row
    for row in rows:
        if row.code and row.code not in said and not _related(row):
            said[row.code] = row
    _refuse_twins(rows)
    return [replace(row, informant=said.get(row.code) is row) for row in rows]


def _related(row: _Row) -> bool:
    """Whether the role makes somebody another's relative: it names the code, or begins with kin, partner or friend."""
    if row.code.casefold() in row.role.casefold():
        return True
    first = (numbers.words(row.role)[:1] or [""])[0]
    return roles.STEM.get(first) in ("ANAK", "KELUARGA", "PASANGAN", "TEMAN") and first != "mantan"


def _refuse_twins(rows: list[_Row]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        ids = [("name", f"{row.code}/{fold(row.name, EntityType.PERSON)}")] + ([("entity", row.entity)] if row.entity else [])
        for value in ids:
            if value in seen:
                raise UsageError(
                    f"roster.csv line {row.line}: the same person as line {seen[value]}.",
                    "Keep one row for each person, with all aliases; two people of one name get a longer name or another code.",
                )
            seen[value] = row.line


def _add_person(book: Book, row: _Row, key: bytes, words: Callable[[str], bool]) -> None:
    stem = row.code.partition("-")[0] if row.informant else roles.of_roster(row.role)
    entity = entity_id(key, EntityType.PERSON, "roster", row.entity or f"{row.code}/{fold(row.name, EntityType.PERSON)}")
    forms = person_forms(row.name, row.aliases, words)
    if entity in book:
        known = book.get(entity)
        book.put(replace(known, forms=merged(known.forms, forms), settled=True))
        return
    if row.informant and book.has_pseudonym(row.code):
        raise UsageError(
            f"roster.csv line {row.line}: the code belongs to another person in this study.", "Give this informant a new code."
        )
    pseudonym = row.code if row.informant else book.number(stem)
    book.add(Entity(entity, EntityType.PERSON, pseudonym, forms, stem, row.code or None, settled=True))


def _add(
    book: Book, key: bytes, kind: EntityType, forms: tuple[str, ...], code: str, words: Callable[[str], bool], stem: str
) -> None:
    entity = entity_id(key, kind, fold(forms[0], kind))
    made = tuple(Form(form, words(form)) for form in forms)
    if entity in book:
        known = book.get(entity)
        owner = known.informant if known.informant == (code or None) else None  # a telephone of several is nobody's own
        book.put(replace(known, forms=merged(known.forms, made), settled=True, informant=owner))
    else:
        book.add(Entity(entity, kind, book.number(stem), made, stem, code or None, settled=True))


def person_forms(name: str, aliases: tuple[str, ...], words: Callable[[str], bool]) -> tuple[Form, ...]:
    """The ways in which a person is written: the name, the name without titles, aliases, and the parts of the name."""
    parts = names.pieces(name)
    whole = [name, " ".join(parts), *aliases, *(" ".join(names.pieces(alias)) for alias in aliases)]
    single = [p for p in parts if len(p) > 2 and numbers.bare(p) not in names.PARTICLES] if len(parts) > 1 else []
    known = [text for text in whole if any(c.isalnum() for c in text)]
    return merged((), [Form(t, words(t)) for t in known] + [Form(p, words(p), part=True) for p in single])
