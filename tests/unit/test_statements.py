"""What people state for the board: read strictly, kept apart from the config."""

import tomllib
from pathlib import Path

import pytest

from samaran import study
from samaran.errors import UsageError
from samaran.statements import TABLES, Statement, read_statements

ROOT = Path(__file__).parents[2]
GOOD = '[C22]\non = 2026-03-01\nby = "pi"\nlegal_risk = 2\ncustody = "split"\n'


def written(folder: Path, text: str) -> Path:
    (folder / "statements.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_statement_is_read(tmp_path: Path) -> None:
    """Day, role and values come as they were written; without a file there are none."""
    assert read_statements(tmp_path) == {}
    found = read_statements(written(tmp_path, GOOD))
    assert found == {"C22": Statement("2026-03-01", "pi", {"legal_risk": 2, "custody": "split"})}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[C99]\n", "C99"),
        ('[C08]\non = 2026-01-02\nby = "pi"\nversion = "1"\nopen_risks = 0\n', "moved to dpia.toml"),
        (GOOD + "secret = 1\n", "secret"),
        (GOOD.replace("legal_risk = 2\n", ""), "legal_risk"),
        (GOOD.replace("= 2\n", "= -2\n"), "legal_risk"),
        (GOOD.replace("= 2\n", "= true\n"), "legal_risk"),
        (GOOD.replace('"split"', '"my drawer"'), "custody"),
        (GOOD.replace("2026-03-01", '"2026-03-01"'), "`on`"),
        (GOOD.replace('"pi"', '"Rani"'), "`by`"),
        ('[C23]\non = 2026-03-01\nby = "pi"\nreferral_list = "the list of Rani"\n', "referral_list"),
        ("C22 = 3\n", "C22"),
        ("[C22\n", "can't be read"),
    ],
)
def test_anything_else_is_refused_with_table_and_key(tmp_path: Path, text: str, named: str) -> None:
    """Unknown tables and keys, missing ones, wrong kinds and free text are usage errors that don't repeat the value."""
    with pytest.raises(UsageError) as error:
        read_statements(written(tmp_path, text))
    assert named in str(error.value)
    assert "Rani" not in str(error.value) + error.value.hint


def test_the_template_makes_every_statement_when_its_marks_are_taken_away(tmp_path: Path) -> None:
    """config/statements.toml states nothing as it is; without the # in front of its tables it has each of them, whole."""
    text = (ROOT / "config" / "statements.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    lines = [
        line.removeprefix("# ") for line in text.splitlines() if line.startswith(("# [", "# ")) and ("=" in line or "[C" in line)
    ]
    assert set(read_statements(written(tmp_path, "\n".join(lines) + "\n"))) == set(TABLES)


def test_a_statement_changes_no_digest_of_the_config(tmp_path: Path) -> None:
    """Stating something reopens no review: the config's digest is that of study.toml and entities.toml alone."""
    for name in ("study.toml", "entities.toml"):
        (tmp_path / name).write_bytes((ROOT / "config" / name).read_bytes())
    before = study.load(tmp_path).digest
    written(tmp_path, GOOD)
    assert study.load(tmp_path).digest == before
