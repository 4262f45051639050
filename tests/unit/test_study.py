"""study.toml and entities.toml: one frozen value, or one clear sentence."""

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from samaran.errors import UsageError
from samaran.model import EntityType, Method
from samaran.study import load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("study.toml", "entities.toml"):
        shutil.copy(str(files("samaran.config") / name), tmp_path / name)
    return tmp_path


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_templates_load(folder: Path) -> None:
    """What `samaran init` writes is a valid study with all types and profiles."""
    study = load(folder)
    assert set(study.treatments) == set(EntityType)
    assert set(study.profiles) == {"analysis", "archive", "publication"}
    assert study.review.decided_from > 1
    assert study.naming.methods["wawancara"] is Method.INTERVIEW


def test_digest_changes_with_any_byte(folder: Path) -> None:
    """The digest in the audit log names exactly these two files."""
    before = load(folder).digest
    edit(folder, "entities.toml", 'label = "ORANG"', 'label = "NAMA"')
    assert load(folder).digest != before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study.toml", "[protocol]", "[protokol]", "protokol"),
        ("study.toml", "decided_from", "decide_from", "decide_from"),
        ("study.toml", 'language = "id"', 'language = "jv"', "language"),
        ("study.toml", 'name = "my-study"', 'name = "studi Rani"', "name"),
        ("study.toml", 'cron = "0 2 * * *"', 'cron = "nightly"', "cron"),
        ("study.toml", "decided_from = 1.01", 'decided_from = "high"', "decided_from"),
        ("study.toml", 'keep_scholars = ["literature"]', 'keep_scholars = ["novels"]', "method"),
        ("study.toml", "[study]", "[study", "TOML"),
        ("entities.toml", "[PLATE]", "[PLATES]", "PLATES"),
        ("entities.toml", 'label = "PLAT"', 'label = "plat"', "PLATE"),
        ("entities.toml", 'archive = "band"', 'archive = "blur"', "entities.toml"),
    ],
)
def test_a_mistake_is_one_sentence_with_a_hint(folder: Path, file: str, old: str, new: str, said: str) -> None:
    """Unknown keys and bad values are errors that name the place."""
    edit(folder, file, old, new)
    with pytest.raises(UsageError) as caught:
        load(folder)
    assert said in str(caught.value)
    assert caught.value.hint


def test_missing_file_names_init(tmp_path: Path) -> None:
    """A folder that is no study says how to make one."""
    with pytest.raises(UsageError) as caught:
        load(tmp_path)
    assert "samaran init" in caught.value.hint


def test_a_model_folder_is_below_the_study(folder: Path) -> None:
    """A relative path of a model is below the study folder; a whole path and the two words stay."""
    assert load(folder).detection.model == "shipped"
    config = folder / "study.toml"
    for given, read in (
        ("models/gliner", str(folder.resolve() / "models/gliner")),
        ("/opt/gliner", "/opt/gliner"),
        ("none", "none"),
    ):
        config.write_text(re.sub(r'model = "[^"]*"', f'model = "{given}"', config.read_text()))
        assert load(folder).detection.model == read


def test_a_profile_asks_for_other_flags(folder: Path) -> None:
    """The flags of a profile are those that its table gives; the other profiles keep theirs; what is no flag is named."""
    table = '[profiles.publication]\nconsent = ["participate", "quote_paraphrase"]\n\n[detection]'
    edit(folder, "study.toml", "[detection]", table)
    profiles = load(folder).profiles
    assert profiles["publication"].consent == ("participate", "quote_paraphrase")
    assert profiles["archive"].consent == ("participate", "archive")
    edit(folder, "study.toml", '"quote_paraphrase"', '"quote_everything"')
    with pytest.raises(UsageError, match=r"study.toml \[profiles.publication\]: `consent`"):
        load(folder)
