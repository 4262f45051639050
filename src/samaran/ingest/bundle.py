"""Several transcripts as one: the members of an archive, a mail and its attachments."""

from collections.abc import Iterable

from samaran.ingest import making
from samaran.model import Line, Span, Transcript


def joined(found: Iterable[tuple[str, Transcript]]) -> tuple[str, tuple[Line, ...]]:
    """Their texts one after the other, and all lines. What goes before each transcript is put before its references."""
    lines: list[Line] = []
    texts: list[str] = []
    at = 0
    for before, transcript in found:
        lines += [_moved(line, at, f"{before}{line.ref}", n) for n, line in enumerate(transcript.lines, len(lines) + 1)]
        texts += (transcript.text, "\n")
        at += len(transcript.text) + 1
    return "".join(texts), tuple(lines)


def _moved(line: Line, by: int, ref: str, n: int) -> Line:
    def shifted(span: Span | None) -> Span | None:
        return making.span(span.start + by, span.end + by) if span else None

    body, known = making.span(line.body.start + by, line.body.end + by), (shifted(line.label), shifted(line.stamp), line.role)
    return making.line(n, body, ref, line.part, *known, line.start_ms, line.end_ms, shifted(line.column))
