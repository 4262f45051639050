"""incident: a breach, a request, an adverse event, each with its clock."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from samaran.audit.vocabulary import Case
from samaran.cli.keys import KeyFile, load_key
from samaran.cli.show import as_json, say, table
from samaran.cli.study import Folder
from samaran.pipeline import incidents
from samaran.pipeline.desk import CLOCK_BEHIND, CLOCK_HINT, COLLECTOR, Desk
from samaran.pipeline.incidents import Incident
from samaran.pipeline.notice import write_notices
from samaran.pipeline.reviewing import check_reviewer

app = typer.Typer(
    no_args_is_help=True, help="Breaches, requests and adverse events, with their clocks. No content: only what was done."
)

Number = Annotated[int, typer.Argument(help="The number of the incident.", min=1)]


@app.command("open")
def open_incident(
    study: Folder,
    kind: Annotated[str, typer.Option(help="breach, access-request, correction-request or adverse-event.")],
    known: Annotated[int, typer.Option(help="For how many hours it has been known.", min=0)] = 0,
    key: KeyFile = None,
) -> None:
    """Start the clock: 72 hours. A breach also gets a draft of the notice, in Indonesian and English.

    Example: `samaran incident open bandung-2026 --kind breach --known 3`
    """
    with Desk.open(study) as desk:
        opened = incidents.open_incident(desk, kind, known, actor=_actor(desk, key))
        drafts = write_notices(desk, opened) if kind == Case.BREACH else ()
    say(f"incident {opened.number} is open: {_left(opened, desk.now)}. Due: {', '.join(opened.due)}.")
    for path in drafts:
        say(f"draft of the notice: {path}")


@app.command("note")
def note(
    study: Folder,
    number: Number,
    did: Annotated[str, typer.Option(help="What was done, such as informants-told; see `samaran incident list`.")],
    key: KeyFile = None,
) -> None:
    """Write into the log that something was done.

    Example: `samaran incident note bandung-2026 1 --did authority-told`
    """
    with Desk.open(study) as desk:
        noted = incidents.note(desk, number, did, actor=_actor(desk, key))
    due = f"Due: {', '.join(noted.due)}; {_left(noted, desk.now)}." if noted.due else "Nothing is due."
    say(f"incident {number}: {did}. {due}")


@app.command("close")
def close(
    study: Folder,
    number: Number,
    end: Annotated[str, typer.Option("--as", help="resolved or unfounded.")] = "resolved",
    key: KeyFile = None,
) -> None:
    """End an incident; not while something is due.

    Example: `samaran incident close bandung-2026 1`
    """
    with Desk.open(study) as desk:
        closed = incidents.close(desk, number, end, actor=_actor(desk, key))
    say(f"incident {number} is closed after {closed.hours(desk.now)} hours.")


@app.command("list")
def show(study: Folder, json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False) -> None:
    """All incidents with their clocks.

    Example: `samaran incident list bandung-2026`
    """
    with Desk.open(study, alone=False) as desk:
        found, moment, behind = incidents.incidents(desk), desk.now, desk.clock_behind
    rows = [
        (i.number, i.kind, f"{i.known:%Y-%m-%d %H}h", i.ended or "open", ", ".join(i.due) or "-", _left(i, moment)) for i in found
    ]
    if json:
        names = ("number", "kind", "known", "state", "due", "clock")
        as_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    if rows:
        table("", ("incident", "kind", "known (UTC)", "state", "due", "clock"), rows)
    say(f"{len(rows)} incidents" + (f". {CLOCK_BEHIND} {CLOCK_HINT}" if behind else ""))


def _left(incident: Incident, moment: datetime) -> str:
    hours = incident.hours(moment)
    if incident.done is not None:
        return f"took {hours} hours" + (", too long" if incident.late(moment) else "")
    left = incidents.CLOCK_H - hours
    return f"{left} hours left" if left >= 0 else f"{-left} hours too late"


def _actor(desk: Desk, key: Path | None) -> str:
    if key is None:
        return COLLECTOR
    private = load_key(key)
    check_reviewer(desk, private)
    return private.id
