"""C06, C10 to C14, C28, C29, C32: how the material is kept, by whom, and whether the log says so."""

from samaran.report.control import Control, absent, judged, number, stated, unseen, unstated
from samaran.report.facts import Facts
from samaran.report.voice import Day


def seals(facts: Facts) -> Control:
    """C06."""
    s = facts.seals
    if s is None or s.loose is None:
        return unseen("C06")
    if not s.sources:
        return absent("C06")
    good = s.sources == s.whole and not s.loose and not s.drill_late
    return judged("C06", good, sources=s.sources, whole=s.whole, loose=s.loose, drilled=Day(s.drilled), days=s.drill_days)


def apart(facts: Facts) -> Control:
    """C10."""
    a = facts.apart
    if a is None:
        return unseen("C10")
    if not a.there and a.good:
        return absent("C10")
    return judged("C10", a.good, sealed=a.sealed, own=a.own_key, private=a.private, copies=a.copies)


def replacements(facts: Facts) -> Control:
    """C11."""
    if facts.review.logged is None:
        return unseen("C11")
    if not facts.review.decisions and not facts.review.logged:
        return absent("C11")
    values = {"decisions": facts.review.decisions, "logged": facts.review.logged}
    return judged("C11", facts.review.decisions == facts.review.logged, **values)


def log(facts: Facts) -> Control:
    """C12."""
    if facts.log is None or not facts.log.checks:
        return unseen("C12")
    held = sum(ok for _, ok in facts.log.checks)
    good = facts.log.whole and facts.log.grown is not False
    values = {"held": held, "checks": len(facts.log.checks), "size": facts.log.size}
    kept = {None: "c12-alone", True: "c12-good", False: "c12-bad"}[facts.log.grown]
    row = judged("C12", good, **values)
    return Control(row.id, row.status, kept if good else "c12-bad", row.evidence, row.values)


def access(facts: Facts) -> Control:
    """C13."""
    if facts.openings is None or facts.log is None or not facts.log.checks:
        return unseen("C13")
    o = facts.openings
    return judged("C13", facts.log.whole, openings=o.total, sheets=o.sheets, night=o.at_night)


def two_persons(facts: Facts) -> Control:
    """C14. How many were not closed again, or were cut short, is shown."""
    if facts.openings is None:
        return unseen("C14")
    if not facts.openings.total:
        return absent("C14")
    o = facts.openings
    unended = sum(row.code in ("", "abandoned") for row in o.rows)
    return judged("C14", not o.alone, openings=o.total, alone=o.alone, unended=unended)


def approval(facts: Facts) -> Control:
    """C28: on record, not past, and nothing ran after it."""
    protocol, runs = facts.protocol, facts.runs
    if runs is None:
        return unseen("C28")
    good = bool(protocol.number and protocol.committee and protocol.expires >= facts.made and not runs.late)
    return judged("C28", good, number=protocol.number or "-", expires=Day(protocol.expires), late=runs.late)


def team(facts: Facts) -> Control:
    """C29: no key without a signed pledge."""
    statement = stated(facts, "C29")
    if statement is None:
        return unstated("C29")
    keys, pledges = sum(facts.holders.values()), number(statement, "pledges")
    roles = len([role for role, n in facts.holders.items() if n])
    good = 0 < keys <= pledges
    return judged("C29", good, keys=keys, roles=roles, pledges=pledges, trained=Day(str(statement.values["trained"])))


def drift(facts: Facts) -> Control:
    """C32."""
    if facts.versions.drift is None or facts.runs is None:
        return unseen("C32")
    if not facts.runs.total and not facts.sources.sealed:
        return absent("C32")
    good = not facts.versions.drift and not facts.runs.bare
    return judged("C32", good, drift=facts.versions.drift, bare=facts.runs.bare, config=facts.versions.config[:12])
