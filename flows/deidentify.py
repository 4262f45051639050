"""De-identification as a Prefect flow: one task per document, ids only, the same functions that `--direct` calls."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

from samaran.flows.quiet import QUIET, StepFailed, sealed
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk

Tell = Callable[[str, int, int], None]

watchers: dict[str, Tell] = {}
"""Who wants to hear of progress in this process, by study folder."""

finished: dict[str, Run] = {}
"""Runs that ended in this process, by study folder, for whoever started the flow here. Never stored."""


@flow(name="deidentify", task_runner=ThreadPoolTaskRunner(max_workers=2), **QUIET)
def deidentify(study: str) -> None:
    """Take in what lies in the inbox of a study folder."""
    failures = 0

    def body(folder: str) -> None:
        nonlocal failures
        with Desk.open(Path(folder)) as desk:
            run = Run(desk)
            finished[folder] = run
            run.begin()
            _each(run, "prepare", run.prepare, run.source_ids, watchers.get(folder))
            _one("link", lambda _: run.link(), "study")
            _each(run, "finish", run.finish, run.source_ids, watchers.get(folder))
            run.end()
            failures = sum(outcome.what == "failed" for outcome in run.outcomes.values())

    sealed("deidentify", body)(study)
    if failures:
        raise StepFailed(f"deidentify: {failures} sources failed; `samaran status` says which")


def _each(run: Run, name: str, step: Callable[[str], None], ids: Sequence[str], tell: Tell | None) -> None:
    def checked(source_id: str) -> None:
        step(source_id)
        outcome = run.outcomes.get(source_id)
        if tell is not None:
            tell(name, sum(future.state.is_final() for future in futures), len(ids))
        if outcome is not None and outcome.what == "failed":
            raise outcome.error or StepFailed

    work = task(sealed(name, checked), name=name, task_run_name=name, cache_policy=NO_CACHE, **QUIET)
    futures: list[Any] = [work.submit(source_id) for source_id in ids]
    wait(futures)


def _one(name: str, step: Callable[[str], None], subject: str) -> None:
    task(sealed(name, step), name=name, task_run_name=name, cache_policy=NO_CACHE, **QUIET)(subject)
