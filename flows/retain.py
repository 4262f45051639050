"""Retention as a Prefect flow: what is due is announced, and destroyed once the days of grace are over."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from samaran.flows.quiet import QUIET, sealed
from samaran.pipeline import retaining
from samaran.pipeline.desk import Desk


@flow(name="retain", **QUIET)
def retain(study: str) -> None:
    """Look at every class of material of a study whose last day is past."""

    def step(_: str) -> None:
        with Desk.open(Path(study)) as desk:
            retaining.retain(desk, scheduled=True)

    work = task(sealed("retain", step), name="retain", task_run_name="retain", cache_policy=NO_CACHE, **QUIET)
    sealed("retain", work)("study")
