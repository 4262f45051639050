"""Handles, profile names and names of groups."""

import pytest

FOUND = [
    ("akun MiChat melati_bdg itu", "melati_bdg"),
    ("IG saya @riya.sampang.asli ya", "@riya.sampang.asli"),
    ("di MiChat namanya Bunga_23 dulu", "Bunga_23"),
    ("akunnya melati.bdg yang lama", "melati.bdg"),
    ('ada grup "LC Freelance Pantura", rame', "LC Freelance Pantura"),
    ("nama akunnya Nenek Kenari Mauk itu", "Nenek Kenari Mauk"),
    ("dibuatkan namanya bulan malam garis bawah delapan delapan terus", "bulan malam garis bawah delapan delapan"),
    ("seno.kelam#0098 bilang", "seno.kelam#0098"),
    ('nick "anak baik" dulu', "anak baik"),
    ("Akun dia shannqueen, pasti penuh", "shannqueen"),
    ("Akunnya Chika imut sby. Foto ayu", "Chika imut sby"),
]
LEFT = [
    "anak2 sama laki2 di sini",
    "akunnya diblokir sama MiChat kemarin",
    "akun dia kebanyakan palsu",
    "Akun Instagram saya hilang",
    "pakai MiChat sama WhatsApp",
    "inf04_20230918.mp3",
    "bayar 20rb atau 2jt",
    'dia bilang di WA: "Teh, abdi hoyong terang."',
]


@pytest.mark.parametrize(("text", "surface"), FOUND)
def test_an_account_name_is_found(text, surface, look):
    """Signs in the name itself, or words for names beside it, make an ONLINE_ID."""
    assert (surface, "ONLINE_ID") in look(text)


@pytest.mark.parametrize("text", LEFT)
def test_apps_files_and_doubled_words_are_left(text, look):
    """Platform names, file names, reduplication and quotes are no accounts."""
    assert not any(kind == "ONLINE_ID" for _, kind in look(text))
