"""What informants agreed to, put together from all versions, what was taken back, and the profiles."""

from dataclasses import dataclass

from samaran.model import Consent
from samaran.pipeline.desk import Desk


@dataclass(frozen=True, slots=True)
class Agreed:
    """One informant: the consent in force without what was taken back, all versions as given, and where material may be."""

    informant: str
    form_version: str
    date: str
    mode: str
    flags: frozenset[str]
    profiles: tuple[str, ...]
    versions: tuple[Consent, ...]
    taken_back: tuple[str, ...]
    ahead: bool  # whether a version has a day that is yet to come: a slip, which would outlast every amendment


def agreed(desk: Desk) -> tuple[Agreed, ...]:
    """Everybody of whom there is a consent, in the order of their codes."""
    left = desk.consents
    found = []
    for informant, versions in sorted(desk.consent_history.items()):
        last = versions[-1]
        flags = left[informant].flags if informant in left else frozenset()
        profiles = [p.name for p in desk.study.profiles.values() if flags >= {"participate", *p.consent}]
        back = [f"{w.scope} taken back at {w.requested} ({w.stage})" for w in desk.withdrawals if w.informant == informant]
        known = (informant, last.form_version, last.date, last.mode, flags, tuple(profiles), versions, tuple(back))
        found.append(Agreed(*known, ahead=last.date > desk.today))
    return tuple(found)
