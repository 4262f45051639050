"""What a Prefect server has kept, asked over its API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from samaran.flows.server import Address


@dataclass(frozen=True)
class Kept:
    """One run: its name, how it ended and what Prefect was told about that."""

    name: str
    state: str
    message: str
    tries: int


@contextmanager
def asking(address: Address) -> Iterator[SyncPrefectClient]:
    """A client of that server."""
    with (
        temporary_settings({PREFECT_API_URL: address.url, PREFECT_API_AUTH_STRING: address.password}),
        get_client(sync_client=True) as client,
    ):
        yield client


def flow_runs(address: Address, study: str) -> list[Kept]:
    """Runs of flows over one study, oldest first."""
    with asking(address) as client:
        found = client.read_flow_runs()
    mine = sorted((run for run in found if run.parameters.get("study") == study), key=lambda run: run.created)
    return [Kept(run.name, run.state.type.value, run.state.message or "", run.run_count) for run in mine if run.state]


def task_runs(address: Address, study: str) -> list[Kept]:
    """Runs of tasks over one study."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    with asking(address) as client:
        mine = [run.id for run in client.read_flow_runs() if run.parameters.get("study") == study]
        found = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=mine)))
    return [Kept(run.name, run.state.type.value, run.state.message or "", run.run_count) for run in found if run.state]
