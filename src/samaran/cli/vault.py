"""vault: what lies in it, and whether it is whole."""

from pathlib import Path
from typing import Annotated

import typer

from samaran.cli.keys import load_key
from samaran.cli.show import as_json, say, table
from samaran.cli.study import Folder
from samaran.errors import Exit
from samaran.pipeline import ceremony
from samaran.pipeline.desk import Desk
from samaran.pipeline.inventory import check, inventory

app = typer.Typer(no_args_is_help=True, help="The sealed originals.")


@app.command("check")
def check_vault(
    study: Folder,
    sample: Annotated[int, typer.Option("--sample", min=0, help="Look at so many originals, by chance; 0 means all.")] = 0,
    keys: Annotated[list[Path] | None, typer.Option("--key", help="Also decrypt each to its end; nothing is written.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Compare sealed originals with what the log says was sealed; look for strangers, loose permissions and left-over pieces.

    Example: `samaran vault check bandung-2026 --sample 20`
    """
    with Desk.open(study, alone=False) as desk:
        done = check(desk, tuple(load_key(path) for path in keys or ()), sample)
    if json:
        as_json(done)
    else:
        said = f"{done.looked_at} of {done.sources} originals are looked at"
        say(said + (f", {done.opened} decrypted to the end." if keys else "; give --key to decrypt them, too."))
        if done.faults:
            table("faults", ("where", "what", "what to do"), [(f.path, f.what, f.hint) for f in done.faults])
        else:
            say("No fault was found.")
    if done.faults:
        raise typer.Exit(Exit.BROKEN)


@app.command("inventory")
def list_vault(study: Folder, json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False) -> None:
    """Every sealed original: the file that holds it, subject id, size, digest, and who can open it.

    Example: `samaran vault inventory bandung-2026`
    """
    with Desk.open(study, alone=False) as desk:
        holders = tuple(f"{holder.role} {holder.id}" for holder in ceremony.holders(desk))
        found = inventory(desk, holders)
    if json:
        as_json(found)
        return
    rows = [(i.source_id, i.path, i.sid, i.size, i.sha256, "here" if i.wrapped else "not here") for i in found]
    table("", ("source", "file", "subject id", "bytes", "SHA-256", "wrapped key"), rows)
    sizes = {i.path: i.size for i in found}
    say(f"{len(found)} originals in {len(sizes)} files, {sum(sizes.values())} bytes. Opened by each of: {', '.join(holders)}")
