"""Named buildings, businesses and organizations: a word for the kind, and its name."""

from typing import Any

import regex
from presidio_analyzer import RecognizerResult

from samaran.detect.lookups import cities, districts, villages
from samaran.detect.patterns.family import Family, Rule
from samaran.detect.words import _lines, cues, everyday, fold, frequent, function_words, honorifics, names, word_names
from samaran.model import Detector, EntityType

_CAP = r"(?-i:[A-Z](?:[\w'’&-]|\.(?=\w))*)"
_NAME = rf"{_CAP}(?:[ ](?:{_CAP}|\d+(?!\w|[.,]\d)|[Nn]o\.? ?\d+|(?:dan|of|&|and|al|bin)[ ]{_CAP})){{0,5}}"
GENERIC = cues("generic place word")


def _kinds(kind: str) -> str:
    rows = [rest for line in _lines("kinds.txt") for name, _, rest in [line.partition(":")] if name == kind]
    found = {word.strip() for rest in rows for word in rest.split(",")}
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


def _heads(kinds: str) -> str:
    """The first words of all kinds, as anchors."""
    return " ".join(regex.findall(r"[^\W_]+", kinds))


_VENUES, _ORGS, _AGENCIES = _kinds("venue"), _kinds("organization"), _kinds("agency")
KINDS = f"{_VENUES}|{_ORGS}"


def _named(match: "regex.Match[str]") -> float:
    """The name is not an honorific with a person's name (`warung Mak Onyas`), but a clinic's is."""
    first = fold(regex.split(r"\W", match["name"], maxsplit=1)[0])
    head = fold(match["x"]).split()[0]
    if first in honorifics() and head not in ("klinik", "praktek", "praktik", "toko", "bengkel"):
        return 0.0
    if head in ("kopi", "bakmi", "bakso", "depot", "pondok", "kampus", "kapal", "km") and not match["x"][0].isupper():
        return 0.0 if first in everyday() else 0.6
    return 0.0 if first in ("dan", "di", "rt", "rw", "no", "ktp", "kk") else 0.88


def _low(match: "regex.Match[str]") -> float:
    """In lower-case text: the words after the kind, up to the first function word, are its name."""
    first = fold(match["name"])
    if first in honorifics() or first in function_words() or first in GENERIC or len(first) < 3:
        return 0.0
    if first in cities() or first in districts() or first in villages():
        return 0.86 if first not in everyday() else 0.0
    if first in word_names() and fold(match["x"]).split()[0] in ("wisma", "hotel", "apartemen", "salon", "penginapan", "karaoke"):
        return 0.6
    return 0.0 if first in everyday() and first not in names() else 0.62


def _titled(match: "regex.Match[str]") -> float:
    """A capital or a number after the kind; a number alone only after a school."""
    name = match["name"]
    if not (name[0].isupper() or name[0].isdigit()):
        return 0.0
    if fold(match["x"]).split()[0] in ("dinas", "sekolah", "unit", "kua", "mi", "ra", "min") and not match["x"][0].isupper():
        return 0.0
    return 0.9


class Kinds(Family):
    """The rules; in lower-case text the name ends before the first everyday word."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: int | None = None
    ) -> list[RecognizerResult]:
        """All matches, those in lower case cut to their names."""
        found = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for kind in found:
            if kind.recognition_metadata["rule"].endswith("-lower"):
                kind.end = _name_end(text, kind.start, kind.end)
        return found


_SPOKEN = regex.compile(r"(?:di|me|nge|nga|ber|ke)\w{3,}|\w+(?:nya|na)$")


def _name_end(text: str, start: int, end: int) -> int:
    """Where the words of a name end: at the third word or later, before an everyday word."""
    parts = text[start:end].split(" ")
    for n in range(2, len(parts)):
        word = fold(parts[n])
        if word in names() or fold(parts[n - 1]) in ("ka", "em", "te", "de", "es", "pe"):
            continue
        if word in frequent() or (word in everyday() and _SPOKEN.match(word)):
            return start + len(" ".join(parts[:n]))
    return end


_STOP = "|".join(sorted(function_words() | honorifics(), key=lambda word: (-len(word), word)))
_TAIL_LOW = rf"(?:[ ](?!(?:{_STOP})(?!\w))[^\W\d_]+){{0,2}}"

VENUES = Kinds(
    EntityType.VENUE,
    (
        Rule(
            "venue",
            rf"(?<![\w.])(?P<x>(?:(?:{_VENUES})|(?:rs|rm|ss|htl|apt)\.)[ ](?P<name>(?:(?:dr|Dr|KH)\.[ ])?{_NAME}))",
            0.88,
            _named,
            detector=Detector.GAZETTEER,
            anchors=_heads(_VENUES),
        ),
        Rule(
            "venue-lower",
            rf"(?<![\w.])(?P<x>(?:{_VENUES})[ ](?P<name>(?-i:[a-zé]+)){_TAIL_LOW})(?!\w)",
            0.6,
            _low,
            detector=Detector.GAZETTEER,
            anchors=_heads(_VENUES),
        ),
        Rule(
            "venue-english",
            r"(?<![\w.])(?P<x>(?-i:(?:[A-Z][\w'’.-]+[ ]){1,4}(?:Hotel|Hospital|Clinic|Inn|Bar|Café|Cafe|Mall|Church"
            r"|Restaurant|Resort"
            r"|Apartments?|Market|Airport|Station|Prison|Suites|Residence|Plaza|Salon|Laundry|Karaoke|Spa)))(?!\w)",
            0.8,
            detector=Detector.GAZETTEER,
            needs=r"\b(?:Hotel|Hospital|Clinic|Inn|Bar|Café|Cafe|Mall|Church|Restaurant|Resort|Apartment|Market|Airport|Station"
            r"|Prison|Suites|Residence|Plaza|Salon|Laundry|Karaoke|Spa)",
        ),
    ),
)
ORGANIZATIONS = Kinds(
    EntityType.ORGANIZATION,
    (
        Rule(
            "organization",
            rf"(?<![\w.])(?P<x>(?:(?:{_ORGS})|(?:pt|cv|ud)\.|(?-i:MAN)(?=[ ]\d))[ ]"
            rf"(?P<name>(?:(?:negeri[ ])?\d{{1,3}}(?!\w|[.,/]\d)(?:[ ]{_CAP}){{0,3}}|{_NAME})))",
            0.9,
            _titled,
            detector=Detector.GAZETTEER,
            anchors=_heads(_ORGS) + " man",
        ),
        Rule(
            "organization-lower",
            r"(?<![\w.])(?P<x>(?:sdn|smpn|sman|smkn|smk|smp|sma|es em ka|es em a|es em pe|es de|em te es|pe te|pt|cv|yayasan"
            r"|universitas"
            r"|poltekkes|pesantren|pasantren|ponpes|polres metro|polres|polsek|polda|koperasi|dinas sosial|dinkes)[ ]"
            rf"(?:(?:negeri[ ]|negri[ ])?\d{{1,3}}|(?!(?:{_STOP})(?!\w))(?P<name>(?-i:[a-zé]+)){_TAIL_LOW}))(?!\w)",
            0.62,
            detector=Detector.GAZETTEER,
            anchors=_heads(_ORGS),
        ),
        Rule(
            "agency",
            rf"(?<![\w.@])(?P<x>(?:{_AGENCIES})(?:[ ](?-i:(?:Kota |Kab(?:upaten|\.) )?[A-Z][a-z]+))?)(?![\w@]|\.\w)",
            0.8,
            detector=Detector.GAZETTEER,
            anchors=_heads(_AGENCIES),
        ),
        Rule(
            "organization-english",
            r"(?<![\w.])(?P<x>(?-i:(?:[A-Z][\w'’.&-]+[ ]){1,4}(?:University|College|Foundation|School|Ltd|Limited|Inc|Police"
            r"|Society"
            r"|Association|Council|Centre|Institute|Union|Collective|Agency|Desk|Trust)(?:[ ]of[ ][A-Z]\w+)?))(?!\w)",
            0.78,
            detector=Detector.GAZETTEER,
            needs=r"\b(?:University|College|Foundation|School|Ltd|Limited|Inc|Police|Society|Association|Council|Centre"
            r"|Institute|Union|Collective|Agency|Desk|Trust)",
        ),
    ),
)
