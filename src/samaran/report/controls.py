"""The controls that can be checked today, each a function of the facts. None passes without evidence; the others say so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from samaran.report.facts import Facts
from samaran.report.voice import Day


class Status(StrEnum):
    """What was found of a control."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Control:
    """One row of the matrix. `reason` and `evidence` are keys of words.toml, filled with `values`."""

    id: str
    status: Status
    reason: str
    evidence: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status in (Status.PASS, Status.FAIL) and not self.evidence:
            raise ValueError(f"{self.id}: nothing shows it")


def controls(facts: Facts) -> tuple[Control, ...]:
    """C01 to C32 in order. What no rule here looks at is not checked, and says so."""
    return tuple(
        _CHECKED[name](facts) if name in _CHECKED else Control(name, Status.NOT_CHECKED, "not-built")
        for name in (f"C{n:02d}" for n in range(1, 33))
    )


def _unseen(name: str) -> Control:
    return Control(name, Status.NOT_CHECKED, "not-looked")


def _found(name: str, good: bool, values: Mapping[str, object]) -> Control:
    key = name.lower()
    return Control(name, Status.PASS if good else Status.FAIL, f"{key}-{'good' if good else 'bad'}", f"{key}-shown", values)


def _consent(facts: Facts) -> Control:
    c = facts.consents
    if c.needed is None or c.covered is None:
        return _unseen("C01")
    if not c.needed:
        return Control("C01", Status.NOT_APPLICABLE, "c01-none")
    refused = sum(facts.sources.refused.values())
    return _found("C01", c.covered == c.needed, {"needed": c.needed, "covered": c.covered, "refused": refused})


def _scope(facts: Facts) -> Control:
    seen = [r.unconsented for r in facts.releases]
    return _over_releases("C02", facts, seen, {"segments": sum(r.segments for r in facts.releases)})


def _seals(facts: Facts) -> Control:
    if facts.seals is None:
        return _unseen("C06")
    if not facts.seals.sources:
        return Control("C06", Status.NOT_APPLICABLE, "c06-none")
    values = {"sources": facts.seals.sources, "whole": facts.seals.whole}
    return _found("C06", facts.seals.sources == facts.seals.whole, values)


def _replacements(facts: Facts) -> Control:
    if facts.review.logged is None:
        return _unseen("C11")
    if not facts.review.decisions and not facts.review.logged:
        return Control("C11", Status.NOT_APPLICABLE, "c11-none")
    values = {"decisions": facts.review.decisions, "logged": facts.review.logged}
    return _found("C11", facts.review.decisions == facts.review.logged, values)


def _log(facts: Facts) -> Control:
    if facts.log is None or not facts.log.checks:
        return _unseen("C12")
    held = sum(ok for _, ok in facts.log.checks)
    good = facts.log.whole and facts.log.grown is not False
    values = {"held": held, "checks": len(facts.log.checks), "size": facts.log.size}
    kept = {None: "c12-alone", True: "c12-good", False: "c12-bad"}[facts.log.grown]
    return Control("C12", Status.PASS if good else Status.FAIL, kept if good else "c12-bad", "c12-shown", values)


def _access(facts: Facts) -> Control:
    if facts.openings is None or facts.log is None:
        return _unseen("C13")
    return _found("C13", facts.log.whole, {"openings": facts.openings.total})


def _two_persons(facts: Facts) -> Control:
    if facts.openings is None:
        return _unseen("C14")
    if not facts.openings.total:
        return Control("C14", Status.NOT_APPLICABLE, "c14-none")
    return _found("C14", not facts.openings.alone, {"openings": facts.openings.total, "alone": facts.openings.alone})


def _reviewed(facts: Facts) -> Control:
    if not facts.releases:
        return Control("C15", Status.NOT_APPLICABLE, "no-release")
    review = facts.review
    values = {"people": len(review.reviewers), "decisions": review.decisions, "open": review.open, "policy": review.by_policy}
    return _found("C15", not review.by_policy and bool(review.reviewers), values)


def _residue(facts: Facts) -> Control:
    seen = [None if r.hits is None or r.intact is None else r.hits + (not r.intact) for r in facts.releases]
    return _over_releases("C16", facts, seen, {"hits": sum(r.hits or 0 for r in facts.releases)})


def _media(facts: Facts) -> Control:
    seen = [r.strangers for r in facts.releases]
    return _over_releases("C25", facts, seen, {"files": sum(n or 0 for n in seen)})


def _over_releases(name: str, facts: Facts, seen: list[int | None], values: Mapping[str, object]) -> Control:
    if not seen:
        return Control(name, Status.NOT_APPLICABLE, "no-release")
    if any(n is None for n in seen):
        return _unseen(name)
    bad = sum(n or 0 for n in seen)
    return _found(name, not bad, {**values, "releases": len(facts.releases), "bad": bad})


def _proportion(facts: Facts) -> Control:
    review = facts.review
    if not review.characters or review.replaced is None:
        return _unseen("C27")
    values = {"segments": review.segments, "share": review.replaced / review.characters}
    return _found("C27", True, values)


def _approval(facts: Facts) -> Control:
    protocol = facts.protocol
    good = bool(protocol.number and protocol.committee and protocol.expires >= facts.made)
    return _found("C28", good, {"number": protocol.number or "-", "expires": Day(protocol.expires)})


def _drift(facts: Facts) -> Control:
    if facts.versions.drift is None:
        return _unseen("C32")
    return _found("C32", not facts.versions.drift, {"drift": facts.versions.drift, "config": facts.versions.config[:12]})


_CHECKED: Mapping[str, Callable[[Facts], Control]] = {
    "C01": _consent,
    "C02": _scope,
    "C06": _seals,
    "C11": _replacements,
    "C12": _log,
    "C13": _access,
    "C14": _two_persons,
    "C15": _reviewed,
    "C16": _residue,
    "C25": _media,
    "C27": _proportion,
    "C28": _approval,
    "C32": _drift,
}
