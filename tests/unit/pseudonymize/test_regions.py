"""Places become provinces, or nothing."""

import pytest

from samaran.pseudonymize.regions import region


@pytest.mark.parametrize(
    ("place", "province"),
    [
        ("Bandung", "JAWA BARAT"),
        ("kota bandung", "JAWA BARAT"),
        ("Kab. Cianjur", "JAWA BARAT"),
        ("Jawa Barat", "JAWA BARAT"),
        ("Coblong", None),
        ("Denpasar", "BALI"),
        ("Sukamaju", None),
        ("Bulan sabit", None),
        ("", None),
    ],
)
def test_cities_and_regencies_have_a_province(place, province):
    """What is smaller, unknown or in several provinces has none."""
    assert region(place) == province
