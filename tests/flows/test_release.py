"""The release flow: the gate as a deployment runs it."""

from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from samaran.flows.quiet import StepFailed
from samaran.flows.release import release
from samaran.flows.server import Address
from samaran.pipeline.deidentify import deidentify
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import hand_over, profile_of
from tests.flows.history import flow_runs
from tests.studies import copy_of, release_bytes


def test_same_release_as_in_process(prepared: Path, tmp_path: Path, prefect_server: Address) -> None:
    """The flow writes the bytes that the command writes; a profile that is unknown and a study with nothing to give fail, in
    words of the class alone."""
    by_flow, in_process = copy_of(prepared, tmp_path / "flow"), copy_of(prepared, tmp_path / "direct")
    with temporary_settings({PREFECT_API_URL: prefect_server.url, PREFECT_API_AUTH_STRING: prefect_server.password}):
        with pytest.raises(StepFailed, match=r"withheld, 0 sources"):
            release(str(by_flow))
        with pytest.raises(StepFailed, match=r"UsageError on study$"):
            release(str(by_flow), profile="everything")
        for study in (by_flow, in_process):
            with Desk.open(study) as desk:
                deidentify(desk)
        release(str(by_flow))
    with Desk.open(in_process) as desk:
        hand_over(desk, profile_of(desk, "analysis"))
    assert release_bytes(by_flow) == release_bytes(in_process) != {}
    assert [run.state for run in flow_runs(prefect_server, str(by_flow))] == ["FAILED", "FAILED", "COMPLETED"]
