"""Addresses, from the street to the room, and GPS coordinates. One span for one contiguous address."""

import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import COUNT, ZERO
from samaran.detect.words import everyday, fold
from samaran.model import EntityType

_NUM = rf"(?:\d{{1,4}}(?:[ ]?[A-Za-z])?(?!\w)(?:[/-]\d{{1,4}}[A-Za-z]?)?|[A-Z]{{1,2}}[ .-]?\d{{1,4}}(?:/\d+)?(?!\w)|[IVX]{{1,5}}(?!\w)|(?:(?:{COUNT}|{ZERO})(?!\w)[ -]?){{1,4}}(?<=\w)(?:[ ][a-e](?!\w))?)"
_CAP = r"(?-i:[A-Z](?:[\w'’-]|\.(?=\w))*)"
_NAME = rf"(?:(?:KH|H|Dr|Ir|Prof|A|Abd|M|Pa|Mr)\.? ?)?{_CAP}(?:[ ](?:{_CAP}|dan|al|bin|de|van|[IVX]+|\d{{1,3}}(?!\w))){{0,4}}"
_RTRW = (
    rf"(?:r\.?[ ]?t|er te)\.?[ ]?{_NUM}(?:[ ]?[/,]?[ ]?(?:(?:r\.?[ ]?w|er we)\.?[ ]?)?{_NUM})?|(?:r\.?[ ]?w|er we)\.?[ ]?{_NUM}"
)
_PART = (
    rf"(?:{_RTRW}"
    rf"|(?:nomor|nomer|no|number|nr)\.?[ ]?{_NUM}"
    rf"|(?:blok|block|blk)\.?[ ](?:(?:[A-Za-z]{{1,2}}|ce|be|de|ka|el|er|ha|ge|ef)(?!\w)(?:[ /-]?{_NUM})?|{_NUM})(?:[ ]?[/-][ ]?{_NUM})?"
    rf"|(?:gg|gang|lorong|lrg|lr|jalur|lane|jln|jl|jalan|purok|lot|tower|menara|barak|unit|pavilion|km|kilometer|lantai|lt|kamar|kmr|room|petak|petakan|ruang|bed|flat)\.?[ ](?:{_NUM}|{_NAME}(?:[ ](?:no(?:mor|mer)?\.?[ ]?)?{_NUM})?)"
    rf"|(?:kampung|kp|dusun|dsn|dukuh|dk|desa|désa|ds|kelurahan|kel|kecamatan|kec|kab|kabupaten|kota|link|lingkungan|komplek|kompleks|komp|perum|perumahan|perumnas|cluster|griya|ruko|asrama)\.?[ ]{_NAME}(?:[ ]{_NUM})?)"
)
_TAIL = rf"(?:(?:,[ ]?|[ ]-[ ]|[ ])(?:{_PART}|(?:simpang|samping|belakang|depan|dekat|deket|deukeut|sebelah|muka)(?:[ ](?:{_CAP}|gang|gg\.|masjid|langgar|bengkel|warnet|pom bensin|no\.? ?\d+|(?-i:[a-z]+))){{1,3}}|(?<=,[ ]?){_NAME})){{0,7}}"
_STREET = r"(?:jalan|jln|jl|gang|gg|lorong|lrg|lr|jend|street)"


def _street(match: "regex.Match[str]") -> float:
    """A street, unless the word after it is everyday language in lower case (`jalan kaki`, `di jalan terus`)."""
    first = match["first"]
    if first[:1].isupper() or match["tail"]:
        word = fold(first)
        return 0.9 if first[:1].isupper() or word not in everyday() else 0.6
    return 0.0 if fold(first) in everyday() else 0.5


ADDRESSES = Family(
    EntityType.ADDRESS,
    (
        Rule(
            "address-street",
            rf"(?<![\w.])(?P<x>(?:jl|jln|gg|lrg|lr)\.?[ ](?:(?:KH|H|Dr|Ir|Prof|Jend|Abd|Dg|A|M)\.? ?)?[\w'’.-]*\w(?:[ ](?:{_CAP}|[IVX]+(?!\w)|(?:raya|dalam|dalem|utama|timur|barat|selatan|utara|lama|baru|haji|pa)(?!\w))){{0,5}}(?:[ ]{_NUM})?{_TAIL})",
            0.93,
        ),
        Rule(
            "address-street-word",
            rf"(?<![\w.])(?P<x>(?:jalan|gang|lorong)[ ](?P<first>[\w'’.-]*\w)(?:[ ](?:{_CAP}|[IVX]+(?!\w)|(?:raya|dalam|dalem|utama|timur|barat|selatan|utara|lama|baru)(?!\w))){{0,5}}(?P<tail>(?:[ ]{_NUM})?{_TAIL}))",
            0.85,
            _street,
        ),
        Rule(
            "address-street-lower",
            rf"(?<![\w.])(?P<x>(?:jalan|gang|gg|jl|jln|lorong|kampung|kp|perumahan|perum|dusun|desa|komplek)[ ](?:\w+[ ]){{1,4}}?(?:gang|nomor|nomer|no|rt|er te|km|lorong|blok)\.?[ ]{_NUM}{_TAIL})",
            0.8,
        ),
        Rule(
            "address-estate",
            rf"(?<![\w.])(?P<x>(?:perum|perumahan|perumnas|komplek|kompleks|komp|cluster|ruko|rukan|apartemen|rusun|rusunawa|btn|kp|kampung|dusun|dsn|dukuh|dk|desa|asrama|pergudangan|link)\.?[ ]{_NAME}[ ,]{{1,2}}(?:{_PART}|{_NUM}){_TAIL})",
            0.88,
        ),
        Rule(
            "address-rt",
            rf"(?<![\w.])(?P<x>(?:{_NAME}[ ])?(?-i:RT|RW|Rt|Rw|rt|rw)[ .]{{0,2}}{_NUM}(?:[ ]?[/,]?[ ]?(?:rw[ .]{{0,2}})?{_NUM})?{_TAIL})",
            0.8,
        ),
        Rule("address-rt-spoken", rf"(?<!\w)(?P<x>er te[ ]{_NUM}[ ]?er we[ ]{_NUM})(?!\w)", 0.85),
        Rule(
            "address-block",
            rf"(?<![\w.])(?P<x>(?:blok|block)[ ](?:[A-Za-z]{{1,2}}|ce|be|de|ge)(?!\w)[ ]?(?:[ /-]?(?:no(?:mor|mer)?\.?[ ]?|kamar[ ]|lot[ ])?{_NUM}){{0,2}}{_TAIL})",
            0.78,
        ),
        Rule("address-block-code", rf"(?<![\w.])(?P<x>blok[ ][A-Z]{{0,2}}\d{{1,3}}[A-Z]?(?!\w){_TAIL})", 0.85),
        Rule(
            "address-room",
            rf"(?<![\w.])(?P<x>(?:kamar|kmr|room|bed|ward|flat|unit|petak|petakan|ruang)[ ](?:(?:no(?:mor|mer)?|number)\.?[ ]?)?(?:\d{{1,4}}[A-Za-z]?(?![\w.,]\d|\w)|[A-Z]-?\d{{1,3}}(?!\w)|{COUNT}(?!\w)(?![ ](?:bulan|orang|kali|jam|hari|malam|mandi))){_TAIL})",
            0.72,
        ),
        Rule(
            "address-room-number",
            r"(?<![\w.])(?P<x>(?:no(?:mor|mer)?|number)\.?[ ]\d{1,3}[a-z]?)(?![\w.,/:-]\d|\w|[ ]\d)",
            0.2,
            context=r"rumah|kos|kosan|kost|kontrakan|alamat|gang|bu|pak|lt|lantai|pintu|kamar",
            lifted=0.55,
            before=30,
            after=0,
        ),
        Rule(
            "address-floor-room",
            r"(?<![\w.])(?P<x>(?:lantai|lt)\.?[ ]?\d{1,2}[ ,]{1,2}(?:no(?:mor|mer)?|kamar|unit)\.?[ ]\d{1,4}[A-Z]?)(?!\w)",
            0.85,
        ),
        Rule(
            "address-gps",
            r"(?<![\w.])(?P<x>-?\d{1,2}\.\d{4,8}°?[ ]?[NS]?,?[ ]{1,2}-?\d{2,3}\.\d{4,8}°?[ ]?[EW]?|-?\d{1,2}\.\d{3,8},-?\d{2,3}\.\d{3,8})(?![\w.])",
            0.95,
        ),
        Rule(
            "address-gps-dms",
            r"(?P<x>\d{1,3}°[ ]?\d{1,2}['′’][ ]?\d{1,2}(?:[.,]\d+)?[\"″”]?[ ]?[NSLU]{1,2}[ ,]{1,2}\d{1,3}°[ ]?\d{1,2}['′’][ ]?\d{1,2}(?:[.,]\d+)?[\"″”]?[ ]?[EWBT]{1,2})",
            0.95,
        ),
        Rule(
            "address-english",
            r"(?<![\w.])(?P<x>(?:(?:flat|unit|suite|shop|room|level)[ ][\w/]+,[ ])?\d{1,4}[A-Z]?[ ](?-i:(?:[A-Z][\w'’-]+[ ]){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court|Mount|Terrace|Place|Close|Way|Row|Crescent|Quadrant|Square|Grove|Gardens))(?:,?[ ](?-i:[A-Z][a-z]+|[A-Z]{1,3}\d{1,2}[A-Z]?[ ]?\d[A-Z]{2}|[A-Z]{2,3}[ ]\d{4})){0,4})(?!\w)",
            0.9,
        ),
        Rule(
            "address-english-street", r"(?<![\w.])(?P<x>(?-i:(?:[A-Z][\w'’-]+[ ]){1,3}(?:Street|Road|Avenue|Lane)))(?!\w)", 0.72
        ),
    ),
)
