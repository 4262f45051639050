"""The audit as a Prefect flow: verify the log, sign it, write the report. A failure stops later runs until acknowledged."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from samaran.flows.deidentify import RETRY_AFTER_S
from samaran.flows.quiet import QUIET, may_pass, sealed
from samaran.pipeline.watch import watch


@flow(name="audit", flow_run_name="audit", **QUIET)
def audit(study: str) -> None:
    """Verify the audit log of a study folder. Fails, and raises the alarm, when the log is not what it was."""

    def step(_: str) -> None:
        watch(Path(study))

    work = task(
        sealed("audit", step),
        name="audit",
        task_run_name="audit",
        cache_policy=NO_CACHE,
        retries=len(RETRY_AFTER_S),
        retry_delay_seconds=list(RETRY_AFTER_S),
        retry_condition_fn=may_pass,
        **QUIET,
    )
    sealed("audit", work)("study")
