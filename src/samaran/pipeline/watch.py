"""The log watched: verified on a schedule, signed, reported. A failure raises the alarm."""

from contextlib import suppress
from pathlib import Path

from samaran.audit.restore import verify_restored
from samaran.audit.verify import KEPT, Report
from samaran.audit.vocabulary import Act, Code
from samaran.errors import IntegrityError, SamaranError, UsageError
from samaran.pipeline import alarm
from samaran.pipeline.alarm import Alarm
from samaran.pipeline.desk import Desk
from samaran.pipeline.reporting import write_report
from samaran.pipeline.reviewing import check_reviewer
from samaran.vault.keys import PrivateKey


def watch(study: Path) -> Report:
    """Verify the log of a study; if it holds, sign it and write the report beside it. Published files that are missing are made
    again from the rows first; one that was changed is a failure.

    Raises `IntegrityError`, after raising the alarm, when it does not hold.
    """
    folder = study / "audit"
    kept = (folder / KEPT).read_bytes() if (folder / KEPT).is_file() else None
    report = verify_restored(folder, None, kept)
    if not report.ok:
        _raise(study, report)
        failed = ", ".join(str(check.number) for check in report.checks if not check.ok)
        raise IntegrityError(
            f"The audit log is not what it was: check {failed} failed.",
            "`samaran audit verify STUDY` names the entry. Runs and releases wait for `samaran audit acknowledge STUDY`.",
        )
    alarm.clear(study)
    with Desk.open(study) as desk:
        desk.sign()
        write_report(desk, folder / "report.html", "both")
    return report


def acknowledge(desk: Desk, key: PrivateKey) -> Alarm:
    """Somebody who holds a key of the study has seen the failure; it goes into the log under their key. Runs may go on. Times
    before it bind the clock no longer: where the log ran ahead of a clock that is right, that is what was seen.

    Raises `KeyUnusable` for a key of nobody, `UsageError` when there is nothing to acknowledge.
    """
    check_reviewer(desk, key)
    raised = alarm.read(desk.study.folder)
    if desk.clock_behind and (raised is None or raised.acknowledged):
        desk.log.record(Act.LOG_ACKNOWLEDGE, Code.OK, actor=key.id)
        desk.sign()
        return Alarm((), acknowledged=key.id)
    if raised is None or raised.acknowledged:
        raise UsageError("There is no alarm to acknowledge.", "`samaran audit verify STUDY` checks the log now.")
    seen = Alarm(raised.checks, raised.first_bad, key.id)
    desk.log.record(Act.LOG_ACKNOWLEDGE, Code.OK, actor=key.id)
    alarm.write(desk.study.folder, seen)
    return seen


def _raise(study: Path, report: Report) -> None:
    first = -1 if report.first_bad is None else report.first_bad
    raised = Alarm(tuple(check.number for check in report.checks if not check.ok), first)
    before = alarm.read(study)
    if before is not None and (before.checks, before.first_bad) == (raised.checks, raised.first_bad):
        return
    with suppress(OSError):  # where nothing can be written nothing can run either; what failed is told all the same
        alarm.write(study, raised)
    with suppress(SamaranError), Desk.open(study) as desk:  # a log this broken may not take another entry
        desk.log.record(Act.LOG_ALARM, Code.INTEGRITY)
