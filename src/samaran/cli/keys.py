"""keys: who can open what."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from samaran.cli.show import as_json, err, progress, say, table
from samaran.cli.study import Folder
from samaran.errors import Exit, UsageError
from samaran.pipeline import ceremony, drilling
from samaran.pipeline.desk import Desk
from samaran.vault.age import is_post_quantum
from samaran.vault.holders import Holder
from samaran.vault.keys import PassphraseNeeded, PrivateKey, load_private_key, save_private_key
from samaran.vault.sheet import read_sheet

app = typer.Typer(
    no_args_is_help=True, help="Keys of the principal investigator, the board and reviewers; the pool for informants."
)

_KINDS = ("classic", "post-quantum")
_ALGORITHMS = ("X25519", "X25519 with ML-KEM-768")
_SHOWN = 62  # characters of a classic recipient
_PostQuantum = typer.Option("--post-quantum", help="Keys that a quantum computer can't break either; chosen once for a study.")
KeyFile = Annotated[
    Path | None, typer.Option("--key", help="Private key file; default: what SAMARAN_KEY names.", show_default=False)
]


@app.command("new")
def new(
    study: Folder,
    role: Annotated[str, typer.Option("--for", help="pi, board or reviewer.")],
    out: Annotated[Path, typer.Option("--out", help="Where the private key file goes: outside the study folder.")],
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Only for tests and demonstrations.")] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="Also write a recovery sheet, NAME.txt and NAME.pdf, to print and delete.")
    ] = None,
    post_quantum: Annotated[bool, _PostQuantum] = False,
) -> None:
    """Make a private key and list its public half as a holder of the study. The first key decides whether all keys of the study
    are post-quantum.

    Example: `samaran keys new bandung-2026 --for pi --out ~/keys/pi.key`
    """
    for path in filter(None, (out, sheet)):
        _outside(study, path)
    with Desk.open(study) as desk:
        passphrase = None if no_passphrase else _new_passphrase()
        holder = ceremony.new_holder(desk, role, out, passphrase, sheet, post_quantum=post_quantum)
    say(f"{role} key {holder.id} written to {out}. Whoever loses it and its copies can open nothing: keep two copies apart.")
    if sheet:
        _print_and_delete(sheet)


@app.command("sheet")
def sheet(
    study: Folder,
    key: Annotated[Path, typer.Option("--key", help="Private key file.")],
    out: Annotated[Path, typer.Option("--out", help="NAME: writes NAME.txt and NAME.pdf, outside the study folder.")],
) -> None:
    """Write the recovery sheet of a key: on paper it works without passphrase, and in ten years.

    Example: `samaran keys sheet bandung-2026 --key pi.key --out sheet`
    """
    _outside(study, out)
    with Desk.open(study, alone=False) as desk:
        ceremony.sheet_of(desk, load_key(key), out)
    _print_and_delete(out)


@app.command("recover")
def recover(
    out: Annotated[Path, typer.Option("--out", help="The new key file.")],
    source: Annotated[Path | None, typer.Option("--from", help="A text file with what was typed or scanned.")] = None,
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Only for tests and demonstrations.")] = False,
) -> None:
    """Make a key file again from a recovery sheet, typed or scanned. A typing error is noticed.

    Example: `samaran keys recover --out pi.key`
    """
    key = read_sheet(_typed(source) if source else str(typer.prompt("Key", hide_input=True, err=True)))
    save_private_key(key, out, None if no_passphrase else _new_passphrase())
    say(f"key {key.id} written to {out}." + (f" Delete {source}." if source else ""))


@app.command("add")
def add(
    study: Folder,
    role: Annotated[str, typer.Option("--for", help="pi, board or reviewer.")],
    recipient: Annotated[str, typer.Option(help="Their public key, age1... or age1pq1...")],
) -> None:
    """List somebody whose key was made elsewhere, with age-keygen or on another machine.

    Example: `samaran keys add bandung-2026 --for board --recipient age1...`
    """
    with Desk.open(study) as desk:
        holder = ceremony.add_other(desk, role, recipient)
    say(f"{role} key {holder.id} is listed. What is wrapped already opens for it after: samaran keys rewrap {study} --key FILE")


@app.command("rewrap")
def rewrap(
    study: Folder,
    key: KeyFile = None,
    without: Annotated[list[str] | None, typer.Option("--without", help="Key id of a holder who leaves.")] = None,
) -> None:
    """Wrap every informant's key to the holders of now: somebody joined or leaves. Sealed files are not touched.

    It takes nothing back that a former holder saved: who leaves should have had no copy of vault/keys.

    Example: `samaran keys rewrap bandung-2026 --key pi.key --without 0123456789abcdef`
    """
    with Desk.open(study) as desk:
        count, to = ceremony.rewrap_keys(desk, load_key(key), without or ())
        places = desk.study.vault.places
    say(f"{count} keys wrapped anew, to: {_named(to)}.")
    _warn_without_board(to)
    for place in places:
        say(f"Copy vault/keys to {place}, over what is there.")


@app.command("drill")
def drill(
    study: Folder,
    keys: Annotated[list[Path], typer.Option("--key", help="Private key files of the holders who drill.")],
    together: Annotated[bool, typer.Option("--together", help="All keys open together: a board of several.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Prove on real sealed files, one per informant, that each of these holders can recover. No plaintext is written.

    Example: `samaran keys drill bandung-2026 --key pi.key --key board.key`
    """
    with Desk.open(study) as desk:
        found = drilling.drill(desk, [load_key(path) for path in keys], together=together)
    if json:
        as_json(found)
    else:
        for one in found:
            tool = {True: ", and by age itself", False: ", but NOT by age itself", None: ""}[one.age]
            say(f"{one.key}: {one.opened} opened{tool}, {len(one.failed)} failed")
        rows = [(one.key, source, what) for one in found for source, what in one.failed]
        if rows:
            table("failed", ("key", "source", "what"), rows)
    if any(one.failed or one.age is False for one in found):
        raise typer.Exit(Exit.BROKEN)


@app.command("pool")
def pool(
    study: Folder,
    size: Annotated[int, typer.Option(help="How many informants, groups and kinds of other sources you expect.")] = 30,
    post_quantum: Annotated[bool, _PostQuantum] = False,
) -> None:
    """Make key pairs for informants: private halves wrapped to the holders, public halves for the collecting machine.

    Example: `samaran keys pool bandung-2026 --size 30`
    """
    with Desk.open(study) as desk, progress({"pool": "making pairs"}) as tell:
        pairs, to = ceremony.grow_pool(desk, size, post_quantum=post_quantum, tell=lambda n, of: tell("pool", n, of))
    say(f"the pool has {len(pairs)} {_KINDS[is_post_quantum(pairs[0].recipient)]} pairs, each opened by: {_named(to)}")
    _warn_without_board(to)


@app.command("working")
def working(
    study: Folder,
    lock: Annotated[bool, typer.Option("--lock", help="Put it under a passphrase.")] = False,
    unlock: Annotated[bool, typer.Option("--unlock", help="Take the passphrase away.")] = False,
    recover: Annotated[bool, typer.Option("--recover", help="Write it again with a holder's key.")] = False,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="With --lock: let the keyring of the operating system keep the passphrase.")
    ] = False,
    key: KeyFile = None,
) -> None:
    """The study's working key, which the register is sealed to: under a passphrase or not, or back after a loss.

    Under a passphrase every command asks for it, unless the keyring keeps it; SAMARAN_WORKING_PASSPHRASE serves unattended runs.

    Example: `samaran keys working bandung-2026 --lock`
    """
    if [lock, unlock, recover].count(True) != 1 or (keyring and not lock):
        raise UsageError(
            "keys working needs one of --lock, --unlock and --recover; --keyring goes with --lock.",
            "See `samaran keys working --help`.",
        )
    if recover:
        say(f"working key written to {ceremony.restore_working_key(study, load_key(key))}.")
        return
    with Desk.open(study) as desk:
        passphrase = _new_passphrase("SAMARAN_WORKING_PASSPHRASE") if lock else None
        path = ceremony.lock_working_key(desk, passphrase, keyring=keyring)
    say(f"{path} is {'under a passphrase' if lock else 'under no passphrase'} now.")


@app.command("list")
def holders(study: Folder) -> None:
    """Who can open what.

    Example: `samaran keys list bandung-2026`
    """
    with Desk.open(study, alone=False) as desk:
        found = ceremony.holders(desk)
        free, total = ceremony.pool_state(desk)
        days, quorum = drilling.drilled(desk), desk.study.vault.board_quorum
    rows = [(h.role, h.id, _KINDS[h.post_quantum], str(days.get(h.id, "never")), _shown(h.recipient)) for h in found]
    table("", ("role", "key id", "kind", "last drill", "recipient"), rows)
    if found:
        kind = found[0].post_quantum
        say(f"keys of this study: {_KINDS[kind]} ({_ALGORITHMS[kind]})")
    if quorum > 1:
        say(f"board: any {quorum} members together; everybody else alone")
    say(f"key pool: {free} of {total} pairs free")


def _typed(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        raise UsageError("The file with the typed sheet can't be read.", "Name a text file that is there and yours.") from None


def _named(found: Iterable[Holder]) -> str:
    return ", ".join(f"{holder.role} {holder.id}" for holder in found)


def _warn_without_board(found: Iterable[Holder]) -> None:
    if all(holder.role != "board" for holder in found):
        say("no board key is among the holders: with the PI's key lost, everything sealed is lost. Add one before you collect.")


def _shown(recipient: str) -> str:
    """A post-quantum recipient is too long to look at; whole it stands in vault/holders.csv."""
    return recipient if len(recipient) <= _SHOWN else f"{recipient[:_SHOWN]}..."


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


def _outside(study: Path, path: Path) -> None:
    if path.resolve().is_relative_to(study.resolve()):
        raise UsageError("A private key may not lie in the study folder.", "Name a place outside it, best on another disk.")


def _print_and_delete(stem: Path) -> None:
    say(f"Recovery sheet: {stem}.pdf and {stem}.txt. Whoever reads it has the key: print it twice, then delete both files.")


def ask_working() -> str | None:
    """The passphrase of the working key, where there is a terminal to ask at."""
    return str(typer.prompt("Passphrase of the study's working key", hide_input=True, err=True)) if err.is_terminal else None


def _new_passphrase(variable: str = "SAMARAN_PASSPHRASE") -> str:
    given = os.environ.get(variable)
    if given:
        return given
    if not err.is_terminal:
        raise UsageError(
            "A key needs a passphrase, and there is no terminal to ask at.", f"Set {variable}, or use --no-passphrase."
        )
    return str(typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
