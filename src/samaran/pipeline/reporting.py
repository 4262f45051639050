"""The facts of the board's report: counted from the state, the log and live checks, at one moment."""

from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from samaran import export, release
from samaran.audit.entry import Entry
from samaran.audit.verify import verify
from samaran.audit.vocabulary import Act, Phase
from samaran.errors import SamaranError
from samaran.model import CONSENT_FLAGS, Reason
from samaran.pipeline.desk import Desk
from samaran.pipeline.intake import digest, participates
from samaran.pipeline.releasing import register_forms
from samaran.report import build
from samaran.report.facts import (
    Consents,
    Facts,
    LogFacts,
    Openings,
    ReleaseFacts,
    Review,
    Seals,
    Sources,
    Versions,
)
from samaran.state import MentionRow, ReleaseRow, SourceRow, Stage


def write_report(desk: Desk, target: Path, language: Literal["id", "en", "both"]) -> None:
    """Write the page. Raises `IntegrityError` when the page itself would not pass the release gate; then nothing is written."""
    page = build(facts(desk), language, scan=release.residual(register_forms(desk)))
    try:
        target.write_text(page, encoding="utf-8")
    except OSError:
        raise SamaranError("The report can't be written.", "Name a place that you may write to, with --out.") from None


def facts(desk: Desk) -> Facts:
    """Everything that the report says. Reads every sealed file's digest and every release again."""
    rows = desk.state.sources()
    entries = tuple(desk.log.entries())
    return Facts(
        study=desk.study.name,
        made=desk.today,
        protocol=desk.study.protocol,
        versions=_versions(desk, rows),
        sources=_sources(desk, rows),
        consents=_consents(desk, rows),
        review=_review(desk, entries),
        releases=tuple(_release(desk, row) for row in desk.state.releases()),
        seals=_seals(desk, rows, entries),
        openings=_openings(entries),
        log=_log(desk),
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


def _review(desk: Desk, entries: Iterable[Entry]) -> Review:
    mentions = desk.state.mentions()
    decisions = desk.state.decisions()
    decided = {(d.source_id, d.span) for d in decisions}
    return Review(
        segments=sum(desk.state.segment_counts().values()),
        mentions=dict(Counter(m.mention.type for m in mentions)),
        open=sum(not m.settled for m in mentions),
        by_policy=sum(m.settled and (m.source_id, m.mention.span) not in decided for m in mentions),
        detectors=dict(Counter(m.mention.detector for m in mentions)),
        verdicts=dict(Counter(d.verdict for d in decisions)),
        reviewers=tuple(sorted(Counter(d.reviewer for d in decisions).items())),
        logged=sum(e.act == Act.REVIEW_DECIDE and e.phase == Phase.RESULT for e in entries),
        replaced=_replaced(mentions),
        characters=sum(row.characters for row in desk.state.sources()),
    )


def _replaced(mentions: Iterable[MentionRow]) -> int:
    return sum(len(m.mention.span) for m in mentions)


def _release(desk: Desk, row: ReleaseRow) -> ReleaseFacts:
    """A release as it lies there now, read from its final bytes."""
    profile = desk.study.profiles[row.profile]
    segments = [s for source in desk.state.sources() for s in desk.state.segments(source.source_id, row.profile)]
    seen = export.examine(
        desk.study.folder / "releases" / row.name,
        release.residual(register_forms(desk)),
        consent=profile.consent,
        allowed={s.segment_id: s.allowed for s in segments if s.allowed},
        allowed_labels={s.segment_id for s in segments if s.label_allowed},
    )
    return ReleaseFacts(
        row.name,
        row.profile,
        row.digest,
        row.sources,
        row.segments,
        {Reason(reason): n for reason, n in row.withheld.items()},
        row.held_segments,
        seen.intact,
        seen.hits if seen.intact else None,
        seen.strangers,
        seen.unconsented if seen.intact else None,
    )


def _seals(desk: Desk, rows: Iterable[SourceRow], entries: Iterable[Entry]) -> Seals:
    logged = {e.obj for e in entries if e.act == Act.SOURCE_SEAL and e.phase == Phase.RESULT and e.obj}
    rows, whole = tuple(rows), 0
    for row in rows:
        path = desk.quarantined(row.source_id) if row.stage == Stage.QUARANTINED else desk.original(row.source_id)
        whole += path.is_file() and digest(path) in logged
    return Seals(len(rows), whole)


def _openings(entries: Iterable[Entry]) -> Openings:
    opened = [e for e in entries if e.act == Act.SOURCE_OPEN and e.phase == Phase.INTENT]
    return Openings(dict(Counter(str(e.why) for e in opened)), alone=sum(e.second is None for e in opened))


def _log(desk: Desk) -> LogFacts:
    folder = desk.study.folder / "audit"
    report = verify(folder, None, None)
    body = (folder / "log" / "checkpoint").read_text(encoding="utf-8").split("\n")
    return LogFacts(body[0], int(body[1]), body[2], desk.log.vkey, tuple((c.number, c.ok) for c in report.checks))
