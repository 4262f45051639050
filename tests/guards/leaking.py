"""Flows that let text into Prefect, each in its own way: `leaking.py HOW TEXT`. The canary test must catch every one."""

import sys

from prefect import flow, task

import samaran.flows  # noqa: F401  before Prefect


@task
def bare(text: list[str]) -> None:
    """Raises with the text, and no wrapper."""
    raise ValueError(f"no match in {text[0]}")


@task(persist_result=False)
def chained(text: list[str]) -> None:
    """A clean exception whose cause is not."""
    try:
        raise ValueError(f"no match in {text[0]}")
    except ValueError as error:
        raise RuntimeError("step failed") from error


@task(persist_result=True)
def kept(text: list[str]) -> str:
    """Returns the text and lets Prefect keep it."""
    return text[0]


STEPS = {"bare": bare, "chained": chained, "kept": kept}


@flow
def leaking(how: str) -> None:
    """One task; the flow itself ends well, so that only the task can leak."""
    STEPS[how](TEXT, return_state=True)


if __name__ == "__main__":
    HOW, TEXT = sys.argv[1], sys.argv[2:]
    leaking(HOW)
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all(timeout=10)
