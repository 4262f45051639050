"""A schedule that really fires."""

import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from samaran.errors import UsageError
from samaran.flows.serving import serve_study, zone
from tests.studies import SAMARAN, TAKEN_IN, copy_of, environment, rows


@pytest.mark.timeout(400)
def test_one_scheduled_run_happens(prepared: Path, tmp_path: Path) -> None:
    """`samaran schedule` serves a study until the scheduler itself has started a run, which took the inbox in; then it stops.

    The cron line has a sixth field, seconds, so that nobody waits for a full minute.
    """
    study = copy_of(prepared, tmp_path)
    command = [*SAMARAN, "schedule", str(study), "--cron", "* * * * * */5", "--limit", "1"]
    home = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "PREFECT_HOME": str(tmp_path / "home")}
    done = subprocess.run(command, env=environment(**home), capture_output=True, text=True, timeout=360, check=False)
    assert done.returncode == 0, done.stderr
    assert [row[6] for row in rows(study)["source"]].count("done") == TAKEN_IN
    assert not (tmp_path / "home" / "profiles.toml").exists(), "the password went with the server"


def test_the_zone_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time zone is one that exists: TZ where it names one, else that of the machine, else Jakarta's."""
    monkeypatch.setenv("TZ", "Asia/Makassar")
    assert zone() == "Asia/Makassar"
    monkeypatch.setenv("TZ", "Nowhere/At-All")
    assert ZoneInfo(zone())
    monkeypatch.setattr(Path, "resolve", lambda self: self)
    assert zone() == "Asia/Jakarta"


def test_a_bad_cron_line_is_refused_before_anything_is_served() -> None:
    """A cron line that can't be read is a usage error, and no server is waited for."""
    with pytest.raises(UsageError, match="cron"):
        serve_study("study", None, "61 * * * *", 0)  # type: ignore[arg-type]
