"""Invariant 7: a killed run loses nothing and repeats nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.studies import SAMARAN, environment

_ROOT = Path(__file__).parents[2]


def dying(program: str, *given: Path | int) -> dict[str, Any]:
    """What `dying.py` or one like it found."""
    command = [sys.executable, "-m", f"tests.guards.{program}", *map(str, given)]
    done = subprocess.run(command, cwd=_ROOT, env=environment(), capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("seed", "kills"), [(1, 5), pytest.param(2, 20, marks=pytest.mark.slow)])
def test_killed_runs_end_as_undisturbed(prepared: Path, tmp_path: Path, seed: int, kills: int) -> None:
    """SIGKILL at random moments of run and release, and again until one ends: the same rows and released bytes, the log verifies,
    at no time is a raw file in neither inbox nor vault, and none is sealed twice."""
    found = dying("dying", prepared, tmp_path, seed, kills)
    assert found["problems"] == []
    assert found["kills"] == kills
    assert found["moments"] > 50
    assert found["released"] > 3
    done = subprocess.run([*SAMARAN, "audit", "verify", str(tmp_path / "1" / "study")], env=environment(), check=False)
    assert done.returncode == 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("seed", "kills"), [(3, 4), pytest.param(4, 20, marks=pytest.mark.slow)])
def test_killed_runs_of_a_long_chat_end_as_undisturbed(prepared: Path, tmp_path: Path, seed: int, kills: int) -> None:
    """The same where a chat is taken in part by part: between any two parts of any step."""
    found = dying("dying_long", prepared, tmp_path, seed, kills)
    assert found["problems"] == []
    assert found["kills"] == kills


@pytest.mark.timeout(600)
@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_while_sealing(prepared: Path, tmp_path: Path, step: int) -> None:
    """SIGKILL at every moment (fast: at every eleventh) of sealing a full inbox in packs, something new in the inbox afterwards
    or not: all raw files are there, each is sealed once, no pack and no piece of one is left over, rows and files are as
    undisturbed."""
    found = dying("dying_sealing", prepared, tmp_path, step)
    assert found["problems"] == []
    assert found["moments"] > 50
    assert found["kills"] >= found["moments"] // step - 1
