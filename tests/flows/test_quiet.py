"""What passes through a sealed step."""

import traceback

import pytest
from prefect.client.schemas.objects import State, StateType

from samaran.errors import Busy
from samaran.flows.quiet import StepFailed, may_pass, sealed


def breaking(error: Exception) -> StepFailed:
    """What a sealed step raises when it breaks like this."""

    def step(_: str) -> None:
        raise error

    with pytest.raises(StepFailed) as caught:
        sealed("read", step)("a-source")
    return caught.value


def test_only_the_class_of_an_error_passes() -> None:
    """Neither message, cause, context nor arguments of the original error are reachable from what is raised."""
    found = breaking(ValueError("Maharani Kusumah"))
    assert str(found) == "read: ValueError on a-source"
    assert (found.__cause__, found.__context__) == (None, None)
    assert "Maharani" not in "".join(traceback.format_exception(found)) + repr(found.args)


def test_a_failed_step_inside_keeps_its_words() -> None:
    """A step that fails inside a flow is named as it was, and still without context."""
    found = breaking(StepFailed("finish: Defect on b"))
    assert (str(found), found.__context__) == ("finish: Defect on b", None)


@pytest.mark.parametrize(
    ("error", "again"), [(Busy("In use.", "Again."), True), (ValueError("no"), False), (OSError(28, "full"), False)]
)
def test_only_what_was_in_use_is_tried_again(error: Exception, again: bool) -> None:
    """A step is worth another try when something was in use, and never otherwise."""
    assert may_pass(None, None, State(type=StateType.FAILED, data=breaking(error))) is again


def test_a_stranger_is_not_tried_again() -> None:
    """An exception that no step raised is no reason to try again."""
    assert not may_pass(None, None, State(type=StateType.FAILED, data=TimeoutError()))


def test_a_step_that_works_returns_nothing() -> None:
    """Whatever a step returns stays with it: Prefect gets None."""
    assert sealed("read", lambda subject: subject.upper())("a") is None
