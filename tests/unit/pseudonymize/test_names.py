"""Names: parts, short forms, clipped and misspelled forms."""

import pytest

from samaran.pseudonymize import names


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Maharani", "Maharani Kusumah"),
        ("Maharani K", "Maharani Kusumah"),
        ("N. Fauziah", "Nadya Fauziah"),
        ("Kusumah", "Maharani Kusumah"),
        ("PUTRI AYU L", "Putri Ayu Lestari"),
    ],
)
def test_a_shorter_form_is_recognized(short, long):
    """Left-out parts and initials, in order."""
    assert names.shorter(names.tokens(short), names.tokens(long))
    assert not names.shorter(names.tokens(long), names.tokens(short))


@pytest.mark.parametrize(
    ("short", "long"),
    [("Ayu", "Putri Ayu Lestari"), ("M K", "Maharani Kusumah"), ("Kusumah Maharani", "Maharani Kusumah"), ("Rani", "Rani")],
)
def test_what_is_not_a_shorter_form(short, long):
    """A middle part alone, initials alone, another order."""
    assert not names.shorter(names.tokens(short), names.tokens(long))


@pytest.mark.parametrize(
    ("short", "form"),
    [
        ("ran", "rani"),
        ("yuy", "yuyun"),
        ("sep", "asep"),
        ("wi", "dewi"),
        ("dijah", "khadijah"),
        ("yuyu", "yuyun"),
        ("ded", "oded"),
    ],
)
def test_clipped_forms(short, form):
    """One syllable of the name, or the tail of a long one."""
    assert names.clipped(short, form)


@pytest.mark.parametrize(("short", "form"), [("sari", "sarinah"), ("rani", "rani"), ("dina", "dinda"), ("i", "ina")])
def test_not_clipped(short, form):
    """Names of their own are not somebody else's short form."""
    assert not names.clipped(short, form)


@pytest.mark.parametrize(
    ("one", "other"), [("nadia", "nadya"), ("yoyon", "yuyun"), ("sonia", "sonya"), ("fitri", "fithri"), ("maharani", "mahrani")]
)
def test_slips(one, other):
    """Sound-alikes, and a letter left out of a long name."""
    assert names.slip(one, other)
    assert names.slip(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("yanto", "yanti"), ("santi", "yanti"), ("rina", "rino"), ("suyono", "suryono"), ("dinda", "linda")]
)
def test_not_slips(one, other):
    """Neighbours in spelling that are names of different people."""
    assert not names.slip(one, other)
