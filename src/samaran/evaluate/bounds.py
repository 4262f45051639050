"""How sure a count of leaks is: the exact upper bound of a Poisson rate (Garwood 1936)."""

from math import exp, lgamma, log


def upper(count: int, confidence: float = 0.95) -> float:
    """The largest expected count under which `count` or fewer still happens in at least 5 of 100 (one-sided)."""
    low, high = float(count), 10.0
    while _at_most(count, high) > 1 - confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if _at_most(count, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(count + 1))
