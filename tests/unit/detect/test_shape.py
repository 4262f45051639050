"""What the shape of a source gives: labels, stamps, columns, system lines, heads of documents."""

import pytest

from samaran.detect import columns, labels
from samaran.ingest import read, read_text
from samaran.model import DOUBTFUL, EntityType, Span

WHATSAPP = (
    "12/03/23 19.05 - Pesan dan panggilan terenkripsi secara end-to-end.\n"
    '12/03/23 19.05 - Teh Yuyun membuat grup "Arisan Rahasia"\n'
    "12/03/23 19.06 - Teh Yuyun: tah nomer anyar\n"
    "12/03/23 19.07 - +62 895-6014-8821: halo\n"
    "12/03/23 19.08 - Teh Yuyun menambahkan Kang Ujang\n"
)


def test_a_chat_gives_senders_stamps_and_groups(look):
    """Sender, date, group name and who was added are mentions before anything is read."""
    found = look(WHATSAPP)
    assert {("12/03/23", "DATE"), ("Yuyun", "PERSON"), ("Arisan Rahasia", "ONLINE_ID"), ("Ujang", "PERSON")} <= found
    assert ("+62 895-6014-8821", "PHONE") in found


@pytest.mark.parametrize("label", ["P", "Informan 1", "Peneliti", "spk2", "N4", "KAL-03", "INT", "R10", "Pewawancara"])
def test_roles_and_codes_name_nobody(label):
    """A label that only says which part somebody has is no mention."""
    assert labels.is_role(label)


@pytest.mark.parametrize(
    ("label", "surface", "kind"),
    [
        ("Teh Yuyun", "Yuyun", EntityType.PERSON),
        ("+62 895-6014-8821", "+62 895-6014-8821", EntityType.PHONE),
        ("~ BinT_Kediri", "BinT_Kediri", EntityType.ONLINE_ID),
        ("Resti 🍂", "Resti 🍂", EntityType.ONLINE_ID),
        ("Mama Yosina Jual Pinang", "Mama Yosina Jual Pinang", EntityType.ONLINE_ID),
        ("Mira Ketapang", "Mira", EntityType.PERSON),
        ("W.", "W.", EntityType.ONLINE_ID),
    ],
)
def test_a_sender_is_a_name_an_account_or_a_number(label, surface, kind):
    """The label of a message says which of the three it is."""
    found = {(m.span.of(label), m.type) for m in labels.mentions(label, Span(0, len(label)), sender=True)}
    assert (surface, kind) in found


def test_a_column_says_what_its_cells_are():
    """Cells below a heading become mentions of its kind, cells that say nothing do not."""
    table = (
        b"nama,panggilan,usia,hp,alamat,setuju\n"
        b"Agustina Kogoy,Gusti,29,0852 4402 1960,Jl. Piere Tendean 3,ya\n"
        b"rahasia,-,-,,-,tidak\n"
    )
    transcript = read(table, "responden.csv")
    from samaran.detect import Detector

    found = {(m.span.of(transcript.text), str(m.type)) for m in Detector("none").find(transcript, ()) if m.score >= DOUBTFUL}
    assert {
        ("Agustina Kogoy", "PERSON"),
        ("Gusti", "PERSON"),
        ("29", "AGE"),
        ("0852 4402 1960", "PHONE"),
        ("Jl. Piere Tendean 3", "ADDRESS"),
    } == found


def test_an_everyday_word_that_speaks_again_and_again_is_a_name():
    """`Jangkung:` three times is somebody; a word for a part, a kinship word and a label that stands once are nobody's name."""
    found = {label for label in ("Jangkung", "Perawat", "Abah") for m in labels.mentions(label, Span(0, len(label)), again=True)}
    assert found == {"Jangkung"}
    assert not list(labels.mentions("Jangkung", Span(0, 8)))
    from samaran.detect import Detector

    transcript = read_text("I: Siapa?\nJangkung: Saya.\nI: Terus?\nJangkung: Ya.\nI: Lalu?\nJangkung: Sudah.\n")
    assert "label-word" in {m.rule for m in Detector("none").find(transcript, ())}


def test_sums_below_money_are_nobodys_numbers():
    """Six digits in a column of fees are no account and no identity number; those in a column without such a heading may be."""
    from samaran.detect import Detector

    for heading, found in (("honor", set()), ("keterangan", {"4412008"})):
        transcript = read(f"nama,bank,{heading}\nAgustina Kogoy,BRI,4412008\nGusti Kogoy,BRI,150000\n".encode(), "honor.csv")
        mentions = Detector("none").find(transcript, ())
        numbers = {m.span.of(transcript.text) for m in mentions if m.type is EntityType.ACCOUNT_NUMBER and m.score >= DOUBTFUL}
        assert found == numbers & {"4412008"}


def test_an_account_in_a_column_of_payments_is_masked_as_a_doubt():
    """Ten digits below `bayar ke BCA` may be an account: a doubt, which is masked until a reviewer decides, and never dropped."""
    from samaran.detect import Detector

    transcript = read(b"nama,bayar ke BCA,asal\nAgustina Kogoy,5270183349,Garut\nGusti Kogoy,5270183350,Garut\n", "honor.csv")
    found = Detector("none").find(transcript, ())
    assert {"5270183349", "5270183350"} <= {m.span.of(transcript.text) for m in found}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Nama", EntityType.PERSON),
        ("No. HP", EntityType.PHONE),
        ("Tgl lahir", EntityType.DATE),
        ("Usia", EntityType.AGE),
        ("Honor", None),
    ],
)
def test_headings_are_told_apart(heading, kind):
    """A heading has one kind or none."""
    assert columns.kind_of(heading) is kind


def test_the_head_of_a_document_gives_names(look):
    """`Pengamat : ...` names a person, `Tanggal : ...` a date."""
    found = look("Pengamat : Nadya\nTanggal : 12/3/2023\n\nIa datang jam dua.\n")
    assert {("Nadya", "PERSON"), ("12/3/2023", "DATE")} <= found


def test_a_speaker_label_that_is_a_name_is_a_person(look):
    """The label is a mention, and so is the name in the turns of others."""
    found = look("Wiwik: punten.\nNadya: Mangga, Teh Wiwik.\nWiwik: Muhun.\nNadya: Hatur nuhun.\n")
    assert {("Wiwik", "PERSON"), ("Nadya", "PERSON")} <= found


def test_text_is_not_read_by_a_reader_of_another_kind():
    """Prose without labels has no labels to judge."""
    assert all(line.label is None for line in read_text("Hanya satu kalimat biasa.").lines)
