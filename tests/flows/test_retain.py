"""The retention flow: announced first, destroyed when the days of grace are over."""

from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from samaran.flows.retain import retain
from samaran.flows.server import Address
from samaran.pipeline.deidentify import deidentify
from samaran.pipeline.desk import Desk
from tests.flows.history import flow_runs
from tests.studies import copy_of


def test_announced_first(prepared: Path, tmp_path: Path, prefect_server: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first scheduled run destroys nothing; one after the days of grace does."""
    study = copy_of(prepared, tmp_path / "study")
    with Desk.open(study) as desk:
        deidentify(desk)
    config = study / "study.toml"
    config.write_text(config.read_text() + '\n[retention]\noriginals = "2020-01-01"\n')
    originals = study / "vault" / "originals"
    with temporary_settings({PREFECT_API_URL: prefect_server.url, PREFECT_API_AUTH_STRING: prefect_server.password}):
        retain(str(study))
        assert list(originals.iterdir())
        monkeypatch.setattr(Desk, "today", "2999-01-01")
        retain(str(study))
    assert not list(originals.iterdir())
    assert [run.state for run in flow_runs(prefect_server, str(study))] == ["COMPLETED", "COMPLETED"]
