"""The audit as a flow: a whole log is signed, a spoiled one fails and says no more than it may."""

import sqlite3
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from samaran.flows.audit import audit
from samaran.flows.quiet import StepFailed
from samaran.flows.server import Address
from samaran.pipeline import alarm
from tests.studies import copy_of


def test_the_flow_verifies_signs_and_reports(prefect_server: Address, prepared: Path, tmp_path: Path) -> None:
    """One run leaves the report; after a change in the log the next fails with a class alone, and raises the alarm."""
    study = copy_of(prepared, tmp_path)
    settings = {PREFECT_API_URL: prefect_server.url, PREFECT_API_AUTH_STRING: prefect_server.password}
    with temporary_settings(settings):
        audit(str(study))
        assert (study / "audit" / "report.html").exists()
        with sqlite3.connect(study / "audit" / "log.db") as db:
            db.execute("UPDATE leaf SET leaf_hash = zeroblob(32) WHERE seq = 3")
        with pytest.raises(StepFailed, match=r"^audit: IntegrityError on study$"):
            audit(str(study))
    raised = alarm.read(study)
    assert raised is not None
    assert (6 in raised.checks, raised.first_bad, raised.acknowledged) == (True, 3, "")
