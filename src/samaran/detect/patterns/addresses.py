"""Addresses, from the street to the room, and GPS coordinates. One span for one contiguous address."""

from typing import Any

import regex
from presidio_analyzer import RecognizerResult

from samaran.detect.lookups import cities, districts, villages
from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import COUNT, ZERO
from samaran.detect.words import everyday, fold
from samaran.model import EntityType

_GRAMMAR = {
    "said": rf"(?:(?:{COUNT}|{ZERO}|slash)(?!\w)[ -]?){{1,5}}(?<=\w)(?:[ ](?:[a-e]|be|ce|de)(?!\w))?",
    "num": r"\d{1,4}(?:[ ]?[A-Za-z](?!\w))?(?!\w)(?:[ ]?[/-][ ]?\d{1,4}[A-Za-z]?(?!\w))?"
    r"|[A-Z]{1,2}[ .-]?\d{1,4}(?:/\d+)?(?!\w)|[IVX]{1,5}(?:/\d+)?(?!\w)|(?&said)",
    "street": r"jalan|jln|jl|gang|gg|lorong|lrg|lr",
    "estate": r"perum|perumahan|perumnas|komplek|kompleks|komp|cluster|ruko|rukan|apartemen|rusun|rusunawa|btn|asrama|pergudangan"
    r"|griya|puri|kampung|kp|dusun|dsn|dukuh|dk|link|lingkungan",
    "area": r"desa|désa|ds|kelurahan|kel|kecamatan|kec|kab|kabupaten|kota|dusun|dsn|kampung|kp",
    "place": r"jalur|lane|purok|lot|tower|menara|barak|unit|km|kilometer|lantai|lt|kamar|kmr|room|petak|petakan|ruang|bed"
    r"|flat|level|pintu|pangkeng",
    "word": r"(?!(?:(?&street)|(?&place)|no|nomor|nomer|number|r\.?t|r\.?w|blok|block|blk)\b)"
    r"(?-i:(?:[A-Z]\.[ ]?)?[A-Z](?:[\w'’-]|\.(?=\w))*|[A-Z]\.)",
    "more": r"(?:[IVX]+|raya|dalam|dalem|utama|timur|barat|selatan|utara|lama|baru|kidul|kaler|kulon|wetan"
    r"|lor|haji|pa|tengah)(?!\w)",
    "name": r"(?:(?:KH|Dr|Ir|Prof|Abd|Jend|Dg|Letjen)\.? )?(?&word)(?:[ ](?:(?&word)|(?&more)|bin|al)){0,4}",
    "low": r"(?!(?:(?&street)|(?&place)|no|nomor|nomer|number|rt|rw|er|blok|yang|yg|di|ke|dan)(?!\w))[a-z'’]+[ ]",
    "rt": r"(?:r\.?[ ]?t|er te)\.?[ ]?(?&num)(?:[ ]?[/,]?[ ]?(?:r\.?[ ]?w|er we)\.?[ ]?(?&num)|/\d{1,3}(?!\w))?"
    r"|(?:r\.?[ ]?w|er we)\.?[ ]?(?&num)",
    "number": r"(?:no(?:mor|mer)?|number|nr)\.?[ ]?(?&num)",
    "block": r"(?:blok|block|blk)\.?[ ]"
    r"(?:(?:(?-i:[A-Z]{1,2}|[a-z])|ce|be|de|ka|el|er|ha|ge|ef|[A-Z]{0,2}\d{1,3}[A-Z]?)(?!\w)|(?&name))"
    r"(?:[ ]?[ /-][ ]?(?!no)(?&num))?",
    "unit": r"(?&place)\.?[ ](?:(?&num)|(?&name)(?:[ ](?&num))?"
    r"|(?:pojok|belakang|depan|atas|bawah|ujung|tengah)(?:[ ](?:atas|bawah|kiri|kanan))?)",
    "beside": r"(?:simpang|samping|belakang|depan|dekat|deket|deukeut|sebelah|muka|behind)[ ]"
    r"(?:(?:gang|gg\.|masjid|mesjid|langgar|gereja"
    r"|bengkel|warnet|pom bensin|kelenteng|the laundry|terminal|pasar|sekolah)(?:[ ](?&word)){0,3}|no\.?[ ]?\d+|(?&name))",
    "part": r"(?&rt)|(?&number)|(?&block)|(?&street)\.?[ ](?:(?&name)|[a-z]+)(?:[ ](?&num))?|(?&unit)|(?&area)\.?[ ](?&name)"
    r"|(?&estate)\.?[ ](?&name)(?:[ ](?&num))?|(?&beside)",
    "tail": r"(?:(?:,[ ]?|[ ])(?&part)|,[ ](?:(?&name)|\d{1,2} (?:Ilir|Ulu)\b)(?![ ]?[:(])){0,8}",
}
_STREET_WORDS = _GRAMMAR["street"].replace("|", " ")
_ESTATE_WORDS = _GRAMMAR["estate"].replace("|", " ") + " desa"
_DEFINE = "(?(DEFINE)" + "".join(f"(?P<{name}>{piece})" for name, piece in _GRAMMAR.items()) + ")"


def _street(match: "regex.Match[str]") -> float:
    """A street, unless the word after it is everyday language in lower case (`jalan kaki`, `di jalan terus`)."""
    first = match["first"]
    if first[:1].isupper():
        return 0.9
    return 0.0 if fold(first) in everyday() and not regex.search(r"\d", match["x"]) else 0.6


_CONTEXT = r"rumah|kos|kosan|kost|kontrakan|alamat|gang|lantai|lt|pintu|kamar|bumi|imah|kamar"

_NO_STREET = regex.compile(r"(?:The|A|An|This|Each|Any) |\w.* (?:Court|Close|Way|Row|Mount|Place|Drive|Arcade)\b")


def _english(match: "regex.Match[str]") -> float | bool:
    """With a number surely an address; without one not `The Court`, `Supreme Court`, `No Way`."""
    if regex.search(r"\d", match["x"]):
        return 0.9
    return not _NO_STREET.match(match["x"]) and 0.72


_RULES = (
    Rule(
        "address-street",
        _DEFINE
        + r"(?<![\w.])(?P<x>(?:jl|jln|gg|lrg|lr)\.?[ ](?:(?&name)|(?&more)(?:[ ](?&word))*|[a-z]+)(?:[ ](?:(?&num)))?(?&tail))",
        0.93,
        anchors=_STREET_WORDS,
    ),
    Rule(
        "address-street-word",
        _DEFINE
        + r"(?<![\w.])(?P<x>(?:jalan|gang|lorong)[ ](?=(?P<first>[\w'’.-]*\w))(?:(?&name)|[a-z]+)(?:[ ](?&num))?(?&tail))",
        0.85,
        _street,
        anchors=_STREET_WORDS,
    ),
    Rule(
        "address-street-lower",
        _DEFINE
        + rf"(?<![\w.])(?P<x>(?:{_GRAMMAR['street']}|{_GRAMMAR['estate']}|desa)\.?[ ]"
        + r"(?&low){1,4}(?:(?&street)[ ](?&low){0,3}(?:(?&num)|(?&number))|(?&number)|(?&rt)|(?&block)|km[ ](?&num))(?&tail))",
        0.8,
        anchors=f"{_STREET_WORDS} {_ESTATE_WORDS}",
    ),
    Rule(
        "address-estate",
        _DEFINE + rf"(?<![\w.])(?P<x>(?:{_GRAMMAR['estate']})\.?[ ]" + r"(?&name)[ ,]{1,2}(?:(?&part)|(?&num))(?&tail))",
        0.88,
        anchors=_ESTATE_WORDS,
    ),
    Rule(
        "address-rt",
        _DEFINE + r"(?<![\w.])(?P<x>(?=r\.?[ ]?[tw]|er (?:te|we))(?&rt)(?&tail))",
        0.8,
        anchors="rt rw r er",
    ),
    Rule(
        "address-block",
        _DEFINE + r"(?<![\w.])(?P<x>(?:blok|block)[ ](?:(?-i:[A-Z]{1,2}|[a-z])(?!\w)|ce|be|de|ge)(?!\w)"
        r"(?:[ /-]?(?:no(?:mor|mer)?\.?[ ]?|kamar[ ]|lot[ ])?(?&num)){1,2}(?&tail))",
        0.78,
        anchors="blok block",
    ),
    Rule(
        "address-block-alone",
        r"(?<![\w.])(?P<x>(?:blok|block) (?-i:[A-Z]))(?!\w)",
        0.4,
        context=_CONTEXT,
        lifted=0.6,
        anchors="blok block",
    ),
    Rule(
        "address-block-code",
        _DEFINE + r"(?<![\w.])(?P<x>(?:blok|block)[ ][A-Z]{0,2}\d{1,3}[A-Z]?(?!\w)(?&tail))",
        0.85,
        anchors="blok block",
    ),
    Rule(
        "address-room",
        _DEFINE
        + r"(?<![\w.])(?P<x>(?:bangsal[ ][\w'’]{3,20}[ ])?(?:kamar|kmr|room|bed|ward|flat|unit|petak|petakan|ruang|pangkeng)[ ]"
        r"(?:(?:no(?:mor|mer)?|number)\.?[ ]?)?"
        r"(?:\d{1,4}[A-Za-z]?(?!\w|[.,]\d)|[A-Z]-?\d{1,3}(?!\w)"
        r"|(?!kosong|nol)(?&said)(?!\w)(?![ ](?:bulan|orang|kali|jam|hari|malam|mandi|ribu|ratus))|(?&word)[ ]\d+"
        r"|(?!mandi|tidur|kost?|hotel|yang|sama|dengan|cuma|masih|udah|sudah|harga|tarif|bayar)"
        r"[a-z]{4,12}[ ]\d{1,2}(?!\w|[.,:/]\d|[ ]?(?:rb|jam|orang|kali|hari|ribu)))(?&tail))",
        0.72,
        anchors="bangsal kamar kmr room bed ward flat unit petak ruang pangkeng",
    ),
    Rule(
        "address-abroad",
        r"(?<![\w.])(?P<x>(?:(?:viale|piazza|piazzale|rue|calle|avenida|rua|strada|str\.|ulica|ulitsa|ul\.|vul\."
        r"|via(?=[ ](?-i:d)))[ ]"
        r"(?:(?:dell?[aeo’']?|dei|degli|del|de|la|le|du|des|di)[ ]){0,2}(?-i:[A-ZÀ-Þ][\w'’-]+)(?:[ ](?-i:[A-ZÀ-Þ][\w'’-]+)){0,3}"
        r"|(?-i:[A-ZÀ-Þ][\w'’-]+)[ ](?:str\.|strasse|straße|ulica|ulitsa|katu|caddesi|sokak|utca|gatan))"
        r",?[ ](?:no\.?[ ]?|n\.?[ ])?\d{1,4}(?:[/-]\d{1,4})?[a-z]?)(?![\w]|[.,]\d)",
        0.88,
        needs=r"(?i:viale|piazza|rue |calle|avenida|rua |strada|str\.|uli|ul\.|vul\.|via d|stra(?:ss|ß)e|katu|caddesi|sokak|utca"
        r"|gatan)",
    ),
    Rule(
        "address-tower",
        _DEFINE + r"(?<![\w.])(?P<x>(?:tower|menara)[ ](?-i:[A-Za-z])(?!\w)(?:[ ,]{1,2}(?&num))?(?&tail))",
        0.75,
        anchors="tower menara",
    ),
    Rule(
        "address-number",
        r"(?<![\w.])(?P<x>(?:no(?:mor|mer)?|number)\.?[ ]\d{1,3}[a-z]?)(?!\w|[.,:/-]\d|[ ]\d)",
        0.2,
        context=_CONTEXT,
        lifted=0.55,
        before=30,
        after=0,
        anchors="no nomor nomer number",
    ),
    Rule(
        "address-floor-room",
        r"(?<![\w.])(?P<x>(?:lantai|lt)\.?[ ]?\d{1,2}[ ,]{1,2}(?:no(?:mor|mer)?|kamar|unit)\.?[ ]\d{1,4}[A-Z]?)(?!\w)",
        0.85,
        anchors="lantai lt lt#",
    ),
    Rule(
        "address-gps",
        r"(?<![\w.])(?P<x>-?\d{1,2}\.\d{3,8}°?[ ]?[NS]?,[ ]?-?\d{2,3}\.\d{3,8}°?[ ]?[EW]?)(?![\w]|\.\d)",
        0.95,
        needs=r"\d\.\d{3,8}°? ?\w?, ?-?\d{2,3}\.\d",
    ),
    Rule(
        "address-gps-named",
        r"(?<!\w)(?:lat(?:itude)?|lintang)[ :=]{1,3}(?P<x>-?\d{1,2}\.\d{3,8}[ ,;]{1,3}(?:long?(?:itude)?|lng|bujur)[ :=]{1,3}"
        r"-?\d{2,3}\.\d{3,8})(?!\w|\.\d)",
        0.95,
        anchors="lat latitude lintang",
    ),
    Rule(
        "address-gps-blank",
        r"(?<![\w.])(?P<x>(?:[NSLU][ ]?|-)\d{1,2}\.\d{4,8}°?[ ,]{1,2}(?:[EWBT][ ]?|-)?\d{2,3}\.\d{4,8}°?)(?!\w|\.\d)",
        0.9,
        case=True,
        needs=r"\d\.\d{4,8}°?[ ,]{1,2}[EWBT]? ?-?\d{2,3}\.\d{4}",
    ),
    Rule(
        "address-plus-code",
        r"(?<![\w+])(?P<x>(?:[23456789CFGHJMPQRVWX]{4}){1,2}\+[23456789CFGHJMPQRVWX]{2,3})(?![\w+])",
        0.85,
        lambda m: any(c.isdigit() for c in m["x"]) and any(c.isalpha() for c in m["x"]),
        case=True,
        needs=r"[2-9CFGHJMPQRVWX]\+[2-9CFGHJMPQRVWX]{2}",
    ),
    Rule(
        "address-gps-dms",
        r"(?P<x>\d{1,3}°[ ]?\d{1,2}['′’][ ]?\d{1,2}(?:[.,]\d+)?[\"″”]?[ ]?[NSLU]{1,2}[ ,]{1,2}"
        r"\d{1,3}°[ ]?\d{1,2}['′’][ ]?\d{1,2}(?:[.,]\d+)?[\"″”]?[ ]?[EWBT]{1,2})",
        0.95,
        needs="°",
    ),
    Rule(
        "address-english",
        r"(?<![\w.])(?P<x>(?:(?:flat|unit|suite|shop|room|level|block)[ ][\w/]+,[ ](?:\d+/F,[ ])?)?(?:(?:number|no\.?)"
        r"[ ])?(?:\d{1,4}[A-Z]?|[A-Z]?\d-\d+-\d+|\d+/\d+)?[ ,]{0,2}"
        r"(?-i:(?:[A-Z][\w'’-]+[ ]){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court|Mount|Terrace|Place|Close|Way|Row"
        r"|Crescent|Quadrant|Square|Grove|Gardens|Arcade))"
        r"(?:,?[ ](?-i:[A-Z][a-z]+|[A-Z]{1,3}\d{1,2}[A-Z]?[ ]?\d[A-Z]{2}|[A-Z]{2,3}[ ]\d{4})){0,4})(?!\w)",
        0.8,
        _english,
        needs=r"\b(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court|Mount|Terrace|Place|Close|Way|Row|Crescent|Quadrant|Square|Grove"
        r"|Gardens|Arcade)",
    ),
    Rule(
        "address-estate-code",
        _DEFINE + r"(?<![\w.])(?P<x>(?-i:[A-Z][\w'’-]+[ ]){1,3}(?-i:[A-Z]{1,2}\d{1,2}[/-]\d{1,3}[A-Z]?)(?!\w)(?&tail))",
        0.85,
        needs=r" [A-Z]{1,2}\d{1,2}[/-]\d",
    ),
    Rule(
        "address-postcode",
        r"(?<![\w.])(?P<x>\d{1,4}[A-Za-z]?[ ][^\n,]{3,30},[ ](?:[^\n,]{3,20},[ ])?(?-i:[A-Z]{1,2}\d{1,2}[A-Z]?[ ]\d[A-Z]{2})"
        r")(?!\w)",
        0.9,
        needs=r"\d[A-Z]? \d[A-Z]{2}",
    ),
)
_LED = frozenset(("address-rt", "address-block"))
_BEFORE = regex.compile(r"(?<![\w.])((?:[A-Z][\w'’-]*[ ]){1,3})$")
_NEXT = regex.compile(r",?[ ](\w+(?:[ ]\w+)?)")


class Addresses(Family):
    """The rules, and the names of areas in lower case that follow an address directly."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: int | None = None
    ) -> list[RecognizerResult]:
        """All matches, each up to the last area name behind it."""
        found = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for address in found:
            if address.recognition_metadata["rule"] in _LED:
                address.start = _lead(text, address.start)
            while address.score >= 0.75 and (end := _area_end(text, address.end)):
                address.end = end
        return found


def _lead(text: str, at: int) -> int:
    """Where the capitalised name in front begins (`Rungkut Harapan blok K`)."""
    before = _BEFORE.search(text, max(0, at - 60), at)
    return at if before is None or fold(before[1].split()[0]) in everyday() else int(before.start(1))


def _area_end(text: str, at: int) -> int:
    following = _NEXT.match(text, at)
    if not following:
        return 0
    both = fold(following[1])
    first = both.split()[0]
    if " " in both and (both in cities() or both in districts() or both in villages()):
        return int(following.end())
    known = first in cities() or first in districts() or (following.group().startswith(",") and first in villages())
    return following.start(1) + len(first) if known and first not in everyday() else 0


ADDRESSES = Addresses(EntityType.ADDRESS, _RULES)
