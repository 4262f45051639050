"""An extract names nobody but the one who asked: each person of the roster is looked for in each informant's extract."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from samaran.detect import common_word
from samaran.pipeline import deidentify, extracting, incidents
from samaran.pipeline.desk import Desk
from samaran.vault.keys import load_private_key
from tests.studies import PASSPHRASE, prepare

FILES = (
    "INF-02_wawancara_1.docx",
    "INF-03_wawancara_1.txt",
    "INF-04_wawancara_1.srt",
    "INF-09_wawancara_1.txt",
    "WE-02_chat_2.txt",
)
ASKING = tuple(name[: name.index("_")] for name in FILES)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five informants of the demo, an interview or a chat of each."""
    return prepare(tmp_path_factory.mktemp("asked"), FILES)


@pytest.fixture(scope="module")
def extracts(prepared: Path) -> dict[str, str]:
    """Everything that stands in the extract of each informant, by code."""
    keys = [load_private_key(prepared / "keys" / "pi.key", PASSPHRASE), load_private_key(prepared / "keys" / "board.key", None)]
    found = {}
    with Desk.open(prepared / "study") as desk:
        deidentify.deidentify(desk)
        incidents.open_incident(desk, "access-request")
        for code in ASKING:
            assert extracting.extract(desk, code, keys, prepared / code).given > 10
            text = "\n".join(path.read_text() for path in sorted((prepared / code).iterdir()))
            found[code] = re.sub(r"\d+ May \d{4}", "", text)  # a month, and somebody's nickname
    return found


def people(roster: Path) -> Iterable[tuple[str, str, set[str]]]:
    """Code, name and every form of each person; the code only where the row is the informant herself."""
    with roster.open(newline="") as file:
        for row in csv.DictReader(file):
            cells = (row[column].split(";") for column in ("aliases", "phone", "online_ids"))
            forms = {row["real_name"], *row["real_name"].split(), *(form.strip() for cell in cells for form in cell)}
            yield row["informant_id"] if "informan" in row["role"] else "", row["real_name"], forms - {""}


def stands(form: str, text: str) -> bool:
    """Whether a form is in a text as a whole: in any case, but a single word only as it is written (`fajar` is also a dawn)."""
    return bool(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, 0 if form.isalpha() else re.IGNORECASE))


def test_no_third_person_is_named(prepared: Path, extracts: dict[str, str]) -> None:
    """No name, nickname, number or account of anybody else on the roster is in any file of an extract, but for forms that are
    hers too; nor is the code of any informant."""
    roster = list(people(prepared / "study" / "roster.csv"))
    own = {code: forms for code, _, forms in roster if code in ASKING}
    assert len(roster) > 20
    leaks = [
        (code, form)
        for code, text in extracts.items()
        for _, name, forms in roster
        for form in sorted(forms - own[code])
        if (form == name or not common_word(form)) and stands(form, text)
    ]
    assert leaks == []
    codes = {code for code, _, _ in roster if code}
    assert not [(code, other) for code, text in extracts.items() for other in codes if other in text]


def test_the_search_finds_a_name_that_is_there(prepared: Path, extracts: dict[str, str]) -> None:
    """Her own name is found in her extract by the same search, where she says it: it would find another's too."""
    own = {code: forms for code, _, forms in people(prepared / "study" / "roster.csv") if code in ASKING}
    assert {code for code in ASKING if any(stands(form, extracts[code]) for form in own[code])} >= set(ASKING) - {"WE-02"}
