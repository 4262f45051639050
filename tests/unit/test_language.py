"""Languages by function words."""

import pytest

from samaran.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saya sudah lama tidak pulang karena dia juga ada di sana", "id"),
        ("Abdi mah teu acan apal, geus kamari ge nanya ka manehna", "su"),
        ("I was there and they told me that it is over", "en"),
        ("Aku mah teu nyaho, tapi karena dia tidak datang, urang henteu", "mixed"),
        ("wkwkwk 200 gas", "unknown"),
        ("", "unknown"),
    ],
)
def test_language(text: str, expected: str) -> None:
    """The language with most of the votes, `mixed` when a second one has a third of them."""
    assert language(text) == expected
