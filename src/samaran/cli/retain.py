"""retain: what is past its last day is destroyed."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from samaran.cli.keys import load_key
from samaran.cli.show import as_json, say, table
from samaran.cli.study import Folder
from samaran.errors import Exit
from samaran.pipeline.desk import Desk
from samaran.pipeline.retaining import FOLDER, Kept, files_left, retain, retention


def retain_study(
    study: Folder,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what is due; change nothing.")] = False,
    keys: Annotated[
        list[Path] | None, typer.Option("--key", help="Who does it: key files, named in log and certificate.")
    ] = None,
    done_at: Annotated[
        list[str] | None, typer.Option("--done", help="A place with copies of keys that are gone, though it is out of reach.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Destroy each class of material whose last day in study.toml is past. For good; with a certificate each.

    Example: `samaran retain bandung-2026 --dry-run`
    """
    with Desk.open(study, alone=not dry_run) as desk:
        found = retention(desk) if dry_run else retain(desk, [load_key(path) for path in keys or ()], said=done_at or ())
        raw = len(files_left(desk)) if any(kept.kind == "originals" and kept.destroyed for kept in found) else 0
    if json:
        as_json(found)
    else:
        _show(study, found, dry_run)
        if raw:
            say(f"Still there: {raw} raw files in inbox/, which nobody sealed. Delete them.")
    if any(kept.due and (dry_run or kept.places) for kept in found):
        raise typer.Exit(Exit.WAITING)


def _show(study: Path, found: tuple[Kept, ...], dry_run: bool) -> None:
    if not found:
        say("Nothing is due.")
        return
    rows = [(kept.kind, kept.until or "without end", _state(kept, dry_run), kept.count) for kept in found]
    table("", ("class", "kept until", "state", "there now"), rows)
    for kept in found:
        for place in kept.places:
            say(f"Still to do: {place} is out of reach. Plug it in and give the command again.")
            say(f"  If it is lost or broken: samaran retain STUDY --done {shlex.quote(place)}")
        if kept.destroyed:
            say(f"Certificate: {study / FOLDER / f'{kept.kind}.html'} (and .txt)")


def _state(kept: Kept, dry_run: bool) -> str:
    if kept.destroyed:
        return f"destroyed on {kept.destroyed}"
    if kept.due:
        return "due: would be destroyed now" if dry_run else "due"
    return "kept"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("retain")(retain_study)
