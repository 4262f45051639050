"""Gold documents: marks are read exactly, and a bad mark is named by its line."""

import pytest

from samaran.errors import UsageError
from samaran.evaluate.gold import parse, read_gold


def test_marks_become_spans_of_the_plain_text():
    """Types, entities and surfaces; single brackets and line ends stay."""
    gold = parse("I: Teh [[PERSON#rani:Rani]], [x]\r\nP: [[AGE:19]] [[URL:http://a.example/b?c=1]]")
    assert gold.text == "I: Teh Rani, [x]\r\nP: 19 http://a.example/b?c=1"
    assert [(m.type, m.entity, m.span.of(gold.text)) for m in gold.marks] == [
        ("PERSON", "rani", "Rani"),
        ("AGE", "", "19"),
        ("URL", "", "http://a.example/b?c=1"),
    ]


def test_a_bracket_of_the_text_may_stand_beside_a_mark():
    """The head of an exported chat line stands in brackets, and its date is marked right behind the first."""
    gold = parse("[[[DATE:02/02/24]], 19:22] [[PERSON:Rani]]: [kata [[PERSON:Yuyun]]]")
    assert gold.text == "[02/02/24, 19:22] Rani: [kata Yuyun]"
    assert [m.span.of(gold.text) for m in gold.marks] == ["02/02/24", "Rani", "Yuyun"]


@pytest.mark.parametrize(
    "bad",
    [
        "[[PERSON:Rani",
        "Rani]]",
        "[[PERSON:Ra\nni]]",
        "[[PERSON:Teh [[PERSON:Rani]]]]",
        "[[NAME:Rani]]",
        "[[Rani]]",
        "[[PERSON#Rani Satu:Rani]]",
        "[[PERSON:]]",
        "[[PERSON: Rani]]",
    ],
)
def test_a_bad_mark_is_named_by_its_line(bad):
    """Each way to get a mark wrong is an error that says where and holds no text."""
    with pytest.raises(UsageError, match="line 2") as caught:
        parse("first line\n" + bad)
    assert "Rani" not in f"{caught.value} {caught.value.hint}"


def test_a_folder_is_read_by_name_with_the_folders_below(tmp_path):
    """Documents come in the order of names, named without their suffix."""
    (tmp_path / "b").mkdir()
    for name in ("b/x", "a"):
        (tmp_path / f"{name}.ann.txt").write_bytes(b"[[PERSON:Rani]]\n")
    assert [gold.name for gold in read_gold(tmp_path)] == ["a", "b/x"]


def test_a_folder_without_gold_or_with_garbage_is_refused(tmp_path):
    """Nothing to measure is an error, not a perfect score."""
    with pytest.raises(UsageError):
        read_gold(tmp_path)
    (tmp_path / "a.ann.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="document 1 of 1"):
        read_gold(tmp_path)
