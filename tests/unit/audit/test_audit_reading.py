"""Questions to the log."""

from collections.abc import Callable
from pathlib import Path

import pytest

from samaran.audit.reading import Question, entries
from samaran.audit.store import DATABASE
from samaran.errors import IntegrityError, UsageError


@pytest.mark.parametrize(
    ("question", "seqs"),
    [
        (Question(), range(12)),
        (Question(act="log.start"), [0, 1]),
        (Question(act="source", phase="result"), [3, 5, 7, 9, 11]),
        (Question(code="ok"), [1, 3, 5, 7, 9, 11]),
        (Question(code="no-consent"), []),
        (Question(actor="coll"), range(12)),
        (Question(sid="5a5a"), range(2, 12)),
        (Question(since="2026-03-01", until="2026-03-01"), range(12)),
        (Question(since="2026-03-02"), []),
        (Question(until="2026-02"), []),
    ],
)
def test_a_question_gives_the_entries_that_fit(finished: dict[int, Path], question: Question, seqs: list[int]) -> None:
    """Every filter keeps exactly what it names."""
    assert [entry.seq for entry in entries(finished[12], question)] == list(seqs)


def test_a_stretch(finished: dict[int, Path]) -> None:
    """From and to count entries, the last excluded."""
    assert [entry.seq for entry in entries(finished[12], lo=3, hi=6)] == [3, 4, 5]


@pytest.mark.parametrize("words", [{"act": "source.sael"}, {"act": "so"}, {"code": "good"}, {"phase": "both"}])
def test_words_that_no_entry_has_are_refused(words: dict[str, str]) -> None:
    """A mistyped filter is an error, not an empty answer."""
    with pytest.raises(UsageError):
        Question(**words)


def test_a_damaged_entry_is_named(copy: Callable[[int], Path]) -> None:
    """Reading stops at an entry that isn't one, and says which."""
    import sqlite3

    folder = copy(12)
    with sqlite3.connect(folder / DATABASE) as db:
        db.execute("UPDATE leaf SET leaf = X'7B7D' WHERE seq = 4")
    with pytest.raises(IntegrityError, match="Entry 4 "):
        list(entries(folder))
    assert [entry.seq for entry in entries(folder, Question(act="log"))] == [0, 1]
    with pytest.raises(UsageError):
        list(entries(folder / "none"))
