"""One row of the matrix: what was found of a control, why, and which entries of the log show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from samaran.report.facts import Facts
from samaran.statements import Statement


class Status(StrEnum):
    """What was found of a control."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Control:
    """`reason` and `evidence` are keys of words.toml, filled with `values`. `entries` are numbers of audit entries."""

    id: str
    status: Status
    reason: str
    evidence: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    entries: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.status in (Status.PASS, Status.FAIL) and not self.evidence:
            raise ValueError(f"{self.id}: nothing shows it")


def unseen(name: str) -> Control:
    """Nobody looked for this report."""
    return Control(name, Status.NOT_CHECKED, "not-looked")


def unstated(name: str) -> Control:
    """Software can't see it, and nobody has stated it: the reason says what is to be stated, and where."""
    return Control(name, Status.NOT_CHECKED, f"{name.lower()}-state")


def absent(name: str, reason: str = "", **values: object) -> Control:
    """There is none of what the control is about."""
    return Control(name, Status.NOT_APPLICABLE, reason or f"{name.lower()}-none", values=values)


def judged(name: str, good: bool, /, **values: object) -> Control:
    """Pass or fail, on evidence."""
    key = name.lower()
    return Control(name, Status.PASS if good else Status.FAIL, f"{key}-{'good' if good else 'bad'}", f"{key}-shown", values)


def stated(facts: Facts, name: str, since: str = "") -> Statement | None:
    """The statement for a control, unless it is dated in the future or before `since`."""
    statement = facts.statements.get(name)
    return statement if statement and since <= statement.on <= facts.made else None


def number(statement: Statement, key: str) -> int:
    """A whole number of a statement."""
    return int(statement.values[key])
