"""Release as a Prefect flow: the gate and the export for one profile.

Sources that are behind are withheld: bringing them up to date takes a reviewer's key, and no key lies where a schedule runs.
"""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from samaran.flows.quiet import QUIET, sealed
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import Released, hand_over, profile_of

finished: dict[str, Released] = {}
"""What the gate said in this process, by study folder, for whoever started the flow here. Never stored."""


@flow(name="release", **QUIET)
def release(study: str, profile: str = "analysis") -> None:
    """Send what is settled through the gate, in a profile."""

    def step(_: str) -> None:
        with Desk.open(Path(study)) as desk:
            finished[study] = hand_over(desk, profile_of(desk, profile))

    task(sealed("release", step), name="release", task_run_name="release", cache_policy=NO_CACHE, **QUIET)("study")
