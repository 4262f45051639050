"""What keeps interview text out of Prefect: tasks take ids and return nothing, and no exception's text passes through.

Prefect stores a task's or flow's exception in its database, in the log and, for flows, in a pickle; no setting stops that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict

from samaran.errors import Busy


class Quiet(TypedDict):
    """Options of every flow and task."""

    persist_result: bool
    log_prints: bool


QUIET = Quiet(persist_result=False, log_prints=False)


class StepFailed(Exception):
    """A step failed: which, with what kind of error, on which id. Nothing else is ever in it.

    `busy` says that it may work soon.
    """

    def __init__(self, message: str, *, busy: bool = False) -> None:
        super().__init__(message)
        self.busy = busy


def sealed(name: str, step: Callable[[str], None]) -> Callable[[str], None]:
    """The step as Prefect may run it: of an exception only its class passes, without context or cause."""

    @wraps(step)
    def run(subject: str) -> None:
        failure, busy = "", False
        try:
            step(subject)
        except StepFailed as error:
            failure, busy = str(error), error.busy
        except Exception as error:
            failure, busy = f"{name}: {type(error).__name__} on {subject}", isinstance(error, Busy)
        if failure:
            raise StepFailed(failure, busy=busy)  # outside the except block: no context

    return run


def may_pass(_task: object, _run: object, state: Any) -> bool:
    """Whether Prefect should try a failed step again: only when something was in use. A refusal stays a refusal."""
    return isinstance(state.data, StepFailed) and state.data.busy
