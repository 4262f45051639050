"""Release as a Prefect flow: the gate and the export for one profile.

Sources that are behind are withheld: bringing them up to date takes a reviewer's key, and no key lies where a schedule runs.
"""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from samaran.flows.quiet import QUIET, StepFailed, sealed
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import hand_over, profile_of


@flow(name="release", flow_run_name="release", **QUIET)
def release(study: str, profile: str = "analysis") -> None:
    """Send what is settled through the gate, in a profile. Fails when nothing may leave."""

    def step(_: str) -> None:
        with Desk.open(Path(study)) as desk:
            done = hand_over(desk, profile_of(desk, profile))
        if done.folder is None:
            raise StepFailed(f"release: withheld, {len(done.release.withheld)} sources; `samaran release` says why")

    work = task(sealed("release", step), name="release", task_run_name="release", cache_policy=NO_CACHE, **QUIET)
    sealed("release", work)("study")
