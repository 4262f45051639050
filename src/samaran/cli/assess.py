"""assess: the impact assessment of a study, written as a template and checked."""

from importlib.resources import files
from pathlib import Path

import typer

from samaran import assessment
from samaran.audit import disk
from samaran.cli.show import say, table
from samaran.cli.study import Folder
from samaran.errors import Exit, SamaranError
from samaran.study import RETAINED, load
from samaran.vault.holders import read_holders


def assess(study: Folder) -> None:
    """Write the template of the impact assessment (DPIA), or check the one that is there.

    Example: `samaran assess bandung-2026`
    """
    _facts(study)
    found = assessment.read_assessment(study)
    if found is None:
        try:
            disk.put(study / assessment.FILE, (files("samaran.config") / assessment.FILE).read_bytes())
        except OSError:
            raise SamaranError("The template can't be written.", "Check the permissions of the study's folder.") from None
        say(f"{study / assessment.FILE} is written: fill it in, and have the board or the investigator approve it.")
        raise typer.Exit(Exit.WAITING)
    table("what is left of each risk", ("risk", "left"), [(name.replace("_", " "), left) for name, left in found.left.items()])
    if not found.on:
        say(f"Version {found.version} is complete and waits for approval: `approved_on` and `approved_by` in {assessment.FILE}.")
        raise typer.Exit(Exit.WAITING)
    say(f"Version {found.version}, approved on {found.on} by {found.by}.")


def _facts(folder: Path) -> None:
    """What the assessment has to describe, as the study is set up now."""
    known = load(folder)
    held = ", ".join(sorted(holder.role for holder in read_holders(folder / "vault"))) or "nobody yet"
    kept = ", ".join(f"{kind} until {day}" for kind in RETAINED if (day := known.retention.until(kind))) or "without a last day"
    rows = [
        ("protocol", f"{known.protocol.number or '-'}, {known.protocol.committee or '-'}"),
        ("without consent", ", ".join(known.no_consent_needed) or "nothing"),
        ("keys", held),
        ("kept", kept),
        ("profiles", ", ".join(known.profiles)),
    ]
    table("what the study's config says", ("", ""), rows)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("assess")(assess)
