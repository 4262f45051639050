"""The documents say what is so: keys, words, commands, exit codes and links are compared with the code."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from samaran import study
from samaran.demo.recorded import material
from samaran.detect import Detector, common_word
from samaran.errors import Exit
from samaran.ingest import read_text
from samaran.model import CONSENT_FLAGS, Entity, EntityType, Form, Method, Reason, Register, SpeakerRole, Verdict
from samaran.pipeline.reviewing import COLUMNS
from samaran.pseudonymize import Document, assign, link, read_roster, sanitize
from samaran.register import RegisterFile, to_bytes
from samaran.segment import segments
from samaran.statements import TABLES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(title)}[^\n]*\n(.*?)(?=^#|\Z)", page, re.M | re.S)
    assert found, f"no section {title}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """Every code word in the first column of a section's tables, headings and rules left out."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("|")]
    return [word for cell in rows for word in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("[study]", {"name", "language"}),
        ("[protocol]", {f.name for f in fields(study.Protocol)}),
        ("[naming]", {f.name for f in fields(study.Naming)}),
        ("[methods]", {"no_consent_needed", "keep_scholars"}),
        ("[detection]", {f.name for f in fields(study.Detection)}),
        ("[review]", {f.name for f in fields(study.Review)}),
        ("[profiles.analysis]", {f.name for f in fields(study.Profile)} - {"name"}),
        ("[consent]", {f.name for f in fields(study.ConsentForm)}),
        ("[retention]", {f.name for f in fields(study.Retention)}),
        ("[vault]", {f.name for f in fields(study.Vault)}),
        ("[schedule]", set(study.SCHEDULE)),
    ],
)
def test_every_key_of_study_toml_is_explained(title: str, keys: set[str]) -> None:
    """Each table of study.toml is explained with exactly the keys that the reader takes."""
    assert set(first_cells(section(read("docs/config.md"), title))) == keys


def test_every_table_of_study_toml_is_explained() -> None:
    """No table of study.toml lacks a section."""
    titles = set(re.findall(r"\[(\w+)[\].]", "\n".join(re.findall(r"^### .*", read("docs/config.md"), re.M))))
    assert titles == study._STUDY_TOML


def test_every_statement_is_explained() -> None:
    """The table on statements.toml has each table with exactly its keys, and every word that can stand there."""
    page = section(read("docs/config.md"), "statements.toml")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `C")]
    assert {row[1].strip(" `"): set(re.findall(r"`(\w+)`", row[2])) for row in rows} == {n: set(t) for n, t in TABLES.items()}
    words = {word for table in TABLES.values() for kind in table.values() if isinstance(kind, tuple) for word in kind}
    assert all(f"`{word}`" in page for word in words)


def test_the_templates_hold_only_explained_keys(tmp_path: Path) -> None:
    """The shipped templates load, so they hold no key that the page does not know."""
    for name in ("study.toml", "entities.toml"):
        (tmp_path / name).write_text(read(f"config/{name}"), encoding="utf-8")
    assert study.load(tmp_path).name


def test_defaults_are_those_of_the_code() -> None:
    """Defaults that the page states are what a study without those keys has."""
    page = read("docs/config.md")
    stated = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", page, re.M))
    assert stated["decided_from"] == str(study.Review().decided_from)
    assert stated["model"] == f'"{study.Detection().model}"'
    assert stated["roster"] == f'"{study.Detection().roster}"'
    assert stated["pattern"] == str(list(study.Naming().pattern)).replace("'", '"')
    assert all(stated[key] == f'"{cron}"' for key, cron in study.SCHEDULE.items())
    row = next(line for line in page.splitlines() if line.startswith("| `methods`"))
    assert set(study.Naming().methods) <= set(re.findall(r"`(\w+)`", row))


def test_types_methods_roles_and_flags_are_all_named() -> None:
    """The page on config names each type, method, speaker role and consent flag."""
    page = read("docs/config.md")
    assert set(EntityType) <= set(first_cells(section(page, "entities.toml")))
    assert all(f"`{word}`" in page for word in (*Method, *SpeakerRole, *CONSENT_FLAGS))


def test_verdicts_are_all_explained() -> None:
    """Both pages for beginners explain exactly the verdicts that there are."""
    assert set(first_cells(section(read("docs/getting-started.md"), "5. Review"))) == set(Verdict)
    assert set(first_cells(section(read("docs/memulai.md"), "5. Peninjauan"))) == set(Verdict)


def test_reasons_named_in_the_pages_exist() -> None:
    """A reason that a page names in code marks is one of the closed list."""
    named = set(re.findall(r"\*(?:refused|quarantined)\*, `([a-z-]+)`", read("docs/pipeline.md")))
    assert named
    assert named <= set(Reason)


def test_the_readme_shows_what_really_comes_out() -> None:
    """The interview in the README, with the demo's roster and treatments, gives the very text that the README shows after it."""
    before, after = re.findall(r"```text\n(.*?)```", read("README.md"), re.S)
    treatments = study.load(material()).treatments
    register = read_roster(material() / "roster.csv", b"readme", common_word)
    transcript = read_text(before)
    document = Document("readme", ("INF-01",), transcript, Detector("none").find(transcript, register.entities))
    register = link(register, [document], b"readme", common_word)
    mentions = assign(register, document, b"readme")
    entities = {entity.id: entity for entity in register.entities}
    written = [sanitize(segment, mentions, entities, treatments, "analysis") for segment in segments(transcript)]
    assert [f"{segment.speaker}: {segment.text}" for segment in written] == after.splitlines()


def commands() -> set[str]:
    """Every command that there is, `keys pool` and the like in full."""
    from samaran.cli.main import app

    found = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        found |= {f"{name} {sub}" for sub in below} if below else {name}
    return found


def used(page: str) -> set[str]:
    """The commands that a page shows, with the words after `samaran` that name them."""
    shown = re.findall(r"samaran ((?:keys |audit |incident |consent |vault )?[a-z-]+)(?= [A-Z\[/.a-z-]|`|$)", page, re.M)
    return {words for words in shown if words not in ("keys", "audit", "incident")}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_in_the_pages_exist(page: Path) -> None:
    """Every command that a page shows in code marks or on a line of its own is one of the command line."""
    text = page.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"`(samaran [^`]+)`", text) + re.findall(r"^    (samaran .*)", text, re.M))
    assert used(code) <= commands()


def test_options_in_the_pages_exist() -> None:
    """Every option shown with a command is an option of that command."""
    from samaran.cli.main import app

    root = get_command(app)
    for page in PAGES:
        for line in re.findall(r"(?:^    |`)samaran ([^`\n]+)", page.read_text(encoding="utf-8"), re.M):
            words = line.split()
            command = root.commands[words[0]]  # type: ignore[attr-defined]
            command = command.commands[words[1]] if hasattr(command, "commands") and words[1] != "..." else command
            known = {name for parameter in command.params for name in parameter.opts}
            assert {word for word in words if word.startswith("--")} <= known | {"--help"}, line


def test_the_readme_names_every_command() -> None:
    """No command of the command line is missing from the README's table."""
    table = section(read("README.md"), "Commands")
    assert {command.split()[0] for command in commands()} == set(re.findall(r"^\| `samaran (\w+)", table, re.M))


def test_the_readme_lists_the_exit_codes() -> None:
    """The README's table of exit codes is the enumeration."""
    table = section(read("README.md"), "Exit codes")
    assert [int(code) for code in re.findall(r"^\| (\d) \|", table, re.M)] == [int(code) for code in Exit]


def test_both_languages_walk_the_same_way() -> None:
    """The Indonesian page shows the same commands in the same order as the English one."""
    english, indonesian = (re.findall(r"^    (samaran .*)", read(f"docs/{p}.md"), re.M) for p in ("getting-started", "memulai"))
    assert english == indonesian
    assert len(english) > 5


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file or folder of the repository."""
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_index_leads_to_every_page() -> None:
    """No page of docs/ is missing from the index; decisions and formats are linked as folders."""
    linked = set(re.findall(r"\]\(([^)]+)\)", read("docs/index.md")))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"} <= linked


def test_decisions_are_numbered_without_a_gap() -> None:
    """Each decision has the next number, in its file name and its title."""
    for number, path in enumerate(sorted((ROOT / "docs" / "adr").glob("*.md")), 1):
        assert path.name.startswith(f"{number:04}-")
        assert path.read_text(encoding="utf-8").startswith(f"# {number}. ")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_output_is_never_called_anonymous(page: Path) -> None:
    """A paragraph that says anonymous says that it is not."""
    for paragraph in re.split(r"\n\n|\n- ", page.read_text(encoding="utf-8")):
        if re.search(r"anonym|anonim", paragraph, re.I):
            assert re.search(r"\b(not|never|bukan)\b", paragraph, re.I), paragraph


def test_the_glossary_says_each_word_once() -> None:
    """The glossary has no word twice and an Indonesian word for each."""
    rows = [line.split("|")[1:-1] for line in read("docs/glossary.md").splitlines() if line.startswith("| ")][2:]
    words = [row[0].strip() for row in rows]
    assert len(words) == len(set(words))
    assert all(len(row) == 3 and row[1].strip() for row in rows)


def test_the_page_on_the_sheet_names_its_columns() -> None:
    """The columns of the review sheet are explained in their order."""
    assert tuple(first_cells(read("docs/formats/sheet.md").replace("`start`, `end`", "`start` `end`"))) == COLUMNS


def test_the_page_on_the_register_names_its_fields() -> None:
    """The fields of the register file, and of an entity in it, are the ones explained."""
    entity = Entity("e1", EntityType.PERSON, "ORANG-1", (Form("x"),))
    written = json.loads(to_bytes(RegisterFile(Register((entity,)))))
    assert set(first_cells(read("docs/formats/register.md"))) == set(written) | set(written["entities"][0])
