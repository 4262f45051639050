"""De-identification as a Prefect flow: one task per document and step, ids only, the same functions that `--direct` calls."""

from collections.abc import Callable
from pathlib import Path

from prefect import Task, flow
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from samaran.errors import Busy
from samaran.flows.caller import Tell, caller
from samaran.flows.quiet import QUIET, StepFailed, may_pass, sealed
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk

RETRY_AFTER_S = (1, 5, 20)
"""How long to wait before each new try of a step that found something in use."""


@flow(name="deidentify", flow_run_name="deidentify", task_runner=ThreadPoolTaskRunner(max_workers=2), **QUIET)  # type: ignore[arg-type]
def deidentify(study: str) -> None:
    """Take in what lies in the inbox of a study folder."""
    sealed("deidentify", _deidentify)(study)


def _deidentify(study: str) -> None:
    here = caller()
    try:
        with Desk.open(Path(study)) as desk:
            here.run = run = Run(desk, here.tell)
            run.begin()
            _each(run, "seal", run.seal, here.tell, together=False)
            _each(run, "prepare", run.prepare, here.tell)
            _task("link", lambda _: run.link())("study")
            _each(run, "finish", run.finish, here.tell)
            run.end()
    except Exception as error:
        here.error = error
        raise
    failures = sum(outcome.what == "failed" for outcome in run.outcomes.values())
    if failures:
        raise StepFailed(f"deidentify: {failures} sources failed")


def _each(run: Run, name: str, step: Callable[[str], None], tell: Tell, *, together: bool = True) -> None:
    """The step for every source that has no outcome yet. A failure that the run has noted stands as failed in Prefect too."""
    ids, waiting = [s for s in run.source_ids if s not in run.outcomes], dict[str, Busy]()

    def checked(source_id: str) -> None:
        try:
            step(source_id)
        except Busy as busy:
            waiting[source_id] = busy
            raise
        waiting.pop(source_id, None)
        outcome = run.outcomes.get(source_id)
        if outcome is not None and outcome.what == "failed":
            raise outcome.error or StepFailed(f"{name}: {outcome.reason} on {source_id}")

    work = _task(name, checked)
    if together:
        for n, _ in enumerate(as_completed([work.submit(source_id) for source_id in ids]), start=1):
            tell(name, n, len(ids))
    else:
        for n, source_id in enumerate(ids, start=1):
            work(source_id, return_state=True)
            tell(name, n, len(ids))
    for source_id, busy in waiting.items():
        run.give_up(source_id, busy)


def _task(name: str, step: Callable[[str], None]) -> Task[[str], None]:
    return Task(
        sealed(name, step),
        name=name,
        task_run_name=name,
        cache_policy=NO_CACHE,
        retries=len(RETRY_AFTER_S),
        retry_delay_seconds=list(RETRY_AFTER_S),
        retry_condition_fn=may_pass,
        **QUIET,
    )
