"""Numbers, dates and ages in three languages."""

import pytest

from samaran.pseudonymize import calendar_words, numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dua puluh empat", 24),
        ("dua tiga", 23),
        ("sabelas", 11),
        ("lima welas", 15),
        ("dua rebu dua puluh tilu", 2023),
        ("two thousand nineteen", 2019),
        ("seratus dua", 102),
        ("dua ratus lima puluh", 250),
        ("salikur", 21),
        ("sixty-two", 62),
        ("1999", 1999),
        ("rumah", None),
        ("", None),
    ],
)
def test_number_words_have_values(text, value):
    """Indonesian, Sundanese and English words, and nothing else."""
    assert numbers.value(numbers.words(text)) == value


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0813-xxxx-2260", "0813????2260"),
        ("nol delapan lima enam", "0856"),
        ("0 8 double three", "0833"),
        ("max", ""),
    ],
)
def test_digits_are_read_out_or_hidden(text, digits):
    """Each digit stands once, a hidden one as a question mark."""
    assert numbers.digits(text) == digits


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("7 Juli 96", "1996-07-07"),
        ("22-08-92", "1992-08-22"),
        ("14/02/1999", "1999-02-14"),
        ("12/3", "????-03-12"),
        ("Pebruari", "????-02-??"),
        ("Okt 1994", "1994-10-??"),
        ("2018", "2018-??-??"),
        ("2023-06-09", "2023-06-09"),
        ("10 June 2022", "2022-06-10"),
        ("March 2022", "2022-03-??"),
        ("tanggal 10", "????-??-10"),
        ("lebaran 2022", None),
        ("17-18 Maret 2023", None),
        ("99/99/2020", None),
    ],
)
def test_dates_have_values(text, date):
    """What is unsaid stays open; a range, a feast or nonsense has no value."""
    assert calendar_words.date(text) == date


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("19 taun", (19, 19)),
        ("dua puluh", (20, 20)),
        ("seratus hari", (0, 0)),
        ("3 bulan", (0, 0)),
        ("20an", (20, 29)),
        ("20-an", (20, 29)),
        ("empat puluhan", (40, 49)),
        ("kepala tiga", (30, 39)),
        ("thirties", (30, 39)),
        ("19-20 tahun", (19, 20)),
        ("muda", None),
        ("999", None),
    ],
)
def test_ages_have_values(text, years):
    """The youngest and the oldest age that the words allow."""
    assert calendar_words.age(text) == years
