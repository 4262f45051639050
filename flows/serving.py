"""Serving the deployments of one study: `nightly` and `audit` by their cron lines, `release` on demand.

Scheduled runs happen in processes of their own, one at a time. `nightly` follows the clock of this machine. A night when the
machine was off is made up for at the next one: the inbox waits.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import TERMINAL_STATES
from prefect.client.schemas.schedules import CronSchedule
from prefect.runner import Runner
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, PREFECT_HOME, temporary_settings
from prefect.types import DateTime
from prefect.types.entrypoint import EntrypointType

from samaran.errors import UsageError
from samaran.flows.audit import audit
from samaran.flows.deidentify import deidentify
from samaran.flows.release import release
from samaran.flows.retain import retain
from samaran.flows.server import Address, Server

FALLBACK_ZONE = "Asia/Jakarta"
"""Where a machine does not say in which time zone it stands."""

_LOOK_EVERY_S = 1.0


def serve_study(study: str, starting: Server, cron: str, limit: int, audit_cron: str = "") -> None:
    """Serve until interrupted, or until `limit` runs of `nightly` have ended, 0 meaning never.

    Raises `UsageError` for a cron line that Prefect can't read.
    """
    try:
        schedule = CronSchedule(cron=cron, timezone=zone())
        watching = CronSchedule(cron=audit_cron, timezone=zone()) if audit_cron else None
    except ValueError:
        raise UsageError("The cron line is not valid.", 'For example cron = "0 2 * * *": every night at two.') from None
    address = starting.ready()
    settings = {PREFECT_API_URL: address.url, PREFECT_API_AUTH_STRING: address.password or None}
    with temporary_settings(settings), _profile(address):
        asyncio.run(_serve(study, schedule, watching, limit))


async def _serve(study: str, schedule: CronSchedule, watching: CronSchedule | None, limit: int) -> None:
    runner = Runner(name="samaran", limit=1)
    here: dict[str, Any] = {"parameters": {"study": study}, "entrypoint_type": EntrypointType.MODULE_PATH}
    nightly = await runner.aadd_deployment(await deidentify.ato_deployment("nightly", schedules=[schedule], **here))
    await runner.aadd_deployment(await release.ato_deployment("release", **here))
    await runner.aadd_deployment(await retain.ato_deployment("retain", schedules=[schedule], **here))
    await runner.aadd_deployment(await audit.ato_deployment("audit", schedules=[watching] if watching else [], **here))
    ending = asyncio.create_task(_end(runner, nightly, limit))
    await runner.start()
    await ending


async def _end(runner: Runner, deployment: UUID, limit: int) -> None:
    """Stop the runner on a signal, or when enough runs are over. Its own handler can't: it waits for the loop that it runs in."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    over = FlowRunFilter(
        end_time=FlowRunFilterEndTime(after_=DateTime.now(UTC)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(TERMINAL_STATES))),
    )
    these = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
    async with get_client() as client:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_EVERY_S)
            if limit and len(await client.read_flow_runs(flow_run_filter=over, deployment_filter=these, limit=limit)) >= limit:
                break
    await runner.astop()


def zone() -> str:
    """The IANA name of this machine's time zone."""
    known = available_timezones()
    named = os.environ.get("TZ", "").lstrip(":")
    linked = Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]
    return next((name for name in (named, linked) if name in known), FALLBACK_ZONE)


@contextmanager
def _profile(address: Address) -> Iterator[None]:
    """While a server of ours runs, `PREFECT_HOME=STUDY/.prefect prefect ...` finds it: to start a release, to look at runs."""
    if not address.password or os.environ.get("PREFECT_API_URL"):
        yield
        return
    path = PREFECT_HOME.value() / "profiles.toml"
    lines = (
        'active = "samaran"',
        "[profiles.samaran]",
        f'PREFECT_API_URL = "{address.url}"',
        f'PREFECT_API_AUTH_STRING = "{address.password}"',
        "",
    )
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
