"""`samaran`: dispatches and catches once."""

import sys

import typer
from typer.main import get_command

from samaran import __version__
from samaran.cli import (
    assess,
    audit,
    board,
    consent,
    demo,
    desk,
    extract,
    incident,
    inspect,
    keys,
    look,
    retain,
    study,
    supersede,
    vault,
    withdraw,
)
from samaran.cli.show import complain
from samaran.errors import Defect, Exit, SamaranError
from samaran.pipeline.desk import ask

app = typer.Typer(
    name="samaran",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="De-identify interviews, seal the originals, and prove each step to an ethics board.\n\n"
    "Exit codes: 0 done, 1 failed, 2 usage, 3 withheld or waiting for a human, 4 integrity broken.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version.")) -> None:
    pass


for part in (demo, study, assess, look, inspect, desk, supersede, extract, withdraw, retain):
    part.add_to(app)
app.add_typer(keys.app, name="keys")
app.add_typer(vault.app, name="vault")
app.add_typer(consent.app, name="consent")
board.add_to(audit.app)
app.add_typer(incident.app, name="incident")
app.add_typer(audit.app, name="audit")


_INTERRUPTED = 130
"""What Typer makes of Ctrl-C. Our exit codes have none for it."""


def main() -> None:
    """Entry point of the console script. Every exit code is one of `errors.Exit`."""
    command = get_command(app)
    ask.append(keys.ask_working)
    try:
        code = command.main(standalone_mode=False, prog_name="samaran")
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
    except SamaranError as error:
        complain(error)
        code = error.exit
    except (KeyboardInterrupt, typer.Abort):
        print("samaran: stopped. Run the same command again: it goes on where it was.", file=sys.stderr)
        code = Exit.FAILED
    except Exception as error:
        code = _foreign(error)
    sys.exit(int(code) if isinstance(code, int) else 0)


def _foreign(error: Exception) -> int:
    """Errors that are not ours: wrong usage says so itself; anything else is a defect."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
        return int(Exit.USAGE)
    complain(Defect(error))
    return int(Exit.FAILED)
