"""Invariant 7 for corrections: a killed join loses nothing and repeats nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.studies import environment

_ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("seed", "kills"), [(1, 6), pytest.param(2, 25, marks=pytest.mark.slow)])
def test_killed_joins_end_as_undisturbed(prepared: Path, tmp_path: Path, seed: int, kills: int) -> None:
    """SIGKILL at random moments of taking a correction in, joining and releasing it, and again until one ends: the same rows, the
    same releases and list of recalls, and the log verifies."""
    command = [sys.executable, "-m", "tests.guards.correcting", str(prepared), str(tmp_path), str(seed), str(kills)]
    done = subprocess.run(command, cwd=_ROOT, env=environment(), capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["kills"] == kills
    assert found["unchanged"][0] > 3
    assert found["carried"] > 0
    assert found["recalls"]
