"""Phones, accounts, plates, e-mail and links: found in every spelling, near misses left."""

import pytest

from samaran.ingest import read_text
from samaran.model import DOUBTFUL

PHONES = [
    ("0812 3344 556 ya", "0812 3344 556"),
    ("nomernya 0812 terus 3344 terus 5566 gitu", "0812 terus 3344 terus 5566"),
    ("kode 0812-XXXX-5566 sensor", "0812-XXXX-5566"),
    ("WA: 8123344556 ga pake nol", "8123344556"),
    ("nol 8 1 2 - 3 3 4 4 - 5 5 6 6 catet", "nol 8 1 2 - 3 3 4 4 - 5 5 6 6"),
    ("enol dalapan hiji dua tilu tilu opat opat lima lima genep", "enol dalapan hiji dua tilu tilu opat opat lima lima genep"),
    ("zero eight one two double three four four five five six", "zero eight one two double three four four five five six"),
    ("his number, (415) 555-2671, was", "(415) 555-2671"),
    ("call 415-555-2671 after nine", "415-555-2671"),
    ("telp 022 7201234 kantor", "022 7201234"),
    ("Arab +966 55 123 4567 nomornya", "+966 55 123 4567"),
    ("nomornya 0812-3344-5566 ya", "0812-3344-5566"),
    ("WA 081233445566.", "081233445566"),
    ("telp +62 813 8874 5120", "+62 813 8874 5120"),
    ("hub 62-813-4977-0018", "62-813-4977-0018"),
    ("0838.1127.9905 jangan disebar", "0838.1127.9905"),
    ("hp 0 8 5 7, 2 2 1 4, 6 0 9 8 3 apal", "0 8 5 7, 2 2 1 4, 6 0 9 8 3"),
    ("yang kelihatan 0857-51xx-2094 saja", "0857-51xx-2094"),
    ("kirim ke o812 l4o7 9953", "o812 l4o7 9953"),
    ("telepon kantor (0267) 845 7712 atau", "(0267) 845 7712"),
    ("Hong Kong, +852 6410 2297, masih", "+852 6410 2297"),
    (
        "nomor saya nol delapan lima sembilan satu satu tujuh tiga dua nol empat enam",
        "nol delapan lima sembilan satu satu tujuh tiga dua nol empat enam",
    ),
    (
        "nomerna kosong dalapan hiji tilu, dua dua opat salapan, tujuh tujuh genep hiji",
        "kosong dalapan hiji tilu, dua dua opat salapan, tujuh tujuh genep hiji",
    ),
    ("it's oh eight one nine three six six one oh four seven seven", "oh eight one nine three six six one oh four seven seven"),
]
ACCOUNTS = [
    ("kartu kredit 4111 1111 1111 1111 ditolak", "4111 1111 1111 1111"),
    ("LinkAja: 081218034493 ya", "081218034493"),
    ("no rek 1234-5678-90 punya adik", "1234-5678-90"),
    ("transfer BCA 527-018-3349 ya", "527-018-3349"),
    ("rekening Mandiri 173-00-0482915-6", "173-00-0482915-6"),
    ("ke BRI 3512-01-029944-53-7, a.n. AMINAH", "3512-01-029944-53-7"),
    ("lewat DANA 0821 1803 4493", "0821 1803 4493"),
    ("gopay 081320774918", "081320774918"),
    ("dikirim ke 9013447821 atas nama Wahyu", "9013447821"),
    (
        "rekening be ce a tujuh tiga satu kosong empat empat delapan dua enam sembilan",
        "tujuh tiga satu kosong empat empat delapan dua enam sembilan",
    ),
]
PLATES = [
    ("the plate was T 1561 AHR, out loud. T one five six one. Yes", "T one five six one"),
    ("platnya D empat dua satu, hitam", "D empat dua satu"),
    ("BK 1234 ABC dari Medan", "BK 1234 ABC"),
    ("PA 1234 RZ dari Papua", "PA 1234 RZ"),
    ("DK1234XY dari Bali", "DK1234XY"),
    ("pelat Z-4321-AC lewat", "Z-4321-AC"),
    ("motornya D 3918 ZAU parkir", "D 3918 ZAU"),
    ("Avanza B1527TZE lewat", "B1527TZE"),
    ("luntur, D 59?? SAF kayaknya", "D 59?? SAF"),
    ("plat A 1 7 7 3 ZR", "A 1 7 7 3 ZR"),
    ("plat d 3918 zau", "d 3918 zau"),
    ("plat be enam tiga nol satu ka ye el", "be enam tiga nol satu ka ye el"),
    ("a car, registration YK17 QVD, was", "YK17 QVD"),
]
MAILS = [
    ("rani(at)contoh(dot)com atau", "rani(at)contoh(dot)com", "EMAIL"),
    ("rani.k+sampang@contoh.example ya", "rani.k+sampang@contoh.example", "EMAIL"),
    ("chat ke wa.me/628123344556 ya", "wa.me/628123344556", "URL"),
    ("t.me/rani_sampang itu", "t.me/rani_sampang", "URL"),
    ("surel rani.k@mail.example.org, ya", "rani.k@mail.example.org", "EMAIL"),
    ("alya titik nur at student dot kampus dot edu", "alya titik nur at student dot kampus dot edu", "EMAIL"),
    ("lihat https://contoh.example.org/a?b=1.", "https://contoh.example.org/a?b=1", "URL"),
    ("formulir di bit.ly/rekap-jangkau", "bit.ly/rekap-jangkau", "URL"),
    ("fb.com/laukseger.82, itu", "fb.com/laukseger.82", "URL"),
]
LEFT = [
    "transfer BCA 500.000 kemarin",
    "bayar 1500000 lewat BNI",
    "top up gopay 100000 kemarin",
    "0812 itu awalan Telkomsel",
    "0812 terus 300 ribu sisanya",
    "skor 3-2, 4-1, 5-0",
    "12 000 000 rupiah",
    "pakai A 4 kertas, B 1 lantai, L 300 mobil",
    "lulusan S 2 hukum, pasal 4 ayat 2",
    "rani@ pasar, mau.ke mana",
    "bayar 350.000 dua kali",
    "jam 20.15 sampai 21.30",
    "12.500.000 rupiah",
    "tahun 2019 dan 2020",
    "B 12",
    "versi 4.13.2",
    "RT 04 RW 09",
    "umur dua puluh lima, anak dua",
]


@pytest.mark.parametrize(("text", "surface"), PHONES)
def test_a_phone_number_is_found_in_every_spelling(text, surface, look):
    """Spaced, dotted, spoken, masked or foreign: one PHONE mention."""
    assert (surface, "PHONE") in look(text)


@pytest.mark.parametrize(("text", "surface"), ACCOUNTS)
def test_digits_become_an_account_by_the_words_beside_them(text, surface, look):
    """A bank, a wallet or a holder's name makes digits an ACCOUNT_NUMBER, even those of a mobile phone."""
    assert (surface, "ACCOUNT_NUMBER") in look(text)


@pytest.mark.parametrize(("text", "surface"), PLATES)
def test_a_plate_is_found_written_spaced_or_spoken(text, surface, look):
    """Plates of Indonesian regions in any spelling, foreign ones beside a vehicle."""
    assert (surface, "PLATE") in look(text)


@pytest.mark.parametrize(("text", "surface", "kind"), MAILS)
def test_mail_and_links_end_before_punctuation(text, surface, kind, look):
    """An address or link is one mention without the full stop behind it."""
    assert (surface, kind) in look(text)


@pytest.mark.parametrize("text", LEFT)
def test_amounts_times_and_versions_are_left(text, look):
    """What only looks like a number of somebody is no contact."""
    assert not {kind for _, kind in look(text)} & {"PHONE", "ACCOUNT_NUMBER", "PLATE", "EMAIL", "URL"}


def test_a_round_number_named_as_an_account_is_a_doubt(detector):
    """`rek BCA 12345000` may be an amount or an account: never sure, and never left out."""
    text = "no rek BCA 12345000 atas nama dia"
    (found,) = [m for m in detector.find(read_text(text), ()) if m.span.of(text) == "12345000"]
    assert found.score < DOUBTFUL
