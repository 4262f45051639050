"""What the shape of a source gives: who speaks, when a message was sent, what a column holds, who made a group."""

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from samaran.detect import columns, labels
from samaran.detect.cover import cover
from samaran.detect.temper import DOUBT
from samaran.model import DOUBTFUL, Detector, EntityType, Line, Mention, Span, SpeakerRole, Transcript

_CHATS = ("chat", "whatsapp", "wa", "line", "telegram")
_TIME = re.compile(r"(?:\[?\d{1,2}[.:]\d{2}\]?|[▶◀].*)")
_WHO = r"(?P<who>[^\n:]{1,60}?)"
_SYSTEM = re.compile(
    rf"{_WHO}[ ](?:telah[ ])?(?:(?:membuat|nyieun)[ ]grup|created[ ](?:this[ ])?group|bergabung|joined|keluar|left"
    r"|menambahkan|added|mengeluarkan|removed|mengubah|changed|mengganti|was added|ditambahkan|dikeluarkan|kaluar|asup"
    r"|telah keluar)(?P<rest>(?!\w)[^\n]*)",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"^ (?P<whom>[^\n:\"“]{2,40})$")


def mentions(transcript: Transcript) -> Iterator[Mention]:
    """All mentions that lines give by their shape, before anything is read."""
    text, seen = transcript.text, set()
    chat = _chat(transcript)
    spoken = Counter(line.label.of(text) for line in transcript.lines if line.label is not None)
    heads = _heads(transcript)
    for line in transcript.lines:
        if line.label is None and line.column is None and line.body.of(text).strip() in heads:
            yield from labels.mentions(text, line.body, True)
            continue
        if line.stamp is not None and line.stamp not in seen:
            seen.add(line.stamp)
            yield Mention(line.stamp, EntityType.DATE, 0.98, Detector.STRUCTURE, "stamp")
        if line.label is not None and line.label not in seen:
            seen.add(line.label)
            yield from _label(text, line, chat, spoken[line.label.of(text)] > 2)
        elif line.column is not None:
            kind = columns.kind_of(line.column.of(text))
            if kind is not None and not line.body.overlaps(line.column):
                yield from columns.cell(text, line.body, kind)
        elif line.label is None:
            yield from _unlabelled(text, line)


def _chat(transcript: Transcript) -> bool:
    """Whether labels are names that people chose on a platform: a chat format, or emoji and underscores among the labels."""
    if any(word in transcript.format for word in _CHATS):
        return True
    found = {line.label.of(transcript.text) for line in transcript.lines if line.label is not None}
    chosen = sum("_" in label or any(ord(c) > 0x2190 for c in label) or len(label.split()) > 2 for label in found)
    return chosen >= max(1, len(found) // 5)


def _heads(transcript: Transcript) -> frozenset[str]:
    """Lines that are nothing but a sender: the same as a label elsewhere, or followed by a line with a time again and again."""
    text, lines = transcript.text, transcript.lines
    labelled = {line.label.of(text).strip() for line in lines if line.label is not None}
    bare = [line.body.of(text).strip() if line.label is None and line.column is None else "" for line in lines]
    timed = Counter(a for a, b in itertools.pairwise(bare) if a and len(a) < 45 and _TIME.fullmatch(b) and not _TIME.fullmatch(a))
    again = {head for head, count in timed.items() if count > 1 or len(timed) > 3}
    return frozenset(again | {body for body in bare if body in labelled and len(body) > 2})


def _label(text: str, line: Line, chat: bool, again: bool) -> Iterator[Mention]:
    assert line.label is not None
    kind = columns.kind_of(line.label.of(text))
    if kind is not None:
        short = len(line.body.of(text).split()) <= 6
        if short or kind is not EntityType.PERSON:
            yield from columns.cell(text, line.body, kind, 0.85)
        if kind is not EntityType.PERSON:
            return
    if line.role in (SpeakerRole.UNKNOWN, SpeakerRole.PEER, SpeakerRole.AUTHOR):
        yield from labels.mentions(text, line.label, chat or line.stamp is not None, again)


def _unlabelled(text: str, line: Line) -> Iterator[Mention]:
    body = line.body.of(text)
    if len(body) > 2000:
        return
    match = _SYSTEM.match(body.lstrip("\u200e\u200f "))
    if match and len(body) < 160 and (line.stamp is not None or line.role is SpeakerRole.SYSTEM):
        shift = line.body.start + len(body) - len(body.lstrip("\u200e\u200f "))
        yield from labels.mentions(text, Span(shift + match.start("who"), shift + match.end("who")), True)
        whom = _OBJECT.match(match["rest"])
        if whom and re.search(r"(?:menambahkan|added|mengeluarkan|removed)", match.group(), re.IGNORECASE):
            at = shift + match.start("rest")
            yield from labels.mentions(text, Span(at + whom.start("whom"), at + whom.end("whom")), True)
    yield from columns.pairs(text, line.body)


def unshaped(mentions: Iterable[Mention], transcript: Transcript, shaped: Sequence[Mention]) -> Iterator[Mention]:
    """Other mentions, without those in labels that the shape has judged already and in headings of columns. Those in sums of
    money are doubts."""
    text = transcript.text
    decided = {line.label for line in transcript.lines if line.label is not None}
    headings = {line.column for line in transcript.lines if line.column is not None}
    sums = {line.body for line in transcript.lines if line.column is not None and columns.is_sum(text, line.body, line.column)}
    roles = {label for label in decided if labels.is_role(label.of(text))}
    named = touched(sorted(decided), (m.span for m in shaped if m.rule.startswith("label")))
    judged, money = cover({*roles, *named, *headings}), cover(sums)
    for mention in mentions:
        if not judged(mention.span):
            doubtful = mention.score >= DOUBTFUL and money(mention.span)
            yield replace(mention, score=DOUBT) if doubtful else mention


def touched(apart: Sequence[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """Those of sorted spans, none over another, that one of the spans overlaps."""
    starts = [span.start for span in apart]
    for span in spans:
        at = bisect_left(starts, span.end) - 1
        while at >= 0 and apart[at].overlaps(span):
            yield apart[at]
            at -= 1
