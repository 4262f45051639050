"""WhatsApp exports and chats copied from a screen."""

import pytest

from samaran.ingest import read, read_text
from samaran.ingest.chat import TEXT_BEFORE_FIRST_MESSAGE
from samaran.model import EntityType, Part, SpeakerRole


@pytest.mark.parametrize(
    "head",
    [
        "30/08/25 18.00 - ",
        "30/08/2025 18.00 - ",
        "30/08/25, 18:00 - ",
        "11/24/26, 9:15\u202fPM - ",
        "11/24/26, 9:15 p.m. - ",
        "2025-08-30, 18:00 - ",
        "30.08.25, 18:00 - ",
        "[14/10/2021, 3:34:09 PM] ",
        "[14/10/2021, 3:34:09\u202fPM] ",
        "[24/11/26 09.15.22] ",
        "\u200e[24/11/26 09.15.22] ",
        "[ 6/11/23, 8:02:11 PM] ",
        "24/11/26 pukul 09.15 - ",
    ],
)
def test_heads_of_both_telephones(head: str) -> None:
    """Date, sender and message are told apart whatever the telephone and its language."""
    text = (
        f"{head}Teh Yuyun: halo: semua\n{head}~\u202fLin 2: baris satu\r\nbaris: dua\r\n"
        f"{head}\u200e+62 895-6014-88217: <Media tidak disertakan>\n"
    )
    found = read_text(text)
    assert found.format == "whatsapp"
    assert [line.body.of(text) for line in found.lines] == ["halo: semua", "baris satu\r\nbaris: dua", "<Media tidak disertakan>"]
    assert [line.label.of(text) for line in found.lines if line.label] == ["Teh Yuyun", "Lin 2", "+62 895-6014-88217"]
    date = head.strip("\u200e[ ").split(",")[0].split(" ")[0]
    assert {line.stamp.of(text) for line in found.lines if line.stamp} == {date}


def test_notices_have_no_sender() -> None:
    """What the app itself says is SYSTEM; the name in it is marked, and the group title, colon and all, is a property."""
    text = (
        "28/09/21 22.14 - Pesan dan panggilan dienkripsi secara end-to-end. Ketuk untuk info.\n"
        '28/09/21 22.14 - Teh Yuyun membuat grup "Cisitu: barudak"\n'
        "12/03/23 19.05 - 🌸 ranii 🌸 bergabung menggunakan tautan undangan grup ini\n"
        "12/03/23 19.06 - Anda ditambahkan\n"
        "12/03/23 19.06 - Teh Yuyun: mun aya nu keluar, bejaan\n"
    )
    found = read_text(text)
    assert [line.role is SpeakerRole.SYSTEM for line in found.lines] == [True, True, True, True, False]
    assert found.lines[1].body.of(text) == 'Teh Yuyun membuat grup "Cisitu: barudak"'
    assert [line.label.of(text) if line.label else None for line in found.lines[:4]] == [None, "Teh Yuyun", "🌸 ranii 🌸", None]
    assert [(p.value, p.type) for p in found.properties] == [("Cisitu: barudak", EntityType.ONLINE_ID)]


def test_ios_notices_under_the_group_s_name() -> None:
    """iOS puts the group title where the sender stands; the mark before the text says that it is a notice."""
    text = (
        "[6/11/23, 8:02:11 PM] Sunday Sisters: \u200eMessages and calls are end-to-end encrypted.\n"
        "[6/11/23, 8:02:11 PM] \u200eMarites created this group\n"
        "[6/11/23, 8:09:51 PM] Mercy 2F: \u200eimage omitted\n"
    )
    found = read_text(text)
    assert [line.role for line in found.lines] == [SpeakerRole.SYSTEM, SpeakerRole.SYSTEM, SpeakerRole.UNKNOWN]
    assert [line.label.of(text) for line in found.lines if line.label] == ["Sunday Sisters", "Marites", "Mercy 2F"]


def test_text_before_the_first_message_is_kept() -> None:
    """A researcher's line above the export is a note, and said."""
    text = "wawancara lewat wa, disalin apa adanya\n\n12/1/24 21.07 - Naufal: malem\n12/1/24 21.15 - Sela Tng 2: bs\n"
    found = read_text(text)
    assert found.warnings == (TEXT_BEFORE_FIRST_MESSAGE,)
    assert (found.lines[0].part, found.lines[0].body.of(text)) == (Part.NOTE, "wawancara lewat wa, disalin apa adanya")


def test_a_sender_without_a_message() -> None:
    """An empty message still shows who sent it."""
    text = "12/1/24 21.07 - Naufal: \n12/1/24 21.15 - Sela: bs\n12/1/24 21.16 - "
    lines = read_text(text).lines
    assert [line.body.of(text) for line in lines] == ["Naufal", "bs", "12/1/24"]


def test_the_study_s_map_gives_senders_roles() -> None:
    """A sender in the map has its role."""
    text = "12/1/24 21.07 - Naufal: a\n12/1/24 21.15 - Sela: b\n"
    assert [line.role for line in read_text(text, speakers={"naufal": "interviewer"}).lines] == [
        SpeakerRole.INTERVIEWER,
        SpeakerRole.UNKNOWN,
    ]


MICHAT = """(disalin dari layar)

=== AbangKalem · 1,2 km ===
Sel, 4 Apr
AbangKalem  20:51
hai
AbangKalem  20:53
ready?
masih?
Bunga_23  21:04
(pesan ditarik)
Anda telah memblokir pengguna ini.

=== Notifikasi MiChat ===
Versi 1.4 tersedia.
"""


def test_michat() -> None:
    """The sender's line labels what stands below; heads, days and notices are lines of their own."""
    found = read(MICHAT.encode(), "chat.txt")
    shown = [(line.label.of(MICHAT) if line.label else None, line.body.of(MICHAT)) for line in found.lines]
    assert found.format == "copied-chat"
    assert shown == [
        (None, "(disalin dari layar)"),
        ("AbangKalem", "=== AbangKalem · 1,2 km ==="),
        (None, "Sel, 4 Apr"),
        ("AbangKalem", "hai"),
        ("AbangKalem", "ready?\nmasih?"),
        ("Bunga_23", "(pesan ditarik)"),
        (None, "Anda telah memblokir pengguna ini."),
        (None, "=== Notifikasi MiChat ==="),
        (None, "Versi 1.4 tersedia."),
    ]
    assert found.lines[2].stamp is not None
    assert found.lines[2].stamp.of(MICHAT) == "4 Apr"


def test_a_sender_right_before_the_time_is_one_where_the_name_comes_back() -> None:
    """One blank between name and time: heads where names return, sentences that end in a time where none does."""
    both = "senja di losari 20:1{0}\nhai cantik\nAku Bukan Malaikat 20:1{0}\nopen\n"
    text = both.format(1) + both.format(2)
    labels = [line.label and line.label.of(text) for line in read_text(text).lines]
    assert labels == ["senja di losari", "Aku Bukan Malaikat"] * 2
    dated = "Mang Jegur 2/3/09 19.40\nTiti engké\n\nMang Jegur 2/3/09 20.25\nTi\n\nMang Jegur 3/3/09 23.02\nNeng\n"
    said = read_text(dated).lines
    assert [(line.label.of(dated), line.stamp.of(dated)) for line in said if line.label and line.stamp][1] == (
        "Mang Jegur",
        "2/3/09",
    )
    prose = "Bangun jam 05:10\nterus mandi\nBerangkat jam 06:00\nnaik angkot\nPulang sampai 20:15\ncape\nTidur 21:00\nsudah\n"
    assert not any(line.label for line in read_text(prose).lines)


def test_teams_and_telegram() -> None:
    """Copied transcripts of Teams count from the start, copied chats of Telegram carry the date."""
    teams = "Rapat 5\n\nProsser, Gwen   0:03\nHi everybody.\n\nTariq   1:09\nDid he?\n\nProsser, Gwen   1:12\nYes.\n"
    lines = read_text(teams).lines[1:]
    assert [(line.label.of(teams), line.start_ms) for line in lines if line.label] == [
        ("Prosser, Gwen", 3_000),
        ("Tariq", 69_000),
        ("Prosser, Gwen", 72_000),
    ]
    telegram = "Resti 🍂, 2 Jan 2024 16:40\nteh\n\nTeh Widuri, 2 Jan 2024 16:44\nsaha ieu?\n\nResti 🍂, 3 Jan 2024 16:44\nResti\n"
    dated = read_text(telegram).lines
    assert [(line.label.of(telegram), line.stamp.of(telegram)) for line in dated if line.label and line.stamp] == [
        ("Resti 🍂", "2 Jan 2024"),
        ("Teh Widuri", "2 Jan 2024"),
        ("Resti 🍂", "3 Jan 2024"),
    ]
    boxed = "juno, [12.03.24 21:10]\nsiap\n\nW., [07:16]\ntos\n\njuno, [07:18]\nnuhun\n"
    said = [(line.label, line.stamp, line.start_ms, line.body) for line in read_text(boxed).lines]
    assert [(label and label.of(boxed), stamp and stamp.of(boxed), ms, body.of(boxed)) for label, stamp, ms, body in said] == [
        ("juno", "12.03.24", None, "siap"),
        ("W.", None, None, "tos"),
        ("juno", None, None, "nuhun"),
    ]
