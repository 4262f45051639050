"""The demo's reviewer decides by her marks, whatever was found."""

from samaran.demo.marks import Mark
from samaran.demo.reviewer import Reviewer, Row
from samaran.model import EntityType, Span


def mark(start: int, end: int, entity: str = "", kind: EntityType = EntityType.PERSON) -> Mark:
    return Mark(Span(start, end), kind, entity)


def row(start: int, end: int, pseudonym: str = "ORANG-9", kind: str = "PERSON") -> Row:
    return {
        "mention": f"m{start}",
        "source": "s",
        "start": str(start),
        "end": str(end),
        "type": kind,
        "pseudonym": pseudonym,
        "decision": "",
        "new_type": "",
        "entity": "",
    }


def decided(marks: list[Mark], rows: list[Row], people: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    filled = Reviewer({"d": marks}, people or {}).fill(rows, {"s": "d"}, {})
    return [(r["decision"], r["new_type"], r["entity"]) for r in filled]


def test_what_she_marked_is_accepted_and_the_rest_rejected() -> None:
    """A mention on her mark stays, a mention that she did not mark goes."""
    assert decided([mark(0, 4)], [row(0, 4), row(10, 15)]) == [("accept", "", ""), ("reject", "", "")]


def test_another_type_is_corrected() -> None:
    """A mention of another type than hers gets her type."""
    assert decided([mark(0, 4, kind=EntityType.LOCATION)], [row(0, 4)]) == [("type", "LOCATION", "")]


def test_what_was_missed_is_added() -> None:
    """A mark that nobody found becomes a row of its own, with whom it means where the roster knows."""
    assert decided([mark(0, 4, "rani")], [], {"rani": "INF-01"}) == [("add", "PERSON", "INF-01")]


def test_a_wrong_span_is_rejected_and_the_right_one_added() -> None:
    """A mention that only overlaps her mark is replaced by it."""
    assert [d for d, _, _ in decided([mark(0, 8)], [row(0, 4)])] == ["reject", "add"]


def test_a_person_split_in_two_is_merged() -> None:
    """Where all mentions of a pseudonym mean somebody else, the entity is merged into her."""
    assert decided([mark(0, 4, "rani"), mark(9, 12, "rani")], [row(0, 4), row(9, 12)], {"rani": "INF-01"}) == [
        ("merge", "", "INF-01"),
        ("merge", "", "INF-01"),
    ]


def test_two_people_under_one_pseudonym_are_told_apart() -> None:
    """Where a pseudonym stands for two people, only the mentions of the other one are renamed."""
    found = decided(
        [mark(0, 4, "rani"), mark(9, 12, "ujang")],
        [row(0, 4, "INF-01"), row(9, 12, "INF-01")],
        {"rani": "INF-01", "ujang": "TRI-01"},
    )
    assert found == [("accept", "", ""), ("accept", "", "TRI-01")]


def test_nothing_is_added_twice() -> None:
    """A second sheet brings no row for what she added in the first."""
    reviewer = Reviewer({"d": [mark(0, 4)]}, {})
    assert len(reviewer.fill([], {"s": "d"}, {})) == 1
    assert reviewer.fill([], {"s": "d"}, {}) == []
