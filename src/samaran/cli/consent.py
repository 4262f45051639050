"""consent: who agreed to what, and when that changed."""

from typing import Annotated

import typer

from samaran.cli.show import as_json, say, table
from samaran.cli.study import Folder
from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS
from samaran.pipeline.consenting import Agreed, agreed
from samaran.pipeline.desk import Desk

app = typer.Typer(no_args_is_help=True, help="Consent of informants: what holds now, and how it came about.")


@app.command("show")
def show(
    study: Folder,
    informant: Annotated[str, typer.Argument(metavar="[INF]", help="Only this one, with every version.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """What each informant agreed to: the consent in force, what was taken back, and in which releases their material may be.

    Example: `samaran consent show bandung-2026 INF-04`
    """
    with Desk.open(study, alone=False) as desk:
        found = agreed(desk)
    if informant:
        found = tuple(one for one in found if one.informant == informant.upper())
        if not found:
            raise UsageError("There is no consent of this code.", "Codes stand in consent.csv, such as INF-01.")
    if json:
        as_json(found)
        return
    rows = [(a.informant, a.form_version, a.date, a.mode, _flags(a), ", ".join(a.profiles) or "none") for a in found]
    table("", ("informant", "form", "date", "mode", "agreed to", "may be in"), rows)
    for one in found if informant else ():
        for version in one.versions:
            say(f"{version.date} form {version.form_version}, {version.mode}: {', '.join(_ordered(version.flags)) or 'nothing'}")
    for one in found:
        if one.ahead:
            say(f"{one.informant}: a consent has a day that is yet to come, and outlasts every amendment until then. Mend it.")
        for back in one.taken_back:
            say(f"{one.informant}: {back}")


def _flags(one: Agreed) -> str:
    return ", ".join(_ordered(one.flags)) or "nothing"


def _ordered(flags: frozenset[str]) -> list[str]:
    return [flag for flag in CONSENT_FLAGS if flag in flags]
