"""The format page names everything that the vocabulary has."""

import re
from pathlib import Path

import pytest

from samaran.audit.verify import NAMES
from samaran.audit.vocabulary import FIELDS, VERSION, Act, Case, Code, Phase, Step, Why

PAGE = (Path(__file__).parents[3] / "docs/formats/audit.md").read_text("utf-8")
WORDS = {word for quoted in re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", PAGE) for word in quoted.split()}


@pytest.mark.parametrize("kind", [Act, Code, Phase, Why, Case, Step], ids=lambda kind: kind.__name__)
def test_words(kind: type[Act]) -> None:
    """Every word of the closed lists stands in the page."""
    assert {str(word) for word in kind} <= WORDS


def test_fields_and_version() -> None:
    """Every field stands in the page, and the version is the page's."""
    assert set(FIELDS) <= WORDS
    assert f"| `v` | {VERSION};" in PAGE


def test_checks() -> None:
    """The table of checks has the names that the report prints."""
    for number, name in NAMES.items():
        assert f"| {number} | {name} |" in PAGE


def test_example() -> None:
    """The example entry has the form of an entry."""
    from samaran.audit.entry import Entry

    (line,) = re.findall(r"^    (\{.*\})$", PAGE, re.MULTILINE)
    whole = re.sub(r'"(0b|5a)\.\.\."', lambda m: '"' + m[1] * (32 if m[1] == "0b" else 16) + '"', line)
    assert Entry.from_bytes(whole.encode()).act == "source.seal"
