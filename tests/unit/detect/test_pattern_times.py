"""Dates and ages in words and digits; weekdays, times and durations are none."""

import pytest

from samaran.ingest import read_text
from samaran.model import DOUBTFUL

DATES = [
    ("lahir 1 Muharram 1445 H di sana", "1 Muharram 1445 H"),
    ("sejak Idul Fitri 1444 H pindah", "Idul Fitri 1444 H"),
    ("dari Ramadhan 1443 mulai", "Ramadhan 1443"),
    ("anak kelahiran 99 itu", "99"),
    ("tanggal 24/7 kemarin", "tanggal 24/7"),
    ("dinten tanggal tilu belas", "tanggal tilu belas"),
    ("on May 3 she left", "May 3"),
    ("tanggal 12 Maret 2023 itu", "tanggal 12 Maret 2023"),
    ("12/3/2023 jam dua", "12/3/2023"),
    ("dari 17-18 Maret 2023 di sana", "17-18 Maret 2023"),
    ("lahir 14-5-'23 kata", "14-5-'23"),
    ("sejak Okt 1994 di sini", "Okt 1994"),
    ("bulan maret kemarin", "maret"),
    ("arisan tanggal 5 tiap bulan", "tanggal 5"),
    ("dari lebaran 2022 belum pulang", "lebaran 2022"),
    ("nikah tahun 2011 di kampung", "2011"),
    ("nikah nomor dua tahun 2011 di kampung", "2011"),
    ("dua puluh genep nopember dua rebu sapuluh", "dua puluh genep nopember dua rebu sapuluh"),
    ("tahun dua ribu tujuh belas masuk", "dua ribu tujuh belas"),
    ("on March 3rd, 2019 she", "March 3rd, 2019"),
    ("2023-06-09 transkrip", "2023-06-09"),
    ("Oh yes. New Year's Eve 2021, in Sanur", "New Year's Eve 2021"),
    ("dinten kaping 3 Maret anjeunna", "kaping 3 Maret"),
    ("kaping dalapan belas mei dua rebu dua puluh opat di", "kaping dalapan belas mei dua rebu dua puluh opat"),
    ("on the third of May twenty twenty-three we", "third of May twenty twenty-three"),
]
AGES = [
    ("usianya dua lima waktu itu", "dua lima"),
    ("yuswana 45 ayeuna", "45"),
    ("aged 32 at the time", "32"),
    ("umurna tujuh welas taun", "tujuh welas taun"),
    ("a man, 32 years old, from there", "32 years old"),
    ("Ti umur 19, meh lima taun lah", "19"),
    ("umurnya dua puluh tiga sekarang", "dua puluh tiga"),
    ("yuswa abdi opat puluh hiji taun", "opat puluh hiji taun"),
    ("she's forty-one, I think", "forty-one"),
    ("a nineteen-year-old girl", "nineteen-year-old"),
    ("anak saya Gibran, empat tahun, di rumah", "empat tahun"),
    ("ngakunya 19 padahal lebih", "19"),
    ("it takes until you are seventy and costs", "seventy"),
    ("anak aku demam, 4 bln umurnya", "4 bln"),
    ("umurna salawe taun", "salawe taun"),
    ("Umur sabaraha?\nP: Tilu puluh dua. Dulu", "Tilu puluh dua"),
]
LEFT = [
    "minimarketna buka 24/7",
    "lahir 20 hari kamari",
    "jam 03.05 atau 1/2 jam",
    "harga 1999 rupiah",
    "UU Nomor 27 Tahun 2022 sama UU 12 Tahun 2022",
    "Perma No. 3 Tahun 2017, putusan 112/4 tahun 2019",
    "umur panjang ya, 5 tahun penjara",
    "that was 32 years ago",
    "hari Selasa jam dua siang",
    "lima taun di sini, tiga bulan di sana",
    "harganya 300 sampai 500 ribu",
    "skor 3/4 babak kedua",
    "dua orang, tiga kali, empat jam",
    "jam 14.30 dan 21.00",
    "lebaran kemarin pulang",
    "ayat 12 pasal 4",
    "dua bulan usia kandungannya",
    "ngakunya dua juta sebulan",
]


@pytest.mark.parametrize(("text", "surface"), DATES)
def test_a_date_is_found_whole(text, surface, look):
    """Dates in three languages, in words and digits, with `tanggal` before a number."""
    assert (surface, "DATE") in look(text)


@pytest.mark.parametrize(("text", "surface"), AGES)
def test_an_age_is_found_with_its_unit(text, surface, look):
    """A number beside a word for age, in three languages, across question and answer."""
    assert (surface, "AGE") in look(text)


@pytest.mark.parametrize("text", LEFT)
def test_weekdays_times_and_durations_are_left(text, look):
    """None of these pins a day or an age."""
    assert not {kind for _, kind in look(text)} & {"DATE", "AGE"}


def test_a_year_behind_a_number_is_a_doubt(detector):
    """`nomor 12 tahun 2019` is a statute's year or the year somebody moved: never sure, and never left out."""
    text = "pindah ke rumah nomor 12 tahun 2019 itu"
    (found,) = [m for m in detector.find(read_text(text), ()) if m.span.of(text) == "2019"]
    assert found.score < DOUBTFUL
