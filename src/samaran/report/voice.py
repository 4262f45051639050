"""Words, numbers and days in Indonesian, English or both. Words live in words.toml; nothing is shown that isn't escaped."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from markupsafe import Markup, escape

Language = Literal["id", "en", "both"]

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}
_SMALL = 3
_GROUPS = {"id": ".", "en": ",", "both": "\u202f"}


class Day(str):
    """An ISO day among the values of a phrase: shown as a date. Empty where there is none."""

    __slots__ = ()


class Minute(str):
    """An ISO minute among the values of a phrase: shown as a date and an hour of 24."""

    __slots__ = ()


class Few(int):
    """A count of people among the values of a phrase: one and two are not told apart."""

    __slots__ = ()


class Term(str):
    """A word of a closed list among the values of a phrase: shown in the language, by the key `term-...` of words.toml."""

    __slots__ = ()


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every phrase of the report, by key and language."""
    return tomllib.loads((files("samaran.report") / "words.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Voice:
    """How the report speaks. In `both` Indonesian comes first; numbers that stand alone are then grouped by a thin space, which
    neither language takes for a decimal sign."""

    language: Language

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are heard, in order."""
        return ("id", "en") if self.language == "both" else (self.language,)

    def say(self, key: str, **values: object) -> Markup:
        """A phrase as HTML, each language in an element of its own, once where they agree. `KeyError` for an unknown one."""
        lines = self.lines(key, **values)
        if len(set(lines)) < len(lines):
            return escape(lines[0])
        parts = zip(self.languages, lines, strict=True)
        return Markup(" ").join(Markup('<span class="{0}" lang="{0}">{1}</span>').format(code, line) for code, line in parts)

    def lines(self, key: str, **values: object) -> tuple[str, ...]:
        """The phrase as plain text, one per language."""
        return tuple(
            words()[key][code].format(**{name: shown(value, code) for name, value in values.items()}) for code in self.languages
        )

    def number(self, value: object) -> Markup:
        """A number, a share or a day that stands alone."""
        if isinstance(value, Day) and self.language == "both":
            first, second = shown(value, "id"), shown(value, "en")
            return escape(first if first == second else f"{first} / {second}")
        return escape(shown(value, self.language))

    def few(self, value: int) -> Markup:
        """A count of people or of what they said: one and two are not told apart."""
        return self.number(Few(value))


def shown(value: object, language: str) -> str:
    """A value as the language writes it. A float is a share."""
    match value:
        case bool():
            return {"id": "ya" if value else "tidak", "en": "yes" if value else "no"}.get(language, "✓" if value else "✗")
        case Few() if 0 < value < _SMALL:
            return f"< {_SMALL}"
        case int():
            return f"{value:,}".replace(",", _GROUPS[language])
        case float():
            return f"{100 * value:.1f}".replace(".", "." if language == "en" else ",") + "%"
        case Minute():
            hour = value[11:16]
            return f"{_day(value, language)}, " + (f"pukul {hour.replace(':', '.')}" if language == "id" else hour)
        case Day():
            return _day(value, language)
        case Term():
            return words()[f"term-{value}"][language]
        case _:
            return str(value)


def _day(value: str, language: str) -> str:
    if not value:
        return "-"
    year, month, day = value[:10].split("-")
    return f"{int(day)} {_MONTHS[language].split()[int(month) - 1]} {year}"
