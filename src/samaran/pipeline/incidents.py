"""Incidents: a clock of 72 hours, what was done from a closed list, and drafts for the notice. The log is the only record.

In the log the intent of `incident.open` counts the incident (`n`), its result names the kind and counts the hours (`n`) since it
was known. Notes and the end name the incident in the intent and what was done in the result. What happened, and to whom,
stands in the notice that people write, never in the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from samaran.audit.act import Draft
from samaran.audit.entry import Entry
from samaran.audit.reading import Question, entries
from samaran.audit.vocabulary import Act, Case, Phase, Step
from samaran.audit.writer import PREVIOUS
from samaran.errors import UsageError
from samaran.pipeline.desk import COLLECTOR, Desk

CLOCK_H = 72
"""Three times 24 hours: the notice of a breach, and the answer to a request."""

DUE: dict[str, tuple[frozenset[str], ...]] = {
    Case.BREACH: (frozenset({Step.AUTHORITY_TOLD}), frozenset({Step.INFORMANTS_TOLD})),
    Case.ACCESS: (frozenset({Step.ANSWERED, Step.REFUSED_FOR_SAFETY}),),
    Case.CORRECTION: (frozenset({Step.ANSWERED, Step.REFUSED_FOR_SAFETY}),),
    Case.ADVERSE: (frozenset({Step.CONTACTED, Step.REFERRED}),),
}
"""Per kind what has to be done before the clock runs out: one of each set."""

ENDS = (Step.RESOLVED, Step.UNFOUNDED)


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as the log tells it. Steps with their hour, in order; `ended` is how it was closed. Hours are UTC."""

    number: int
    kind: str
    opened: datetime
    known: datetime
    steps: tuple[tuple[str, datetime], ...] = ()
    ended: str = ""
    closed: datetime | None = None
    entries: tuple[int, ...] = ()

    @property
    def deadline(self) -> datetime:
        """When the clock runs out."""
        return self.known + timedelta(hours=CLOCK_H)

    @property
    def done(self) -> datetime | None:
        """When all that is due was done, or it turned out to be nothing."""
        if self.ended == Step.UNFOUNDED:
            return self.closed
        times = [min((t for step, t in self.steps if step in wanted), default=None) for wanted in DUE[self.kind]]
        return None if None in times else max(t for t in times if t)

    @property
    def due(self) -> tuple[str, ...]:
        """What has to be done still."""
        if self.done is not None:
            return ()
        did = {step for step, _ in self.steps}
        return tuple(" / ".join(sorted(wanted)) for wanted in DUE[self.kind] if not wanted & did)

    def hours(self, now: datetime) -> int:
        """From when it was known until all that is due was done, or until now."""
        return int(((self.done or now) - self.known).total_seconds() // 3600)

    def late(self, now: datetime) -> bool:
        """Whether it took, or has taken, longer than the clock allows."""
        return self.hours(now) > CLOCK_H


def incidents(desk: Desk) -> tuple[Incident, ...]:
    """All incidents, oldest first."""
    return fold(entries(desk.study.folder / "audit", Question(act="incident")))


def fold(found: Iterable[Entry]) -> tuple[Incident, ...]:
    """Entries in order become incidents; acts that did not end well count for nothing."""
    numbers: dict[int, int] = {}
    known: dict[int, Incident] = {}
    for entry in found:
        if not entry.act.startswith("incident."):
            continue
        if entry.phase == Phase.INTENT:
            numbers[entry.seq] = entry.n or 0
            continue
        number = numbers.get(entry.of if entry.of is not None else -1, 0)
        at = datetime.strptime(entry.t, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if entry.act == Act.INCIDENT_OPEN and entry.code in set(Case):
            known[number] = Incident(number, str(entry.code), at, at - timedelta(hours=entry.n or 0), entries=(entry.seq,))
        elif number in known and entry.code in set(Step):
            before = known[number]
            step, seqs = (str(entry.code), at), (*before.entries, entry.seq)
            if entry.act == Act.INCIDENT_NOTE:
                known[number] = replace(before, steps=(*before.steps, step), entries=seqs)
            else:
                known[number] = replace(before, ended=step[0], closed=at, entries=seqs)
    return tuple(known.values())


def open_incident(desk: Desk, kind: str, known_h: int = 0, *, actor: str = COLLECTOR) -> Incident:
    """Start the clock of an incident that has been known for so many hours. Raises `UsageError` for an unknown kind."""
    if kind not in set(Case):
        raise UsageError("There is no such kind of incident.", f"Kinds: {', '.join(Case)}.")
    if not 0 <= known_h <= 24 * 365:
        raise UsageError("The hours since it was known can't be right.", "A whole number of hours, such as --known 5.")
    number = len(incidents(desk)) + 1
    _write(desk, Act.INCIDENT_OPEN, kind, number, actor, known_h)
    return _one(desk, number)


def note(desk: Desk, number: int, step: str, *, actor: str = COLLECTOR) -> Incident:
    """Say that something was done. Raises `UsageError` for an unknown or closed incident, or a step that is not in the list."""
    _open(desk, number)
    if step not in set(Step) or step in ENDS:
        raise UsageError("This is no step that can be noted.", f"Steps: {', '.join(s for s in Step if s not in ENDS)}.")
    _write(desk, Act.INCIDENT_NOTE, step, number, actor)
    return _one(desk, number)


def close(desk: Desk, number: int, end: str, *, actor: str = COLLECTOR) -> Incident:
    """End an incident. Raises `UsageError` while something is due and it is not said to be unfounded."""
    incident = _open(desk, number)
    if end not in ENDS:
        raise UsageError("An incident does not end like this.", f"Ends: {', '.join(ENDS)}.")
    if end == Step.RESOLVED and incident.due:
        raise UsageError(
            f"Incident {number} can't be closed yet: {', '.join(incident.due)} is due.",
            "Note it with `samaran incident note STUDY NUMBER --did STEP`.",
        )
    _write(desk, Act.INCIDENT_CLOSE, end, number, actor)
    return _one(desk, number)


def _write(desk: Desk, act: Act, code: str, number: int, actor: str, hours: int | None = None) -> None:
    desk.check_clock()  # the hour in the log is the incident's clock
    begun = Draft(act, Phase.INTENT, actor, {"n": number})
    desk.log.append([begun, Draft(act, Phase.RESULT, actor, {"n": hours} if hours else {}, of=PREVIOUS, code=str(code))])
    desk.sign()


def _one(desk: Desk, number: int) -> Incident:
    found = [incident for incident in incidents(desk) if incident.number == number]
    if not found:
        raise UsageError(f"There is no incident {number}.", "`samaran incident list STUDY` shows them.")
    return found[0]


def _open(desk: Desk, number: int) -> Incident:
    incident = _one(desk, number)
    if incident.closed is not None:
        raise UsageError(f"Incident {number} is closed.", "Open a new one; what is in the log stays.")
    return incident
