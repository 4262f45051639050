"""The facts of the board's report: counted from the state, the log and live checks, at one moment."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from samaran import export, release, review, withdrawals
from samaran.audit import disk
from samaran.audit.reading import entries
from samaran.audit.verify import verify
from samaran.audit.vocabulary import Act
from samaran.errors import SamaranError
from samaran.model import CONSENT_FLAGS, Decision, EntityType, Reason, Span, Verdict
from samaran.pipeline import inspecting, trail
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.intake import digest, participates
from samaran.pipeline.releasing import register_forms
from samaran.pipeline.trail import Trail
from samaran.release import Residual
from samaran.report import build, cleared, controls, to_json, to_pdf
from samaran.report.facts import (
    Consents,
    Deadline,
    Facts,
    LogFacts,
    ReleaseFacts,
    Review,
    Seals,
    Sources,
    Versions,
    Withdrawn,
)
from samaran.report.voice import Language
from samaran.state import ReleaseRow, SegmentRow, SourceRow, Stage
from samaran.statements import read_statements
from samaran.withdrawals import CLOCK_H, EXECUTED, Withdrawal

KEPT = "checkpoint.kept"
"""In `audit/`: the checkpoint that the board kept, as it came back from there."""

_ADULT = 18
_READ = "analysis"
"""The profile whose surrogates are read for cues."""
_GREW = 12


def write_report(
    desk: Desk, target: Path, language: Language, form: Literal["html", "pdf", "json"] = "html", kept: bytes | None = None
) -> None:
    """Write the report. Raises `UsageError` when a fact would not pass the release gate; then nothing is written."""
    known = cleared(facts(desk, kept), release.residual(register_forms(desk)))
    if form == "json":
        content = to_json(known, controls(known)).encode() + b"\n"
    else:
        page = build(known, language)
        content = to_pdf(page) if form == "pdf" else page.encode()
    try:
        with disk.appearing(target) as file:
            file.write(content)
    except OSError:
        raise SamaranError("The report can't be written.", "Name a place that you may write to, with --out.") from None


def facts(desk: Desk, kept: bytes | None = None) -> Facts:
    """Everything that the report says. Reads the log, every sealed file's digest and every release again.

    `kept` is the checkpoint that the board kept; without it, `audit/checkpoint.kept` where that is there.
    """
    now = withdrawals.now()
    rows = desk.state.sources()
    found = trail.trail(entries(desk.study.folder / "audit"))
    objects = _objects(desk, rows)
    seals = _seals(desk, objects, found, now)
    return Facts(
        study=desk.study.name,
        made=desk.today,
        protocol=desk.study.protocol,
        versions=_versions(desk, rows),
        sources=_sources(desk, rows),
        consents=_consents(desk, rows),
        review=_review(desk, rows, found),
        releases=_releases(desk, rows, found),
        seals=seals,
        openings=trail.openings(found),
        log=_log(desk, kept),
        runs=trail.runs(found, expires=desk.study.protocol.expires, objects=objects, sources=len(rows)),
        apart=inspecting.apart(desk),
        withdrawals=tuple(_withdrawn(desk, w, now) for w in desk.withdrawals),
        incidents=trail.cases(found, now),
        deadlines=_deadlines(desk, found, seals, now),
        holders=inspecting.holders(desk),
        columns=inspecting.columns(desk),
        statements=read_statements(desk.study.folder),
        proofs=found.proofs(),
    )


def _versions(desk: Desk, rows: Iterable[SourceRow]) -> Versions:
    now = desk.versions
    drift = sum(row.stage != Stage.QUARANTINED and row.detector != desk.detected_by for row in rows)
    return Versions(version("samaran"), now["cfg"], now["model"], now["pkg"], drift)


def _sources(desk: Desk, rows: Iterable[SourceRow]) -> Sources:
    rows = tuple(rows)
    refused = Counter(desk.state.refusals().values())
    quarantined = Counter(row.reason for row in rows if row.stage == Stage.QUARANTINED and row.reason is not None)
    return Sources(
        received=len(rows) + sum(refused.values()),
        sealed=len(rows),
        refused=dict(refused),
        quarantined=dict(quarantined),
        by_method=dict(Counter(row.method for row in rows)),
    )


def _consents(desk: Desk, rows: Iterable[SourceRow]) -> Consents:
    needing = [row for row in rows if row.informants]
    people = {code for row in needing for code in row.informants}
    given = {code: desk.consents[code] for code in sorted(people) if code in desk.consents}
    covered = [row for row in needing if all(participates(given.get(code)) for code in row.informants)]
    return Consents(
        informants=len(people),
        needed=len(needing),
        covered=len(covered),
        modes=dict(Counter(c.mode for c in given.values())),
        forms=dict(Counter(c.form_version for c in given.values())),
        flags={flag: sum(flag in c.flags for c in given.values()) for flag in CONSENT_FLAGS},
    )


def _review(desk: Desk, rows: Iterable[SourceRow], found: Trail) -> Review:
    mentions = desk.state.mentions()
    decisions = desk.state.decisions()
    decided = {(d.source_id, d.span) for d in decisions}
    into = review.merges(decisions)
    third, unlinked = inspecting.third_persons(desk.register.register.entities, mentions, into)
    twice = _twice(decisions)
    by_type = Counter[EntityType]()
    for m in mentions:
        by_type[m.mention.type] += len(m.mention.span)
    return Review(
        segments=sum(desk.state.segment_counts().values()),
        mentions=dict(Counter(m.mention.type for m in mentions)),
        open=sum(not m.settled for m in mentions),
        by_policy=sum(m.settled and (m.source_id, m.mention.span) not in decided for m in mentions),
        detectors=dict(Counter(m.mention.detector for m in mentions)),
        verdicts=dict(Counter(d.verdict for d in decisions)),
        reviewers=tuple(sorted(Counter(d.reviewer for d in decisions if d.reviewer != COLLECTOR).items())),
        logged=sum(e.sid not in desk.register.spent for e in found.results.get(Act.REVIEW_DECIDE, ())),
        replaced=sum(by_type.values()),
        characters=sum(row.characters for row in rows),
        replaced_by_type=dict(by_type),
        nameless=sum(d.reviewer == COLLECTOR for d in decisions),
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


def _releases(desk: Desk, rows: Iterable[SourceRow], found: Trail) -> tuple[ReleaseFacts, ...]:
    scan = release.residual(register_forms(desk))
    days = {e.obj: e.t[:10] for e in found.done(Act.RELEASE_MAKE)}
    gone = {name for withdrawal in desk.withdrawals for name in withdrawal.releases}
    folder = desk.study.folder / "releases"
    allowed = {profile: _allowed(desk, rows, profile) for profile in {row.profile for row in desk.state.releases()}}
    return tuple(
        _recalled(row, days.get(row.digest, ""))
        if row.name in gone and not (folder / row.name).exists()
        else _release(desk, row, scan, allowed[row.profile], days.get(row.digest, ""))
        for row in desk.state.releases()
    )


def _allowed(desk: Desk, rows: Iterable[SourceRow], profile: str) -> tuple[Mapping[str, Sequence[Span]], frozenset[str]]:
    """Spans and labels that a reviewer rejected as mentions, by segment id."""
    segments = [s for row in rows for s in desk.state.segments(row.source_id, profile)]
    return {s.segment_id: s.allowed for s in segments if s.allowed}, frozenset(s.segment_id for s in segments if s.label_allowed)


def _recalled(row: ReleaseRow, day: str) -> ReleaseFacts:
    withheld = {Reason(reason): n for reason, n in row.withheld.items()}
    return ReleaseFacts(
        row.name, row.profile, row.digest, row.sources, row.segments, withheld, row.held_segments, day=day, recalled=True
    )


def _release(
    desk: Desk, row: ReleaseRow, scan: Residual, allowed: tuple[Mapping[str, Sequence[Span]], frozenset[str]], day: str
) -> ReleaseFacts:
    """A release as it lies there now, read from its final bytes."""
    seen = export.examine(
        desk.study.folder / "releases" / row.name,
        scan,
        consent=desk.study.profiles[row.profile].consent,
        allowed=allowed[0],
        allowed_labels=allowed[1],
    )
    known = replace(_recalled(row, day), recalled=False, intact=seen.intact, strangers=seen.strangers)
    if not seen.intact:
        return known
    return replace(
        known,
        hits=seen.hits,
        unconsented=seen.unconsented,
        places=seen.places,
        fields=seen.fields,
        blanks=seen.blanks,
        online=seen.online,
        online_unconsented=seen.online_unconsented,
    )


def _objects(desk: Desk, rows: Iterable[SourceRow]) -> tuple[str, ...]:
    """The digests of the sealed originals as they lie there, empty where one is missing."""
    paths = [desk.quarantined(r.source_id) if r.stage == Stage.QUARANTINED else desk.original(r.source_id) for r in rows]
    return tuple(digest(path) if path.is_file() else "" for path in paths)


def _seals(desk: Desk, objects: Sequence[str], found: Trail, now: datetime) -> Seals:
    logged = {e.obj for e in found.results.get(Act.SOURCE_SEAL, ()) if e.obj}
    day, days = trail.drilled(found), desk.study.vault.drill_days
    since = day or next((e.t[:10] for e in found.done(Act.SOURCE_SEAL)), "")
    whole = sum(digest in logged for digest in objects)
    late = trail.overdue(since, days, now)
    return Seals(len(objects), whole, inspecting.loose(desk.study.folder), day, days, late)


def _withdrawn(desk: Desk, withdrawal: Withdrawal, now: datetime) -> Withdrawn:
    done = withdrawal.stage == EXECUTED
    hours = withdrawal.hours_taken() if done else CLOCK_H - withdrawal.hours_left(now)
    name = f"{withdrawal.informant}.{withdrawal.scope}"
    return Withdrawn(
        withdrawal.scope,
        withdrawal.requested[:10],
        withdrawal.stage,
        hours,
        hours > CLOCK_H,
        two_persons=bool(withdrawal.second) and withdrawal.first != withdrawal.second,
        certificate=(desk.study.folder / withdrawals.FOLDER / f"{name}.txt").is_file(),
        keys=withdrawal.keys,
        segments=withdrawal.segments,
        releases=len(withdrawal.releases),
        places=len(withdrawal.places),
        entry=withdrawal.entry,
    )


def _deadlines(desk: Desk, found: Trail, seals: Seals, now: datetime) -> tuple[Deadline, ...]:
    """What has to be done, the most urgent first."""
    due = [("withdrawal-due", w.deadline) for w in desk.withdrawals if w.stage != EXECUTED]
    due += trail.due(found)
    if desk.study.protocol.expires:
        due.append(("protocol-due", datetime.fromisoformat(desk.study.protocol.expires).replace(tzinfo=UTC)))
    since = seals.drilled or next((e.t[:10] for e in found.done(Act.SOURCE_SEAL)), "")
    if since:
        due.append(("drill-due", datetime.fromisoformat(since).replace(tzinfo=UTC) + timedelta(days=seals.drill_days)))
    due.sort(key=lambda item: (item[1], item[0]))
    return tuple(Deadline(what, f"{at:%Y-%m-%dT%H}", int((at - now).total_seconds() // 3600)) for what, at in due)


def _log(desk: Desk, kept: bytes | None) -> LogFacts:
    folder = desk.study.folder / "audit"
    if kept is None and (folder / KEPT).is_file():
        kept = (folder / KEPT).read_bytes()
    report = verify(folder, None, kept)
    body = (folder / "log" / "checkpoint").read_text(encoding="utf-8").split("\n")
    checks = tuple((c.number, c.ok) for c in report.checks)
    return LogFacts(body[0], int(body[1]), body[2], desk.log.vkey, checks, dict(checks).get(_GREW))
