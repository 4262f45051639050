"""De-identification as a Prefect flow: one task per document and step, ids only, the same functions that `--direct` calls."""

from collections.abc import Callable, Sequence
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from samaran.flows.caller import Tell, caller
from samaran.flows.quiet import QUIET, StepFailed, may_pass, sealed
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk

RETRY_AFTER_S = (1, 5, 20)
"""How long to wait before each new try of a step that found something in use."""


@flow(name="deidentify", task_runner=ThreadPoolTaskRunner(max_workers=2), **QUIET)
def deidentify(study: str) -> None:
    """Take in what lies in the inbox of a study folder."""
    sealed("deidentify", _deidentify)(study)


def _deidentify(study: str) -> None:
    here = caller()
    try:
        with Desk.open(Path(study)) as desk:
            here.run = run = Run(desk)
            run.begin()
            _each("prepare", _checked(run, run.prepare), run.source_ids, here.tell)
            _task("link", lambda _: run.link())("study")
            _each("finish", _checked(run, run.finish), run.source_ids, here.tell)
            run.end()
    except Exception as error:
        here.error = error
        raise
    failures = sum(outcome.what == "failed" for outcome in run.outcomes.values())
    if failures:
        raise StepFailed(f"deidentify: {failures} sources failed")


def _checked(run: Run, step: Callable[[str], None]) -> Callable[[str], None]:
    """A step that raises what the run has noted of its source, so that its task stands as failed in Prefect too."""

    def checked(source_id: str) -> None:
        step(source_id)
        outcome = run.outcomes.get(source_id)
        if outcome is not None and outcome.what == "failed":
            raise outcome.error or StepFailed(f"{outcome.reason} on {source_id}")

    return checked


def _each(name: str, step: Callable[[str], None], ids: Sequence[str], tell: Tell) -> None:
    work = _task(name, step)
    futures = [work.submit(source_id) for source_id in ids]
    for n, _ in enumerate(as_completed(futures), start=1):
        tell(name, n, len(ids))


def _task(name: str, step: Callable[[str], None]):  # type: ignore[no-untyped-def]  # Prefect's own type says it best
    return task(
        sealed(name, step),
        name=name,
        task_run_name=name,
        cache_policy=NO_CACHE,
        retries=len(RETRY_AFTER_S),
        retry_delay_seconds=list(RETRY_AFTER_S),
        retry_condition_fn=may_pass,
        **QUIET,
    )
