"""Lines become segments: a turn or a cell is one, a long turn is split at the ends of its sentences."""

import re
from collections.abc import Iterator

from samaran.model import Line, RawSegment, Span, Transcript

LONG = 600
"""A turn up to this many characters stays whole."""

UNBROKEN = 1200
"""A sentence over this many characters (machine transcripts have no full stops) is split at a line break or a space."""

_END = re.compile(r"[.!?…]{1,8}[\"”'’»)\]*_]{0,4}(?=\s)|(?<=\n)\n|(?<=\n\r)\n")
_WORD_BEFORE = re.compile(r"[\w.]{1,16}$")
_SHORT = """
a.d a.l a.md a.n al alm almh amd an approx apt attn ave bd bin blk bln bpk ca cf co cv d.a dept det dkk dll dr dra drg
drh drs dsb dsn dst e.g ed eds et etc ext fig gd gg gn h.s hal hj hlm i.e inc ir jl jln jr k.h kab kav kec kel kep kh kl
km komp kp ktr lt ltd m.a m.si maj max min mr mrs ms mt nmr no nr ny op opp p.m pg ph.d pkl pp prof pt r.a r.m rd rp rs
rt rw s.d s.h s.pd s.sos sd sdr sdri sgt sh sr sst st supt tb tbk tg tgl th thn tlp tn tsb u.p ust vol vs wib wit wita
yg yth
"""
_ABBREVIATIONS = frozenset(_SHORT.split())


def segments(transcript: Transcript) -> tuple[RawSegment, ...]:
    """All segments in order. Those of a line cover its whole body but for white space at their edges."""
    return tuple(segment for line in transcript.lines for segment in _of_line(transcript.text, line))


def _of_line(text: str, line: Line) -> Iterator[RawSegment]:
    for number, span in enumerate(_spans(text, line.body), 1):
        yield RawSegment(line, number, span, span.of(text), line.label.of(text) if line.label else "")


def _spans(text: str, body: Span) -> Iterator[Span]:
    """Sentences gathered up to `LONG`."""
    if len(body) <= LONG:
        if span := _trimmed(text, body.start, body.end):
            yield span
        return
    start = end = body.start
    for stop in _stops(text, body):
        if stop - start > LONG and end > start:
            if span := _trimmed(text, start, end):
                yield span
            start = end
        end = stop
    if span := _trimmed(text, start, end):
        yield span


def _stops(text: str, body: Span) -> Iterator[int]:
    """Ends of sentences, and places in very long ones where a cut does least harm."""
    at = body.start
    for end in [*sentence_ends(text, body), body.end]:
        while end - at > UNBROKEN:
            cut = text.rfind("\n", at + LONG // 2, at + LONG)
            cut = cut if cut > 0 else text.rfind(" ", at + LONG // 2, at + LONG)
            cut = cut if cut > 0 else next((i for i in range(at + LONG, end) if text[i].isspace()), end)
            if cut >= end:
                break
            yield cut + 1
            at = cut + 1
        yield end
        at = end


def sentence_ends(text: str, span: Span) -> Iterator[int]:
    """Where sentences end inside the span. Not after abbreviations (`Jl.`, `dr.`, `a.n.`), initials, numbers of a list, and
    not in decimals and clock times."""
    begin = span.start
    for found in _END.finditer(text, span.start, span.end):
        if text[found.start()] == "." and not _closes(text, begin, found):
            continue
        begin = found.end()
        yield found.end()


def _closes(text: str, begin: int, found: re.Match[str]) -> bool:
    before = _WORD_BEFORE.search(text, max(begin, found.start() - 16), found.start())
    if before is None or found[0].startswith(".."):
        return True
    word = before[0].casefold().strip(".")
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    if word.isdigit() and not text[begin : before.start()].strip():
        return False
    follows = text[found.end() : found.end() + 2].strip()
    return not (follows.islower() and len(word) <= 3)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
