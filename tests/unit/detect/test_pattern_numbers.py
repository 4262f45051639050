"""Identity numbers: each kind found, its near misses left."""

import pytest

from samaran.detect.patterns.numbers import valid_nik

FOUND = [
    ("No. KK 3273190502120007 itu", "3273190502120007"),
    ("NPWP16: 3273194811950004 baru", "3273194811950004"),
    ("npwp baru 0912 3456 7890 1234 ya", "0912 3456 7890 1234"),
    ("JKN-KIS no 0001 2345 6789 1 aktif", "0001 2345 6789 1"),
    ("BPJS Ketenagakerjaan 17012345678 punya dia", "17012345678"),
    ("SIM C 940614250231 mati", "940614250231"),
    ("no paspor: AT 482910 itu", "AT 482910"),
    ("NISN 0051234567 anaknya", "0051234567"),
    ("NIK saya 3273194811950004 ya", "3273194811950004"),
    ("di KTP ditulis 3214 0155 0887 0003, dipakai orang", "3214 0155 0887 0003"),
    ("KTP lama, 01.5009.470862.0003, masih disimpan", "01.5009.470862.0003"),
    ("NPWP kami 02.771.493.8-609.000 ya", "02.771.493.8-609.000"),
    ("npwp 091234567890123", "091234567890123"),
    ("kartu BPJS 0002 4418 77593 hilang", "0002 4418 77593"),
    ("SIM-nya 8407-1523-000918 sudah mati", "8407-1523-000918"),
    ("paspor C4471902 ditahan agen", "C4471902"),
    ("Passport: XE 093 5521", "XE 093 5521"),
    ("NIM 1892041077 angkatan lama", "1892041077"),
    ("nomor rekam medis 00-41-77-05", "00-41-77-05"),
    ("Nomor pasien: PTR-22-00817", "PTR-22-00817"),
    ("NIP 198703122010012008", "198703122010012008"),
    (
        "nik saya tiga dua satu tiga nol enam enam tujuh nol empat delapan empat nol nol nol satu",
        "tiga dua satu tiga nol enam enam tujuh nol empat delapan empat nol nol nol satu",
    ),
]
LEFT = [
    "kode transaksi 9973191311950004 di struk",
    "kode resi JP1234567890 dikirim",
    "UU Nomor 27 Tahun 2022 dan Perma No. 3 Tahun 2017",
    "paspor saya hilang 3 hari di 2 kota",
    "SIM C 2 kali gagal",
    "Laporan polisi LP/47/IV/2023 di meja",
    "Pasal 27 ayat 1 UU 11 tahun lalu",
    "Total Rp 3.420.500 sebulan",
    "sewanya 1500000 per bulan",
    "satu dua tiga empat lima enam hitung mundur",
    "kode pos 40132 di amplop",
    "halaman 2019-2020 laporan",
]


@pytest.mark.parametrize(("text", "surface"), FOUND)
def test_an_identity_number_is_found_whole(text, surface, look):
    """Each spelling of a number that names a person is one ID_NUMBER mention."""
    assert (surface, "ID_NUMBER") in look(text)


@pytest.mark.parametrize("text", LEFT)
def test_numbers_of_papers_and_money_are_left(text, look):
    """Amounts, statutes, reports and counting are no identity numbers."""
    assert not {kind for _, kind in look(text)} & {"ID_NUMBER", "ACCOUNT_NUMBER", "PHONE"}


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("3273194811950004", True),  # a woman: day 8 + 40
        ("3273191311950004", True),
        ("9973191311950004", False),  # no such province
        ("3273193313950004", False),  # day 33, month 13
        ("3273193211950000", False),  # no serial number
    ],
)
def test_nik_needs_a_region_a_date_and_a_serial_number(digits, valid):
    """A NIK is built of a known region, a date of birth with forty added for women, and a serial number."""
    assert valid_nik(digits) is valid
