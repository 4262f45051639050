"""Answers to an online form."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran.consent import COLUMNS, history, in_force
from samaran.consent.form import answers
from samaran.errors import UsageError
from samaran.model import Consent
from samaran.study import ConsentForm

HEAD = ",".join(COLUMNS)


def written(tmp_path: Path, text: str) -> Path:
    """A consent.csv with that content."""
    path = tmp_path / "consent.csv"
    path.write_text(text)
    return path


FORM = ConsentForm(
    "form.csv",
    informant="Kode informan",
    version="v3",
    columns={"participate": ("Apakah Anda bersedia ikut?",), "quote_verbatim": ("Bolehkah dikutip?",)},
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
        (("INF-01,Ya", "INF-01,Mungkin"), "row 2, column D: the answer for `participate`"),
        (("Bolehkah dikutip?", "Boleh?"), "`quote_verbatim` is missing"),
        (("INF-01", "Rani K."), "row 2, column C: `informant`"),
        (("12/03/2026", "03/32/2026"), "row 2, column A: `date`"),
        (("12/03/2026", "kemarin"), "row 2, column A: `date`"),
    ],
)
def test_an_answer_is_never_guessed(tmp_path: Path, change: tuple[str, str], what: str) -> None:
    """What is neither yes nor no, a question that is gone, a day that is none: an error with its place, without the content."""
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


QUESTION = "Apa saja yang Anda izinkan? (boleh lebih dari satu)"
ENGLISH = "What do you allow?"
BOXES: Mapping[str, tuple[str, ...]] = {
    "participate": ("Ikut diwawancarai",),
    "record_audio": ("Rekam suara",),
    "quote_verbatim": ("Kutip kata demi kata, tanpa nama",),
    "quote_paraphrase": ("Kutip kata demi kata, tanpa nama", "Kutip dengan kata lain"),
    "archive": ("Arsip",),
    "nothing": ("Tidak satu pun",),
}
TICKS = ConsentForm(
    "form.csv",
    informant="Kode",
    version="v4",
    ticks={
        QUESTION: BOXES,
        ENGLISH: {"participate": ("Be interviewed",), "record_audio": ("Record my voice",), "archive": ("Archive, for others",)},
    },
)


def ticked(cell: str, english: str = "", form: ConsentForm = TICKS) -> frozenset[str]:
    """What one answer with these boxes gives."""
    text = f'Timestamp,Kode,"{QUESTION}",{ENGLISH}\n12/03/2026 10.22.11,INF-01,"{cell}","{english}"\n'
    (consent,) = answers(text, form)
    return consent.flags


def test_boxes_that_are_ticked() -> None:
    """One cell holds all options, of which some have commas; a tick may give two flags, and what nobody ticked is no. Commas or
    semicolons stand between them, as the service likes it."""
    assert ticked("Rekam suara, Kutip kata demi kata, tanpa nama, Arsip") == {
        "record_audio",
        "quote_verbatim",
        "quote_paraphrase",
        "archive",
    }
    assert ticked("Ikut diwawancarai;Rekam suara;") == {"participate", "record_audio"}
    assert ticked("REKAM  suara; arsip") == {"record_audio", "archive"}
    assert ticked("Arsip") == {"archive"}
    assert ticked("Tidak satu pun") == frozenset()
    assert ticked("") == frozenset()


def test_a_question_in_two_languages() -> None:
    """Whoever answers in English fills another column; both give the same flags."""
    assert ticked("", "Record my voice, Archive, for others") == {"record_audio", "archive"}


@pytest.mark.parametrize(
    "cell", ["Rekam suara, Nama saya Rani", "Rekam", "Kutip kata demi kata", "Arsip, ", ", Arsip", "Arsip Rekam suara"]
)
def test_an_option_that_nobody_named(cell: str) -> None:
    """A text that is no option of the mapping, such as what somebody wrote under "other", is an error with its row and column;
    what she wrote isn't repeated."""
    with pytest.raises(UsageError) as error:
        ticked(cell)
    assert "row 2, column C: an option is ticked" in str(error.value)
    assert "Rani" not in str(error.value) + error.value.hint


def test_boxes_that_contradict_each_other() -> None:
    """Nothing and something at once is no answer; nor is a cell that can be read in two ways."""
    with pytest.raises(UsageError, match="row 2, column C: nothing and something"):
        ticked("Arsip, Tidak satu pun")
    twofold = replace(
        TICKS,
        ticks={QUESTION: {"participate": ("Kutip",), "archive": ("tanpa nama",), "reuse": ("Kutip, tanpa nama",)}, ENGLISH: {}},
    )
    assert ticked("tanpa nama", form=twofold) == {"archive"}
    with pytest.raises(UsageError, match="two ways"):
        ticked("Kutip, tanpa nama", form=twofold)


@given(
    st.lists(st.sampled_from([text for flag, texts in BOXES.items() if flag != "nothing" for text in texts]), unique=True),
    st.sampled_from([", ", ";"]),
)
def test_any_choice_of_boxes_comes_back(chosen: list[str], between: str) -> None:
    """Whatever is ticked, in whatever order: exactly its flags."""
    assert ticked(between.join(chosen)) == {flag for flag, texts in BOXES.items() if set(texts) & set(chosen)}


GRID = ConsentForm(
    "form.csv",
    informant="Kode",
    version="v5",
    columns={
        "participate": ("Ikut?", "Do you take part?"),
        "record_audio": ("Apakah boleh [Rekam suara]",),
        "archive": ("Apakah boleh [Arsip, untuk penelitian lain]",),
    },
)
GRID_HEAD = 'Timestamp,Kode,Ikut?,Do you take part?,Apakah boleh [Rekam suara],"Apakah boleh [Arsip, untuk penelitian lain]"\n'


def test_a_grid_has_a_column_for_each_row() -> None:
    """A question of rows and columns is one question a row: its heading has the row in brackets. A question may stand in two
    columns, one for each language."""
    rows = "2026/03/12 9:00:00 AM GMT+7,INF-01,Ya,,Setuju,Tidak setuju\n2026/03/13 9:00,INF-02,,Yes,,ya\n"
    first, second = answers(GRID_HEAD + rows, GRID)
    assert (first.flags, first.date) == ({"participate", "record_audio"}, "2026-03-12")
    assert second.flags == {"participate", "archive"}


def test_two_languages_that_disagree() -> None:
    """Yes in one column and no in the other is neither."""
    with pytest.raises(UsageError, match="row 2, column C: `participate` is answered with yes and with no"):
        answers(GRID_HEAD + "2026/03/12,INF-01,Ya,No,,\n", GRID)


def test_rows_are_those_of_a_spreadsheet() -> None:
    """A long answer with line breaks in a column that nobody reads shifts no row number, nor do empty rows."""
    text = 'Timestamp,Catatan,Kode,Ikut?\n2026/03/12,"satu\ndua\ntiga",INF-01,Ya\n,,,\n2026/03/12,,INF-02,Mungkin\n'
    form = ConsentForm("form.csv", informant="Kode", version="v5", columns={"participate": ("Ikut?",)})
    with pytest.raises(UsageError, match="row 4, column D"):
        answers(text, form)


def test_answers_over_time_are_versions() -> None:
    """Who answers again amends: the latest answer holds as a whole, by its hour where the day is the same, wherever it stands in
    the table. A box that is no longer ticked is no."""
    rows = [
        ("13/03/2026 15.05.00", "Ikut diwawancarai"),
        ("12/03/2026 10.22.11", "Ikut diwawancarai, Rekam suara, Arsip"),
        ("13/03/2026 9:59:59", "Ikut diwawancarai, Arsip"),
    ]
    text = f'Timestamp,Kode,"{QUESTION}",{ENGLISH}\n' + "".join(f'{stamp},INF-01,"{cell}",\n' for stamp, cell in rows)
    found = answers(text, TICKS)
    assert [sorted(consent.flags) for consent in found] == [
        ["archive", "participate", "record_audio"],
        ["archive", "participate"],
        ["participate"],
    ]
    evening = answers(text.replace("15.05.00", "3:05:00 PM").replace("9:59:59", "9:59:59 AM"), TICKS)
    assert evening == found
