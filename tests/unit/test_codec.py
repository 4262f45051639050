"""To and from JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran import codec
from samaran.errors import IntegrityError
from samaran.model import EntityType, Span

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_bytes_come_back(value: object) -> None:
    """Canonical JSON is parsed to the same value, and written again to the same bytes."""
    data = codec.canonical(value)
    assert codec.parse(data) == value
    assert codec.canonical(codec.parse(data)) == data


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "{", "[1,", "nope", '{"a":01}'])
def test_broken_json_gives_no_text_away(text: str) -> None:
    """What is not JSON raises our error, and neither it nor its context holds the document."""
    with pytest.raises(IntegrityError) as caught:
        codec.parse(text)
    assert text not in str(caught.value)
    assert caught.value.__context__ is None


def test_plain_keeps_zero_and_false() -> None:
    """Empty fields are left out; zero and false are no empty fields."""
    assert codec.plain(Span(0, 3)) == {"start": 0, "end": 3}
    assert codec.plain({"kind": EntityType.AGE, "all": frozenset({"b", "a"})}) == {"kind": "AGE", "all": ["a", "b"]}
