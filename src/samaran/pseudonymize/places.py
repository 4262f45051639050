"""Buildings and addresses: what is the kind of thing, and what is its name."""

import re

from samaran.pseudonymize import numbers

_KINDS = (
    "hotel hostel wisma losmen penginapan guesthouse villa kos kost kosan kontrakan apartemen apartment apt asrama rusun "
    "kafe cafe warung warkop restoran resto toko salon spa karaoke bar klub club pub mal mall mol plaza pasar terminal "
    "stasiun station bandara pelabuhan masjid mesjid mushola musholla gereja church vihara pura klinik clinic puskesmas "
    "rumah sakit rs rsud hospital gedung lapas rutan panti stadion"
)
KINDS = frozenset(_KINDS.split())
_SAME = {"pkm": "puskesmas", "apt": "apartemen", "apartment": "apartemen", "kost": "kos", "kosan": "kos", "mesjid": "masjid"}
_STREET = {"jl": "jalan", "jln": "jalan", "gg": "gang", "kmr": "kamar", "pangkeng": "kamar", "room": "kamar"}
_LEFT_OUT = frozenset(("no", "nomor", "number", "nr", "kp", "rt", "rw", "street", "komplek", "kompleks", "blok", "blk"))
_ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_LETTER = {"be": "b", "ce": "c", "de": "d"}


def core(surface: str) -> tuple[str, str]:
    """The kind of a building and its name, both folded: `Salon Cempaka` and `Cempaka Salon` are a salon called cempaka. The kind
    is empty where the surface names none; the name is empty where it names only a kind."""
    words = [_SAME.get(word, word) for word in numbers.words(surface)]
    kinds = [word for word in words if word in KINDS]
    return "".join(kinds), "".join(word for word in words if word not in KINDS)


def address(surface: str) -> str:
    """The street, house and room, without what follows the last number: the place names behind an address are not part of what
    makes it that address. Numbers in words and Roman numerals are numbers."""
    words = re.findall(r"\d+|[^\W\d_]+", numbers.bare(surface))
    found: list[str] = []
    last = 0
    at = 0
    while at < len(words):
        said = _said(words, at)
        if said:
            found.append(str(numbers.value(words[at : at + said])))
            last = len(found)
        elif words[at] in _ROMAN:
            found.append(str(_ROMAN[words[at]]))
            last = len(found)
        elif words[at] not in _LEFT_OUT:
            letter = _LETTER.get(words[at], words[at]) if last == len(found) and found else words[at]
            found.append(_STREET.get(letter, letter))
            last = len(found) if len(letter) == 1 and last == len(found) - 1 else last
        at += said or 1
    return "".join(found[:last] if last > 1 else found)


def _said(words: list[str], at: int) -> int:
    """How many words from here on are one number."""
    if words[at].isdecimal():
        return 1
    length = 0
    while at + length < len(words) and length < 5 and words[at + length] not in ("o", "oh"):
        if words[at + length].isdecimal() or numbers.value(words[at : at + length + 1]) is None:
            break
        length += 1
    return length
