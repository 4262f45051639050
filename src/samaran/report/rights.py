"""C01 to C05, C07 to C09: what informants and the law are owed."""

from dataclasses import replace

from samaran.report.control import Control, Status, absent, judged, unseen
from samaran.report.facts import Assessed, Extracts, Facts, Incident
from samaran.report.voice import Day, Term


def consent(facts: Facts) -> Control:
    """C01."""
    c = facts.consents
    if c.needed is None or c.covered is None:
        return unseen("C01")
    if not c.needed:
        return absent("C01")
    refused = sum(facts.sources.refused.values())
    values = {
        "needed": c.needed,
        "covered": c.covered,
        "refused": refused,
        "afterwards": "?" if c.afterwards is None else c.afterwards,
    }
    row = judged("C01", c.covered == c.needed and not c.afterwards, **values)
    return replace(row, reason="c01-gone") if c.afterwards is None and row.status is Status.PASS else row


def scope(facts: Facts) -> Control:
    """C02."""
    if not facts.standing:
        return absent("C02", "no-release")
    seen = [r.unconsented for r in facts.standing]
    if any(n is None for n in seen):
        return unseen("C02")
    bad = sum(n or 0 for n in seen)
    segments = sum(r.segments for r in facts.standing)
    return judged("C02", not bad, releases=len(seen), segments=segments, bad=bad)


def withdrawal(facts: Facts) -> Control:
    """C03."""
    if facts.withdrawals is None or facts.log is None:
        return unseen("C03")
    if not facts.withdrawals:
        return absent("C03", entries=facts.log.size)
    late = sum(w.late for w in facts.withdrawals)
    done = sum(w.stage == "executed" for w in facts.withdrawals)
    longest = round(max(w.hours for w in facts.withdrawals))
    return judged("C03", not late, all=len(facts.withdrawals), done=done, late=late, hours=longest)


def access(facts: Facts) -> Control:
    """C04: each request was answered in time, and each extract answers one."""
    if facts.extracts is None:
        return unseen("C04")
    row, extracts = _clocked(facts, "C04", ("access-request", "correction-request")), facts.extracts
    if extracts.unasked:
        return judged("C04", False, **{"all": 0, "open": 0, "late": 0, "hours": 0, **row.values}, **_made(extracts))
    return replace(row, values={**row.values, **_made(extracts)})


def _made(extracts: Extracts) -> dict[str, int]:
    return {"extracts": extracts.made, "unasked": extracts.unasked}


def destruction(facts: Facts) -> Control:
    """C05: withdrawals by two persons, classes past their last day; each with its certificate, no copy of a key left."""
    if facts.withdrawals is None or facts.destructions is None:
        return unseen("C05")
    erased = [w for w in facts.withdrawals if w.scope == "all" and w.stage in ("erased", "executed")]
    classes = [d for d in facts.destructions if d.day]
    late = sum(d.late for d in facts.destructions)
    if not erased and not classes and not late:
        return absent("C05")
    proved = sum(w.certificate and w.two_persons for w in erased) + sum(d.certificate for d in classes)
    places = sum(w.places for w in erased) + sum(d.places for d in facts.destructions)
    good = proved == len(erased) + len(classes) and not places and not late
    values = {"erased": len(erased), "classes": len(classes), "proved": proved, "late": late}
    return judged("C05", good, **values, keys=sum(w.keys for w in erased), places=places)


def breaches(facts: Facts) -> Control:
    """C07."""
    return _clocked(facts, "C07", ("breach",))


def _clocked(facts: Facts, name: str, kinds: tuple[str, ...]) -> Control:
    if facts.incidents is None or facts.log is None:
        return unseen(name)
    found: list[Incident] = [i for i in facts.incidents if i.kind in kinds]
    if not found:
        return absent(name, entries=facts.log.size)
    late, still = sum(i.late for i in found), sum(not i.closed for i in found)
    return judged(name, not late, all=len(found), open=still, late=late, hours=max(i.hours for i in found))


def assessment(facts: Facts) -> Control:
    """C08: approved before the first run, and not changed after that without a new approval."""
    if facts.runs is None:
        return unseen("C08")
    a, first = facts.assessed or Assessed("-", "", "nobody", 0, 0), facts.runs.first
    if not a.on and not first:
        return Control("C08", Status.NOT_CHECKED, "c08-state")
    good = bool(a.on) and a.on <= facts.made and (not first or a.on <= first) and not a.other
    values = {"version": a.version, "on": Day(a.on), "by": Term(a.by), "risks": a.risks, "open": a.open}
    return judged("C08", good, first=Day(first), **values, runs=a.runs, other=a.other)


def record(facts: Facts) -> Control:
    """C09: every sealed source stands in the record, and so does each run."""
    if facts.runs is None:
        return unseen("C09")
    if not facts.runs.total and not facts.runs.sources:
        return absent("C09")
    good = bool(facts.runs.total) and facts.runs.recorded == facts.runs.sources
    values = {"runs": facts.runs.total, "recorded": facts.runs.recorded, "sources": facts.runs.sources}
    return judged("C09", good, **values, abandoned=facts.runs.abandoned)
