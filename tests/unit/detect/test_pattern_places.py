"""Addresses, areas, buildings and bodies."""

import pytest

FOUND = [
    ("di 6°54'53.1\"S 107°36'35.3\"E itu", "6°54'53.1\"S 107°36'35.3\"E", "ADDRESS"),
    ("lat: -6.9147 long: 107.6098 katanya", "-6.9147 long: 107.6098", "ADDRESS"),
    ("GPS S 6.91474 E 107.60981 dekat situ", "S 6.91474 E 107.60981", "ADDRESS"),
    ("share loc 6P5H3J2X+4R, katanya", "6P5H3J2X+4R", "ADDRESS"),
    ("Jln Sukajadi 45 RT 03/RW 05, ya", "Jln Sukajadi 45 RT 03/RW 05", "ADDRESS"),
    (
        "kosnya di Jl. Cisitu Lama Gg. Mesjid No. 41B kamar 9, Dago ya",
        "Jl. Cisitu Lama Gg. Mesjid No. 41B kamar 9, Dago",
        "ADDRESS",
    ),
    ("pindah ke Gang Kujang 2 nomor 40, belakang warnet.", "Gang Kujang 2 nomor 40, belakang warnet", "ADDRESS"),
    ("di Perumahan Graha Sentosa Blok K-7, ikut", "Perumahan Graha Sentosa Blok K-7", "ADDRESS"),
    (
        "rumahnya jalan kedung tomas gang lima nomer dua puluh satu",
        "jalan kedung tomas gang lima nomer dua puluh satu",
        "ADDRESS",
    ),
    ("Kp. Cilegok RT 01 RW 06, Desa Purbayani, begitu", "Kp. Cilegok RT 01 RW 06, Desa Purbayani", "ADDRESS"),
    ("menunggu di kamar 12 sampai sore", "kamar 12", "ADDRESS"),
    ("tos lebet kamar melati 3 tadi", "kamar melati 3", "ADDRESS"),
    ("rumah di Bumi Adipura Asri F3/18 itu", "Bumi Adipura Asri F3/18", "ADDRESS"),
    ("titik -7.1312, 114.5876 di peta", "-7.1312, 114.5876", "ADDRESS"),
    ("letter to 18 Cowper Mount, Leeds LS9 7QZ when", "18 Cowper Mount, Leeds LS9 7QZ", "ADDRESS"),
    ("lives at via del Porticciolo 9 in Livorno", "via del Porticciolo 9", "ADDRESS"),
    ("dirawat di bangsal teratai bed 14 lagi", "bangsal teratai bed 14", "ADDRESS"),
    ("asli Garut, terus ke Bandung", "Garut", "LOCATION"),
    ("ti kabupaten Gowa mula", "kabupaten Gowa", "LOCATION"),
    ("orang dari kalimantan semua", "kalimantan", "LOCATION"),
    ("ketemu di Hotel Puri Kenanga semalam", "Hotel Puri Kenanga", "VENUE"),
    ("dirawat di RSUD Wirasari lama", "RSUD Wirasari", "VENUE"),
    ("kerja di salon monalisa di sana", "salon monalisa", "VENUE"),
    ("lulusan SMK Negeri 1 Kandanghaur dulu", "SMK Negeri 1 Kandanghaur", "ORGANIZATION"),
    ("relawan Yayasan Kawan Setara, itu", "Yayasan Kawan Setara", "ORGANIZATION"),
    ("dibawa satpol pp malam itu", "satpol pp", "ORGANIZATION"),
]
LEFT = [
    "nilainya 3.5, 4.2 sama 7.25",
    "harga 3.500 120.000 per kilo",
    "RT nya galak, RW nya baik",
    "poin 22+22, WX+CC",
    "jalan kaki ke mana-mana",
    "transfer via Dana 0857 saja",
    "di jalan terus tiap malam",
    "kamar mandi luar, dua kali",
    "kamar kosong semua",
    "ke pasar sama ke warung",
    "lapor ke polsek sama ke puskesmas",
    "bahasa Indonesia sama bahasa Sunda",
    "batu di serang ombak",
    "sekolah lagi tahun depan",
    "hotel mahal, kos murah",
]


@pytest.mark.parametrize(("text", "surface", "kind"), FOUND)
def test_a_place_is_found_whole(text, surface, kind, look):
    """Street to room is one address; areas, buildings and bodies are found with the word for their kind."""
    assert (surface, kind) in look(text)


@pytest.mark.parametrize("text", LEFT)
def test_generic_places_are_left(text, look):
    """A road, market or police station without a name is nobody's."""
    assert look(text) == set()


def test_what_stands_inside_an_address_belongs_to_it(look):
    """An area inside an address is no mention of its own."""
    found = look("alamatnya Jl. Pacar Raya 19, Sukaluyu, lantai dua")
    assert not any(kind == "LOCATION" for _, kind in found)
