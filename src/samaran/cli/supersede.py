"""supersede: which source corrects which, where the file's path doesn't say it."""

from typing import Annotated

import typer

from samaran.cli.desk import STEPS
from samaran.cli.keys import KeyFile, load_key
from samaran.cli.show import as_json, progress, say
from samaran.cli.study import Folder
from samaran.errors import Exit
from samaran.model import Reason
from samaran.pipeline import reviewing, versions
from samaran.pipeline.desk import Desk


def supersede(
    study: Folder,
    old: Annotated[str, typer.Argument(help="The source id of the earlier version, see `samaran status`.", show_default=False)],
    new: Annotated[str, typer.Argument(help="The source id of the corrected one.", show_default=False)],
    apart: Annotated[bool, typer.Option("--apart", help="They are two sources: join nothing, release both.")] = False,
    key: KeyFile = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Say that a source corrects another one, or that it does not.

    A corrected file under the same path is known for what it is; use this where the name changed, or where status says
    correction-unclear. Unchanged segments keep their ids and decisions; the earlier version stays sealed and is not released.

    Example: `samaran supersede bandung-2026 OLD NEW --key reviewer.key`
    """
    with Desk.open(study) as desk, progress(STEPS) as tell:
        private = load_key(key)
        reviewing.check_reviewer(desk, private)
        if apart:
            versions.part(desk, old, new, private.id)
        else:
            versions.declare(desk, old, new)
        reviewing.refresh(desk, private, tell)
        desk.sign()
        joined = None if apart else desk.state.versions()[new].joined
        waiting = reviewing.open_count(desk)
    if json:
        as_json({"joined": joined, "open": waiting})
    elif joined is not None:
        say(f"{joined.unchanged} segments unchanged, {joined.edited} edited, {joined.new} new, {joined.gone} gone.")
        say(f"{joined.carried} decisions carried, {joined.again} to make again; {waiting} mentions open.")
    elif apart:
        say(f"They are two sources; {waiting} mentions open.")
    else:
        say(f"Not joined yet: {Reason.CORRECTION_DUE}. The earlier one waits for a version before it.")
    if waiting or (joined is None and not apart):
        raise typer.Exit(Exit.WAITING)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("supersede")(supersede)
