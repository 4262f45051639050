"""Person names by cues, and the words that are names too."""

import pytest

FOUND = [
    ("Teh Rani, tos sabaraha lami?", "Rani"),
    ("kata mang oded kemarin", "oded"),
    ("namanya Theresia, orang sana", "Theresia"),
    ("dia dipanggil Kuntet di sini", "Kuntet"),
    ("ketemu Slamet Riyanto di pasar", "Slamet Riyanto"),
    ("Pak Surya marah", "Surya"),
    ("sama Bu Haji Komariah juga", "Komariah"),
    ("Siti Maemunah binti Karna ikut", "Siti Maemunah binti Karna"),
    ("kata Ibu H. begitu", "H"),
    ("saya Putu, dari Bali", "Putu"),
    ("اسمي فاطمة الزهراء وأسكن هنا", "فاطمة الزهراء"),
    ("أين يسكن أحمد بن علي؟", "أحمد بن علي"),
    ("مع الشيخ عبدالله غدا", "عبدالله"),
    ("Abah nelepon teh فاطمة tadi", "فاطمة"),
]
LEFT = [
    "bunga di taman itu indah",
    "bulan depan saya pulang",
    "Bunga bank naik lagi",
    "Pak RT sama Bu Lurah datang",
    "teteh sama mamah di rumah",
    "kata teh mah moal bener",
    "orang Sunda, agama Islam",
    "mas ojol nunggu di depan",
    "he was a Danish national then",
    "الجو جميل اليوم والحمد لله",
]


@pytest.mark.parametrize(("text", "surface"), FOUND)
def test_a_name_is_found_without_its_honorific(text, surface, look):
    """A cue makes a name, and the honorific stays outside."""
    assert (surface, "PERSON") in look(text)


@pytest.mark.parametrize("text", LEFT)
def test_words_that_are_names_are_left_without_evidence(text, look):
    """Everyday words, honorifics alone, faiths and peoples name nobody."""
    assert not any(kind == "PERSON" for _, kind in look(text))


def test_a_name_found_once_is_found_in_the_whole_source(look):
    """A name that an honorific gave away is found again bare, in any case and with an ending."""
    found = look("Teh Yuyis datang.\nTerus yuyis pulang.\nKata yuyis-na mah kitu.")
    assert found == {("Yuyis", "PERSON"), ("yuyis", "PERSON")}
