"""Who agreed to what."""

from pathlib import Path

import pytest

from samaran.consent import COLUMNS, read_consents
from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS, Consent

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
