"""decide, release, open: what needs a person."""

import os
from pathlib import Path
from typing import Annotated

import typer

from samaran.cli.keys import KeyFile, load_key
from samaran.cli.show import as_json, progress, say, table
from samaran.cli.study import HINTS, Folder
from samaran.cli.waiting import stopping, wait
from samaran.errors import Exit, UsageError
from samaran.pipeline import opening, releasing, reviewing
from samaran.pipeline.desk import COLLECTOR, Desk

STEPS = {"refresh": "bringing sources up to date", "sheet": "writing the sheet", "suspicious": "looking for what stands out"}


def decide(
    study: Folder,
    sheet: Annotated[Path | None, typer.Option("--sheet", help="Write open mentions with context (raw text) here.")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="Read decisions from a filled sheet.")] = None,
    key: KeyFile = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Settle mentions in a sheet: write the open ones, fill in the last three columns, read them back.

    decision is accept, reject, add, merge or type; new_type goes with add and type; entity is a pseudonym such as INF-01:
    whom the mention means (with accept or add), or who its entity really is (with merge). Beside the sheet, in
    SHEET-suspicious.csv, stand unmarked words that may be names: add or reject, or leave them empty.

    Example: `samaran decide bandung-2026 --sheet open.csv --key reviewer.key`, later the same with `--from open.csv`
    """
    if (sheet is None) == (source is None):
        raise UsageError("decide needs either --sheet or --from.", "See `samaran decide --help`.")
    with Desk.open(study) as desk, progress(STEPS) as tell:
        if sheet is not None:
            if sheet.resolve().is_relative_to(study.resolve()):
                raise UsageError("The sheet holds raw text and may not lie in the study folder.", "Name a place outside it.")
            private = load_key(key)
            reviewing.check_reviewer(desk, private)
            rows = reviewing.sheet(desk, private, tell)
            reviewing.write_sheet(rows, sheet)
            unmarked, beside = reviewing.suspicious(desk, private, tell), sheet.with_name(f"{sheet.stem}-suspicious.csv")
            reviewing.write_sheet(unmarked, beside)
            if json:
                as_json({"open": len(rows), "suspicious": len(unmarked), "suspicious_sheet": str(beside)})
            else:
                say(f"{len(rows)} open mentions written to {sheet}. It holds raw text: delete it when you are done.")
                say(f"{len(unmarked)} words that nobody marked but that stand out: {beside}, raw text as well.")
            return
        private_or_none = load_key(key) if key is not None or _key_named() else None
        if private_or_none is not None:
            reviewing.check_reviewer(desk, private_or_none)
        actor = private_or_none.id if private_or_none else COLLECTOR
        decisions = reviewing.read_sheet(desk, source or Path(), actor)
        reviewing.decide(desk, decisions, actor)
        touched = reviewing.refresh(desk, private_or_none, tell) if private_or_none else 0
        waiting, late = reviewing.open_count(desk), reviewing.late_count(desk)
    if json:
        as_json({"decisions": len(decisions), "sanitized_anew": touched, "open": waiting, "behind": late})
    else:
        say(f"{len(decisions)} decisions taken, {touched} sources sanitized anew, {waiting} mentions open.")
        if late:
            say(f"{late} sources do not show all decisions yet: give a reviewer's key with --key.")
    if waiting or late:
        raise typer.Exit(Exit.WAITING)


def release(
    study: Folder,
    profile: Annotated[str, typer.Option(help="analysis, archive or publication.")] = "analysis",
    key: KeyFile = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Send what is settled through the gate and write it for analysis; or say what is withheld and why.

    Example: `samaran release bandung-2026 --profile analysis`
    """
    with Desk.open(study) as desk, progress(STEPS) as tell:
        chosen = releasing.profile_of(desk, profile)
        actor = COLLECTOR
        if key is not None or _key_named():
            private = load_key(key)
            reviewing.check_reviewer(desk, private)
            reviewing.refresh(desk, private, tell)
            actor = private.id
        done = releasing.hand_over(desk, chosen, actor=actor)
    if json:
        as_json(
            {
                "folder": str(done.folder) if done.folder else None,
                "cleared": [source.source_id for source in done.release.cleared],
                "withheld": [{"source": w.source_id, "reason": w.reason, "check": w.check} for w in done.release.withheld],
            }
        )
    else:
        if done.folder:
            say(f"released: {done.folder} ({len(done.release.cleared)} sources)")
        else:
            say("withheld: nothing may leave.")
        if done.release.withheld:
            rows = [(w.source_id, str(w.reason), f"check {w.check}", HINTS[w.reason]) for w in done.release.withheld]
            table("withheld", ("source", "reason", "held by", "what to do"), rows)
    if done.waiting:
        raise typer.Exit(Exit.WAITING)


def open_original(
    study: Folder,
    source: Annotated[str, typer.Argument(help="The source id, see `samaran status`.")],
    keys: Annotated[list[Path], typer.Option("--key", help="Private key files of two different holders.")],
    purpose: Annotated[str, typer.Option(help="review, correction, access, withdrawal, recovery or dispute.")],
    minutes: Annotated[int, typer.Option(help="How long it lies open at most.")] = 30,
    into: Annotated[Path | None, typer.Option("--into", help="A folder with room; default: one in memory.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="For access and recovery: a file that stays, outside the study folder.")
    ] = None,
) -> None:
    """Open a sealed original in a time box. Takes the keys of two holders; logged before and after.

    It lies in a private folder until you press Enter or the time is over; then the folder is wiped.

    Example: `samaran open bandung-2026 SOURCE --key pi.key --key board.key --purpose dispute --minutes 20`
    """
    for path in filter(None, (out, into)):
        if path.resolve().is_relative_to(study.resolve()):
            raise UsageError("An opened original may not lie in the study folder.", "Name a private place outside it.")
    private = [load_key(path) for path in keys]
    with Desk.open(study, alone=False) as desk:
        if out is not None:
            opening.open_original(desk, source, private, purpose, out)
            say(f"opened into {out}, readable by you alone. Delete it when you are done.")
            return
        with stopping(), opening.open_for(desk, source, private, purpose, minutes, into) as opened:
            say(f"opened: {opened.path}, until {opened.until.astimezone():%H:%M}. Press Enter when you are done.")
            wait(opened.until)
        say("wiped.")


def _key_named() -> bool:
    return bool(os.environ.get("SAMARAN_KEY"))


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("decide")(decide)
    app.command("release")(release)
    app.command("open")(open_original)
