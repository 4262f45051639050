"""The impact assessment (DPIA) of a study, `dpia.toml`: what is done and why, each risk with its measures, and who approved it.

`samaran init` writes the template. Its texts are for people and stay in the study's folder, but that informants may read what the
data is for and who gets it; version, day, role and the counts of risks go into the board's report, the digest of the file into
the log with every run.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from samaran.errors import UsageError, Waiting

FILE = "dpia.toml"
TEXTS = ("purpose", "data", "necessity", "recipients", "retention")
"""Of [processing]: what UU PDP 34 has an assessment describe."""
RISKS = ("acquaintance", "prosecution", "theft", "insider", "third_persons")
"""Each has a table [risk.NAME]. Others may be added."""
LEVELS = ("low", "medium", "high")
APPROVERS = ("board", "pi")
_CODE_LENGTH = 20
_RISK_KEYS = ("likelihood", "harm", "measures", "left")


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessment that is complete. `on` and `by` are empty until it is approved. `left` holds for each risk what is left of it
    after the measures, `said` what people wrote of the processing."""

    version: str
    on: str
    by: str
    left: Mapping[str, str]
    digest: str
    said: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def open(self) -> int:
        """Risks of which more than a low one is left."""
        return sum(level != "low" for level in self.left.values())


def approved(study: Path, today: str) -> Assessment:
    """The assessment, if processing may begin. Raises `Waiting` when there is none or nobody approved it, `UsageError` when it is
    not complete."""
    found = read_assessment(study)
    if found is None:
        raise Waiting(
            "This study has no impact assessment, and nothing is processed without one.",
            f"`samaran assess STUDY` writes {FILE}; fill it in and have the board or the investigator approve it.",
        )
    if not found.on:
        raise Waiting(
            "The impact assessment of this study is not approved yet.",
            f"Whoever approves it writes `approved_on` and `approved_by` in {FILE}.",
        )
    if found.on > today:
        raise UsageError(f"{FILE}: `approved_on` is a day to come.", "Write the day on which it was approved.")
    return found


def read_assessment(study: Path) -> Assessment | None:
    """The assessment of a study, None when there is no file. Raises `UsageError` naming what is missing or unknown."""
    try:
        data = (study / FILE).read_bytes()
        tables = tomllib.loads(data.decode("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(f"{FILE} can't be read.", "It is TOML in UTF-8; see docs/config.md.") from None
    _keys(tables, "", ("version", "processing", "risk"), optional=("approved_on", "approved_by"))
    version, processing, risks = tables["version"], tables["processing"], tables["risk"]
    if not isinstance(version, str) or not 0 < len(version) <= _CODE_LENGTH or not version.replace(".", "").isalnum():
        raise _wrong("version", "is no short code such as 1.0")
    _keys(processing, "processing", TEXTS)
    for name in TEXTS:
        _text(f"processing.{name}", processing[name])
    _keys(risks, "risk", RISKS, optional=tuple(risks) if isinstance(risks, dict) else ())
    left = {name: _left(f"risk.{name}", table) for name, table in risks.items()}
    on, by = tables.get("approved_on"), tables.get("approved_by")
    if (on is None) != (by is None):
        raise _wrong("approved_on", "and `approved_by` go together")
    if on is not None and type(on) is not date:
        raise _wrong("approved_on", "is no day such as 2026-01-15, without quotes")
    if by is not None and by not in APPROVERS:
        raise _wrong("approved_by", f"is none of {', '.join(APPROVERS)}")
    if by == "pi" and "high" in left.values():
        raise _wrong("approved_by", "must be board where a high risk is left")
    said = {name: str(processing[name]).strip() for name in TEXTS}
    return Assessment(version, str(on or ""), by or "", left, hashlib.sha256(data).hexdigest(), said)


def digest(study: Path) -> str | None:
    """SHA-256 of the file as it is, whatever it says; None when it can't be read."""
    try:
        return hashlib.sha256((study / FILE).read_bytes()).hexdigest()
    except OSError:
        return None


def _left(name: str, table: Any) -> str:
    _keys(table, name, _RISK_KEYS)
    for key in ("likelihood", "harm", "left"):
        if table[key] not in LEVELS:
            raise _wrong(f"{name}.{key}", f"is none of {', '.join(LEVELS)}")
    _text(f"{name}.measures", table["measures"])
    return str(table["left"])


def _keys(table: Any, name: str, wanted: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    if not isinstance(table, dict):
        raise _wrong(name, "is no table")
    wrong = sorted(set(wanted) - set(table)) or sorted(set(table) - set(wanted) - set(optional))
    if wrong:
        raise _wrong(f"{name}.{wrong[0]}" if name else wrong[0], "is missing or unknown")


def _text(name: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, "is not filled in")


def _wrong(name: str, what: str) -> UsageError:
    return UsageError(f"{FILE}: `{name}` {what}.", "The comments in the file say what stands where; so does docs/config.md.")
