"""From overlapping raw mentions to mentions that never overlap, each trimmed and inside one stretch of its line."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from samaran.detect.words import clitics, cues, everyday, fold, honorifics, names, no_names, word_names, words
from samaran.model import DOUBTFUL, Detector, EntityType, Mention, Span, Transcript

_TRIM = " \t\n\r\u00a0\u200e\u200f.,;:!?\"'“”‘’«»()[]{}|/–—…*"
_KEEP_RIGHT = {EntityType.ONLINE_ID, EntityType.URL, EntityType.PHONE, EntityType.ADDRESS}
_EXACT = (EntityType.EMAIL, EntityType.URL, EntityType.PHONE, EntityType.ACCOUNT_NUMBER, EntityType.ID_NUMBER, EntityType.PLATE)
_REMAINING = (
    EntityType.PERSON,
    EntityType.ADDRESS,
    EntityType.LOCATION,
    EntityType.ONLINE_ID,
    EntityType.EMAIL,
    EntityType.URL,
)
_INITIAL = re.compile(r"[ ][A-HJ-Z](?![\w'’-])")
LINKS = cues("name link")
_WEEKDAY = re.compile(
    r"(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad|senen|salasa|rebo|kemis|juma'?ah|saptu|sen|sel|rab|kam|jum"
    r"|sab|min"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)[ ,/]{1,2}(?=\d|tanggal|tgl)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[ \u00a0]|-|['’]")


_CONVINCED = 0.9
"""From here on the model is believed about where a name begins."""


class Places:
    """The stretches of a transcript in which a mention may lie: bodies, labels, stamps, and headings that are no line."""

    def __init__(self, transcript: Transcript) -> None:
        spans = {s for line in transcript.lines for s in (line.body, line.label, line.stamp, line.column) if s is not None}
        self.spans = sorted(spans)
        kept: list[Span] = []
        for span in self.spans:
            if kept and kept[-1].overlaps(span):
                if len(span) > len(kept[-1]):
                    kept[-1] = span
                continue
            kept.append(span)
        self.spans = kept
        self.starts = [span.start for span in kept]

    def clip(self, span: Span) -> Span | None:
        """The part of a span that lies in the stretch where it begins, or else in the next one; None where there is none."""
        at = max(0, bisect_right(self.starts, span.start) - 1)
        for place in self.spans[at : at + 2]:
            if place.overlaps(span):
                return Span(max(place.start, span.start), min(place.end, span.end))
        return None


def resolve(mentions: Iterable[Mention], text: str, places: Places) -> tuple[Mention, ...]:
    """Sorted, without overlaps: 1. clip and trim, 2. join what touches of one kind, 3. the better one wins, the rest of the loser
    stays where it is a word of its own, 4. join the parts of a name."""
    ready = []
    for mention in mentions:
        for one in _singly(mention, text):
            trimmed = _trim(one, text, places)
            if trimmed is not None:
                ready.append(trimmed)
    return _join(_winners(_unite(ready, text), text), text)


_BETWEEN = re.compile(r"\s(?i:and|dan|jeung|sareng)\s|\s?&\s|[ ]{3,}|\t")
"""What stands between two people whom the model took for one: `Kovalenko and Marchenko`, two signatures on one line."""


def _singly(mention: Mention, text: str) -> Iterator[Mention]:
    """The people in a mention, each on its own where each begins with a capital."""
    span = mention.span
    if mention.type is not EntityType.PERSON or not _BETWEEN.search(text, span.start, span.end):
        yield mention
        return
    found = _BETWEEN.finditer(text, span.start, span.end)
    edges = [span.start, *(at for match in found for at in match.span()), span.end]
    parts = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    if all(text[start].isupper() for start, _ in parts):
        yield from (replace(mention, span=Span(start, end)) for start, end in parts)
    else:
        yield mention


_CELL = re.compile(r"[;|\t]\s?$|\w\s?:\s$")
_APP = re.compile(r"(?:(?i:michat|whatsapp|telegram|facebook|instagram|tiktok|twitter|tantan|tinder|ig|fb)|WA|wa)(?:[ :]+|$)")
"""An app is no part of the account's name that follows."""
_TITLED = re.compile(r"(\w{2,})\.? $")


def _trim(mention: Mention, text: str, places: Places) -> Mention | None:
    span = places.clip(mention.span)
    if span is None:
        return None
    start, end = span.start, span.end
    line = text.find("\n", start, end)
    if line >= 0:
        if text[start:line].strip():
            end = line
        else:
            return _trim(replace(mention, span=Span(line + 1, end)), text, places) if line + 1 < end else None
    left = " \t\u00a0,;:.!?\"'“”‘’«»)]}|/–—…*" if mention.type is not EntityType.ONLINE_ID else " \t\"'“”‘’«»"
    right = (
        _TRIM
        if mention.type not in _KEEP_RIGHT
        else ' \t\u00a0,;:"“”|'
        if mention.type is not EntityType.PHONE
        else _TRIM.replace(")", "")
    )
    while start < end and text[start] in left:
        start += 1
    while end > start and text[end - 1] in right:
        end -= 1
    if start >= end:
        return None
    if mention.type is EntityType.PERSON and mention.rule != "form-clipped":  # `Dik` for Dikdik is an honorific too
        titled = mention.detector is Detector.MODEL and mention.score > _CONVINCED
        start, end = _bare_name(text, start, end, titled)
        initial = _INITIAL.match(text, end) if end > start and text[start].isupper() else None
        if initial and initial.end() <= span.end + 4 and places.clip(Span(start, initial.end())) == Span(start, initial.end()):
            end = initial.end()
    if mention.type is EntityType.ONLINE_ID and mention.detector in (Detector.MODEL, Detector.PATTERN):
        app = _APP.match(text, start, end)
        start = app.end() if app else start
    if mention.type is EntityType.DATE and (weekday := _WEEKDAY.match(text, start, end)):
        start = weekday.end()
    if start >= end or not any(c.isalnum() or ord(c) > 0x2190 for c in text[start:end]):
        return None
    return mention if (start, end) == (mention.span.start, mention.span.end) else replace(mention, span=Span(start, end))


def _bare_name(text: str, start: int, end: int, titled: bool = False) -> tuple[int, int]:
    """A name without the honorifics before it and without endings joined by a hyphen. `titled`: what looks like an honorific
    is the first part of the name (`Gus Adi`, `Ah Lian`)."""
    parts = [(start + w.start, start + w.end, w.fold) for w in words.__wrapped__(text[start:end])]
    first = parts[0][0] if parts else start
    while (
        not titled and len(parts) > 1 and parts[0][2] in honorifics() and (parts[0][2] not in names() or parts[1][2] in names())
    ):
        if len(parts[0][2]) == 1 and text[parts[0][0]].isupper() and text[parts[0][1]] == ".":
            break  # the initial of `Mr A. Bondarchuk`, not the Sundanese word of address
        if parts[0][2] in names() and parts[0][0] == first and _registered(text, first):
            break
        parts = parts[1:]
    while len(parts) > 1 and _loose(text, parts[-1]):
        parts = parts[:-1]
    while not titled and len(parts) > 1 and _loose(text, parts[0]):
        parts = parts[1:]
    if len(parts) == 1 and parts[0][2] in honorifics() - names():
        return start, start
    while len(parts) > 1 and parts[-1][2] in clitics() and text[parts[-1][0] - 1] in "-'’":
        parts = parts[:-1]
    if not parts:
        return start, end
    tail = parts[-1][1] if text[parts[-1][1] : end].strip(".") or len(parts[-1][2]) > 2 else end
    return parts[0][0], tail


def _registered(text: str, start: int) -> bool:
    """Whether a name stands here as in a form or table, or behind a title: `Nama: Ujang Sopandi`, `Kang Ujang Sopandi`."""
    before = text[max(0, start - 12) : start]
    titles = _TITLED.search(before)
    return text[start].isupper() and bool(_CELL.search(before) or (titles and fold(titles[1]) in honorifics()))


def _loose(text: str, part: tuple[int, int, str]) -> bool:
    """Whether a word at the edge of a name belongs to the sentence: everyday language in lower case, or a name of nobody."""
    word = part[2]
    if word in names() or word in word_names() or word in LINKS:
        return False
    return word in no_names() or (text[part[0]].islower() and word in everyday())


def _weight(mention: Mention) -> float:
    """How good a mention is: sure before doubtful, then certainty and length."""
    return (10.0 if mention.score >= DOUBTFUL else 0.0) + min(mention.score, 0.97) + 0.012 * min(len(mention.span), 60)


def _union(a: Span, b: Span) -> Span:
    return Span(min(a.start, b.start), max(a.end, b.end))


def _beyond(a: Span, b: Span, exact: Span, text: str) -> bool:
    """Whether what the two have beyond the exact span holds no digit: words only, such as the bank before the number."""
    whole = _union(a, b)
    rest = text[whole.start : exact.start] + text[exact.end : whole.end]
    return not any(c.isdigit() or c == "@" for c in rest)


def _unite(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Overlapping sure mentions of one type become one."""
    out: list[Mention] = []
    last: dict[EntityType, int] = {}
    for mention in sorted(mentions, key=lambda m: (m.span.start, -m.span.end, -m.score, m.rule)):
        at = last.get(mention.type)
        if mention.score >= DOUBTFUL and at is not None and out[at].span.overlaps(mention.span):
            kept = out[at]
            better = max((kept, mention), key=lambda m: (m.entity is not None, m.score))
            if mention.type in _EXACT and Detector.MODEL in (kept.detector, mention.detector):
                exact = kept if mention.detector is Detector.MODEL else mention
                if exact.detector is not Detector.MODEL and exact.score >= 0.75:
                    out[at] = (
                        exact
                        if _beyond(kept.span, mention.span, exact.span, text)
                        else replace(exact, span=_union(kept.span, mention.span))
                    )
                    continue
            same = kept.entity == mention.entity or None in (kept.entity, mention.entity)
            if same or kept.span.contains(mention.span):
                span = Span(kept.span.start, max(kept.span.end, mention.span.end))
                entity = better.entity if same else kept.entity
                out[at] = replace(better, span=span, score=max(kept.score, mention.score), entity=entity)
                continue
        if mention.score >= DOUBTFUL:
            last[mention.type] = len(out)
        out.append(mention)
    return out


def _winners(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Each overlap goes to the better mention; what is left of the other stays where it was sure and is a word of its own."""
    taken: list[Mention] = []
    starts: list[int] = []
    for mention in sorted(mentions, key=lambda m: (-_weight(m), m.span.start, m.type, m.rule)):
        for piece in _left(mention, taken, starts, text):
            at = bisect_right(starts, piece.span.start)
            taken.insert(at, piece)
            starts.insert(at, piece.span.start)
    return taken


def _left(mention: Mention, taken: list[Mention], starts: list[int], text: str) -> list[Mention]:
    at = max(0, bisect_right(starts, mention.span.start) - 1)
    start, pieces = mention.span.start, []
    clear = True
    for n in range(at, len(taken)):  # no copy of what follows: a long source has many
        other = taken[n]
        if other.span.start >= mention.span.end:
            break
        if other.span.end <= start:
            continue
        clear = False
        if other.span.start > start:
            pieces.append((start, other.span.start))
        start = max(start, other.span.end)
    if clear:
        return [mention]
    if start < mention.span.end:
        pieces.append((start, mention.span.end))
    if mention.score < 0.6 or mention.type not in _REMAINING:
        return []
    out = []
    for a, b in pieces:
        while a < b and not text[a].isalnum():
            a += 1
        while b > a and not text[b - 1].isalnum():
            b -= 1
        whole = b - a > 2 and (a == 0 or not text[a - 1].isalnum()) and (b == len(text) or not text[b].isalnum())
        if whole and fold(text[a:b]) not in honorifics():
            out.append(replace(mention, span=Span(a, b)))
    return out


def _join(mentions: Sequence[Mention], text: str) -> tuple[Mention, ...]:
    """Parts of one person's name side by side become one mention, unless they are known to be two entities."""
    out: list[Mention] = []
    for mention in mentions:
        if out and mention.type is EntityType.PERSON and out[-1].type is EntityType.PERSON:
            prior = out[-1]
            gap = text[prior.span.end : mention.span.start]
            sure = prior.score >= DOUBTFUL and mention.score >= DOUBTFUL
            big = text[mention.span.start].isupper() and text[prior.span.start].isupper()
            apart = prior.entity is not None and mention.entity is not None and prior.entity != mention.entity
            if sure and big and _JOINED.fullmatch(gap) and not apart:
                better = prior if prior.entity is not None or mention.entity is None else mention
                out[-1] = replace(better, span=Span(prior.span.start, mention.span.end), score=max(prior.score, mention.score))
                continue
        out.append(mention)
    return tuple(out)
