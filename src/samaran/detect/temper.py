"""Second thoughts about the language model: what it marks against plain evidence becomes a doubt, never vanishes.

1. A person who is one everyday word in lower case or at the start of a sentence, without an honorific or a word for naming,
   unless the model is convinced.
2. A place, venue or account in lower case that is everyday words only.
3. A number with a unit of money, time or count behind it as an age.
4. A plate without a number, an address without a number, a capital or a word for one, a date without any sign of one.
5. An account that is emoji alone, where nothing says that somebody is called so.
6. A clock time, a duration or a room as an age; the number of a paragraph, a statute or a cited case as a date or an id.
7. Anything in Arabic script, of which the model has seen none: names in it are found by rule.
8. A body that is named by its kind alone, as courts write of each other: the District Court, the Third Section.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from samaran.detect.cases import cited
from samaran.detect.institutions import GENERIC, KINDS
from samaran.detect.lookups import cities, districts
from samaran.detect.patterns.dates import LUNAR, MONTHS, SHORT
from samaran.detect.patterns.numerals import COUNT
from samaran.detect.wordforms import known_word
from samaran.detect.words import (
    Word,
    clear_names,
    cues,
    everyday,
    fold,
    function_words,
    honorifics,
    names,
    no_names,
    word_names,
    words,
)
from samaran.model import DOUBTFUL, Detector, EntityType, Mention

DOUBT = 0.45
"""The score of what stands against plain evidence."""
_CONVINCED = 0.95
"""From here on the model is believed when it takes an everyday word for a name: it has seen many that are both."""

_COUNTED = re.compile(
    r"[ -]?(?:rb|ribu|rebu|rébu|juta|jt|jeti|rupiah|perak|k\b|%|persen|percent|jam|menit|detik|dinten|hari|poe|days?|hours?"
    r"|minutes?|minggu|weeks?|malam|kali|times"
    r"|orang|urang|jalma|kg|kilo|gram|liter|meter|cm|km|watt|lembar|biji|bungkus|buah|batang|porsi|ekor|potong|lantai|ratus"
    r"|welas rebu|puluh)\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"\d|\b(?:{MONTHS}|{SHORT}|{LUNAR}|{COUNT}|tanggal|tgl|lebaran|natal|imlek|ramadan|ramadhan|puasa|agustusan|takbiran"
    r"|malam|malem|spring|summer"
    r"|autumn|winter|christmas|easter|eid|new year|tahun baru|pemilu|bulan|eighties|nineties|sixties|seventies)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\d|[A-Z]|\b(?:jalan|jl|jln|gang|gg|rt|rw|er te|blok|nomor|nomer|no|kamar|kmr|lorong|kampung|kp|dusun|perum|perumahan"
    rf"|komplek|lantai|{COUNT})\b"
)
_NO_AGE = re.compile(
    r"\b(?:tabuh|jam|pukul|pkl|wanci|kelas|kamar|kmr|nomer|nomor|lantai|baris|halaman|page|row|room|kosong|nol)[ .:]{1,2}$",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:for|after|selama|salila|lamanya|masa kerja|last|past|next|another|within|under)(?: the)? $", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d")
_LAW = (
    r"(?:UU|U\.U\.|[Uu]ndang-[Uu]ndang|PP|Perpres|Perda|Permen\w{0,10}|Peraturan|Keputusan|Qanun|[Ll]aws?|Acts?|[Ss]ections?|[Aa]rticles?|Pasal"
    r"|[Rr]ules?|Decrees?|Regulations?|Directives?|Orders?|Protocols?)"
)
_STATUTE = re.compile(
    rf"\b{_LAW}(?: [A-Z][\w.]{{0,20}}){{0,4}}?(?:,? (?:[Nn]o\.?|[Nn]omor|[Nn]umber|nos\.))?[ .]?(?:\d{{1,5}}[/ ](?:[Tt]ahun )?)?$"
    r"|\sv\.? [^\n]{2,40}?,? nos?\. (?:\d{1,5}/)?$"
)
_DEGREE = re.compile(
    r"(?:[SM]\.(?:Si|Sn|Pd|Psi|Sos|Kom|Hum|Kes|Ked|Farm|Ak|Th|Ag|Ikom|Keb|Kep|Gz|[EHTAM])\b|A\.Md|Ph\.?D|LL\.?M|[BM]\.?Sc)\.?"
)
_PARCEL = re.compile(r"\b(?:resi|awb|tracking|antrean|antrian)(?:nya)?(?: (?:no\.?|nomor|number))?\W{1,2}$", re.IGNORECASE)
_ARABIC = re.compile(r"[\u0620-\u06ff]")
_COURT = cues("court word")
_KIND = re.compile(rf"(?:{KINDS})", re.IGNORECASE)
_PLATE = re.compile(rf"\d|\b{COUNT}\b", re.IGNORECASE)


def tempered(mentions: Iterable[Mention], text: str) -> Iterator[Mention]:
    """The same mentions. Those of the model that stand against plain evidence, and the parties of cited judgments, score below
    `DOUBTFUL`."""
    in_citation = cited(text)
    for mention in mentions:
        public = mention.type not in (EntityType.LOCATION, EntityType.DATE) and in_citation(mention.span)
        against = public or (mention.detector is Detector.MODEL and _against(mention, text))
        if mention.score >= DOUBTFUL and against:
            yield replace(mention, score=DOUBT)
        else:
            yield mention


def _against(mention: Mention, text: str) -> bool:
    surface = mention.span.of(text)
    row = words.__wrapped__(surface)
    kind = mention.type
    if _ARABIC.search(surface):
        return True
    if kind is EntityType.PERSON:
        degree = _DEGREE.fullmatch(surface) and _left(text, mention).endswith(", ")  # `Mr M.A.` is somebody
        return bool(degree) or _no_person(mention, text, row)
    if kind is EntityType.AGE:
        lasting = re.search(r"(?:years?|tahun|taun|thn)$", surface, re.IGNORECASE) and _LASTING.search(_left(text, mention))
        counted = _COUNTED.match(text, mention.span.end) and not re.search(r"an$", surface)
        return bool(lasting or counted or _NO_AGE.search(_left(text, mention)))
    if kind is EntityType.PLATE:
        return not _PLATE.search(surface) or "/" in surface
    if kind in (EntityType.ID_NUMBER, EntityType.ACCOUNT_NUMBER):
        left = _left(text, mention)
        return bool(_CLOCK.fullmatch(surface) or _STATUTE.search(left) or _PARCEL.search(left))
    if kind is EntityType.DATE:
        return not _DATED.search(surface) or _is_reference(text, mention, surface)
    if kind is EntityType.ADDRESS:
        return not _ADDRESS.search(surface) or bool(_STATUTE.search(surface)) or surface.endswith(" v")
    if kind in (EntityType.LOCATION, EntityType.VENUE, EntityType.ORGANIZATION):
        name = " ".join(word.fold for word in row)
        if name in cities() or name in districts():
            return False
        if kind is EntityType.ORGANIZATION and row and _court_alone(row):
            return True
        lower = not any(c.isupper() or c.isdigit() for c in surface)
        kind_first = (
            len(row) > 1 and kind is not EntityType.LOCATION and _KIND.fullmatch(row[0].fold) and row[1].fold not in GENERIC
        )
        return bool(row) and ((lower and _plain(row) and not kind_first) or (len(row) == 1 and row[0].fold in no_names()))
    if kind is EntityType.ONLINE_ID and not row:  # emoji
        return not _named(text, mention)
    if kind is EntityType.ONLINE_ID:
        return (
            bool(row)
            and len(row) < 3
            and surface.islower()
            and surface.replace(" ", "").isalpha()
            and _plain(row)
            and not _named(text, mention)
        )
    return False


def _left(text: str, mention: Mention) -> str:
    """What stands before a mention on its line, as far as it counts."""
    return text[max(0, mention.span.start - 60) : mention.span.start].rpartition("\n")[2]


def _is_reference(text: str, mention: Mention, surface: str) -> bool:
    """Whether bare digits are no date: a paragraph's number at the start of a line, a letter's, or the year of a statute."""
    if not surface.isdecimal():
        return False
    left = _left(text, mention)
    numbered = not left.strip() and text[mention.span.start - 1 : mention.span.start] in ("", "\n") and len(surface) < 3
    paragraph = numbered and text[mention.span.end : mention.span.end + 2] in (". ", ") ")
    return paragraph or len(surface) == 3 or bool(_STATUTE.search(left))


def _court_alone(row: tuple[Word, ...]) -> bool:
    """Whether a body is named by its kind alone, with nothing but a people before it."""
    inside = [word for word in row if word.fold not in function_words()]
    return bool(inside) and inside[-1].fold in _COURT and all(word.fold in _COURT or _people(word.fold) for word in inside)


def _people(word: str) -> bool:
    return word in no_names() and word != "european"  # the European Court of Human Rights is a name


def _no_person(mention: Mention, text: str, row: tuple[Word, ...]) -> bool:
    if not row or (
        (surface_code := text[mention.span.end : mention.span.end + 2])[:1] == "-"
        and surface_code[1:].isdigit()
        and row[0].text.isupper()
    ):
        return True
    if len(row) == 1 and row[0].fold in no_names() and row[0].fold not in names():
        return True
    if all(_squeezed(word.fold) in honorifics() and word.fold not in names() for word in row):
        return True
    if not _plain(row) or any(word.fold in names() or word.fold in word_names() for word in row):
        return False
    return mention.score < _CONVINCED and not _named(text, mention)


def _plain(row: tuple[Word, ...]) -> bool:
    return all(word.fold.isdigit() or _everyday(word) for word in row)


def _everyday(word: Word) -> bool:
    """In the word lists; in lower case also once its affixes are off, since few names are written so."""
    if _squeezed(word.fold) in everyday() or word.fold in everyday():
        return True
    return word.text.islower() and len(word.text) > 3 and known_word(word.fold) and word.fold not in clear_names()


def _squeezed(word: str) -> str:
    """A word without letters drawn out (`teteeeh`)."""
    return re.sub(r"(.)\1{2,}", r"\1", word)


def _named(text: str, mention: Mention) -> bool:
    """Whether an honorific or a word for naming stands before, or the words are capitals inside a sentence."""
    head = fold(text[max(0, mention.span.start - 30) : mention.span.start])
    before = re.findall(r"\w+", head)[-2:]
    if before and re.search(r"\w\.? $", head) and before[-1] in honorifics():
        return True
    if any(
        re.match(r"nama|ngaran|namina|namin|panggil|sebut|jeneng|akun|alias|called|named|profil|username|id$", word)
        for word in before
    ):
        return True
    surface = mention.span.of(text)
    inside = bool(re.search(r"[\w,] $", head)) and surface[0].isupper() and not surface.isupper()
    return inside and fold(surface) not in function_words()
