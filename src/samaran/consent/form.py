"""Answers to an online form, by the mapping in study.toml. docs/formats/consent.md has the rules; nothing is ever guessed.

Errors name row and column as a spreadsheet shows them, and never what stands there.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from samaran.errors import UsageError
from samaran.model import Consent
from samaran.study import NOTHING, ConsentForm
from samaran.tables import records

CODE = re.compile(r"([A-Za-z]{1,8})-?(\d{1,4})")
_STAMP = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})(?:,?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([ap]\.?m)?)?(?!\d).*", re.I
)
_BETWEEN = re.compile(r", ?|; ?")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One answer and where it stands."""

    row: int
    column: int
    text: str

    def wrong(self, what: str) -> UsageError:
        return _unfit(f"row {self.row}, column {_letters(self.column)}: {what}")


def answers(text: str, form: ConsentForm) -> list[Consent]:
    """All answers, oldest first. Only the mapped columns are read.

    Raises `UsageError`: a question that is missing or stands twice, a code or day that is none, an answer that is neither yes nor
    no, an option that no mapping names, two that contradict each other.
    """
    head, *rows = [row for _, row in records(text)] or [[]]
    place = {heading: _column(head, heading, key) for key, heading in headings(form)}
    found = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {
            heading: _Cell(number, column, _plain(row[column]) if column < len(row) else "") for heading, column in place.items()
        }
        code = CODE.fullmatch(cells[form.informant].text)
        if code is None:
            raise cells[form.informant].wrong("`informant` is no code such as INF-01")
        moment = _moment(cells[form.date], form.date_order)
        flags = frozenset(_agreed(cells, form) | _ticked(cells, form))
        given = Consent(f"{code[1].upper()}-{code[2]}", form.version, moment.date().isoformat(), form.mode, flags)
        found.append((moment, given))
    return [given for _, given in sorted(found, key=lambda one: one[0])]


def headings(form: ConsentForm) -> Iterator[tuple[str, str]]:
    """What is read: the key of [consent], and the heading that it names."""
    yield "informant", form.informant
    yield "date", form.date
    for flag, headings in form.columns.items():
        yield from ((flag, heading) for heading in headings)
    yield from (("ticks", heading) for heading in form.ticks)


def _column(head: Sequence[str], heading: str, key: str) -> int:
    found = [n for n, name in enumerate(head) if _plain(name) == _plain(heading)]
    if len(found) != 1:
        raise _unfit(f"the column that [consent] names for `{key}` is missing or stands twice")
    return found[0]


def _agreed(cells: Mapping[str, _Cell], form: ConsentForm) -> set[str]:
    """Flags of questions that are answered yes. A question may be asked in several columns, one for each language."""
    yes, no = ({_plain(word) for word in words} for words in (form.yes, form.no))
    found = set()
    for flag, headings in form.columns.items():
        given = [cells[heading] for heading in headings if cells[heading].text]
        for cell in given:
            if cell.text not in yes | no:
                raise cell.wrong(f"the answer for `{flag}` is neither among `yes` nor among `no` of [consent]")
        said = {cell.text in yes for cell in given}
        if len(said) > 1:
            raise given[0].wrong(f"`{flag}` is answered with yes and with no")
        if said == {True}:
            found.add(flag)
    return found


def _ticked(cells: Mapping[str, _Cell], form: ConsentForm) -> set[str]:
    """Flags of the options that are ticked."""
    found: set[str] = set()
    for heading, options in form.ticks.items():
        cell = cells[heading]
        gives: dict[str, set[str]] = {}
        for flag, texts in options.items():
            for text in texts:
                gives.setdefault(_plain(text), set()).add(flag)
        readings = [()] if not cell.text else list(islice(_readings(cell.text.rstrip("; "), gives), 2))
        if not readings:
            raise cell.wrong("an option is ticked that `ticks` of [consent] doesn't name")
        if len(readings) > 1:
            raise cell.wrong("the options in `ticks` of [consent] can be read in two ways: one is made of others")
        flags = {flag for option in readings[0] for flag in gives[option]}
        if NOTHING in flags and flags != {NOTHING}:
            raise cell.wrong("nothing and something are ticked together")
        found |= flags
    return found - {NOTHING}


def _readings(cell: str, options: Collection[str]) -> Iterator[tuple[str, ...]]:
    """In how many ways a cell is a list of these options, which may have commas themselves."""

    @cache
    def fits(rest: str) -> bool:
        return rest in options or any(fits(after) for _, after in begin(rest))

    def begin(rest: str) -> Iterator[tuple[str, str]]:
        for option in options:
            if rest.startswith(option) and (between := _BETWEEN.match(rest, len(option))):
                yield option, rest[between.end() :]

    def read(rest: str) -> Iterator[tuple[str, ...]]:
        if rest in options:
            yield (rest,)
        for option, after in begin(rest):
            if fits(after):
                yield from ((option, *others) for others in read(after))

    return read(cell)


def _moment(cell: _Cell, order: str) -> datetime:
    """When it was answered. The hour tells which of two answers of one day is the later."""
    match = _STAMP.fullmatch(cell.text)
    try:
        if match is not None:
            day = dict(zip("ymd" if len(match[1]) == 4 else order, map(int, match.groups()[:3]), strict=True))
            hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
            if match[7]:
                hour = hour % 12 + 12 * (match[7][0] == "p")
            return datetime(day["y"], day["m"], day["d"], hour, minute, second)
    except ValueError:
        pass  # the exception holds the value: leave it here
    raise cell.wrong(f"`date` is no day in the order {order}")


def _letters(column: int) -> str:
    """A column as a spreadsheet calls it: A, B, ... Z, AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unfit(what: str) -> UsageError:
    return UsageError(f"The consent form's table: {what}.", "See docs/formats/consent.md, and [consent] in docs/config.md.")
