"""Where a text itself says that two names are one person: `Maharani, dipanggil Rani`, `Jumadi alias Jeni`, a table's columns."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from samaran.model import EntityType, Span, Transcript
from samaran.pseudonymize import names, numbers
from samaran.pseudonymize.index import Item

_CALLED = (
    r"alias|a\.?\s?k\.?\s?a\.?|(?:yang |nu )?(?:biasa |sering |akrab |sok )?(?:di|ka)?panggil(?:an)?(?:nya|na)?",
    r"(?:sok |biasa )?disebut(?:na)?|katelah(?:na)?|landihan(?:na|ana)?|jujuluk(?:na|anana)?|julukan(?:nya)?|asli(?:na|nya|ne)",
    r"(?:nama|ngaran|wasta|jenengan)(?:na|nya)? (?:asli|lengkap|panggilan|kecil|samaran|beken|ktp)(?:na|nya|ne)?",
    r"(?:ejaan|di|dina|nama di) (?:ktp|akte|akta|ijazah)(?:na|nya)?",
    r"(?:also )?known as|real name|born|née|nicknamed?|called|short for|goes by",
    r"(?:everybody|everyone|we|they|people|friends) call(?:s|ed)? (?:her|him|me)",
)
_FILL = r"(?:\s+(?:mah|teh|téh|saya|aku|abdi|is|was|itu|adalah|si|aja|saja))*"
_GAP = re.compile(
    r"[\"”'’)]?\s*[,;:(\-–—]?\s*(?:\.\s+(?:[^\W\d_]+\s+){0,3}?)?(?:yang |nu |tapi |atau |or |who (?:is |was )?)?"
    rf"(?:{'|'.join(_CALLED)}){_FILL}\s*[:=,]?\s*[\"“'‘]?(?:(?P<title>[^\W\d_]+)\.?\s+)?[\"“'‘]?",
    re.IGNORECASE,
)
"""What stands between two names when the second is another name of the first person. Before the second only an honorific."""

_NICK = re.compile(r"panggil|alias|nick|samaran|landihan|aplikasi|julukan")
_NAME = re.compile(r"nama|name|ngaran|wasta")


def same_person(transcript: Transcript, found: tuple[Item, ...]) -> list[tuple[int, int]]:
    """Pairs of items, by position, of which the text says that they are one person."""
    people = [i for i, item in enumerate(found) if item.kind is EntityType.PERSON and item.span and item.sure]
    pairs = []
    for one, other in pairwise(people):
        left, right = found[one].span, found[other].span
        if left is None or right is None or not 0 < right.start - left.end <= 60:
            continue
        gap = transcript.text[left.end : right.start]
        match = None if "\n" in gap else _GAP.fullmatch(gap)
        if match and (match["title"] is None or numbers.bare(match["title"]) in names.HONORIFICS):
            pairs.append((one, other))
    return pairs + _rows(transcript, found, people)


_NAMED = r"(?:(?:yang |yg |nu )?(?:ber)?(?:namanya|nama|ngaranna|ngaran|namina|wastana|wasta|named|called)\s)"
_COUNT = r"(?:dua|tiga|empat|lima|tilu|opat|two|three|four|several)"
_PEOPLE = r"(?:orang|urang|jalmi|people|girls|guys)"
_COUNTED = re.compile(
    rf"\b(?:(?:ada|aya|are|were)\s{_COUNT}\s(?:{_PEOPLE}\s)?|{_COUNT}\s{_PEOPLE}\s(?={_NAMED})){_NAMED}?[\"“]?$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:another|different)\s$", re.IGNORECASE)
_AFTER = re.compile(r"\s(?:yang |yg |nu )?(?:lain|laen|séjén|sejen|satunya)\b", re.IGNORECASE)
_ALSO = re.compile(r"\b(?:juga|oge|ogé|also|sarua)\b", re.IGNORECASE)
_GIVEN = r"dinama(?:i|kan)|dingaranan|di(?:beri|kasih|béré|bere) (?:nama|ngaran)|to be named|wanted to name (?:[^\W\d_]+)"
_ASSUMED = re.compile(
    r"\b(?:(?:ng|meng)aku(?:na|nya|-ngaku)?\s(?:sebagai |jadi |bernama |namanya |ngaranna )?(?:[^\W\d_]{1,5}\s)?"
    rf"|(?:mau|rek|arek|bade|badé|pengen|hampir|tadinya|tadina|was|had)\s(?:{_GIVEN})\s)$",
    re.IGNORECASE,
)


def namesake(text: str, span: Span) -> bool:
    """Whether the text says that here another one of the same name is meant: `ada tiga Putri`, `Ujang (bukan Ujang puskesmas)`,
    `Ujang yang lain`, `ngaranna Intan? sarua jeung ...`, `Dewi yang memang namanya Dewi`."""
    left = text[max(0, span.start - 60) : span.start].rpartition("\n")[2]
    right = text[span.end : span.end + 80].partition("\n")[0]
    if _COUNTED.search(left) or _OTHER.search(left) or _AFTER.match(right):
        return True
    if span.of(text).casefold() in right.casefold() and _contrasted(span.of(text), right):
        return True
    clause = left.rpartition(".")[2][-30:] + right.partition(".")[0][:20]
    return bool(re.search(rf"{_NAMED}$", left, re.IGNORECASE) and _ALSO.search(clause))


_BEARER = re.compile(rf"\s(?:yang|yg|nu|who)\s(?:[^\W\d_]+[\s-]){{1,3}}{_NAMED}", re.IGNORECASE)
_CONTRAST = re.compile(r"[^.?!]{0,60}?[.(,;]?\s?\(?\b(?i:bukan|lain|sanes|dudu|not)\s(?:the\s)?(?:[^\W\d_]{1,6}\s)?")
_ASIDE = re.compile(r"\s?\((?:bukan|lain|sanes|dudu|not)\s(?:[^\W\d_]{1,6}\s)?", re.IGNORECASE)


def _contrasted(name: str, right: str) -> bool:
    """Whether the same name, which stands in `right`, is named there as the one that is not meant, or as the one who really bears
    it."""
    folded = right.casefold()
    before = [folded[:at] for at in _places(name.casefold(), folded)]
    if any(_BEARER.fullmatch(text) or _ASIDE.fullmatch(text) for text in before):
        return True
    if name[:1].isupper():
        before = [right[:at] for at in _places(name, right)]
    return any(_CONTRAST.fullmatch(text) for text in before)


def _places(name: str, text: str) -> Iterator[int]:
    """Where a name stands in a text, not as the beginning of a longer word."""
    at = text.find(name)
    while at >= 0:
        if not text[at + len(name) : at + len(name) + 1].isalnum():
            yield at
        at = text.find(name, at + 1)


def denied(text: str, span: Span) -> bool:
    """Whether the name stands behind `bukan`: the one who is not meant, and who is known by this name."""
    return bool(re.search(r"\b(?:bukan|lain|sanes|dudu|not)\s(?:[^\W\d_]{1,6}\s)?$", text[max(0, span.start - 20) : span.start]))


def assumed(text: str, span: Span) -> bool:
    """Whether somebody is said to go by this name falsely, or nearly got it: `ngaku Pak Fajar`, `dulu mau dinamai Fajar`."""
    return bool(_ASSUMED.search(text[max(0, span.start - 60) : span.start].rpartition("\n")[2]))


def _rows(transcript: Transcript, found: tuple[Item, ...], people: list[int]) -> list[tuple[int, int]]:
    """In a table, the name column and the nickname column of a row."""
    cells = [line for line in transcript.lines if line.column is not None]
    if not cells:
        return []
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    pairs = []
    at = 0
    for i in people:
        span = found[i].span
        while span and at < len(cells) and cells[at].body.end <= span.start:
            at += 1
        if not span or at == len(cells) or not cells[at].body.contains(span):
            continue
        column = cells[at].column
        heading = numbers.bare(column.of(transcript.text)) if column else ""
        row = rows["".join(c for c in cells[at].ref if c.isdecimal())]
        if _NICK.search(heading) and "name" in row:
            pairs.append((row["name"], i))
        elif _NAME.search(heading) and not _NICK.search(heading):
            row.setdefault("name", i)
    return pairs
