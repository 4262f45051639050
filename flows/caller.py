"""Who started a flow in this process: hears of progress, and gets what the flow can't return because Prefect would keep it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from samaran.pipeline.deidentify import Run

Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Caller:
    """`run` is what the flow worked on; `error` is what stopped it, whole, for this process alone."""

    tell: Tell
    run: Run | None = None
    error: Exception | None = None


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def caller() -> Caller:
    """Whoever called, or nobody in particular: a schedule starts flows in a process of their own."""
    return _caller.get() or Caller(lambda *_: None)


@contextmanager
def calling(tell: Tell) -> Iterator[Caller]:
    """Flows that are called in this block report to the value that it gives."""
    here = Caller(tell)
    token = _caller.set(here)
    try:
        yield here
    finally:
        _caller.reset(token)
