"""init, run, status, schedule."""

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from samaran.cli.show import as_json, complain, progress, say, table
from samaran.errors import Exit, SamaranError, Waiting
from samaran.model import Reason
from samaran.pipeline.ceremony import is_low, pool_state
from samaran.pipeline.deidentify import Run, deidentify
from samaran.pipeline.desk import CLOCK_BEHIND, CLOCK_HINT, Desk, create
from samaran.pipeline.status import IncidentStatus, SourceStatus, Status, WithdrawalStatus, status
from samaran.withdrawals import ERASED

Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="The study folder.", show_default=False)]

HINTS = {
    Reason.NO_CONSENT: "write the consent into consent.csv (with record_audio for a recording, or a file in which one "
    "lies, such as a chat's zip with voice notes), or take the file out of the inbox",
    Reason.UNKNOWN_INFORMANT: "add the code to roster.csv and consent.csv, or name the right one in manifest.csv",
    Reason.NO_PLACE: "name the file by the pattern in study.toml, or give it a row in manifest.csv",
    Reason.CHANGED_WHILE_READ: "wait until the file is whole, then run again",
    Reason.UNREADABLE_FILE: "check that it is an ordinary file that you may read",
    Reason.NO_EARLIER: "name under `supersedes` in manifest.csv a file of the same informant that was taken in before",
    Reason.ALREADY_SEALED: "it is sealed already: delete this copy",
    Reason.POOL_EXHAUSTED: "make more key pairs with samaran keys pool",
    Reason.TOO_LARGE: "split it, or take it out of the inbox",
    Reason.EMPTY: "nothing was in it",
    Reason.UNKNOWN_FORMAT: "samaran can't read this kind of file; see samaran formats",
    Reason.BAD_ENCODING: "save it as UTF-8, or declare `encoding` in study.toml",
    Reason.MALFORMED: "the file is damaged; get a whole copy",
    Reason.PASSWORD: "save it without a password",
    Reason.NO_TEXT: "there is no text in it",
    Reason.NO_OCR: "install tesseract-ocr and `pip install 'samaran[ocr]'`, then put it in again",
    Reason.NOT_TRANSCRIBED: "it is sealed; write a transcript of it and put that in",
    Reason.AMBIGUOUS_DATE: "the dates contradict each other",
    Reason.DUPLICATE: "the same content is sealed already; nothing to do",
    Reason.DETECTOR_FAILED: "a defect: please report it; the file waits in the inbox",
    Reason.CONSENT_SCOPE: "the consent does not cover this profile",
    Reason.UNDECIDED: "settle the open mentions with samaran decide",
    Reason.SECOND_PASS_DUE: "names or decisions came since: give a reviewer's key with --key",
    Reason.RESIDUAL: "settle what the gate saw with samaran decide",
    Reason.SUPERSEDED: "a corrected version took its place; nothing to do",
    Reason.CORRECTION_DUE: "a corrected version came: give a reviewer's key with --key",
    Reason.CORRECTION_UNCLEAR: "it has little in common with the earlier version: samaran supersede says whether it is one",
    Reason.WITHDRAWN: "the informant withdrew: take the file out of the inbox; see samaran status",
}


def init(
    study: Folder,
    name: Annotated[str, typer.Option(help="A short code for the audit log; default: the folder's name.")] = "",
) -> None:
    """Make a new study folder.

    Example: `samaran init bandung-2026`
    """
    create(study, name)
    say(f"{study} is ready. Next:")
    say(f"  1. samaran keys new {study} --for pi --out pi.key          (again for board and reviewer)")
    say(f"  2. samaran keys pool {study} --size 30")
    say("  3. fill roster.csv and consent.csv, and put files into inbox/; fill dpia.toml and have it approved")
    say(f"  4. samaran run {study}")


def run(
    study: Folder,
    direct: Annotated[bool, typer.Option("--direct", help="In this process, without Prefect.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Take in what lies in the inbox: seal, detect, link, sanitize.

    Example: `samaran run bandung-2026`
    """
    steps = {"seal": "sealing", "prepare": "reading, detecting", "long": "  MB of a long chat", "finish": "sanitizing"}
    if direct:
        with Desk.open(study) as desk, progress(steps) as tell:
            done = deidentify(desk, tell)
    else:
        from samaran.cli.prefect import run_flow

        with progress(steps) as tell:
            done = run_flow(study, tell)
    _warn_of_pool(study)
    _show_run(done, json)


def _warn_of_pool(study: Path) -> None:
    """Where the pool is damaged, the run has said so itself."""
    with suppress(SamaranError), Desk.open(study, alone=False) as desk:
        free, size = pool_state(desk)
        if size and is_low(free, size):
            complain(Waiting(f"{free} of {size} key pairs are left for new informants.", "Make more with `samaran keys pool`."))


_WHAT = {"done": "taken in", "quarantined": "quarantined", "refused": "refused", "failed": "failed"}


def _show_run(done: Run, json: bool) -> None:
    paths = {a.source_id: str(a.path) for a in done.intake.arrivals} | {r.source_id: str(r.path) for r in done.intake.refused}
    outcomes = list(done.outcomes.values())
    counts = Counter(outcome.what for outcome in outcomes)
    if json:
        as_json(
            {"counts": dict(counts), "sources": [{"source": o.source_id, "what": o.what, "reason": o.reason} for o in outcomes]}
        )
    else:
        held = [
            (
                paths[o.source_id],
                o.what,
                str(o.reason or ""),
                str(o.error) if o.error else HINTS.get(o.reason or Reason.EMPTY, ""),
            )
            for o in outcomes
            if o.what != "done"
        ]
        say(", ".join(f"{counts[what]} {word}" for what, word in _WHAT.items()) + ".")
        if corrected := sum(o.reason is Reason.CORRECTION_DUE for o in outcomes):
            say(f"{corrected} of them correct an earlier version: decide or release with --key takes over what is unchanged.")
        if held:
            table("", ("file", "what", "reason", "what to do"), held)
    unheard = {str(o.error): o.error for o in outcomes if o.reason is Reason.NOT_TRANSCRIBED and o.error is not None}
    for error in unheard.values():
        complain(error)
    failed = [o for o in outcomes if o.what == "failed"]
    for outcome in failed[:1]:
        if outcome.error is not None:
            complain(outcome.error)
    if failed:
        broken = any(outcome.error is not None and outcome.error.exit == Exit.BROKEN for outcome in failed)
        raise typer.Exit(Exit.BROKEN if broken else Exit.FAILED)
    if counts["quarantined"] or counts["refused"]:
        raise typer.Exit(Exit.WAITING)


def show_status(
    study: Folder,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """What stands where; what is withheld or quarantined, and why.

    Example: `samaran status bandung-2026 --json`
    """
    with Desk.open(study, alone=False) as desk:
        facts = status(desk)
    if json:
        as_json(facts)
        return
    show(facts)


def show(facts: Status) -> None:
    """The status as tables."""
    if facts.clock_behind:
        say(f"{CLOCK_BEHIND} Clocks below count from the log's newest hour. {CLOCK_HINT}")
    say(f"study {facts.study}: {facts.sources} sources, {facts.segments} segments, {facts.mentions} mentions, {facts.open} open")
    if facts.suspicious:
        rate = f"{facts.suspicious_per_1000} per 1,000"
        say(f"{facts.suspicious} unmarked words stand out ({rate}): samaran decide --sheet lists them")
    rows: list[tuple[Any, ...]] = [
        (s.source_id, ";".join(s.informants) or "-", s.method, s.wave, s.stage, s.segments, s.mentions, s.open, _why(s.reason))
        for s in facts.rows
    ]
    if rows:
        table("", ("source", "informant", "method", "wave", "stage", "segments", "mentions", "open", "why"), rows)
    for row in facts.rows:
        if row.corrects:
            say(_correction(row))
    if facts.refused:
        table("left in the inbox", ("source", "reason", "what to do"), [(i, r, HINTS[r]) for i, r in facts.refused.items()])
    if facts.releases:
        table(
            "releases",
            ("folder", "profile", "sources", "segments"),
            [(r.name, r.profile, r.sources, r.segments) for r in facts.releases],
        )
    for withdrawal in facts.withdrawals:
        say(_clock(withdrawal))
    for incident in facts.incidents:
        say(_incident_clock(incident))
    for kept in facts.retention:
        announced = f", announced on {kept.announced}" if kept.announced else ""
        state = f"destroyed on {kept.destroyed}" if kept.destroyed else f"kept until {kept.until}, due{announced}: samaran retain"
        say(f"retention of {kept.kind}: {state}")
    for path in facts.left_open:
        say(f"an opened original was not wiped: {path}. The next samaran run or samaran open wipes it.")
    if facts.drills_due:
        say(f"drill due for {', '.join(facts.drills_due)}: samaran keys drill proves that these keys still recover")
    if facts.missing:
        say(f"{facts.missing} sealed originals are not here: an incomplete copy? samaran vault check names them")
    say(f"key pool: {facts.pool_free} of {facts.pool_size} pairs free" + (" - make more soon" if facts.pool_low else ""))


def _correction(row: SourceStatus) -> str:
    """A corrected version in a line: what it took over, or what it waits for."""
    name = f"{row.source_id} corrects {row.corrects}"
    if row.joined is None:
        return f"{name}: {_why(row.reason)}"
    j = row.joined
    text = f"{j.unchanged} segments unchanged, {j.edited} edited, {j.new} new, {j.gone} gone"
    return f"{name}: {text}; {j.carried} decisions carried, {j.again} to make again"


def _clock(withdrawal: WithdrawalStatus) -> str:
    """A withdrawal in a line: what is left to do, and how long there is."""
    name = f"withdrawal of {withdrawal.informant} ({withdrawal.scope})"
    left = [f"{place} is out of reach" for place in withdrawal.places] + [f"{copy} is not replaced" for copy in withdrawal.copies]
    if withdrawal.rows:
        left.append(f"{withdrawal.rows} rows or files are still there: samaran withdraw names them")
    if withdrawal.hours_left is None:
        return f"{name}: carried out at {withdrawal.executed}" + "".join(f"; {what}" for what in left)
    hours = withdrawal.hours_left
    clock = f"{hours:.0f} hours left" if hours >= 0 else f"OVERDUE by {-hours:.0f} hours"
    what_next = "" if withdrawal.stage == ERASED else ": give samaran withdraw with two keys"
    return f"{name}: {withdrawal.stage}, {clock}{what_next}" + "".join(f"; {what}" for what in left)


def _incident_clock(incident: IncidentStatus) -> str:
    """An open incident in a line."""
    name = f"incident {incident.number} ({incident.kind})"
    if incident.hours_left is None:
        return f"{name}: nothing is due; close it with samaran incident close"
    hours = incident.hours_left
    clock = f"{hours} hours left" if hours >= 0 else f"OVERDUE by {-hours} hours"
    return f"{name}: {clock}: {', '.join(incident.due)}"


def _why(reason: Reason | None) -> str:
    return f"{reason}: {HINTS[reason]}" if reason else ""


def schedule(
    study: Folder,
    cron: Annotated[str, typer.Option(help="Instead of the line in study.toml.")] = "",
    limit: Annotated[int, typer.Option(help="Stop after so many runs; 0 means never.")] = 0,
) -> None:
    """Serve the Prefect deployments: nightly de-identification, release on demand.

    Example: `samaran schedule bandung-2026`
    """
    from samaran.cli.prefect import serve

    serve(study, cron, limit)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("init")(init)
    app.command("run")(run)
    app.command("status")(show_status)
    app.command("schedule")(schedule)
