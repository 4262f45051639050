"""audit: verify the log, write the board's report."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from samaran.audit.verify import verify as verify_log
from samaran.cli.show import as_json, say, table
from samaran.cli.study import Folder
from samaran.errors import Exit, UsageError
from samaran.pipeline.desk import Desk

app = typer.Typer(no_args_is_help=True, help="Evidence for the ethics board.")


@app.command("verify")
def verify(
    study: Folder,
    since: Annotated[Path | None, typer.Option(help="The checkpoint that the board kept.")] = None,
    vkey: Annotated[Path | None, typer.Option(help="The log's public key as the board has it; default: audit/log.vkey.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Check the whole audit log: every entry, the tree, the signature, the published tiles.

    Example: `samaran audit verify bandung-2026 --since checkpoint-of-march`
    """
    for path in (since, vkey):
        if path is not None and not path.is_file():
            raise UsageError("A file that was named is not there.", "Check the path of --since or --vkey.")
    key = vkey.read_text(encoding="utf-8").strip() if vkey else None
    report = verify_log(study / "audit", key, since.read_bytes() if since else None)
    if json:
        as_json(report)
    else:
        table(
            "",
            ("check", "what", "result", "detail"),
            [(c.number, c.name, "ok" if c.ok else "FAILED", c.detail) for c in report.checks],
        )
        say("The log is whole." if report.ok else "The log is NOT what it was.")
    if not report.ok:
        raise typer.Exit(Exit.BROKEN)


@app.command("report")
def report(
    study: Folder,
    out: Annotated[Path | None, typer.Option("--out", help="Default: audit/report.html in the study.")] = None,
    lang: Annotated[Literal["id", "en", "both"], typer.Option(help="The language of the page.")] = "both",
) -> None:
    """Write one self-contained page for the ethics board.

    Example: `samaran audit report bandung-2026`
    """
    from samaran.pipeline.reporting import write_report

    target = out or study / "audit" / "report.html"
    with Desk.open(study) as desk:
        write_report(desk, target, lang)
    say(f"written: {target}")
