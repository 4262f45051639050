"""Linking: one entity for one person, a pseudonym never shared, and no guesses."""

import pytest

from samaran.evaluate.gold import parse
from samaran.model import Detector, EntityType, Line, Mention, Property, Register, Span, Transcript
from samaran.pseudonymize import Document, assign, link, read_roster

KEY = b"k" * 32
HEAD = "entity,informant_id,real_name,aliases,phone,online_ids,role\n"
ROSTER = (
    "rani,INF-01,Maharani Kusumah,Rani;Bunga,0856-7214-0938,Bunga_23,informan\n"
    "dewi,INF-02,Dewi Anggraeni,Nde;Mawar,,,informan\n"
    "mega,INF-03,Mega Simanjuntak,Indah,,,informan\n"
    "ujang,TRI-01,Ujang Sopandi,Ujang,,,petugas lapangan\n"
    "nadya,,Nadya Fauziah,Nadya,,,peneliti\n"
    "ratna,,Ratna Dewanti,,,,pembimbing\n"
    "adik,INF-01,Ujang,,,,adik INF-01\n"
    "indah,INF-02,Indah,,,,anak INF-02\n"
    "surya,INF-03,Surya,,,,suami INF-03\n"
    "tiur,INF-03,Tiur,,,,adik INF-03\n"
)


def no_word(_):
    return False


def document(marked, source="s1", informants=(), properties=()):
    """A document from text with gold marks; each mark is a mention."""
    gold = parse(marked)
    lines, at = [], 0
    for n, line in enumerate(gold.text.split("\n"), 1):
        if line:
            lines.append(Line(n, Span(at, at + len(line)), f"line {n}"))
        at += len(line) + 1
    mentions = tuple(Mention(m.span, m.type, 1.0, Detector.MODEL, "x") for m in gold.marks)
    return Document(source, informants, Transcript("txt", gold.text, tuple(lines), properties), mentions)


@pytest.fixture
def register(tmp_path):
    """The roster above, as a register; Indah and Surya are words, too."""
    path = tmp_path / "roster.csv"
    path.write_text(HEAD + ROSTER, "utf-8")
    return read_roster(path, KEY, {"Indah", "Surya", "Mega", "Bunga"}.__contains__)


def pseudonyms(register, *documents):
    """Link the documents; for each, the pseudonyms of its mentions in order."""
    linked = link(register, documents, KEY, no_word)
    by_id = {entity.id: entity for entity in linked.entities}
    return [[by_id[m.entity].pseudonym for m in assign(linked, d, KEY)] for d in documents]


def one(register, marked, **more):
    return pseudonyms(register, document(marked, **more))[0]


@pytest.mark.parametrize("surface", ["Rani", "rani", "RANIII", "Maharani", "Maharani K", "Kusumah", "M. Kusumah", "Bunga", "Ran"])
def test_all_ways_of_writing_an_informant_are_the_informant(register, surface):
    """Case, repeated letters, initials, parts and clipped forms, where the person is there."""
    assert one(register, f"Teh [[PERSON:Rani]] ceunah [[PERSON:{surface}]]") == ["INF-01", "INF-01"]


def test_numbers_and_accounts_are_found_however_written(register):
    """A telephone number in another spelling, partly hidden, or its beginning read out; a handle with and without symbols."""
    said = "nol delapan lima enam tujuh dua satu empat"
    text = f"[[PHONE:+62 856 7214 0938]] [[PHONE:0856-7214-xxxx]] [[PHONE:{said}]] [[ONLINE_ID:bunga 23]]"
    assert one(register, text) == ["TELEPON-1", "TELEPON-1", "TELEPON-1", "AKUN-1"]


def test_new_people_are_numbered_in_document_order_by_what_they_are():
    """Stems from the words before a name, numbers in the order of documents and mentions."""
    docs = (
        document("anak saya [[PERSON:Fajar]], suamina [[PERSON:Asep]], [[PERSON:Tono]] jeung [[LOCATION:Cianjur]]", "a"),
        document("[[PERSON:Tono]] ka [[LOCATION:Garut]] jeung babaturan kuring [[PERSON:Euis]]", "b"),
    )
    assert pseudonyms(Register(), *docs) == [["ANAK-1", "PASANGAN-1", "ORANG-1", "TEMPAT-1"], ["ORANG-1", "TEMPAT-2", "TEMAN-1"]]


@pytest.mark.parametrize(
    "text",
    [
        "[[PERSON:Maharani]], dipanggil [[PERSON:Rani]]",
        "[[PERSON:Rani]] alias [[PERSON:Bunga]]",
        "[[PERSON:Fatimah]] (ejaan KTP: [[PERSON:Phatima]])",
        "si [[PERSON:Angel]], nama aslinya [[PERSON:Engkar]]",
        "Mang [[PERSON:Ohim]] katelah Mang [[PERSON:Jabrig]]",
        "[[PERSON:Laksmi]], everybody called her [[PERSON:Lucky]]",
        "[[PERSON:Maharani Kusumah]] jeung [[PERSON:Maharani]]",
        "[[PERSON:Khadijah]], sini [[PERSON:Dijah]]",
        "[[PERSON:Jock Farrelly]], [[PERSON:JF]]",
        "Bu [[PERSON:Murniati]] datang. Bu [[PERSON:Murni]] lagi",
        "[[PERSON:Nadya]] nulis [[PERSON:nadia]]",
    ],
)
def test_the_text_says_that_two_names_are_one_person(text):
    """Apposition, a longer name, a clipped name, a slip."""
    assert len(set(one(Register(), text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[[PERSON:Maharani]] jeung [[PERSON:Rani]]na Pa Dodi, [[PERSON:Maharani Kusumah]] jeung [[PERSON:Maharani Putri]]",
        "[[PERSON:Yanto]] sareng [[PERSON:Yanti]]",
        "[[PERSON:Rani]] dipanggil ku [[PERSON:Tuti]]",
        "[[PERSON:Suyono]] atawa [[PERSON:Suryono]]",
        "[[PERSON:Sari]] jeung [[PERSON:Sarinah]]",
    ],
)
def test_two_people_stay_two(text):
    """When in doubt two pseudonyms."""
    assert len(set(one(Register(), text))) > 1


def test_a_name_learned_in_one_document_holds_in_the_next():
    """An alias that a text gives becomes a form of the entity, over all documents of the step."""
    docs = (document("[[PERSON:Bunga]] datang", "a"), document("[[PERSON:Rani]] alias [[PERSON:Bunga]]", "b"))
    assert pseudonyms(Register(), *docs) == [["ORANG-1"], ["ORANG-1", "ORANG-1"]]


def test_an_ambiguous_name_is_nobody_of_the_roster(register):
    """In the informant's own interview `Ujang` may be the brother or the field officer: an unsettled entity of that document."""
    doc = document("Ka [[PERSON:Ujang]] wé", informants=("INF-01",))
    linked = link(register, [doc], KEY, no_word)
    entity = {e.id: e for e in linked.entities}[assign(linked, doc, KEY)[0].entity]
    assert (entity.pseudonym, entity.settled, entity.source) == ("ORANG-1", False, "s1")


def test_the_words_before_a_name_settle_it(register):
    """`Adik saya, Ujang` is the brother, in the same document in which `Ujang` alone stays open."""
    assert one(register, "Adik saya, [[PERSON:Ujang]]. Ka [[PERSON:Ujang]] wé", informants=("INF-01",)) == [
        "KELUARGA-1",
        "ORANG-1",
    ]


def test_elsewhere_a_name_is_the_informant_not_somebodys_brother(register):
    """Where nobody of the brother's family is at hand, the field officer is meant."""
    assert one(register, "Kang [[PERSON:Ujang]] ti puskesmas") == ["TRI-01"]


def test_somebodys_child_is_meant_in_their_own_interview(register):
    """`Indah` is a stage name elsewhere, and the daughter in her mother's interview."""
    assert one(register, "Si [[PERSON:Indah]] sakola", informants=("INF-02",)) == ["ANAK-1"]
    assert one(register, "Kak [[PERSON:Indah]] balas") == ["INF-03"]


def test_a_name_that_is_a_word_reaches_only_where_its_family_is(register):
    """`Surya` away from INF-03 is somebody else; with INF-03 in the document it is the husband."""
    assert one(register, "Supir [[PERSON:Surya]]") == ["ORANG-1"]
    assert one(register, "[[PERSON:Simanjuntak]], [[PERSON:Mega]] jeung [[PERSON:Surya]]") == ["INF-03", "INF-03", "PASANGAN-1"]


def test_a_part_of_a_name_alone_proves_little(register):
    """Another Ratna is not the supervisor, unless the full name stands in the document."""
    assert one(register, "Bu [[PERSON:Ratna]]") == ["ORANG-1"]
    assert one(register, "[[PERSON:Ratna Dewanti]]. Bu [[PERSON:Ratna]]") == ["PENELITI-2", "PENELITI-2"]


@pytest.mark.parametrize(
    "text",
    [
        "[[PERSON:Nde]] bilang ada tiga [[PERSON:Nde]]",
        "[[PERSON:Nde]] ieu. [[PERSON:Nde]] (bukan Nde ti kos)",
        "[[PERSON:Nde]] jeung [[PERSON:Nde]] yang lain",
        "[[PERSON:Nde]]. dia ngaku Mbak [[PERSON:Nde]]",
        "[[PERSON:Nde]]. adik saya dulu mau dinamai [[PERSON:Nde]]",
    ],
)
def test_a_namesake_is_told_apart(register, text):
    """Where the text says that another one is meant, it is another one."""
    first, second = one(register, text)
    assert first == "INF-02"
    assert second != "INF-02"


def test_who_stands_behind_bukan_is_the_one_who_is_known(register):
    """Told apart in an aside: the first is another one, the second the field officer."""
    assert one(register, "anak parkir, [[PERSON:Ujang]] (bukan [[PERSON:ujang]] puskesmas!)") == ["ORANG-1", "TRI-01"]


def test_a_row_of_a_table_is_about_its_code(register):
    """In a row of INF-02, `Indah` is her daughter, in a row of INF-03 the alias."""
    gold = parse("Kode\nNama\nINF-02\n[[PERSON:Indah]]\nINF-03\n[[PERSON:Indah]]")
    bodies = [(0, 4), (5, 9), (10, 16), (17, 22), (23, 29), (30, 35)]
    columns = [None, None, Span(0, 4), Span(5, 9), Span(0, 4), Span(5, 9)]
    refs = ["cell A1", "cell B1", "cell A2", "cell B2", "cell A3", "cell B3"]
    lines = tuple(
        Line(n, Span(*body), ref, column=column)
        for n, (body, ref, column) in enumerate(zip(bodies, refs, columns, strict=True), 1)
    )
    mentions = tuple(Mention(m.span, m.type, 1.0, Detector.MODEL, "x") for m in gold.marks)
    assert pseudonyms(register, Document("t", (), Transcript("csv", gold.text, lines), mentions)) == [["ANAK-1", "INF-03"]]


def test_the_head_of_a_document_says_whose_it_is(register):
    """`Informan 2` in the head stands for INF-02 when the caller doesn't know."""
    assert one(register, "Wawancara Informan 2\nSi [[PERSON:Indah]] sakola") == ["ANAK-1"]


def test_linking_is_append_only_and_idempotent(register):
    """Entities keep id, pseudonym and place; the second time nothing is new; a second batch goes on counting."""
    first, second = document("[[PERSON:Tono]] [[PERSON:Rani]]", "a"), document("[[PERSON:Euis]] [[PERSON:Tono]]", "b")
    once = link(register, [first], KEY, no_word)
    assert once.entities[: len(register.entities)] == register.entities
    assert link(once, [first], KEY, no_word) == once
    twice = link(once, [second], KEY, no_word)
    assert twice.entities[: len(once.entities)] == once.entities
    assert [e.pseudonym for e in twice.entities[len(once.entities) :]] == ["ORANG-2"]


def test_metadata_that_identifies_becomes_an_entity():
    """A document's author is nobody's yet, and gets a pseudonym after the mentions."""
    doc = document("[[PERSON:Tono]]", properties=(Property("author", "Nadya Fauziah", EntityType.PERSON), Property("pages", "3")))
    linked = link(Register(), [doc], KEY, no_word)
    assert [(e.pseudonym, e.forms[0].text) for e in linked.entities] == [("ORANG-1", "Tono"), ("ORANG-2", "Nadya Fauziah")]


def test_values_are_entities():
    """The same date or age is the same entity however it is written."""
    text = "[[DATE:12 Maret 2023]] [[AGE:24]] [[DATE:12/03/23]] [[AGE:dua puluh opat]] [[DATE:2023]]"
    assert one(Register(), text) == ["TANGGAL-1", "USIA-1", "TANGGAL-1", "USIA-1", "TANGGAL-2"]


def test_a_place_keeps_its_entity_when_its_type_is_read_otherwise():
    """An organization taken for a place in another line is the same entity."""
    assert one(Register(), "[[ORGANIZATION:PKBI]] jeung [[LOCATION:PKBI]]") == ["LEMBAGA-1", "LEMBAGA-1"]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("[[VENUE:Salon Cempaka]] [[VENUE:Cempaka Salon]] [[VENUE:Cempaka]]", 1),
        ("[[VENUE:Salon Cempaka]] [[VENUE:Hotel Cempaka]]", 2),
        ("[[VENUE:PKM Sukarela]] [[VENUE:Puskesmas Sukarela]]", 1),
        ("[[PHONE:0838-09xx-5571]] [[PHONE:0838 0912 55 71]]", 1),
        ("[[PHONE:0838-09xx-5571]] [[PHONE:0838 0912 55 72]]", 2),
    ],
)
def test_buildings_and_hidden_numbers(text, entities):
    """A building with and without its kind, a number with and without hidden digits."""
    assert len(set(one(Register(), text))) == entities


def test_a_saved_contact_is_the_person(register):
    """A number or a known place behind a name doesn't make it another name."""
    assert one(register, "[[LOCATION:Cicadas]]: [[PERSON:Nde 2]]") == ["TEMPAT-1", "INF-02"]
    known = link(register, [document("[[LOCATION:Cicadas]]", "a")], KEY, no_word)
    assert one(known, "[[PERSON:Nde Cicadas]] [[PERSON:Nde Sartika]]") == ["INF-02", "ORANG-1"]


@pytest.mark.parametrize(
    "surface",
    ["PERSON:aslina Nde", "PERSON:ndenya", "VENUE:Nde", "PERSON:Mbak Nde", "PERSON:Nde Bdg", "PERSON:nde ato", "PERSON:Nde I"],
)
def test_what_a_detector_marks_too_wide_is_still_the_person(register, surface):
    """Small words around the name, a glued clitic, a title, consonants behind it, a place's type: a settled person still."""
    text = f"[[{surface}]]"
    assert one(register, text) == ["INF-02"]


def test_a_place_called_like_a_word_is_no_person(register):
    """`Indah` as a place is a place, though somebody is called so."""
    assert one(register, "[[VENUE:Indah]]") == ["GEDUNG-1"]


def test_assigning_before_linking_is_refused():
    """A mention that is nobody's has no entity to be written as."""
    with pytest.raises(ValueError, match="link"):
        assign(Register(), document("[[PERSON:Tono]]"), KEY)
