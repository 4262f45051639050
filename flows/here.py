"""Calling the de-identification flow in this process, on a server that is there for as long as it takes."""

from prefect.events.worker import EventsWorker
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from samaran.flows.caller import Tell, calling
from samaran.flows.deidentify import deidentify
from samaran.flows.quiet import StepFailed
from samaran.flows.server import Address
from samaran.pipeline.deidentify import Run


def run_here(study: str, address: Address, tell: Tell) -> Run:
    """Run the flow. Raises what stopped it, whole, as `--direct` would; a source that failed stops nothing."""
    settings = {PREFECT_API_URL: address.url, PREFECT_API_AUTH_STRING: address.password or None}
    with temporary_settings(settings), calling(tell) as here:
        try:
            deidentify(study)
        except StepFailed:
            if here.error is not None:
                raise here.error from None
        finally:
            EventsWorker.drain_all(timeout=10)
    run: Run = here.run
    return run
