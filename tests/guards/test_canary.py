"""Invariant 2: raw text stays in the inbox until sealed, in memory, and under the informant's key."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from samaran.flows.server import Address, server
from tests.flows.history import flow_runs, task_runs
from tests.guards.canaries import NAME, WORDS, fill
from tests.guards.searching import Wanted, search
from tests.guards.watching import Watched, watch
from tests.studies import prepare

DRIVING, LEAKING = (str(Path(__file__).with_name(name)) for name in ("driving.py", "leaking.py"))
TALKATIVE = {"PREFECT_LOGGING_TO_API_ENABLED": "true", "PREFECT_LOGGING_LEVEL": "DEBUG"}


@contextmanager
def prefect(home: Path, monkeypatch: pytest.MonkeyPatch, temp: Path) -> Iterator[tuple[Address, dict[str, str]]]:
    """A server that keeps all records, and the settings with which a command uses it and tells it as much as it can."""
    temp.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("TMPDIR", str(temp))
    with server(home) as starting:
        address = starting.ready()
        named = {"PREFECT_API_URL": address.url, "PREFECT_API_AUTH_STRING": address.password, "PREFECT_HOME": str(home)}
        yield address, named | TALKATIVE


def accept_all(sheet: Path, filled: Path) -> None:
    """Fill a sheet as a reviewer would who agrees with everything."""
    with sheet.open(newline="") as file:
        rows = [row | {"decision": "accept"} for row in csv.DictReader(file)]
    with filled.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.timeout(600)
def test_a_canary_is_found_in_no_other_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her name in every kind of input is found after all commands, whole and broken, only in what the user laid down: nowhere in
    the study, Prefect's home, what was said, or among temporary files; and no digest of a raw file either."""
    prepare(tmp_path, files=(), decided_from=1.01)
    study, said = tmp_path / "study", tmp_path / "said"
    raw = fill(study)
    said.mkdir()
    counted = tmp_path / "counted.txt"
    key, sheet, accepted = tmp_path / "keys" / "reviewer.key", tmp_path / "sheet.csv", tmp_path / "accepted.csv"
    noted: list[str] = []

    def call(n: int, how: str, *words: object, **named: str) -> Watched:
        done = watch([sys.executable, DRIVING, how, *map(str, words)], tmp_path, COUNTED=str(counted), **named)
        (said / f"{n}.txt").write_text(f"{done.code}\n{done.out}\n{done.err}")
        noted.extend(done.noted)
        return done

    with prefect(tmp_path / "home", monkeypatch, tmp_path / "tmp") as (address, named):
        partly = call(1, "detect", "run", study, "--json", **named)
        assert json.loads(partly.out)["counts"]["failed"] == 1, partly.err
        broken = call(2, "link", "run", study, "--json", **named)
        assert (broken.code, "ValueError" in broken.err) == (1, True), broken.err
        whole = call(3, "whole", "run", study, "--json", **named)
        assert json.loads(whole.out)["counts"] == {"done": 1, "refused": 2}, whole.err
        tasks, flows = task_runs(address, str(study)), flow_runs(address, str(study))
    assert [run.state for run in flows] == ["FAILED", "FAILED", "COMPLETED"]
    assert len(tasks) == len(counted.read_text().split()), "every task that ran left its record, so that it was searched too"
    call(4, "whole", "status", study, "--json")
    call(5, "whole", "decide", study, "--sheet", sheet, "--key", key)
    accept_all(sheet, accepted)
    assert call(6, "whole", "decide", study, "--from", accepted, "--key", key, "--json").code == 0
    released = call(7, "whole", "release", study, "--json")
    assert json.loads(released.out)["cleared"], released.err
    assert call(8, "whole", "audit", "verify", study, "--json").code == 0
    assert call(9, "whole", "audit", "report", study).code == 0
    call(10, "whole", "detect", "--roster", study / "consent.csv", study / "inbox" / "INF-03_wawancara_1.txt")  # a wrong roster
    (study / "consent.csv").write_text(f"{NAME}\n")
    assert call(11, "whole", "run", study, "--direct", "--json").code == 2

    wanted = Wanted(WORDS)
    for data in raw.values():
        wanted.add_digest(data)
    by_the_user = [study / name for name in ("inbox", "roster.csv", "consent.csv", "manifest.csv")]
    assert set(search(tmp_path, wanted, [*by_the_user])) == {"sheet.csv", "accepted.csv"}, "only the reviewer's sheet"
    left = {path.relative_to(study / "inbox").as_posix() for path in (study / "inbox").rglob("*") if path.is_file()}
    assert len(left) == 2, "what was sealed is gone from the inbox"
    assert left <= set(raw)
    assert noted == [], "nothing was written into the folder for temporary files, not even for a while"


@pytest.mark.timeout(300)
def test_seeded_leaks_are_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that raises with the text, one whose cause has it, one that lets Prefect keep what it returns: each is found
    where it was to be expected."""
    home = tmp_path / "home"
    words = {"bare": "Barenova", "chained": "Chainedova", "kept": "Keptova"}
    with prefect(home, monkeypatch, tmp_path / "tmp") as (_, named):
        for how, word in words.items():
            done = watch([sys.executable, LEAKING, how, word], tmp_path / how, **named)
            assert done.code == 0, done.err
    found = {how: set(search(home, Wanted([word]))) for how, word in words.items()}
    assert found["bare"] >= {"prefect.db:task_run_state.message", "prefect.db:events.payload", "prefect.db:log.message"}
    assert "prefect.db:log.message" in found["chained"], "missed without log-to-API: that is why it is on here"
    assert any(place.startswith("storage/") for place in found["kept"])
