"""extract: what is held on an informant, for herself."""

from pathlib import Path
from typing import Annotated

import typer

from samaran.cli.keys import load_key
from samaran.cli.private import outside_studies
from samaran.cli.show import as_json, say
from samaran.cli.study import Folder
from samaran.cli.waiting import stopping
from samaran.errors import Exit
from samaran.pipeline import extracting
from samaran.pipeline.desk import Desk


def extract(
    study: Folder,
    informant: Annotated[str, typer.Argument(metavar="INF", help="The informant's code.", show_default=False)],
    keys: Annotated[list[Path], typer.Option("--key", help="Private key files of two different holders.")],
    out: Annotated[Path, typer.Option("--out", help="A folder that is made for it, outside of every study.")],
    request: Annotated[int, typer.Option(help="The number of the request, where several are open.", min=0)] = 0,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable: counts only.")] = False,
) -> None:
    """Write down for an informant who asks what the study holds on her, in Indonesian and English. Logged before and after.

    It answers an open request (`samaran incident open STUDY --kind access-request`), and holds her words with everybody else
    masked. Nothing of it is kept in the study: hand it over, then delete the folder.

    Example: `samaran extract bandung-2026 INF-04 --key pi.key --key board.key --out inf04`
    """
    outside_studies(out)
    private = [load_key(path) for path in keys]
    with Desk.open(study, alone=False) as desk, stopping():
        made = extracting.extract(desk, informant, private, out, request)
    if json:
        as_json({"request": made.request, "sources": len(made.sources), "segments": made.given, "waiting": made.waiting})
    else:
        say(f"{out}: {made.given} segments of {len(made.sources)} sources, in Indonesian and English, readable by you alone.")
        if made.nothing_left:
            say("Nothing of theirs is left: the extract says so.")
        if made.waiting:
            say(f"The text of {made.waiting} sources waits for a reviewer: settle them, then make another extract.")
        say("Hand it over and delete the folder; it says that this person took part. Nothing of it is kept in the study.")
        say(f"Once it is handed over: samaran incident note {study} {made.request} --did answered")
    if made.waiting:
        raise typer.Exit(Exit.WAITING)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("extract")(extract)
