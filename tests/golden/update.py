"""Rewrite the regression ledger from what is missed now: `python -m tests.golden.update`. Read the difference first."""

from tests.golden.ledger import LEDGER, measured, read, told, write


def main() -> None:
    """Measure, write, and say what is new and what is gone."""
    before = read() if LEDGER.exists() else frozenset()
    now = measured()
    write(now)
    print(f"{len(now)} known misses.\nnew:\n{told(now - before)}\ngone:\n{told(before - now)}")


if __name__ == "__main__":
    main()
