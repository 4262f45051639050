"""withdraw: an informant takes consent back."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from samaran import withdrawals
from samaran.cli.keys import load_key
from samaran.cli.show import as_json, say
from samaran.cli.study import Folder
from samaran.errors import Exit
from samaran.pipeline import withdrawing
from samaran.pipeline.desk import Desk
from samaran.withdrawals import ERASED, EXECUTED, REQUESTED, Withdrawal


def withdraw(
    study: Folder,
    informant: Annotated[str, typer.Argument(metavar="INF", help="The informant's code.", show_default=False)],
    scope: Annotated[Literal["all", "quotes", "archive"], typer.Option(help="What is taken back.")] = "all",
    keys: Annotated[list[Path] | None, typer.Option("--key", help="Private key files of two holders.")] = None,
    shared: Annotated[
        Literal["erase", "withhold"] | None, typer.Option(help="What becomes of sources that belong to other informants too.")
    ] = None,
    keep_rows: Annotated[
        bool, typer.Option("--keep-rows", help="Leave rows in roster.csv and manifest.csv and files in inbox/ to you.")
    ] = False,
    done_at: Annotated[
        list[str] | None, typer.Option("--done", help="A place where nothing of theirs is left any more; as study.toml names it.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Freeze an informant at once; with the keys of two holders destroy what is theirs.

    Without --key nothing of theirs is processed or released any more, and a clock of 72 hours runs. With two keys, and for good:
    their wrapped key is destroyed, their material, names and rows go, released segments are recalled, a certificate is written.

    Example: `samaran withdraw bandung-2026 INF-04 --key pi.key --key board.key`
    """
    done, trouble = withdrawing.freeze(study, informant, scope)
    if done.whole and not json:
        say(f"{done.informant} is frozen: nothing of theirs is processed or released. Asked for at {done.requested}.")
    if trouble is not None:
        raise trouble
    with Desk.open(study) as desk:
        if done_at:
            done = withdrawing.confirmed(desk, done, done_at, [load_key(path) for path in keys or ()])
        if keys or not done.whole or done.stage not in (REQUESTED, withdrawals.EXECUTING):
            done = withdrawing.execute(
                desk, done, [load_key(path) for path in keys or ()], shared=shared or "", keep_rows=keep_rows
            )
        else:
            desk.sign()
        left, copies = withdrawing.remainder(desk, done), desk.study.vault.copies
    if json:
        as_json({"withdrawal": done, "rows": left.rows, "files": [str(path) for path in left.files]})
    else:
        _show(study, done, left, copies)
    if done.stage != EXECUTED or left.rows or left.files:
        raise typer.Exit(Exit.WAITING)


def _show(study: Path, done: Withdrawal, left: withdrawing.Remainder, copies: Sequence[str]) -> None:
    if done.stage in (REQUESTED, withdrawals.EXECUTING):
        for copy in copies:
            say(f"Nothing may run on {copy} until the folder there was replaced by a copy of this one.")
        say(f"Give the command again with --key twice before {withdrawals.stamp(done.deadline)} to destroy their keys.")
        return
    if done.whole:
        say(
            f"{done.keys} keys destroyed; erased: {done.sources} sources, {done.segments} segments. "
            f"{done.pinned} mentions by others stay masked."
        )
    else:
        say(f"{done.informant}: {done.scope} taken back.")
    if done.releases:
        say(f"Deleted here and recalled: {', '.join(done.releases)}. Send releases/recalls to whoever has a copy; release again.")
    for source in left.unsearched:
        say(f"Source {source} of others can't be opened and was not searched for their names: it stays withheld. Review it anew.")
    for place in left.places:
        say(f"Still to do: {place} is out of reach. Plug it in and give the command again.")
    for copy in left.copies:
        say(f"Still to do: {copy} may hold their names. Replace the folder there, then say so: {_again(done, copy)}")
    for rows in left.rows:
        say(f"Still there: {rows.table}, lines {', '.join(map(str, rows.lines))}. Delete these lines.")
    for path in left.files:
        say(f"Still there: inbox/{path}. Delete this file.")
    if done.stage in (EXECUTED, ERASED):
        say(f"Certificate: {study / withdrawals.FOLDER / f'{done.informant}.{done.scope}.html'} (and .txt)")
    if done.whole:
        say("Not reached: sheets with raw text, opened originals and backups outside this folder. Delete what you have of these.")


def _again(done: Withdrawal, place: str) -> str:
    return f"samaran withdraw STUDY {done.informant} --done {shlex.quote(place)}"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("withdraw")(withdraw)
