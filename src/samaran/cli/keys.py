"""keys: who can open what."""

import os
from pathlib import Path
from typing import Annotated

import typer

from samaran.cli.show import err, say, table
from samaran.cli.study import Folder
from samaran.errors import UsageError
from samaran.pipeline import ceremony
from samaran.pipeline.desk import Desk
from samaran.vault.keys import PassphraseNeeded, PrivateKey, load_private_key

app = typer.Typer(
    no_args_is_help=True, help="Keys of the principal investigator, the board and reviewers; the pool for informants."
)

KeyFile = Annotated[
    Path | None, typer.Option("--key", help="Private key file; default: what SAMARAN_KEY names.", show_default=False)
]


@app.command("new")
def new(
    study: Folder,
    role: Annotated[str, typer.Option("--for", help="pi, board or reviewer.")],
    out: Annotated[Path, typer.Option("--out", help="Where the private key file goes: outside the study folder.")],
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Only for tests and demonstrations.")] = False,
) -> None:
    """Make a private key and list its public half as a holder of the study.

    Example: `samaran keys new bandung-2026 --for pi --out ~/keys/pi.key`
    """
    if out.resolve().is_relative_to(study.resolve()):
        raise UsageError("A private key may not lie in the study folder.", "Name a place outside it, best on another disk.")
    with Desk.open(study) as desk:
        holder = ceremony.new_holder(desk, role, out, None if no_passphrase else _new_passphrase())
    say(f"{role} key {holder.id} written to {out}. Whoever loses it and its copies can open nothing: keep two copies apart.")


@app.command("pool")
def pool(
    study: Folder,
    size: Annotated[int, typer.Option(help="How many informants, groups and kinds of other sources you expect.")] = 30,
) -> None:
    """Make key pairs for informants: private halves wrapped to the holders, public halves for the collecting machine.

    Example: `samaran keys pool bandung-2026 --size 30`
    """
    with Desk.open(study) as desk:
        pairs, roles = ceremony.grow_pool(desk, size)
    say(f"the pool has {len(pairs)} pairs, each opened by: {', '.join(sorted(roles))}")
    if "board" not in roles:
        say("no board key is among the holders: with the PI's key lost, everything sealed is lost. Add one before you collect.")


@app.command("list")
def holders(study: Folder) -> None:
    """Who can open what.

    Example: `samaran keys list bandung-2026`
    """
    with Desk.open(study, alone=False) as desk:
        found = ceremony.holders(desk)
        free, total = ceremony.pool_state(desk)
    table("", ("role", "key id", "recipient"), [(h.role, h.id, h.recipient) for h in found])
    say(f"key pool: {free} of {total} pairs free")


def load_key(path: Path | None) -> PrivateKey:
    """A private key from a file, asking for its passphrase if it has one. SAMARAN_KEY and SAMARAN_PASSPHRASE serve scripts."""
    if path is None:
        named = os.environ.get("SAMARAN_KEY", "")
        if not named:
            raise UsageError("This needs a private key.", "Give --key FILE, or name the file in SAMARAN_KEY.")
        path = Path(named)
    given = os.environ.get("SAMARAN_PASSPHRASE")
    try:
        return load_private_key(path, given)
    except PassphraseNeeded:
        if not err.is_terminal:
            raise
    return load_private_key(path, typer.prompt("Passphrase", hide_input=True, err=True))


def _new_passphrase() -> str:
    given = os.environ.get("SAMARAN_PASSPHRASE")
    if given:
        return given
    if not err.is_terminal:
        raise UsageError(
            "A key needs a passphrase, and there is no terminal to ask at.", "Set SAMARAN_PASSPHRASE, or use --no-passphrase."
        )
    return str(typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
