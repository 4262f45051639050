"""Dates and ages as values: what a mention of one says, whichever way it is written."""

import re

from samaran.pseudonymize import numbers

_MONTHS = (
    "januari january jan januwari",
    "februari february feb pebruari peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august aug agt agu ags agus",
    "september sept sep",
    "oktober october okt oct",
    "november nov nopember nop",
    "desember december des dec",
)
MONTHS = {word: n for n, names in enumerate(_MONTHS, 1) for word in names.split()}
_NUMERIC = re.compile(r"\b(\d{1,4})\s?[/.\-]\s?(\d{1,2})(?:\s?[/.\-]\s?'?(\d{2,4}))?\b")
_FILLERS = {"tanggal", "tgl", "tg", "tahun", "taun", "thn", "the", "of", "st", "nd", "rd", "th", "ping", "kaping", "bulan", "in"}
_YOUNG = {"bulan", "bln", "minggu", "hari", "months", "month", "weeks", "week", "days", "day", "poe", "sasih", "dinten"}
_DECADE = re.compile(r"(\d{2})\s*(?:-\s*)?(?:an|s|ies)\b")
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|sampai|to|nepi ka|s/d|sd)\s*(\d{1,3})")


def date(text: str) -> str | None:
    """A calendar date as `YYYY-MM-DD`, what is unsaid left as `?`. None where it is not a plain date (a feast, a range)."""
    bare = numbers.bare(text)
    if found := _NUMERIC.search(bare):
        first, second, third = found.groups()
        if len(first) == 4:
            return _iso(first, second, third)
        return _iso(third, second, first) if len(first) <= 2 else None
    tokens = [t for t in numbers.words(text) if t not in _FILLERS]
    at = next((i for i, token in enumerate(tokens) if token in MONTHS), None)
    if at is None:
        said = numbers.value(tokens)
        if said is not None and 1900 <= said <= 2100:
            return _iso(str(said), None, None)
        return _iso(None, None, str(said)) if said is not None and 1 <= said <= 31 else None
    before, after = tokens[:at], tokens[at + 1 :]
    month = str(MONTHS[tokens[at]])
    if not before and after and len(after) > 1 and after[0].isdecimal() and int(after[0]) <= 31:
        before, after = after[:1], after[1:]  # May 21st, 2023
    day, year = numbers.value(before), numbers.value(after)
    if (before and day is None) or (after and year is None):
        return None
    if year is not None and year <= 31 and not before and len(after[0]) <= 2:
        day, year = year, None  # May 21
    return _iso(None if year is None else str(year), month, None if day is None else str(day))


def _iso(year: str | None, month: str | None, day: str | None) -> str | None:
    y, m, d = (int(part) if part else None for part in (year, month, day))
    if (m is not None and not 1 <= m <= 12) or (d is not None and not 1 <= d <= 31):
        return None
    if y is not None and y < 100:
        y += 2000 if y < 50 else 1900
    return f"{y if y is not None else '????'}-{f'{m:02}' if m else '??'}-{f'{d:02}' if d else '??'}"


def age(text: str) -> tuple[int, int] | None:
    """The youngest and the oldest age in years that the words allow. Months, weeks and days are age 0."""
    bare = numbers.bare(text)
    tokens = numbers.words(text)
    if any(token in _YOUNG for token in tokens) and not any(t.startswith(("tahun", "taun", "year")) for t in tokens):
        return 0, 0
    if found := _DECADE.search(bare):
        low = int(found[1])
        return low, low + 9
    if pair := _RANGE.search(bare):
        low, high = sorted((int(pair[1]), int(pair[2])))
        return (low, high) if high <= 130 else None
    if tokens[:2] and tokens[0] == "kepala" and len(tokens) > 1:
        unit = numbers.value(tokens[1:2])
        return None if unit is None or not 1 <= unit <= 9 else (unit * 10, unit * 10 + 9)
    said = [t for t in tokens if t in numbers.UNITS or t in numbers.WHOLE or t in numbers.TIMES or t in numbers.ROUND]
    said = [t for t in tokens if t.isdecimal() or t in numbers.TEENS or t in said]
    if any(t in ("puluhan", "twenties", "thirties", "forties", "fifties", "sixties") for t in tokens):
        return _decade_in_words(tokens)
    years = numbers.value(said)
    return (years, years) if years is not None and 0 <= years <= 130 else None


def _decade_in_words(tokens: list[str]) -> tuple[int, int] | None:
    english = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60}
    for token in tokens:
        if token in english:
            return english[token], english[token] + 9
    at = tokens.index("puluhan")
    unit = numbers.UNITS.get(tokens[at - 1]) if at else None
    return (unit * 10, unit * 10 + 9) if unit else None
