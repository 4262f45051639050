"""Who agreed to what."""

from dataclasses import replace
from pathlib import Path

import pytest

from samaran.consent import COLUMNS, history, in_force, read_consents
from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS, Consent
from samaran.study import ConsentForm

HEAD = ",".join(COLUMNS)


def written(tmp_path: Path, text: str) -> Path:
    """A consent.csv with that content."""
    path = tmp_path / "consent.csv"
    path.write_bytes(text.encode())
    return path


def test_answers_in_two_languages(tmp_path: Path) -> None:
    """Yes and no in all spellings; what is empty is no."""
    path = written(tmp_path, f"{HEAD}\nINF-01,v2,2026-03-11,tertulis,ya,YES,1,true,tidak,no,0,\n")
    assert read_consents(path) == {"INF-01": Consent("INF-01", "v2", "2026-03-11", "written", frozenset(CONSENT_FLAGS[:4]))}


def test_a_spreadsheet_s_file(tmp_path: Path) -> None:
    """A BOM, semicolons, capitals, CRLF, blank rows and missing columns are fine: a missing column is no."""
    text = "\ufeffInformant;Form_version;Date;Mode;Participate\r\ninf01;v1;2026-03-11;Direkam;Ya\r\n;;;;\r\n"
    assert read_consents(written(tmp_path, text)) == {
        "INF-01": Consent("INF-01", "v1", "2026-03-11", "recorded", frozenset({"participate"}))
    }


def test_the_latest_row_wins(tmp_path: Path) -> None:
    """By date, then by position: a withdrawal written below counts."""
    rows = [
        "INF-01,v1,2026-05-01,written,yes",
        "INF-01,v1,2026-03-01,written,no",
        "INF-02,v1,2026-03-01,written,yes",
        "INF-02,v2,2026-03-01,written,no",
    ]
    found = read_consents(written(tmp_path, HEAD.split(",record")[0] + "\n" + "\n".join(rows)))
    assert found["INF-01"].flags == {"participate"}
    assert (found["INF-02"].form_version, found["INF-02"].flags) == ("v2", frozenset())


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Rani,v1,2026-03-11,written,yes", "informant"),
        ("INF-01,,2026-03-11,written,yes", "form_version"),
        ("INF-01,v1,11/03/2026,written,yes", "date"),
        ("INF-01,v1,2026-02-30,written,yes", "date"),
        ("INF-01,v1,2026-W10-1,written,yes", "date"),
        ("INF-01,v1,2026-03-11,lisan,yes", "mode"),
        ("INF-01,v1,2026-03-11,written,mungkin", "participate"),
        ("INF-01,v1,2026-03-11,written,yes,,,,,,,,Rani", "column 13"),
    ],
)
def test_a_wrong_row_names_line_and_column(tmp_path: Path, row: str, column: str) -> None:
    """The error says where, and repeats nothing that stands there."""
    with pytest.raises(UsageError) as caught:
        read_consents(written(tmp_path, f"{HEAD}\nINF-09,v1,2026-03-11,written,yes\n{row}\n"))
    assert f"line 3: {column}" in str(caught.value)
    assert "Rani" not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize("head", ["informant,form_version,date,mode", HEAD + ",nama", HEAD + ",mode", ""])
def test_a_wrong_head(tmp_path: Path, head: str) -> None:
    """Unknown, double and missing columns are errors of line 1."""
    with pytest.raises(UsageError, match="line 1"):
        read_consents(written(tmp_path, head + "\n"))


def test_a_cell_without_end(tmp_path: Path) -> None:
    """A cell longer than any table has is said, not shown."""
    with pytest.raises(UsageError, match="line 1"):
        read_consents(written(tmp_path, HEAD + '\n"' + "x" * 200_000))


def test_a_row_over_two_lines(tmp_path: Path) -> None:
    """The line named is the one where the row ends, as an editor counts."""
    with pytest.raises(UsageError, match="line 3: mode"):
        read_consents(written(tmp_path, f'{HEAD}\nINF-01,"v\n1",2026-03-11,lisan,yes\n'))


def test_no_file_and_no_utf8(tmp_path: Path) -> None:
    """Without a readable table nobody has consented, and that is an error, not an empty answer."""
    with pytest.raises(UsageError):
        read_consents(tmp_path / "consent.csv")
    (tmp_path / "consent.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        read_consents(tmp_path / "consent.csv")


FORM = ConsentForm(
    "form.csv",
    informant="Kode informan",
    version="v3",
    columns={"participate": "Apakah Anda bersedia ikut?", "quote_verbatim": "Bolehkah dikutip?"},
)
ANSWERS = (
    "Timestamp,Nama,Kode informan,Apakah Anda bersedia  ikut?,Bolehkah dikutip?\n"
    "12/03/2026 10:22:11,Rani,INF-01,Ya,Tidak\n"
    "13/04/2026 9:00:00,Yuyun,inf02,Bersedia,Ya\n"
)


def test_an_online_form_is_read_by_its_mapping(tmp_path: Path) -> None:
    """Questions become flags; a question that nobody asked is no; names in the file are not read."""
    (tmp_path / "form.csv").write_text(ANSWERS)
    found = history(written(tmp_path, HEAD + "\n"), FORM)
    assert in_force(found) == {
        "INF-01": Consent("INF-01", "v3", "2026-03-12", "written", frozenset({"participate"})),
        "INF-02": Consent("INF-02", "v3", "2026-04-13", "written", frozenset({"participate", "quote_verbatim"})),
    }


def test_versions_of_both_tables_stand_in_the_order_of_their_days(tmp_path: Path) -> None:
    """An amendment keeps what was before; on one day the row written by hand is the later one."""
    (tmp_path / "form.csv").write_text(ANSWERS)
    rows = "INF-01,v1,2026-01-01,written,yes\nINF-01,v4,2026-03-12,written,no\nINF-02,v4,2026-01-01,written,no\n"
    found = history(written(tmp_path, HEAD.split(",record")[0] + "\n" + rows), FORM)
    assert [c.form_version for c in found["INF-01"]] == ["v1", "v3", "v4"]
    assert in_force(found)["INF-01"].flags == frozenset()
    assert in_force(found)["INF-02"].form_version == "v3"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("INF-01,Ya", "INF-01,Mungkin"), "line 2: the answer for `participate`"),
        (("Bolehkah dikutip?", "Boleh?"), "`quote_verbatim` is missing"),
        (("INF-01", "Rani K."), "line 2: `informant`"),
        (("12/03/2026", "03/32/2026"), "line 2: `date`"),
        (("12/03/2026", "kemarin"), "line 2: `date`"),
    ],
)
def test_an_answer_is_never_guessed(tmp_path: Path, change: tuple[str, str], what: str) -> None:
    """What is neither yes nor no, a question that is gone, a day that is none: an error with its line, without the content."""
    (tmp_path / "form.csv").write_text(ANSWERS.replace(*change))
    with pytest.raises(UsageError) as error:
        history(written(tmp_path, HEAD + "\n"), FORM)
    assert what in str(error.value)
    assert "Mungkin" not in str(error.value) + error.value.hint


def test_a_day_with_the_year_first_needs_no_order(tmp_path: Path) -> None:
    """2026/03/12 is read as it stands whatever the order; 03/12/2026 by the order."""
    for stamp, order in (("2026/03/12 1:00", "mdy"), ("03/12/2026 1:00", "mdy"), ("12.03.2026", "dmy")):
        (tmp_path / "form.csv").write_text(ANSWERS.replace("12/03/2026 10:22:11", stamp).replace("13/04", "04/04"))
        found = history(written(tmp_path, HEAD + "\n"), replace(FORM, date_order=order))
        assert found["INF-01"][0].date == "2026-03-12"
