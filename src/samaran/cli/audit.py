"""audit: verify the log, read it, prove entries, bundle it for the board, write the board's report."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from samaran import codec
from samaran.audit import disk
from samaran.audit.board import inspect
from samaran.audit.bundle import bundle as write_bundle
from samaran.audit.entry import Entry
from samaran.audit.log import Log
from samaran.audit.note import Note, VerifierKey
from samaran.audit.reading import Question, entries
from samaran.audit.restore import verify_restored
from samaran.audit.verify import KEPT, Report
from samaran.audit.vocabulary import Act, Phase
from samaran.cli.keys import KeyFile, load_key
from samaran.cli.show import as_json, out, say, table
from samaran.cli.study import Folder
from samaran.errors import Exit, UsageError
from samaran.pipeline.desk import Desk

app = typer.Typer(no_args_is_help=True, help="Evidence for the ethics board.")

Since = Annotated[Path | None, typer.Option(help="The checkpoint that the board kept.")]
PROVED = frozenset({Act.RELEASE_MAKE, Act.INFORMANT_WITHDRAW, Act.INFORMANT_EXTRACT, Act.SOURCE_OPEN})
"""Acts whose results a bundle proves when no entry is asked for."""


@app.command("verify")
def verify(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The study folder, or a bundle.", show_default=False)],
    since: Since = None,
    vkey: Annotated[Path | None, typer.Option(help="The log's public key as the board has it; default: audit/log.vkey.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Check the whole audit log: every entry, the tree, the signature, the published tiles.

    With --since, or audit/checkpoint.kept in the study, it is also checked that the log only grew from the checkpoint that was
    kept outside. Published tiles that are missing are made again from the entries, and counted; changed ones are left and fail.

    Example: `samaran audit verify bandung-2026 --since checkpoint-of-march`
    """
    key, kept = public_key(vkey), given(since)
    if study.is_file():
        report = inspect(study, key, kept).report
    else:
        back = study / "audit" / KEPT
        report = verify_restored(study / "audit", key, kept if kept is not None or not back.is_file() else back.read_bytes())
    show_report(report, json)


def show_report(report: Report, json: bool = False) -> None:
    """The checks as a table or JSON; exit code 4 unless all hold."""
    if json:
        as_json(report)
    else:
        rows = [(c.number, c.name, "ok" if c.ok else "FAILED", c.detail) for c in report.checks]
        table("", ("check", "what", "result", "detail"), rows)
        _say_restored(report)
        if report.ok:
            say("The log is whole.")
        else:
            where = "" if report.first_bad is None else f" First entry that doesn't hold: {report.first_bad}."
            say(f"The log is NOT what it was.{where}")
    if not report.ok:
        raise typer.Exit(Exit.BROKEN)


def _say_restored(report: Report) -> None:
    if report.restored:
        say(f"{report.restored} published files were missing and were made again from the entries.")


def public_key(path: Path | None) -> str | None:
    """The text of a public key file. Raises `KeyUnusable` when it is none."""
    data = given(path)
    return None if data is None else VerifierKey.parse(data.decode("ascii", "replace")).text


def given(path: Path | None) -> bytes | None:
    """The bytes of a file that an option names, None when it was not given."""
    try:
        return None if path is None else path.read_bytes()
    except OSError:
        raise UsageError("A file that was named is not there.", "Check the paths of the options.") from None


@app.command("show")
def show(
    study: Folder,
    act: Annotated[str, typer.Option(help="Such as source.open; `source` means all acts of that kind.")] = "",
    code: Annotated[str, typer.Option(help="How it ended, such as ok or no-consent.")] = "",
    phase: Annotated[str, typer.Option(help="intent or result.")] = "",
    actor: Annotated[str, typer.Option(help="Key id of who acted, or its beginning.")] = "",
    sid: Annotated[str, typer.Option(help="Subject id, or its beginning.")] = "",
    since: Annotated[str, typer.Option(help="First day, such as 2026-03-01.")] = "",
    until: Annotated[str, typer.Option(help="Last day.")] = "",
    last: Annotated[int, typer.Option(help="Only the last so many.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, as it stands in the log.")] = False,
) -> None:
    """Show entries of the log.

    Example: `samaran audit show bandung-2026 --act source.open --since 2026-03-01`
    """
    found = entries(study / "audit", Question(act, code, phase, actor, sid, since, until))
    chosen = list(found)[-last:] if last else found
    if json:
        for entry in chosen:
            out.out(entry.to_bytes().decode())
        return
    rows = [_line(entry) for entry in chosen]
    if rows:
        table("", ("entry", "hour (UTC)", "act", "phase", "code", "actor", "what it says"), rows)
    say(f"{len(rows)} entries")


def _line(entry: Entry) -> tuple[object, ...]:
    said = {"of": entry.of, "second": entry.second, "why": entry.why, "n": entry.n, "size": entry.size}
    said |= {"sid": (entry.sid or "")[:8], "obj": (entry.obj or "")[:8], "cfg": (entry.cfg or "")[:8]}
    rest = " ".join(f"{name}={value}" for name, value in said.items() if value not in (None, ""))
    return (entry.seq, entry.t[:13].replace("T", " "), entry.act, entry.phase, entry.code or "", entry.actor, rest)


@app.command("export")
def export(
    study: Folder,
    target: Annotated[Path, typer.Option("--out", help="A file that ends in .csv or .parquet.")],
) -> None:
    """Write the entries as a table for pandas or a spreadsheet.

    Example: `samaran audit export bandung-2026 --out log.parquet`
    """
    from samaran.export.entries import write_entries

    count = write_entries((_plain(entry) for entry in entries(study / "audit")), target)
    say(f"{count} entries written to {target}")


def _plain(entry: Entry) -> Mapping[str, object]:
    row: Mapping[str, object] = codec.parse(entry.to_bytes())
    return row


@app.command("prove")
def prove(
    study: Folder,
    entry: Annotated[int, typer.Argument(help="The number of the entry, see `samaran audit show`.", min=0)],
    target: Annotated[Path | None, typer.Option("--out", help="A file for the proof; default: print it.")] = None,
) -> None:
    """Write the proof that an entry is in the log: a C2SP tlog-proof, checked without the log and without samaran.

    Example: `samaran audit prove bandung-2026 423 --out 423.tlog-proof`
    """
    with Log(study / "audit") as log:
        proof = log.prove(entry)
    if target is None:
        out.out(proof.decode(), end="")
        return
    _new(target, proof)
    say(f"proof of entry {entry} written to {target}")


@app.command("bundle")
def bundle(
    study: Folder,
    target: Annotated[Path, typer.Option("--out", help="The zip file.")],
    asked: Annotated[list[int] | None, typer.Option("--entry", help="Prove this entry; can stand several times.")] = None,
    since: Since = None,
) -> None:
    """Write what the board needs to check the log without samaran: no key, no database, no personal data.

    It proves the entries asked about; without --entry, each release, withdrawal and opening of an original.

    Example: `samaran audit bundle bandung-2026 --since checkpoint-of-march --out board.zip`
    """
    _free(target)
    with Desk.open(study) as desk:
        rebuilt = desk.log.rebuild()
        seqs = asked if asked is not None else _results(study / "audit")
        count = write_bundle(desk.log, target, sorted(set(seqs)), given(since))
        vkey = desk.log.vkey
    say(
        f"{count} files in {target}."
        + (f" {rebuilt} published files were missing or changed, and were made again." if rebuilt else "")
    )
    say(f"The board must have this key on another way, on paper best: {vkey}")


def _results(folder: Path) -> list[int]:
    size = Note.parse((folder / "log" / "checkpoint").read_bytes()).size
    return [e.seq for e in entries(folder, Question(phase=Phase.RESULT), hi=size) if e.act in PROVED]


def _new(target: Path, data: bytes) -> None:
    _free(target)
    try:
        disk.put(target, data)
    except OSError:
        raise UsageError("This file can't be written.", "Name a place that you may write to.") from None


def _free(target: Path) -> None:
    if target.exists():
        raise UsageError("There is a file of that name already.", "Name a file that does not exist yet.")


@app.command("report")
def report(
    study: Folder,
    target: Annotated[
        Path | None, typer.Option("--out", help="Default: audit/report.html (or .pdf, .json) in the study.")
    ] = None,
    lang: Annotated[Literal["id", "en", "both"], typer.Option(help="The language of the page.")] = "both",
    form: Annotated[Literal["html", "pdf", "json"], typer.Option("--format", help="JSON holds both languages.")] = "html",
    since: Annotated[
        Path | None, typer.Option(help="The checkpoint that the board kept; default: audit/checkpoint.kept, if it is there.")
    ] = None,
) -> None:
    """Write one self-contained page for the ethics board: answers, the control matrix, ledgers, how to verify.

    Example: `samaran audit report bandung-2026 --lang id --format pdf`
    """
    from samaran.pipeline.reporting import write_report

    page = target or study / "audit" / f"report.{form}"
    with Desk.open(study) as desk:
        write_report(desk, page, lang, form, given(since))
    say(f"written: {page}")


@app.command("watch")
def watch(study: Folder) -> None:
    """Verify, sign and report in one go, as the scheduled audit does. A failure stops runs and releases until acknowledged.

    Example: `samaran audit watch bandung-2026`
    """
    from samaran.pipeline.watch import watch as watch_log

    report = watch_log(study)
    _say_restored(report)
    say(f"The log is whole: {report.size} entries, signed. The report is in {study / 'audit' / 'report.html'}")


@app.command("acknowledge")
def acknowledge(study: Folder, key: KeyFile = None) -> None:
    """Say under your key that you have seen a failed verification, or that the clock is right and the log ran ahead of it.
    Runs and releases go on; the failure stays in the report.

    Example: `samaran audit acknowledge bandung-2026 --key pi.key`
    """
    from samaran.pipeline.watch import acknowledge as acknowledge_alarm

    with Desk.open(study) as desk:
        seen = acknowledge_alarm(desk, load_key(key))
    what = f"check {', '.join(map(str, seen.checks))}" if seen.checks else "the clock counts as right from now on"
    say(f"acknowledged by {seen.acknowledged}: {what}. Find out why before you collect more.")
