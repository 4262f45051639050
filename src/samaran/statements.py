"""What only a person can know and the board's report needs: `statements.toml`, one table a control, each dated and by somebody.

It is not part of the config: a new statement reopens no review. Unknown tables, keys and words are errors.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from samaran.errors import UsageError

FILE = "statements.toml"
WHO = ("pi", "board", "reviewer")

Kind = type[int] | type[date] | type[str] | tuple[str, ...]

TABLES: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "C17": {"decision": ("generalized", "withheld", "accepted")},
        "C18": {"sources": int, "spouse": int, "parent_child": int, "colleague": int, "mitigated": int},
        "C21": {"adults": int, "minors": int, "disposition": ("none-needed", "withdrawn", "guardian-consent")},
        "C22": {"legal_risk": int, "custody": ("pi", "board", "split", "elsewhere")},
        "C23": {"referral_list": str},
        "C24": {"tested": int, "found": int},
        "C29": {"pledges": int, "trained": date},
        "C30": {"offered": int, "answered": int},
        "C31": {"access": ("open", "restricted", "closed"), "datatags": ("blue", "green", "yellow", "orange", "red", "crimson")},
    }
)
"""Control to its keys and what may stand there: a whole number, a day, a short code, or one of a few words. All are needed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody stated for a control. `on` is an ISO day, `by` a role; days among `values` are ISO text."""

    on: str
    by: str
    values: Mapping[str, int | str] = field(default_factory=dict)


def read_statements(study: Path) -> Mapping[str, Statement]:
    """The statements of a study by control; none when there is no file. Raises `UsageError` with table and key."""
    try:
        text = (study / FILE).read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(f"{FILE} can't be read.", "It is TOML in UTF-8; see docs/config.md.") from None
    if "C08" in tables:
        raise UsageError(
            f"{FILE}: [C08] has moved to dpia.toml.", "Take the table away; `samaran assess STUDY` writes dpia.toml."
        )
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise UsageError(f"{FILE}: unknown table [{unknown[0]}].", f"Tables: {', '.join(TABLES)}. See docs/config.md.")
    return MappingProxyType({name: _statement(name, table) for name, table in tables.items()})


def _statement(name: str, table: Any) -> Statement:
    wanted: dict[str, Kind] = {"on": date, "by": WHO, **TABLES[name]}
    if not isinstance(table, dict) or set(table) != set(wanted):
        given = set(table) if isinstance(table, dict) else set()
        wrong = sorted(given ^ set(wanted))
        raise UsageError(f"{FILE} [{name}]: `{wrong[0]}` is missing or unknown.", f"Keys: {', '.join(wanted)}.")
    values = {key: _value(name, key, table[key], kind) for key, kind in wanted.items()}
    return Statement(str(values.pop("on")), str(values.pop("by")), MappingProxyType(values))


def _value(name: str, key: str, value: Any, kind: Kind) -> int | str:
    if isinstance(kind, tuple):
        good, hint = value in kind, f"One of: {', '.join(kind)}."
    elif kind is date:
        good, hint = type(value) is date, "A day such as 2026-03-01, without quotes."
    elif kind is int:
        good, hint = type(value) is int and value >= 0, "A whole number."
    else:
        good = (
            isinstance(value, str)
            and value.isascii()
            and 0 < len(value) <= 20
            and value.replace(".", "").replace("-", "").isalnum()
        )
        hint = "A short code of letters, digits, dots and hyphens."
    if not good:
        raise UsageError(f"{FILE} [{name}]: `{key}` has a value that can't stand there.", hint)
    return value.isoformat() if isinstance(value, date) else value
