"""What is missed on the gold is known: a new miss fails, and so does one that was mended without saying so."""

from tests.golden.ledger import measured, read, told


def test_the_misses_are_the_known_ones() -> None:
    """The misses with and without the roster are those that known-misses.csv lists, none more, none fewer."""
    now, known = measured(), read()
    assert now == known, (
        f"\nnew misses:\n{told(now - known)}\nno longer missed:\n{told(known - now)}\n"
        "If that is what you meant, run python -m tests.golden.update and commit the ledger with the change."
    )
