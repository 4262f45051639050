"""The comparison form of a surface: two mentions of a type with the same fold are written the same but for case, accents,
spacing and the like."""

import re
from functools import lru_cache

from samaran.model import EntityType as T
from samaran.pseudonymize import calendar_words, names, numbers, places

_LABEL = re.compile(r"^(?:no\.?|nik|kk|ktp|npwp|nim|sim|rm|bpjs|kitas|paspor|passport)\s*[:.]?\s+(?=\S*\d)")
_NAMES = "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"
_SPELLED = dict(zip(_NAMES.split(), "abcdefghijklmnopqrstuvwxyz", strict=True)) | {"se": "c", "si": "c", "fe": "v", "kiu": "q"}


@lru_cache(maxsize=1 << 16)
def fold(surface: str, kind: T) -> str:
    """The folded form, never empty for a surface that is not blank. Case, accents, spaces and clitics don't count; in names
    repeated letters neither; telephone numbers are their digits with 0, 62 and +62 equal; dates and ages are their values."""
    return _fold(surface, kind) or numbers.bare(surface).strip() or surface


def _fold(surface: str, kind: T) -> str:
    match kind:
        case T.PERSON:
            return "".join(names.tokens(surface))
        case T.PHONE | T.ACCOUNT_NUMBER:
            return _phone(numbers.digits(surface)) if kind is T.PHONE else numbers.digits(surface)
        case T.ID_NUMBER | T.PLATE:
            return _code(surface)
        case T.ONLINE_ID:
            return _handle(surface)
        case T.EMAIL:
            return numbers.bare(surface).strip(" .<>").removeprefix("mailto:")
        case T.URL:
            return re.sub(r"^(?:[a-z]+://)?(?:www\.|m\.)?", "", numbers.bare(surface).strip(" .<>")).rstrip("/")
        case T.DATE:
            return calendar_words.date(surface) or _plain(surface)
        case T.AGE:
            years = calendar_words.age(surface)
            return f"{years[0]}-{years[1]}" if years else _plain(surface)
        case T.ADDRESS:
            return places.address(surface)
        case _:
            return _place(surface)


def _plain(surface: str) -> str:
    return "".join(c for c in numbers.bare(surface) if c.isalnum())


def _phone(digits: str) -> str:
    digits = digits.removeprefix("00")
    return "62" + digits[1:] if digits.startswith("0") else digits


def _code(surface: str) -> str:
    """Letters and digits, digits that are read out included: `T one five` and `T 15` are the same."""
    said = [
        str(numbers.UNITS[w]) if w in numbers.UNITS and len(w) > 1 else w
        for w in numbers.words(_LABEL.sub("", numbers.bare(surface)))
    ]
    hidden = surface.count("?") + surface.count("*")
    return "".join(said) + "?" * hidden


def _handle(surface: str) -> str:
    text = re.sub(r"\bgaris bawah\b|\bunderscore\b|\btitik\b|\bdot\b|\bstrip\b", " ", numbers.bare(surface))
    if text != numbers.bare(surface):
        text = "".join(str(numbers.UNITS[w]) if w in numbers.UNITS else w for w in numbers.words(text))
    return "".join(c for c in text if c.isalnum())


def _place(surface: str) -> str:
    words = numbers.words(re.sub(r"([^\W\d_]{3,})2\b", r"\1 \1", surface))  # alun2
    if len(words) > 2 and sum(w in _SPELLED for w in words) >= len(words) - 1 >= 2:  # pe ka be i
        return "".join(_SPELLED.get(w, w) for w in words)
    kept = [w for w in words if w not in ("kecamatan", "kelurahan", "desa", "kec", "kel")] or words
    return "".join("kabupaten" if w == "kab" else w for w in kept)
