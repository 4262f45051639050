"""detect and evaluate, over files that belong to no study."""

import json
from pathlib import Path

from samaran.model import EntityType
from tests.cli.conftest import ROSTER_HEAD, Samaran

GOLD = Path(__file__).parents[1] / "gold" / "dev"
TEXT = "I: Dipanggil siapa?\r\nP: 🌸 Rani, nomor saya 0812-2094-7715.\r\nI: Rani lagi?\r\n"


def lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_offsets_are_code_points_of_the_text_as_decoded(samaran: Samaran, tmp_path: Path) -> None:
    """With emoji, carriage returns and a byte order mark, each span cuts exactly its words out of the decoded text."""
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER_HEAD + "rani,INF-01,Maharani Kusumah,Rani,,,informan\n")
    for name, prefix in (("plain.txt", ""), ("marked.txt", "\ufeff")):
        path = tmp_path / name
        path.write_bytes((prefix + TEXT).encode())
        said = samaran("detect", "--model", "none", "--format", "jsonl", "--roster", roster, path)
        assert said.code == 0, said.err
        text = path.read_bytes().decode()
        found = lines(said.out)
        assert [text[int(m["start"]) : int(m["end"])] for m in found] == ["Rani", "0812-2094-7715", "Rani"]  # type: ignore[call-overload]
        assert [m["pseudonym"] for m in found][::2] == ["INF-01", "INF-01"]
        assert {str(m["type"]) for m in found} <= set(EntityType)
        assert list(found[0]) == ["path", "start", "end", "type", "score", "detector", "pseudonym"]
        assert "Rani" not in said.out


def test_one_entity_has_one_pseudonym_over_all_files(samaran: Samaran, tmp_path: Path) -> None:
    """A number that stands in two files is the same stand-in in both, and another number another."""
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("P: HP saya 0812-2094-7715.\n")
    two.write_text("P: Yang ini 081220947715, itu 0857-1111-2222.\n")
    found = lines(samaran("detect", "--model", "none", "--format", "jsonl", one, two).out)
    names = [(m["path"], m["pseudonym"]) for m in found if m["type"] == "PHONE"]
    assert [path for path, _ in names] == [str(one), str(two), str(two)]
    assert names[0][1] == names[1][1] != names[2][1]


def test_a_table_says_why(samaran: Samaran, tmp_path: Path) -> None:
    """Below the table of mentions each rule that found one is explained, once."""
    path = tmp_path / "a.txt"
    path.write_text("P: HP saya 0812-2094-7715, yang lama 0857-1111-2222.\n")
    said = samaran("detect", "--model", "none", path)
    assert said.out.count("built like an Indonesian mobile number") == 1


def test_a_file_that_is_not_there(samaran: Samaran, tmp_path: Path) -> None:
    """A missing file is named by its place in the list, not by its name."""
    said = samaran("detect", tmp_path / "Wawancara Rani.txt")
    assert said.code == 2
    assert "Rani" not in said.err


def test_evaluate_prints_the_panel(samaran: Samaran) -> None:
    """The panel names each type, each document and the consistency, whatever its figures."""
    said = samaran("evaluate", GOLD, "--model", "none")
    assert said.code == 0
    for word in (*EntityType, "wi01", "csv01", "purity", "completeness", "precision", "Leaks"):
        assert word in said.out
    as_json = json.loads(samaran("evaluate", GOLD, "--model", "none", "--roster", GOLD / "roster.csv", "--json").out)
    assert 0 < as_json["total"]["direct"]["ratio"] <= 1
    assert len(as_json["by_document"]) == 19


def test_evaluate_needs_gold(samaran: Samaran, tmp_path: Path) -> None:
    """A folder without gold is a mistake, not a perfect score."""
    assert samaran("evaluate", tmp_path).code == 2
    assert samaran("evaluate", tmp_path / "nowhere").code == 2


def test_help_of_every_command_shows_an_example(samaran: Samaran) -> None:
    """`--help` of each command says how it is used."""
    commands = ["init", "run", "status", "schedule", "detect", "evaluate", "decide", "release", "open", "demo"]
    for words in [[c] for c in commands] + [["keys", "new"], ["keys", "pool"], ["audit", "verify"], ["audit", "report"]]:
        said = samaran(*words, "--help")
        assert said.code == 0
        assert "Example" in said.out
        assert f"samaran {words[0]}" in said.out


def test_the_page_of_misses_is_private_and_outside_of_studies(samaran: Samaran, tmp_path: Path) -> None:
    """--html writes every miss in context for its owner alone; into a study folder, or where no folder is, it writes nothing."""
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "a.ann.txt").write_text("P: Saya pulang ke [[PERSON#x:rumah]] <b>.\n")
    page = tmp_path / "misses.html"
    page.write_text("old")
    page.chmod(0o644)
    said = samaran("evaluate", gold, "--model", "none", "--html", page)
    assert said.code == 0, said.err
    assert page.stat().st_mode & 0o777 == 0o600
    text = page.read_text()
    assert "&lt;b&gt;" in text
    assert "<mark>rumah</mark>" in text
    assert "rumah" not in said.out
    study = tmp_path / "study"
    (study / "vault").mkdir(parents=True)
    (study / "study.toml").touch()
    for place in (study / "m.html", study / "vault" / "m.html", tmp_path / "nowhere" / "m.html", tmp_path):
        refused = samaran("evaluate", gold, "--model", "none", "--html", place)
        assert refused.code == 2
        assert "rumah" not in refused.err
        assert not place.is_file()
