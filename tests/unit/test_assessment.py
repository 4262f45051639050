"""The impact assessment: complete, approved by who may, and a template that stops a study until then."""

from pathlib import Path

import pytest

from samaran.assessment import FILE, RISKS, TEXTS, approved, read_assessment
from samaran.demo.recorded import material
from samaran.errors import UsageError, Waiting

ROOT = Path(__file__).parents[2]
GOOD = (material() / FILE).read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_a_complete_assessment_is_read(tmp_path: Path) -> None:
    """Version, day, role and what is left of each risk come as written; a risk more than low counts as open."""
    found = approved(written(tmp_path, GOOD), "2026-03-01")
    assert (found.version, found.on, found.by, found.open) == ("1.0", "2023-02-20", "board", 2)
    assert set(found.left) == set(RISKS)


def test_nothing_is_processed_without_one(tmp_path: Path) -> None:
    """No file, and a complete one that nobody approved, wait for a person and say what to do."""
    with pytest.raises(Waiting, match="no impact assessment") as none:
        approved(tmp_path, "2026-03-01")
    assert "samaran assess" in none.value.hint
    unsigned = GOOD.replace("approved_on = 2023-02-20\n", "").replace('approved_by = "board"\n', "")
    with pytest.raises(Waiting, match="not approved"):
        approved(written(tmp_path, unsigned), "2026-03-01")


def test_an_approval_to_come_is_none(tmp_path: Path) -> None:
    """An assessment that is dated after today does not let a run begin."""
    with pytest.raises(UsageError, match="a day to come"):
        approved(written(tmp_path, GOOD), "2023-02-19")


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('version = "1.0"', 'version = "the first version of ours"', "version"),
        ('version = "1.0"', "version = 1", "version"),
        ('version = "1.0"\n', "", "version"),
        ('recipients = "Analis', 'recipients = " "\nx = "Analis', "processing.x"),
        ('measures = "Janji', 'measures = " " #', "risk.insider.measures"),
        ("retention = ", "kept = ", "processing.retention"),
        ("[risk.theft]", "[risk.flood]", "risk.theft"),
        ('likelihood = "medium"', 'likelihood = "often"', "likelihood"),
        ('measures = "Janji', 'measure = "Janji', "risk.insider.measures"),
        ("approved_on = 2023-02-20\n", "", "approved_on"),
        ("approved_on = 2023-02-20", 'approved_on = "Rani"', "approved_on"),
        ('approved_by = "board"', 'approved_by = "Rani"', "approved_by"),
        ('approved_by = "board"', 'approved_by = "pi"\nsecret = 1', "secret"),
        ("[processing]", "[processing", "can't be read"),
    ],
)
def test_anything_less_is_refused(tmp_path: Path, before: str, after: str, named: str) -> None:
    """What is missing, unknown or empty is named, and no value is repeated."""
    assert before in GOOD
    with pytest.raises(UsageError) as error:
        read_assessment(written(tmp_path, GOOD.replace(before, after, 1)))
    assert named in str(error.value)
    assert "Rani" not in str(error.value) + error.value.hint


def test_a_high_risk_is_for_the_board(tmp_path: Path) -> None:
    """Where a high risk is left the investigator alone can't approve, the board can."""
    high = GOOD.replace('left = "medium"', 'left = "high"', 1)
    assert approved(written(tmp_path, high), "2026-03-01").by == "board"
    with pytest.raises(UsageError, match="must be board"):
        read_assessment(written(tmp_path, high.replace('approved_by = "board"', 'approved_by = "pi"')))


def test_the_template_has_every_item_and_is_not_complete(tmp_path: Path) -> None:
    """The template is refused as it is, names each text and risk in both languages, and is complete once its texts are filled."""
    template = (ROOT / "config" / FILE).read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="not filled in"):
        read_assessment(written(tmp_path, template))
    for name in TEXTS:
        assert f"\n{name} = " in template
    found = read_assessment(written(tmp_path, template.replace('= ""', '= "x"')))
    assert found is not None
    assert (set(found.left), found.on) == (set(RISKS), "")
    assert all("|" in line for line in template.splitlines() if line.startswith(("[risk.", *TEXTS)))
