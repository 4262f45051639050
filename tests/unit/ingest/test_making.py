"""Spans and lines that are made fast are those that are made slowly."""

from dataclasses import FrozenInstanceError, fields

import pytest

from samaran.ingest import making
from samaran.model import Line, Part, Span, SpeakerRole


def test_a_span_made_fast_is_a_span() -> None:
    """It equals the one made by its class, has its hash, and stays as it is."""
    made = making.span(3, 7)
    assert type(made) is Span
    assert made == Span(3, 7)
    assert hash(made) == hash(Span(3, 7))
    with pytest.raises(FrozenInstanceError):
        made.start = 4  # type: ignore[misc]


@pytest.mark.parametrize("edges", [(3, 3), (4, 3), (-1, 2)])
def test_no_span_is_made_of_wrong_edges(edges: tuple[int, int]) -> None:
    """What `Span` refuses is refused."""
    with pytest.raises(ValueError, match="not a span"):
        making.span(*edges)


def test_a_line_made_fast_is_a_line() -> None:
    """Every field arrives where it belongs, left out or given in order, and the line stays as it is."""
    values = (4, Span(0, 9), "line 4", Part.NOTE, Span(0, 1), Span(1, 2), SpeakerRole.PEER, 5, 6, Span(2, 3))
    assert len(values) == len(fields(Line))
    for given in (values, values[:3], values[:5]):
        made = making.line(*given)  # type: ignore[arg-type]
        assert type(made) is Line
        assert made == Line(*given)  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        made.n = 5  # type: ignore[misc]
