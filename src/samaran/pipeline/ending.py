"""What ends, for the board's report: withdrawals, classes of material with a last day, and every deadline that runs."""

from datetime import UTC, date, datetime, timedelta

from samaran import withdrawals
from samaran.audit.vocabulary import Act
from samaran.pipeline import trail
from samaran.pipeline.desk import Desk
from samaran.pipeline.retaining import FOLDER as RETENTION
from samaran.pipeline.retaining import Kept, destroyed
from samaran.pipeline.trail import Trail
from samaran.report.facts import Deadline, Destruction, Seals, Withdrawn
from samaran.study import RETAINED
from samaran.withdrawals import CLOCK_H, EXECUTED, Withdrawal


def withdrawn(desk: Desk, withdrawal: Withdrawal, now: datetime) -> Withdrawn:
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
        places=len(withdrawal.places) + len(withdrawal.copies),
        entry=withdrawal.entry,
    )


def destruction(desk: Desk, kept: Kept, now: datetime) -> Destruction:
    past = (now.date() - date.fromisoformat(kept.until)).days if kept.until else 0
    certificate = (desk.study.folder / RETENTION / f"{kept.kind}.txt").is_file()
    late = kept.due and past > desk.study.retention.grace_days
    return Destruction(kept.kind, kept.until, kept.destroyed, kept.count, late, certificate, len(kept.places))


def deadlines(desk: Desk, found: Trail, seals: Seals, now: datetime) -> tuple[Deadline, ...]:
    """What has to be done, the most urgent first."""
    due = [("withdrawal-due", w.deadline) for w in desk.withdrawals if w.stage != EXECUTED]
    due += trail.due(found)
    for kind in RETAINED:
        if (until := desk.study.retention.until(kind)) and kind not in destroyed(desk):
            due.append(("retention-due", datetime.fromisoformat(until).replace(tzinfo=UTC)))
    if desk.study.protocol.expires:
        due.append(("protocol-due", datetime.fromisoformat(desk.study.protocol.expires).replace(tzinfo=UTC)))
    since = seals.drilled or next((e.t[:10] for e in found.done(Act.SOURCE_SEAL)), "")
    if since:
        due.append(("drill-due", datetime.fromisoformat(since).replace(tzinfo=UTC) + timedelta(days=seals.drill_days)))
    due.sort(key=lambda item: (item[1], item[0]))
    return tuple(Deadline(what, f"{at:%Y-%m-%dT%H}", int((at - now).total_seconds() // 3600)) for what, at in due)
