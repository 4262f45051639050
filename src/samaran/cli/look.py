"""detect, evaluate: over files that belong to no study."""

import codecs
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from samaran import codec
from samaran.cli.private import outside_studies, write_private
from samaran.cli.show import as_json, say, table
from samaran.detect.reasons import reasons
from samaran.errors import UsageError
from samaran.evaluate import Found, as_html, as_text, as_values, read_gold
from samaran.evaluate import evaluate as judge
from samaran.ingest import read, read_text
from samaran.model import Span, Transcript
from samaran.pipeline.looking import Looker

Roster = Annotated[Path | None, typer.Option("--roster", help="Names known beforehand.", show_default=False)]
Model = Annotated[str, typer.Option("--model", help="shipped, none, or a folder with a heavier model.")]


def detect(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Text, docx, captions, chats, tables.")],
    roster: Roster = None,
    format: Annotated[str, typer.Option("--format", help="table or jsonl.")] = "table",  # noqa: A002
    model: Model = "shipped",
) -> None:
    """Show what samaran finds in files, without a study. One entity has one pseudonym over all files given.

    Offsets are code points of a file's text as decoded. A table of mentions shows raw text, and below it why each rule found
    them; jsonl shows neither.

    Example: `samaran detect --roster roster.csv --format jsonl interview.txt`
    """
    if format not in ("table", "jsonl"):
        raise UsageError("This format is not known.", "Use --format table or jsonl.")
    transcripts: list[tuple[str, Transcript]] = []
    marks: list[int] = []
    for path in files:
        try:
            data = path.read_bytes()
        except OSError:
            raise UsageError(f"File {len(transcripts) + 1} of the list can't be read.", "Check its name and rights.") from None
        transcripts.append((str(path), read(data, path.name)))
        marks.append(int(data.startswith(codecs.BOM_UTF8)))  # a byte order mark is a code point of the text as decoded
    found = Looker(model)(transcripts, roster)
    for (name, transcript), mark, seen in zip(transcripts, marks, found, strict=True):
        if format == "jsonl":
            for s in seen:
                m = s.mention
                line = {"path": name, "start": m.span.start + mark, "end": m.span.end + mark, "type": str(m.type)}
                line |= {"score": round(m.score, 4), "detector": f"{m.detector}:{m.rule}", "pseudonym": s.pseudonym}
                sys.stdout.write(codec.compact(line) + "\n")
            continue
        found_here = [(s.mention, s.mention.span, s.pseudonym) for s in seen]
        rows = [
            (span.start + mark, span.end + mark, m.type, f"{m.score:.2f}", m.rule, pseudonym, span.of(transcript.text))
            for m, span, pseudonym in found_here
        ]
        table(name, ("start", "end", "type", "score", "rule", "pseudonym", "text"), rows)
    if format == "table":
        met = sorted({s.mention.rule for seen in found for s in seen})
        table("rules", ("rule", "why"), [(rule, reasons().get(rule, "")) for rule in met])


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="A folder of *.ann.txt files.", show_default=False)],
    roster: Annotated[
        Path | None, typer.Option("--roster", help="Names known beforehand; default: none.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with every miss in context (raw text) here.", show_default=False)
    ] = None,
    model: Model = "shipped",
) -> None:
    """Measure detection and pseudonyms against marked interviews: recall, precision, leaks, consistency.

    Example: `samaran evaluate gold/ --roster gold/roster.csv --html misses.html`
    """
    if html is not None:
        outside_studies(html)
    looker = Looker(model)

    def found(documents: Sequence[tuple[str, str]]) -> list[Found]:
        transcripts = [(name, read_text(text, name)) for name, text in documents]
        return [tuple((s.mention, s.pseudonym) for s in seen) for seen in looker(transcripts, roster, doubts=True)]

    def suspicious(name: str, text: str, taken: Sequence[Span]) -> list[Span]:
        from samaran.detect.suspicious import suspects

        return [suspect.span for suspect in suspects(read_text(text, name), taken)]

    if not gold.is_dir():
        raise UsageError("The folder with gold files is not there.", "Name a folder of *.ann.txt files.")
    panel = judge(gold, found, suspicious)
    if html is not None:
        write_private(html, as_html(panel, read_gold(gold)))
    if json:
        as_json(as_values(panel))
    else:
        say(as_text(panel))
        if html is not None:
            say(f"Every miss in context: {html}. It holds raw text: keep it where the gold is, or delete it.")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("detect")(detect)
    app.command("evaluate")(evaluate)
