"""A second look with the labels that a transcript is known to have: slips of typing after a label, two speakers on one line."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from samaran.ingest import making
from samaran.ingest.heads import Head, start
from samaran.ingest.roles import ROLE_WORDS, key, role_of
from samaran.ingest.spans import numbered, visible
from samaran.model import Line, Span

_WITHIN = re.compile(r"[.?!…”\")\]][ \t]{1,8}(?P<label>[^\W\d_][\w.\-]{0,24}(?: [\w.\-]{1,24}){0,2})[ \t]{0,2}:(?=\s)")
_SHORT = re.compile(r"[A-Z]{1,2}\d{0,2}")
_LONG = 5
MISSPELT = "label-misspelt"
_MOST = 40
"""More labels than that are no speakers."""


def slipped(text: str, lines: Sequence[Line], turns: Mapping[int, Head], labels: Collection[str]) -> dict[int, Head]:
    """Lines that start with a known label and a slip for its colon: `Informan; ..`, `P:Sudah ..`."""
    if not 0 < len(labels) <= _MOST:
        return {}
    known = "|".join(re.escape(label) for label in sorted(labels, key=lambda label: (-len(label), label)))
    shape = re.compile(rf"(?P<label>{known})[ \t]{{0,4}}(?:;(?=\s)|:(?=[^\s/\d]))")
    first = {label[0] for label in labels} | set("[(#*_0123456789")
    found = {}
    for i, line in enumerate(lines):
        if i in turns or text[line.body.start] not in first:
            continue
        at, window, start_ms, stamped, end_ms = start(text, line.body)
        if match := shape.match(text, at, window):
            found[i] = Head("colon", making.span(*match.span("label")), match.end(), start_ms, stamped, end_ms)
    return found


def parted(text: str, lines: Sequence[Line]) -> list[Line]:
    """Turns in which somebody else answers on the same line (`P: Sudah lama? I: Dua tahun.`) as two, where a sentence has ended
    before the label, and the label is known to speak, names a role, or is a letter or two that come so again."""
    shapes = list(_WITHIN.finditer(text))
    if not shapes:
        return list(lines)
    labels = {text[line.label.start : line.label.end] for line in lines if line.label and line.label.end <= line.body.start}
    if not 0 < len(labels) <= _MOST:
        return list(lines)
    counts = Counter(found["label"] for found in shapes)
    inner = {label for label, n in counts.items() if label in labels or role_of(label) or (n >= 2 and _SHORT.fullmatch(label))}
    starts = [line.body.start for line in lines] if inner else []
    cuts: dict[int, list[re.Match[str]]] = {}
    for found in shapes:
        i = bisect_right(starts, found.start()) - 1
        if i >= 0 and found["label"] in inner and lines[i].label and found.end() < lines[i].body.end:
            cuts.setdefault(i, []).append(found)
    if not cuts:
        return list(lines)
    done: list[Line] = []
    for i, line in enumerate(lines):
        done += _cut(text, line, cuts[i]) if i in cuts else [line]
    return numbered(done)


def misspelt(text: str, lines: Iterable[Line]) -> bool:
    """Whether a label that comes once looks like a slip of one that comes again, or of a word for a role: `Infroman`."""
    counts = Counter[str]()
    for label, n in Counter(text[span.start : span.end] for line in lines if (span := line.label)).items():
        counts[key(label)] += n
    again = [label for label, n in counts.items() if n > 1]
    return any(
        n == 1 and len(label) > 4 and not role_of(label) and any(_alike(label, other) for other in (*again, *ROLE_WORDS))
        for label, n in counts.items()
    )


def _alike(label: str, other: str) -> bool:
    """Whether two labels differ by a letter or two that changed places. Numbers tell people apart."""
    if label == other or abs(len(label) - len(other)) > 1 or len(other) < _LONG or any(map(str.isdigit, label + other)):
        return False
    return sorted(label) == sorted(other) or SequenceMatcher(None, label, other).ratio() >= 0.87


def _cut(text: str, line: Line, cuts: Sequence[re.Match[str]]) -> list[Line]:
    pieces: list[tuple[Span | None, Span | None]] = [(line.label, visible(text, line.body.start, cuts[0].start() + 1))]
    for cut, end in pairwise([*cuts, None]):
        assert cut is not None
        said = visible(text, cut.end(), end.start() + 1 if end else line.body.end)
        pieces.append((making.span(*cut.span("label")), said))
    known = (line.stamp, line.role, line.start_ms)
    return [
        making.line(line.n, body or label or line.body, line.ref, line.part, label, *known, line.end_ms, line.column)
        for label, body in pieces
    ]
