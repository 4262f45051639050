"""C22, C23, C30, C31: the informants' safety, and what comes back to them and to others."""

from samaran.report.control import Control, absent, judged, number, stated, unseen, unstated
from samaran.report.facts import Facts
from samaran.report.voice import Term

_VALID = 3
"""The check of `audit verify` that finds any text in the log."""


def legal_risk(facts: Facts) -> Control:
    """C22: no free text in the log, and it is stated where the keys are."""
    if facts.log is None or _VALID not in dict(facts.log.checks):
        return unseen("C22")
    statement = stated(facts, "C22")
    if statement is None:
        return unstated("C22")
    clean = dict(facts.log.checks)[_VALID]
    values = {
        "sources": number(statement, "legal_risk"),
        "custody": Term(str(statement.values["custody"])),
        "size": facts.log.size,
    }
    return judged("C22", clean and statement.values["custody"] != "elsewhere", **values)


def adverse_events(facts: Facts) -> Control:
    """C23: each event was answered in time, from a referral list of a known version."""
    if facts.incidents is None or facts.log is None:
        return unseen("C23")
    found = [i for i in facts.incidents if i.kind == "adverse-event"]
    statement = stated(facts, "C23")
    late, still = sum(i.late for i in found), sum(not i.closed for i in found)
    version = statement.values["referral_list"] if statement else "-"
    if not late and statement is None:
        return unstated("C23")
    if not found:
        return absent("C23", entries=facts.log.size, list=version)
    return judged("C23", not late, all=len(found), open=still, late=late, hours=max(i.hours for i in found), list=version)


def benefit(facts: Facts) -> Control:
    """C30: whoever agreed to a member check was offered one."""
    wanted = facts.consents.flags.get("member_check")
    if wanted is None:
        return unseen("C30")
    if not wanted:
        return absent("C30")
    statement = stated(facts, "C30")
    if statement is None:
        return unstated("C30")
    offered, answered = number(statement, "offered"), number(statement, "answered")
    return judged("C30", offered >= wanted, wanted=wanted, offered=offered, answered=answered)


def deposit(facts: Facts) -> Control:
    """C31: what goes to an archive has the consent for it, and a level of access."""
    deposits = [r for r in facts.standing if r.profile == "archive"]
    if not deposits:
        return absent("C31")
    if any(r.unconsented is None for r in deposits):
        return unseen("C31")
    bad = sum(r.unconsented or 0 for r in deposits)
    statement = stated(facts, "C31")
    if statement is None and not bad:
        return unstated("C31")
    access, tag = (str(statement.values[key]) if statement else "not-said" for key in ("access", "datatags"))
    good = not bad and (access != "open" or tag in ("blue", "green"))
    return judged("C31", good, deposits=len(deposits), bad=bad, access=Term(access), tag=Term(tag))
