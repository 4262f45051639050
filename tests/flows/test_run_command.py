"""`samaran run` through Prefect, as a user sees it."""

import json
import subprocess
from pathlib import Path

from samaran.flows.server import Address
from tests.flows.history import flow_runs
from tests.studies import SAMARAN, TAKEN_IN, copy_of, environment


def run(study: Path, *words: str, **named: str) -> subprocess.CompletedProcess[str]:
    """`samaran run` in a process of its own."""
    return subprocess.run(
        [*SAMARAN, "run", str(study), *words],
        env=environment(**named),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_run_on_a_named_server_is_quiet(prepared: Path, tmp_path: Path, prefect_server: Address) -> None:
    """With PREFECT_API_URL the run stands in that server's history; the output is the command's own, errors stay empty."""
    study = copy_of(prepared, tmp_path)
    named = {"PREFECT_API_URL": prefect_server.url, "PREFECT_API_AUTH_STRING": prefect_server.password}
    done = run(study, "--json", **named)
    assert (done.returncode, done.stderr) == (3, "")
    assert json.loads(done.stdout)["counts"] == {"done": TAKEN_IN, "quarantined": 1, "refused": 1}
    assert [(kept.name, kept.state) for kept in flow_runs(prefect_server, str(study))] == [("deidentify", "COMPLETED")]


def test_run_with_an_embedded_server_is_quiet(prepared: Path, tmp_path: Path) -> None:
    """Without PREFECT_API_URL a server lives as long as the run; its history lies in the study, for the owner's eyes alone."""
    study = copy_of(prepared, tmp_path)
    home = study / ".prefect"
    done = run(study)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith(f"{TAKEN_IN} taken in, 1 quarantined, 1 refused, 0 failed.")
    assert "refect" not in done.stdout
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "prefect.db").exists()
    assert not (home / "storage").exists()


def test_what_stops_a_run_is_shown_as_without_prefect(prepared: Path, tmp_path: Path, prefect_server: Address) -> None:
    """An expired approval ends the run with the same sentence and exit code either way."""
    study = copy_of(prepared, tmp_path)
    config = study / "study.toml"
    config.write_text(config.read_text().replace('expires = ""', 'expires = "2020-01-31"'))
    named = {"PREFECT_API_URL": prefect_server.url, "PREFECT_API_AUTH_STRING": prefect_server.password}
    by_flow, direct = run(study, **named), run(study, "--direct")
    assert (by_flow.returncode, by_flow.stderr) == (direct.returncode, direct.stderr) != (0, "")
    assert "expired" in by_flow.stderr
