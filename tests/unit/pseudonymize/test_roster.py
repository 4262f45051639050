"""The roster becomes settled entities, or one clear sentence about a line."""

import pytest

from samaran.errors import UsageError
from samaran.model import EntityType, Form
from samaran.pseudonymize import read_roster

KEY = b"k" * 32
HEAD = "entity,informant_id,real_name,aliases,phone,online_ids,role\n"


@pytest.fixture
def roster(tmp_path):
    """Write a roster and read it."""

    def read(text, words=lambda _: False, known=None, head=HEAD):
        path = tmp_path / "roster.csv"
        path.write_bytes((head + text).encode())
        return read_roster(path, KEY, words, known)

    return read


def by_pseudonym(register):
    return {entity.pseudonym: entity for entity in register.entities}


def test_an_informant_keeps_the_code_and_others_are_numbered_by_role(roster):
    """Codes stay, third persons get a stem from what they are, in the order of the rows."""
    found = by_pseudonym(
        roster(
            "rani,INF-01,Maharani Kusumah,Rani;Bunga,0856-7214-0938;0812 2094 7715,@rani_23,informan\n"
            "x,INF-01,Cahaya,,,,anak INF-01\n"
            "y,INF-01,Entin,,,,ibu INF-01\n"
            "z,INF-01,Agung,,,,mantan suami INF-01\n"
            "u,TRI-01,Ujang Sopandi,Ujang,,,petugas lapangan\n"
            "v,TRI-01,Ine,,,,rekan TRI-01\n"
            "w,,Nadya Fauziah,,,,peneliti\n"
            "q,,Tika,,,,mantan anggota grup\n"
        )
    )
    assert list(found) == [
        *("INF-01", "ANAK-1", "KELUARGA-1", "PASANGAN-1", "TRI-01", "TEMAN-1", "PENELITI-1", "ORANG-1"),
        *("TELEPON-1", "TELEPON-2", "AKUN-1"),
    ]
    assert all(entity.settled for entity in found.values())
    assert found["INF-01"].role == "INF"
    assert found["ANAK-1"].informant == found["AKUN-1"].informant == "INF-01"
    assert found["PENELITI-1"].informant is None
    assert found["TELEPON-1"].type is EntityType.PHONE


def test_forms_are_the_name_its_aliases_and_its_parts(roster):
    """Parts that nobody uses alone are marked; titles and particles are no forms; words are marked by the callable."""
    found = roster("a,INF-02,Hj. Fatimah binti Al-Habsyi,Imah;Bunga,,,informan\n", words=lambda text: text == "Bunga")
    assert found.entities[0].forms == (
        Form("Hj. Fatimah binti Al-Habsyi"),
        Form("Fatimah binti Al-Habsyi"),
        Form("Imah"),
        Form("Bunga", word=True),
        Form("Fatimah", part=True),
        Form("Al-Habsyi", part=True),
    )


def test_a_telephone_that_two_people_share_is_one_entity(roster):
    """A number is the same number whoever has it."""
    found = roster("a,INF-01,Rani,,0812-2094-7715,,informan\nb,INF-01,Entin,,+62 812 2094 7715,,ibu INF-01\n")
    assert [e.pseudonym for e in found.entities] == ["INF-01", "KELUARGA-1", "TELEPON-1"]
    assert len(found.entities[2].forms) == 2


def test_what_two_people_share_belongs_to_neither(roster):
    """A telephone or an account of two informants is nobody's own: the withdrawal of one must not take it from the other."""
    rows = "a,INF-01,Maharani,,085672140938,dua_hati,informan\nb,INF-02,Yuningsih,,085672140938;081220947715,dua_hati,informan\n"
    found = by_pseudonym(roster(rows))
    assert (found["TELEPON-1"].informant, found["AKUN-1"].informant, found["TELEPON-2"].informant) == (None, None, "INF-02")
    assert roster(rows, known=roster(rows)) == roster(rows)


def test_ids_depend_on_key_and_entity_only(roster, tmp_path):
    """The order of rows changes no id; another key changes all."""
    one = roster("a,INF-01,Rani,,,,informan\nb,INF-02,Dewi,,,,informan\n")
    other = roster("b,INF-02,Dewi,,,,informan\na,INF-01,Rani,,,,informan\n")
    assert {e.pseudonym: e.id for e in one.entities} == {e.pseudonym: e.id for e in other.entities}
    foreign = read_roster(tmp_path / "roster.csv", b"j" * 32)
    assert not {e.id for e in foreign.entities} & {e.id for e in one.entities}
    assert all(len(e.id) == 17 and e.id.startswith("e") and e.id.islower() for e in one.entities)


def test_a_longer_roster_renumbers_nobody(roster):
    """Read again with a new row in the middle: known people keep their pseudonym, the new one gets the next number."""
    first = roster("a,INF-01,Rani,,,,informan\nb,INF-01,Cahaya,,,,anak INF-01\n")
    again = roster("a,INF-01,Rani,Bunga,,,informan\nc,INF-01,Surya,,,,anak INF-01\nb,INF-01,Cahaya,,,,anak INF-01\n", known=first)
    assert [e.pseudonym for e in again.entities] == ["INF-01", "ANAK-1", "ANAK-2"]
    assert [e.id for e in again.entities][:2] == [e.id for e in first.entities]
    assert [f.text for f in again.entities[0].forms] == ["Rani", "Bunga"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_read(roster, delimiter):
    """Spreadsheets write semicolons or tabs."""
    text = delimiter.join(["a", "INF-01", "Rani", "", "", "", "informan"]) + "\n"
    assert roster(text, head=HEAD.replace(",", delimiter)).entities[0].pseudonym == "INF-01"


@pytest.mark.parametrize(
    ("mark", "newline", "delimiter", "title"),
    [
        ("\ufeff", "\r\n", ";", str),
        ("", "\r\n", ",", str.upper),
        ("\ufeff", "\r", ",", str.title),
        ("", "\r\n", "\t", str),
        ("", "\n", ";", str.title),
    ],
)
def test_what_spreadsheets_write_is_read(roster, mark, newline, delimiter, title):
    """A byte order mark, other line ends, semicolons, capitals in headings, empty rows and short rows change nothing."""
    rows = [["a", "INF-01", "Maharani Kusumah", '"Rani;Bunga"', "0812-2094-7715", "", "informan"], [""] * 7, ["b", "", "Ujang"]]
    text = newline.join(delimiter.join(row) for row in [HEAD.strip().split(","), *rows])
    head, rest = text.split(newline, 1)
    found = by_pseudonym(roster(rest, head=mark + title(head) + newline))
    assert list(found) == ["INF-01", "ORANG-1", "TELEPON-1"]
    assert {"Rani", "Bunga"} <= {form.text for form in found["INF-01"].forms}


def test_one_name_of_two_informants_is_two_people(roster):
    """Two informants may have one name: two entities, and the name alone is nobody's for certain."""
    found = by_pseudonym(roster(",INF-01,Dewi Sartika,,,,informan\n,INF-02,Dewi Sartika,,,,informan\n"))
    assert list(found) == ["INF-01", "INF-02"]
    assert found["INF-01"].id != found["INF-02"].id


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a,INF-01,,Rani,,,informan\n", 2),
        ("a,INF-01,Rani,,,,informan\na,INF-02,Dewi,,,,informan\n", 3),
        ("a,INF-01,Rani,,,,informan\nb,INF-01,rani,,,,anak INF-01\n", 3),
        ("a,INF-01,Rani,,,,informan\nb,INF-01,Dewi,,,,informan\n", 3),
        ("\na,INF 01,Rani,,,,informan\n", 3),
        ("a,INF-01,Rani,,12,,informan\n", 2),
        ("a,INF-01,Rani,,,,informan,Canary\n", 2),
        ('a,INF-01,"Rani,,,,informan\n', 2),
    ],
)
def test_a_bad_row_is_named_by_its_line_only(roster, text, line):
    """The sentence says where, never who."""
    with pytest.raises(UsageError) as caught:
        roster(text)
    assert f"line {line}" in str(caught.value)
    assert not any(name in f"{caught.value} {caught.value.hint}" for name in ("Rani", "Dewi", "Canary"))


@pytest.mark.parametrize("head", ["", "name,role\n", HEAD.strip() + ",shoe size\n", "informant_id,real_name\n"])
def test_bad_columns_are_refused(roster, head):
    """Unknown and missing columns are errors of line 1."""
    with pytest.raises(UsageError, match="line 1"):
        roster("a,b,c\n", head=head)


def test_a_missing_or_foreign_file_is_refused(tmp_path):
    """One sentence for a file that isn't there, isn't UTF-8, or isn't text."""
    with pytest.raises(UsageError):
        read_roster(tmp_path / "roster.csv", KEY)
    for data in (b"\xff\xfe\x00", HEAD.encode() + b"\0"):
        (tmp_path / "roster.csv").write_bytes(data)
        with pytest.raises(UsageError):
            read_roster(tmp_path / "roster.csv", KEY)
