"""Kills a run and a release again and again: `dying.py PREPARED PLACE SEED KILLS`, one JSON document on standard output.

A run has moments: before and after each write of a sealed file, fsync, rename, link, removal and commit. An undisturbed run on
a copy of the prepared study counts them. Then, on other copies, a forked child runs and kills itself with SIGKILL at a moment
that chance chose, again and again until a run ends; after every kill all raw files must be there, and in the end everything must
be as undisturbed. The parent has all code loaded, so that a child costs no more than its work.
"""

import io
import json
import os
import random
import signal
import sqlite3
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import samaran.detect
import samaran.export
from samaran.audit.verify import verify
from samaran.pipeline.deidentify import deidentify
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import hand_over, profile_of
from samaran.vault.keys import PrivateKey, load_private_key
from samaran.vault.pool import unwrap
from samaran.vault.seal import open_bytes
from tests.studies import copy_of, release_bytes, rows

_ACTS = ("fsync", "write", "rename", "replace", "link", "unlink", "remove")


def load_once() -> None:
    """From now on one detector serves this process and the children that it forks."""
    samaran.detect.Detector = lru_cache(samaran.detect.Detector)  # type: ignore[misc,assignment]


class Moments:
    """Counts the moments of this process, and ends it at the chosen one, 0 meaning never."""

    def __init__(self, last: int) -> None:
        self.count, self._last = 0, last

    def passes(self) -> None:
        """One more moment."""
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Count from now on, in this process."""
        for name in _ACTS:
            setattr(os, name, self._around(getattr(os, name)))
        passes = self.passes

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
                if not sql.lstrip().upper().startswith("COMMIT"):
                    return super().execute(sql, *rest)
                passes()
                done = super().execute(sql, *rest)
                passes()
                return done

        connect = sqlite3.connect
        sqlite3.connect = lambda *rest, **named: connect(*rest, **({"factory": Connection} | named))  # type: ignore[assignment]

    def _around(self, act: Any) -> Any:
        def counted(*rest: Any, **named: Any) -> Any:
            self.passes()
            done = act(*rest, **named)
            self.passes()
            return done

        return counted


def whole(desk: Desk) -> None:
    """Run and release."""
    deidentify(desk)
    hand_over(desk, profile_of(desk, "analysis"))


def run(study: Path, last: int, work: Callable[[Desk], None] = whole) -> int | None:
    """Do the work in a child; how many moments it had, or None when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            moments = Moments(last)
            moments.watch()
            with Desk.open(study) as desk:
                work(desk)
            os.write(writing, str(moments.count).encode())
        except BaseException as error:
            print(f"a child broke: {error!r}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    return int(said)


def contents(study: Path, keys: list[PrivateKey]) -> tuple[Counter[bytes], Counter[bytes]]:
    """The raw files in the inbox, and what the sealed originals hold."""
    inbox = Counter(path.read_bytes() for path in (study / "inbox").rglob("*") if path.is_file())
    return inbox, Counter(content for path in (study / "vault" / "originals").glob("*.age") for content in unpacked(path, keys))


def unpacked(path: Path, keys: list[PrivateKey]) -> Iterator[bytes]:
    """What lies in a pack, taken apart by the library's tar and not by ours."""
    with tarfile.open(fileobj=io.BytesIO(open_bytes(path, keys))) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            yield content.read()


def names(study: Path) -> set[str]:
    """All files of a study, but for the log's: a killed run writes more entries."""
    paths = {path.relative_to(study).as_posix() for path in study.rglob("*") if path.is_file()}
    return {path for path in paths if not path.startswith("audit/") and not path.endswith(("-wal", "-shm"))}


def main(prepared: Path, place: Path, seed: int, kills: int) -> dict[str, Any]:
    """See the head of this file."""
    load_once()
    chance, problems, dead, copies = random.Random(seed), [], 0, 0
    undisturbed = copy_of(prepared, place / "undisturbed")
    given = contents(undisturbed, [])[0]
    moments = run(undisturbed, 0)
    assert moments is not None
    holder = load_private_key(prepared / "keys" / "reviewer.key", None)
    sids = [path.stem for path in (prepared / "study" / "vault" / "keys").glob("*.age")]
    keys = [unwrap(prepared / "study" / "vault", sid, holder) for sid in sids]
    while dead < kills:
        copies += 1
        study, ended, reach = copy_of(prepared, place / str(copies)), None, moments
        while ended is None:
            last = chance.randint(1, reach) if dead < kills else 0
            ended = run(study, last)
            inbox, sealed = contents(study, keys)
            if ended is None:
                dead, reach = dead + 1, moments // 4  # what is left to do is less; two or three kills to a copy
            if lost := given - (inbox | sealed):
                problems.append(f"killed at {last} of copy {copies}: {sum(lost.values())} files lost")
            if sealed - given:
                problems.append(f"killed at {last} of copy {copies}: something is sealed twice")
        if rows(study) != rows(undisturbed):
            tables = [name for name, kept in rows(study).items() if kept != rows(undisturbed)[name]]
            problems.append(f"copy {copies}: other rows in {', '.join(tables)}")
        if release_bytes(study) != release_bytes(undisturbed):
            problems.append(f"copy {copies}: other released bytes")
        if contents(study, keys) != contents(undisturbed, keys):
            problems.append(f"copy {copies}: other originals")
        if names(study) != names(undisturbed):
            problems.append(f"copy {copies}: other files: {sorted(names(study) ^ names(undisturbed))}")
        bad = [check.name for check in verify(study / "audit", None, None).checks if not check.ok]
        problems += [f"copy {copies}: the log does not verify: {name}" for name in bad]
    return {
        "moments": moments,
        "kills": dead,
        "copies": copies,
        "released": len(release_bytes(undisturbed)),
        "problems": problems,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
