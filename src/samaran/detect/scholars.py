"""Authors cited in literature: no informants, so their names stay where the study says so."""

import re
from collections.abc import Iterable, Iterator

from samaran.detect.words import fold
from samaran.model import EntityType, Mention

_YEAR = r"(?:1[6-9]\d\d|20[0-3]\d)[a-z]?"
_CAP = r"[A-Z][\w'’.-]*"
_AUTHORS = (
    rf"(?P<who>(?:{_CAP}|de|van|von|al|boyd|bin)(?:(?:,? ?(?:&|dan|and|jeung|sareng|en)? )(?:{_CAP}|de|van|von|al"
    r"|dkk\.?|et|al\.)){0,7})"
)
_CITATIONS = (
    re.compile(rf"{_AUTHORS}(?:'s|’s)?,? \((?:{_YEAR}|[^()]{{0,40}}{_YEAR})[^()]{{0,80}}\)"),
    re.compile(rf"\((?:lih\.? |lihat |see |cf\. |e\.g\. |misalnya )?{_AUTHORS},? (?:dalam {_CAP},? )?{_YEAR}[^()]{{0,120}}\)"),
    re.compile(rf"(?m)^[ \t]*(?:\d+[.)] |[-*•] )?{_AUTHORS},? ?\({_YEAR}\)"),
    re.compile(rf"(?m)^[ \t]*(?:\d+[.)] |[-*•] )?(?P<who>{_CAP}, (?:[A-Z]\.[ -]?)+(?:[^\n(]{{0,120}})?)\(?{_YEAR}\)?"),
    re.compile(
        r"(?:[Tt]eori|[Tt]heory of|[Kk]onsep|[Mm]enurut|[Cc]eu[kn]|pamanggih|according to|model|paradigma|perspektif"
        rf"|istilah|karya|buku|kata|ditulis)[ ]{_AUTHORS}"
    ),
)


def cited(text: str) -> frozenset[str]:
    """The folded words of all names in citations and reference lists of a text."""
    found: set[str] = set()
    for pattern in _CITATIONS[:4]:
        for match in pattern.finditer(text):
            found.update(fold(word) for word in re.findall(r"[\w'’-]{2,}", match["who"]) if word[:1].isupper() or word == "boyd")
    return frozenset(found)


def without(mentions: Iterable[Mention], text: str) -> Iterator[Mention]:
    """The mentions but for persons who are cited, and the years of their citations."""
    authors = cited(text)
    spans = [match.span() for pattern in _CITATIONS[:4] for match in pattern.finditer(text)]
    for mention in mentions:
        surface = mention.span.of(text)
        if mention.type is EntityType.PERSON and mention.entity is None:
            parts = [fold(word) for word in re.findall(r"[\w'’-]{2,}", surface)]
            if parts and all(part in authors for part in parts):
                continue
        year = mention.type is EntityType.DATE and re.fullmatch(_YEAR, surface)
        if year and any(a <= mention.span.start and mention.span.end <= b for a, b in spans):
            continue
        yield mention
