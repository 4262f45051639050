"""C15 to C21, C24 to C27: what was masked, who looked, and what could still be seen in what left."""

from collections.abc import Mapping

from samaran.model import EntityType, Singling
from samaran.report.control import Control, absent, judged, number, stated, unseen, unstated
from samaran.report.facts import Facts
from samaran.report.voice import Few, Term

_PLACES = (EntityType.ADDRESS, EntityType.LOCATION, EntityType.VENUE)
_SMALLEST = 3
_MOST = 0.5


def reviewed(facts: Facts) -> Control:
    """C15."""
    if not facts.standing:
        return absent("C15", "no-release")
    r = facts.review
    if r.twice is None:
        return unseen("C15")
    values = {"people": len(r.reviewers), "decisions": r.decisions, "open": r.open, "policy": r.by_policy, "nameless": r.nameless}
    good = not r.by_policy and not r.nameless and bool(r.reviewers)
    return judged("C15", good, **values, twice=r.twice, agreed=r.agreed)


def residue(facts: Facts) -> Control:
    """C16: no form of the register in what left. Where nobody ever marked anything there is no form to look for."""
    seen = [1 if r.intact is False else r.hits if r.intact else None for r in facts.standing]
    if seen and not facts.review.total and not any(n is None or n for n in seen):
        return absent("C16")
    return _over_releases("C16", seen, hits=sum(r.hits or 0 for r in facts.standing))


def media(facts: Facts) -> Control:
    """C25."""
    seen = [r.strangers for r in facts.standing]
    return _over_releases("C25", seen, files=sum(n or 0 for n in seen))


def _over_releases(name: str, seen: list[int | None], **values: object) -> Control:
    if not seen:
        return absent(name, "no-release")
    if any(n is None for n in seen):
        return unseen(name)
    return judged(name, not any(seen), **values, releases=len(seen), bad=sum(n or 0 for n in seen))


def singling_out(facts: Facts) -> Control:
    """C17: computed over every release that stands, the worst of them shown. Under 3 a decision is needed, and must fit: it was
    generalized, when no quasi-identifier stands as a pseudonym; withheld, when sources were; or the board said so itself."""
    if facts.last is None:
        return absent("C17", "no-release")
    if any(r.alike is None for r in facts.standing):
        return unseen("C17")
    found = [(r, r.alike) for r in facts.standing if r.alike and r.alike.informants]
    if not found:
        return absent("C17")
    statement = stated(facts, "C17", facts.last.day)
    decision = str(statement.values["decision"]) if statement else "not-said"
    low = [(r, a) for r, a in found if a.k < _SMALLEST]
    met = {
        "generalized": not any(a.precise for _, a in low),
        "withheld": all(r.withheld for r, _ in low),
        "accepted": statement is not None and statement.by == "board",
    }
    worst = min((a for _, a in found), key=lambda a: (a.k, a.l))
    values = {"releases": len(found), "k": worst.k, "l": worst.l, **_people(worst)}
    precise = max(a.precise for _, a in found)
    return judged("C17", not low or met.get(decision, False), **values, precise=precise, decision=Term(decision))


def _people(a: Singling) -> Mapping[str, Few]:
    return {name: Few(getattr(a, name)) for name in ("informants", "alone", "linked", "inferred")}


def acquaintances(facts: Facts) -> Control:
    """C18: who can be singled out, linked, or inferred is computed; whether spouse, parent or child, colleague could recognize
    them is answered for every source of the last release. Nobody recognizable, while somebody stands alone, is no answer."""
    if facts.last is None:
        return absent("C18", "no-release")
    alike = facts.last.alike
    if alike is None:
        return unseen("C18")
    if not alike.informants:
        return absent("C18")
    computed = _people(alike)
    statement = stated(facts, "C18", facts.last.day)
    if statement is None:
        return Control("C18", unstated("C18").status, "c18-state", values=computed)
    asked, mitigated = number(statement, "sources"), number(statement, "mitigated")
    could = max(number(statement, key) for key in ("spouse", "parent_child", "colleague"))
    good = asked >= facts.last.sources and mitigated >= could and bool(could or not alike.alone)
    return judged("C18", good, asked=asked, sources=facts.last.sources, could=could, mitigated=mitigated, **computed)


def places(facts: Facts) -> Control:
    """C19: every place that the register knows is replaced in what left. Where it knows none, nothing was looked for."""
    mentions = sum(facts.review.mentions.get(kind, 0) for kind in _PLACES)
    seen = [r.places for r in facts.standing]
    if seen and not mentions and not any(n is None or n for n in seen):
        return absent("C19")
    return _over_releases("C19", seen, mentions=mentions)


def third_persons(facts: Facts) -> Control:
    """C20: each person who is no informant has a role instead of a name."""
    r = facts.review
    if r.unlinked is None:
        return unseen("C20")
    if not r.third and not r.unlinked:
        return absent("C20")
    return judged("C20", not r.unlinked, people=sum(r.third.values()), roles=len(r.third), unlinked=r.unlinked)


def minors(facts: Facts) -> Control:
    """C21: ages under 18 are counted; who is of age is stated."""
    cues = facts.review.minor_cues
    if cues is None:
        return unseen("C21")
    statement = stated(facts, "C21")
    if statement is None:
        return Control("C21", unstated("C21").status, "c21-state", values={"cues": cues})
    adults, young, disposition = number(statement, "adults"), number(statement, "minors"), statement.values["disposition"]
    good = adults + young >= facts.consents.informants and (not young or disposition != "none-needed")
    values = {"adults": adults, "minors": young, "informants": facts.consents.informants, "disposition": Term(str(disposition))}
    return judged("C21", good, cues=cues, **values)


def verbatim(facts: Facts) -> Control:
    """C24: chats in a release for publication have the consent, and were searched for."""
    public = [r for r in facts.standing if r.profile == "publication"]
    if not public:
        return absent("C24")
    if any(r.online is None or r.online_unconsented is None for r in public):
        return unseen("C24")
    online, bad = sum(r.online or 0 for r in public), sum(r.online_unconsented or 0 for r in public)
    if not online:
        return absent("C24")
    if bad:
        return judged("C24", False, online=online, bad=bad, tested=0, found=0)
    statement = stated(facts, "C24", public[-1].day)
    if statement is None:
        return unstated("C24")
    tested, found = number(statement, "tested"), number(statement, "found")
    return judged("C24", bool(tested) and not found, online=online, bad=bad, tested=tested, found=found)


def minimization(facts: Facts) -> Control:
    """C26: no column of the roster, and no field of a release, beyond those that are needed."""
    if facts.columns is None or any(r.fields is None for r in facts.standing):
        return unseen("C26")
    extra = sum(r.fields or 0 for r in facts.standing)
    return judged("C26", not facts.columns and not extra, columns=facts.columns, fields=extra, releases=len(facts.standing))


def proportion(facts: Facts) -> Control:
    """C27: surrogates, not blanks, and less than half of the text."""
    review = facts.review
    if not review.characters or review.replaced is None or any(r.blanks is None for r in facts.standing):
        return unseen("C27")
    share, blanks = review.replaced / review.characters, sum(r.blanks or 0 for r in facts.standing)
    return judged("C27", share <= _MOST and not blanks, segments=review.segments, share=share, blanks=blanks)
