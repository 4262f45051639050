"""audit cosigner, audit cosign: what the board does on its own machine, with a key of its own."""

import time
from pathlib import Path
from typing import Annotated

import typer

from samaran.audit import disk
from samaran.audit.board import inspect
from samaran.audit.cosign import load_cosigner, new_cosigner
from samaran.cli.audit import given, public_key, show_report
from samaran.cli.show import say
from samaran.errors import UsageError


def cosigner(
    name: Annotated[str, typer.Argument(help="A name for the key, such as kepk.example.ac.id.")],
    target: Annotated[Path, typer.Option("--out", help="Where the private key file goes.")],
) -> None:
    """Make the board's own key for cosigning checkpoints. It stays with the board.

    Example: `samaran audit cosigner kepk.example.ac.id --out kepk.key`
    """
    made = new_cosigner(name, target)
    say(f"private key written to {target}. The public half, for everybody: {made.text}")


def cosign(
    bundle: Annotated[Path, typer.Argument(help="The bundle that came from the study.")],
    key: Annotated[Path, typer.Option(help="The board's own private key.")],
    vkey: Annotated[Path, typer.Option(help="The log's public key, from paper.")],
    target: Annotated[Path, typer.Option("--out", help="Where the cosigned checkpoint goes: keep it, and send a copy back.")],
    since: Annotated[Path | None, typer.Option(help="The checkpoint that was cosigned last.")] = None,
    first: Annotated[bool, typer.Option("--first", help="There is no earlier checkpoint: the first time.")] = False,
) -> None:
    """Check a bundle, and sign its checkpoint only if the log grew from the one that was cosigned last.

    Example: `samaran audit cosign board.zip --key kepk.key --vkey log.vkey --since checkpoint.march --out checkpoint.june`
    """
    if (since is None) != first:
        raise UsageError(
            "cosign needs the checkpoint that was cosigned last.", "Give it with --since; only the first time, say --first."
        )
    if target.exists():
        raise UsageError("There is a file of that name already.", "Name a file that does not exist yet; keep the old one.")
    private = load_cosigner(key)
    seen = inspect(bundle, public_key(vkey), given(since))
    show_report(seen.report)
    disk.put(target, private.cosign(seen.checkpoint, int(time.time())))
    say(f"{seen.report.size} entries cosigned: {target}. Keep it, on paper too; the next bundle must have grown from it.")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("cosigner")(cosigner)
    app.command("cosign")(cosign)
