"""What keeps interview text out of Prefect: tasks take ids and return nothing, and no exception's text passes through.

Prefect stores a task's or flow's exception in its database, in the log and, for flows, in a pickle; no setting stops that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict


class Quiet(TypedDict):
    """Options of every flow and task."""

    persist_result: bool
    log_prints: bool


QUIET = Quiet(persist_result=False, log_prints=False)


class StepFailed(Exception):
    """A step failed: which, with what kind of error, on which id. Nothing else is ever in it."""


def sealed(name: str, step: Callable[..., Any]) -> Callable[[str], None]:
    """The step as Prefect may run it: of an exception only its class passes, without context or cause."""

    @wraps(step)
    def run(subject: str) -> None:
        failure = None
        try:
            step(subject)
        except Exception as error:
            failure = type(error).__name__
        if failure is not None:
            raise StepFailed(f"{name}: {failure} on {subject}")  # outside the except block: no context

    return run
