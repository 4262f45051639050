"""inspect, formats: what samaran sees in a file, and what it can read."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from samaran import study as config
from samaran.cli.show import as_json, say, table
from samaran.errors import UsageError
from samaran.ingest import FORMATS, WARNINGS, encoding_of, read_parts
from samaran.ingest.media import HEAD, Recording, about, is_media
from samaran.ingest.roles import role_of
from samaran.model import Property, Transcript
from samaran.segment import segments

_SHOWN = 8
_SIGNS = re.compile(r"[^\s!-/:-@\[-`{-~“”‘’…–—]")


def mask(text: str) -> str:
    """The shape of a text without the text: letters as x and X, digits as 9, other signs but punctuation as a dot."""
    return _SIGNS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    sign = found[0]
    return "9" if sign.isdigit() else "X" if sign.isupper() else "x" if sign.isalpha() else "·"


@dataclass(slots=True, repr=False)
class Look:
    """What there is to say of a file, gathered part by part. Texts in it are masked unless raw ones were asked for."""

    raw: bool
    format: str = ""
    characters: int = 0
    segments: int = 0
    dated: int = 0
    timed: int = 0
    parts: Counter[str] = field(default_factory=Counter)
    spoken: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: list[int] = field(default_factory=list)
    found: dict[Property, None] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)
    first: list[dict[str, str]] = field(default_factory=list)

    def shown(self, text: str) -> str:
        """A text of the file, as it may be shown."""
        return text if self.raw else mask(text)

    def label(self, label: str) -> str:
        """A speaker label: a word for a role and a single letter are no name, whatever the study's map says of others."""
        return label if role_of(label) or len(label) == 1 else self.shown(label)

    def add(self, part: Transcript) -> None:
        """Look at a part."""
        self.format, text = part.format, part.text
        self.characters += len(text)
        self.parts.update(str(line.part) for line in part.lines)
        self.spoken.update((line.label.of(text), str(line.role)) for line in part.lines if line.label)
        self.dated += sum(line.stamp is not None for line in part.lines)
        self.timed += sum(line.start_ms is not None for line in part.lines)
        times = [t for line in part.lines for t in (line.start_ms, line.end_ms) if t is not None]
        self.times = [min(self.times + times), max(self.times + times)] if times else self.times
        self.found |= dict.fromkeys(part.properties)
        self.warnings |= dict.fromkeys(part.warnings)
        cut = segments(part)
        self.segments += len(cut)
        for s in cut[: _SHOWN - len(self.first)]:
            self.first.append({"ref": s.line.ref, "speaker": self.label(s.label), "text": self.shown(s.text)})

    def listen(self, recording: Recording) -> None:
        """A recording: there is nothing in it to read."""
        self.format = "recording"
        self.times = [0, recording.duration_ms] if recording.duration_ms else []
        self.found |= dict.fromkeys(recording.properties)

    def values(self) -> dict[str, Any]:
        """All of it, as values."""
        return {
            "format": self.format,
            "characters": self.characters,
            "lines": self.parts.total(),
            "segments": self.segments,
            "parts": dict(sorted(self.parts.items())),
            "speakers": [
                {"label": self.label(label), "role": role, "lines": n} for (label, role), n in self.spoken.most_common()
            ],
            "times": {"lines": self.timed, "from_ms": self.times[0], "to_ms": self.times[1]} if self.times else None,
            "dated": self.dated,
            "metadata": [{"name": p.name, "type": p.type, "value": self.shown(p.value)} for p in self.found],
            "warnings": list(self.warnings),
            "first": self.first,
        }


def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Any file that `samaran formats` lists.", show_default=False)],
    study: Annotated[
        Path | None, typer.Option("--study", help="Read it as a run of this study would.", show_default=False)
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Show texts, names and metadata as they are.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Show what samaran sees in a file: format, encoding, speakers, times, metadata, first segments. Nothing is sealed or kept.

    Texts are masked (letters as x, digits as 9), so that a screen may be shown to others.

    Example: `samaran inspect interview.docx`
    """
    settings = config.load(study) if study else None
    speakers: Mapping[str, str] = settings.speakers if settings else {}
    declared = settings.naming.encoding if settings else ""
    look = Look(raw)
    try:
        size, encoding = file.stat().st_size, ""
        if _is_recording(file):
            look.listen(about(file))
        else:
            encoding = encoding_of(file, declared)
            for part in read_parts(file, encoding=declared, speakers=speakers):
                look.add(part)
    except OSError:
        raise UsageError("The file can't be read.", "Check its name and rights.") from None
    found = {"bytes": size, "encoding": encoding} | look.values()
    as_json(found) if json else _show(found)


def _is_recording(file: Path) -> bool:
    with file.open("rb") as opened:
        return is_media(opened.read(HEAD))


def formats(json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False) -> None:
    """List the formats that samaran reads, and what it reads of each.

    Example: `samaran formats`
    """
    if json:
        as_json([{"format": f.name, "extensions": list(f.extensions), "reads": f.reads} for f in FORMATS])
    else:
        rows = [(f.name, ", ".join(f.extensions), f.reads) for f in FORMATS]
        table("formats", ("name", "usual extensions", "what is read"), rows)


def _show(found: dict[str, Any]) -> None:
    say(f"{found['format']}, {found['encoding'] or 'not a text file'}")
    say(f"{found['bytes']:,} bytes, {found['characters']:,} characters")
    parts = ", ".join(f"{n} {part}" for part, n in found["parts"].items())
    if found["lines"]:
        say(f"{found['lines']} lines ({parts}), {found['segments']} segments, {found['dated']} dated")
    if (times := found["times"]) and not found["lines"]:
        say(f"{_clock(times['to_ms'])} long")
    elif times:
        say(f"{times['lines']} lines with a time, {_clock(times['from_ms'])} to {_clock(times['to_ms'])}")
    for code in found["warnings"]:
        say(f"{code}: {WARNINGS[code]}")
    if found["speakers"]:
        table("speakers", ("label", "role", "lines"), [(s["label"], s["role"], s["lines"]) for s in found["speakers"]])
    elif found["lines"]:
        say("no speaker labels")
    if found["metadata"]:
        table("metadata", ("name", "type", "value"), [(m["name"], m["type"] or "", m["value"]) for m in found["metadata"]])
    if found["first"]:
        table("first segments", ("ref", "speaker", "text"), [(s["ref"], s["speaker"], s["text"]) for s in found["first"]])


def _clock(ms: int) -> str:
    seconds = ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("inspect")(inspect)
    app.command("formats")(formats)
