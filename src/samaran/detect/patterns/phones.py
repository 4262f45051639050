"""Telephone numbers: Indonesian in every spelling, foreign, spoken digit by digit, partly masked."""

import phonenumbers
import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import DIGIT, DIGIT_WORDS, VALUES
from samaran.model import EntityType

_CUES = (
    r"telp|telpon|telepon|tlp|hp|wa|whatsapp|w\.a|hubungi|hub|kontak|contact|call|phone|mobile|mob|ring|nomor|nomer"
    r"|nomere|no|nope|number|sms|kantor|office|rumah"
)
_SEP = r"[ \u00a0]{0,2}[.–—\-/]?[ \u00a0]{0,2}"
_SOFT = r"(?:[ \u00a0.–—\-]{0,3}|, ?)"
_THEN = r"(?:,?[ ](?:terus|trus|teras|lalu|lajeng|then|strip)[ ])"


def _indonesian(match: "regex.Match[str]") -> float:
    """A mobile number has ten to thirteen digits; fewer (partly masked, interrupted) is less certain."""
    value = regex.sub(_THEN, " ", match["x"])
    digits = sum(c.isdigit() for c in value)
    masked = sum(c in "xX*" for c in value)
    real = digits + sum(c in "oOlI" for c in value)
    if digits < 6 or real + masked > 15:
        return 0.0
    if real >= 10:
        return 0.92
    if value != match["x"]:
        return 0.0
    return 0.85 if masked else 0.6 if real >= 7 else 0.0


def _foreign(match: "regex.Match[str]") -> float:
    value = match["x"]
    digits = regex.sub(r"\D", "", value)
    if not 8 <= len(digits) <= 15:
        return 0.0
    try:
        return 0.95 if phonenumbers.is_possible_number(phonenumbers.parse("+" + digits)) else 0.85
    except phonenumbers.NumberParseException:
        return 0.7


def _landline(match: "regex.Match[str]") -> float:
    return 0.5 if 8 <= sum(c.isdigit() for c in match["x"]) <= 12 else 0.0


def _spoken(match: "regex.Match[str]") -> float:
    """Digits said one by one: a mobile number begins with nought, eight."""
    said = [VALUES[word] for word in regex.findall(r"\w+", match["x"].lower()) if word in VALUES]
    if said[:2] == [0, 8] or said[:3] == [6, 2, 8]:
        return 0.9 if len(said) >= 9 else 0.55
    return 0.3 if len(said) >= 7 else 0.0


PHONES = Family(
    EntityType.PHONE,
    (
        Rule(
            "phone-mobile",
            rf"(?<![\w.+@/\-])(?P<x>(?:(?:\(?\+|00)?62\)?{_SEP}|[0o]{_SEP})8(?:(?:{_SOFT}|{_THEN})[\dxX*oOlI]){{4,14}})(?![\w@]|[.,]\d)",
            0.92,
            _indonesian,
            needs=r"[2oO0]\)?[ \u00a0.–—\-/]{0,5}8[ \u00a0.–—\-,]{0,3}[\dxX*oOlLiI]",
        ),
        Rule("phone-foreign", rf"(?<![\w+])(?P<x>\+\d(?:{_SOFT}\(?[\dx*]\)?){{7,15}})(?!\w)", 0.9, _foreign, needs=r"\+\d"),
        Rule(
            "phone-landline",
            r"(?<![\w.+@/\-:])(?P<x>\(?0[2-9]\d{1,2}\)?[ ]?[ .–—\-][ ]?\d{2,4}(?:[ .–-]?\d{2,4}){1,3})(?![\w@]|[-.]\d)",
            0.5,
            _landline,
            context=_CUES,
            lifted=0.88,
            needs=r"0[2-9]\d{1,2}\)?[ .–—\-]",
        ),
        Rule(
            "phone-national",
            r"(?<![\w.+@/\-:])(?P<x>0[1-7]\d{2,4}[ ]\d{3}[ ]?\d{3,4})(?![\w@]|[-.]\d)",
            0.55,
            context=_CUES,
            lifted=0.88,
            anchors="#6",
        ),
        Rule(
            "phone-american",
            r"(?<![\w.+@/\-:(])(?P<x>(?:\([2-9]\d\d\)[ ]?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4})(?![\w@]|[-.,]\d)",
            0.3,
            lambda m: 0.85 if m["x"][0] == "(" else 0.2,
            context=r"telp|telpon|telepon|wa|whatsapp|call|phone|mobile|cell|text|sms|number",
            lifted=0.8,
            needs=r"[2-9]\d\d[ .)-] ?[2-9]\d\d[ .-]\d{4}",
        ),
        Rule(
            "phone-short",
            r"(?<![\w.+@/\-:])(?P<x>\d{4}[ -]\d{4})(?![\w@]|[-. ]?\d)",
            0.1,
            context=r"telp|telpon|telepon|hp|wa|kontak|phone|call|nomornya|nomerna|nomernya|nomor",
            lifted=0.65,
            before=40,
            after=0,
            anchors="#6",
        ),
        Rule(
            "phone-spoken",
            rf"(?<!\w)(?P<x>(?:plus[ ])?{DIGIT}(?:[ ,.-]{{1,3}}(?:(?:double|triple|dobel)[ ])?{DIGIT}){{6,14}})(?!\w)",
            0.3,
            _spoken,
            context=_CUES,
            lifted=0.8,
            after=0,
            anchors=f"plus {DIGIT_WORDS}",
        ),
        Rule(
            "phone-spoken-mixed",
            rf"(?<!\w)(?P<x>(?:nol|enol|kosong|zero|oh)[ ,-]{{1,3}}(?:delapan|dalapan|lapan|eight|8)(?:[ ,.-]{{1,3}}(?:{DIGIT}"
            r"|sa?welas|belas|puluh|\d+)){4,14})(?!\w)",
            0.8,
            anchors="nol enol kosong zero oh",
        ),
    ),
)
