"""The facts of the board's report: counted from the state, the log and live checks, at one moment."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from samaran import release
from samaran.assessment import Assessment, read_assessment
from samaran.audit import disk
from samaran.audit.bundle import program
from samaran.audit.reading import entries, newest_signed
from samaran.audit.verify import KEPT, verify
from samaran.audit.vocabulary import Act
from samaran.errors import SamaranError, UsageError
from samaran.pipeline import counting, ending, inspecting, released, trail
from samaran.pipeline.desk import Desk
from samaran.pipeline.intake import digest
from samaran.pipeline.releasing import register_forms
from samaran.pipeline.retaining import retention
from samaran.pipeline.trail import Trail
from samaran.report import build, cleared, controls, to_json, to_pdf
from samaran.report.facts import (
    Facts,
    LogFacts,
    Seals,
    Versions,
)
from samaran.report.voice import Language
from samaran.state import SourceRow, Stage
from samaran.statements import read_statements

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
    now = desk.now
    rows = desk.state.sources()
    found = trail.trail(entries(desk.study.folder / "audit"))
    kept_classes = retention(desk)
    gone = {kept.kind for kept in kept_classes if kept.destroyed}
    objects = _objects(desk, () if "originals" in gone else rows)
    seals, days = _seals(desk, objects, found, now), trail.taken_in(found)
    return Facts(
        study=desk.study.name,
        made=desk.today,
        protocol=desk.study.protocol,
        versions=_versions(desk, rows),
        sources=counting.sources(desk, rows),
        consents=counting.consents(desk, rows, None if "originals" in gone else tuple(map(days.get, objects))),
        review=counting.reviewed(desk, rows, found),
        releases=released.releases(desk, rows, found, "sanitized" in gone),
        seals=seals,
        openings=trail.openings(found),
        log=_log(desk, kept),
        runs=trail.runs(found, expires=desk.study.protocol.expires, objects=objects, sources=len(objects)),
        assessed=trail.assessed(found, _assessment(desk.study.folder)),
        apart=inspecting.apart(desk),
        withdrawals=tuple(ending.withdrawn(desk, w, now) for w in desk.withdrawals),
        incidents=trail.cases(found, now),
        extracts=trail.extracts(found),
        destructions=tuple(ending.destruction(desk, kept, now) for kept in kept_classes if kept.until or kept.destroyed),
        deadlines=ending.deadlines(desk, found, seals, now),
        holders=inspecting.holders(desk),
        keys=inspecting.keys(desk),
        columns=inspecting.columns(desk),
        statements=read_statements(desk.study.folder),
        proofs=found.proofs(),
    )


def _assessment(study: Path) -> Assessment | None:
    """The impact assessment; one that is not complete is none, and stops a run but no report."""
    try:
        return read_assessment(study)
    except UsageError:
        return None


def _versions(desk: Desk, rows: Iterable[SourceRow]) -> Versions:
    now = desk.versions
    drift = sum(row.stage not in (Stage.QUARANTINED, Stage.SUPERSEDED) and row.detector != desk.detected_by for row in rows)
    return Versions(version("samaran"), now["cfg"], now["model"], now["pkg"], drift)


def _objects(desk: Desk, rows: Iterable[SourceRow]) -> tuple[str, ...]:
    """The digests of the sealed originals as they lie there, empty where one is missing."""
    paths = [desk.sealed(row) for row in rows]
    found = {path: digest(path) if path.is_file() else "" for path in set(paths)}
    return tuple(found[path] for path in paths)


def _seals(desk: Desk, objects: Sequence[str], found: Trail, now: datetime) -> Seals:
    logged = {e.obj for e in found.results.get(Act.SOURCE_SEAL, ()) if e.obj}
    day, days = trail.drilled(found), desk.study.vault.drill_days
    since = day or next((e.t[:10] for e in found.done(Act.SOURCE_SEAL)), "")
    whole = sum(digest in logged for digest in objects)
    late = trail.overdue(since, days, now)
    return Seals(len(objects), whole, inspecting.loose(desk.study.folder), day, days, late)


def _log(desk: Desk, kept: bytes | None) -> LogFacts:
    folder = desk.study.folder / "audit"
    if kept is None and (folder / KEPT).is_file():
        kept = (folder / KEPT).read_bytes()
    report = verify(folder, None, kept)
    note = newest_signed(folder)
    checks = tuple((c.number, c.ok) for c in report.checks)
    root = b64encode(note.root).decode()
    return LogFacts(note.origin, note.size, root, desk.log.vkey, checks, dict(checks).get(_GREW), program())
