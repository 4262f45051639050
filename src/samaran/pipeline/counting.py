"""Counts for the board's report from the state: sources, consents, mentions and what reviewers said of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from samaran import review
from samaran.audit.vocabulary import Act
from samaran.model import CONSENT_FLAGS, Consent, Decision, EntityType, Span, Verdict
from samaran.pipeline import inspecting
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.intake import may_record, participates
from samaran.pipeline.trail import Trail
from samaran.pipeline.versions import standing
from samaran.report.facts import Consents, Review, Sources
from samaran.state import SegmentRow, SourceRow, Stage

_ADULT = 18
_READ = "analysis"
"""The profile whose surrogates are read for cues."""


def sources(desk: Desk, rows: Iterable[SourceRow]) -> Sources:
    rows = tuple(rows)
    refused = Counter(desk.state.refusals().values())
    quarantined = Counter(row.reason for row in rows if row.stage == Stage.QUARANTINED and row.reason is not None)
    return Sources(
        received=len(rows) + sum(refused.values()),
        sealed=len(rows),
        refused=dict(refused),
        quarantined=dict(quarantined),
        by_method=dict(Counter(row.method for row in rows)),
        superseded=sum(row.stage == Stage.SUPERSEDED for row in rows),
    )


def consents(desk: Desk, rows: Sequence[SourceRow], days: Sequence[str | None] | None) -> Consents:
    """Sources of whoever withdrew are frozen: nothing is processed, and their consent is what the withdrawals are about. `days`
    says when each source was taken in, as far as the log knows; None where the originals are gone and nobody can tell."""
    needing = [row for row in rows if row.informants and not desk.frozen.intersection(row.informants)]
    people = {code for row in needing for code in row.informants}
    given = {code: desk.consents[code] for code in sorted(people) if code in desk.consents}
    covered = [row for row in needing if all(_agrees(row, given.get(code)) for code in row.informants)]
    return Consents(
        informants=len(people),
        needed=len(needing),
        covered=len(covered),
        afterwards=None
        if days is None
        else sum(_afterwards(desk, row, day) for row, day in zip(rows, days, strict=True) if row in needing),
        modes=dict(Counter(c.mode for c in given.values())),
        forms=dict(Counter(c.form_version for c in given.values())),
        flags={flag: sum(flag in c.flags for c in given.values()) for flag in CONSENT_FLAGS},
    )


def _agrees(row: SourceRow, given: Consent | None) -> bool:
    """Whether a consent covers a source: taking part, and being recorded where the source is a recording or holds one."""
    return participates(given) and (may_record(given) or not row.recorded)


def _afterwards(desk: Desk, row: SourceRow, day: str | None) -> bool:
    """Whether a source was taken in before each of its informants had agreed to it for the first time."""
    agreed = [[c.date for c in desk.consent_history.get(code, ()) if _agrees(row, c)] for code in row.informants]
    return day is not None and any(dates and min(dates) > day for dates in agreed)


def reviewed(desk: Desk, rows: Iterable[SourceRow], found: Trail) -> Review:
    mentions = desk.state.mentions()
    decisions = desk.state.decisions()
    decided = {(d.source_id, d.span) for d in decisions}
    made = [d for d in decisions if not d.carried]
    into, elsewhere = review.merges(decisions), standing(desk)
    pins = {(pin.source_id, pin.mention.span) for pin in desk.state.pins()}
    third, unlinked = inspecting.third_persons(desk.register.register.entities, mentions, into, pins)
    twice = _twice(made)
    by_type = Counter[EntityType]()
    for m in mentions:
        by_type[m.mention.type] += len(m.mention.span)
    return Review(
        segments=sum(desk.state.segment_counts().values()),
        mentions=dict(Counter(m.mention.type for m in mentions)),
        open=sum(not m.settled for m in mentions if m.source_id not in elsewhere),
        by_policy=sum(m.settled and (m.source_id, m.mention.span) not in decided for m in mentions),
        detectors=dict(Counter(m.mention.detector for m in mentions)),
        verdicts=dict(Counter(d.verdict for d in made)),
        reviewers=tuple(sorted(Counter(d.reviewer for d in made if d.reviewer != COLLECTOR).items())),
        logged=sum(e.sid not in desk.register.spent for e in found.results.get(Act.REVIEW_DECIDE, ())),
        replaced=sum(by_type.values()),
        characters=sum(row.characters for row in rows),
        replaced_by_type=dict(by_type),
        nameless=sum(d.reviewer == COLLECTOR for d in made),
        twice=len(twice),
        agreed=sum(twice.values()),
        unlinked=unlinked,
        third=third,
        minor_cues=_minor_cues(desk, {row.source_id: desk.state.segments(row.source_id, _READ) for row in rows}),
    )


def _twice(decisions: Iterable[Decision]) -> Mapping[tuple[str, Span], bool]:
    """Spans on which more than one reviewer decided, and whether all say the same in the end."""
    last: dict[tuple[str, Span], dict[str, tuple[str, str | None]]] = {}
    for d in decisions:
        if d.verdict is not Verdict.MERGE:
            verdict = Verdict.REJECT if d.verdict is Verdict.REJECT else Verdict.ACCEPT
            last.setdefault((d.source_id, d.span), {})[d.reviewer] = (verdict, d.type if verdict is Verdict.ACCEPT else None)
    return {span: len(set(said.values())) == 1 for span, said in last.items() if len(said) > 1}


def _minor_cues(desk: Desk, shown: Mapping[str, Sequence[SegmentRow]]) -> int | None:
    """How many sources have an age under 18 among their surrogates; None where ages are not kept as bands."""
    treatment = desk.study.treatments[EntityType.AGE]
    if treatment.levels[_READ] != "band":
        return None
    found = set()
    for segment in (s for rows in shown.values() for s in rows):
        for surrogate in segment.segment.surrogates:
            low = surrogate.pseudonym.removeprefix(f"{treatment.label} ").partition("-")[0]
            if surrogate.type is EntityType.AGE and low.isdecimal() and int(low) < _ADULT:
                found.add(segment.source_id)
    return len(found)
