"""Measure the audit log beside plain appends to a file. `python benchmarks/audit.py [--entries N]` prints a table."""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from samaran.audit.act import Draft
from samaran.audit.log import Log
from samaran.audit.note import Note, new_log_key
from samaran.audit.proof import ProofFile, included
from samaran.audit.tree import leaf_hash
from samaran.audit.verify import verify
from samaran.audit.vocabulary import Phase

ORIGIN = "samaran.test/benchmark"


def timed(action: Callable[[], object]) -> float:
    """Seconds that one run takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def drafts(n: int) -> list[Draft]:
    """Whole acts, `n` entries (an even number)."""
    found = []
    for at in range(n // 2):
        sid = f"{at % 97:032x}"
        found += [
            Draft("source.seal", Phase.INTENT, "collector", {"sid": sid}),
            Draft("source.seal", Phase.RESULT, "collector", {"sid": sid, "obj": f"{at:064x}", "size": at}, of=-1, code="ok"),
        ]
    return found


def plain(path: Path, rounds: int, batch: int) -> None:
    """The peer: lines of the same length appended to a file, with an fsync for each batch."""
    line = b"x" * 147 + b"\n"
    with path.open("ab", buffering=0) as file:
        for _ in range(rounds):
            file.write(line * batch)
            os.fsync(file.fileno())


def appends(folder: Path, log: Log) -> None:
    """Appends a second, each batch durable before the next."""
    print(f"  {'appends a second':28} {'log':>10} {'plain file':>12} {'ratio':>7}")
    for batch, rounds in ((2, 300), (100, 100), (1000, 20)):
        made = drafts(batch)
        ours = batch * rounds / timed(lambda: [log.append(made) for _ in range(rounds)])  # noqa: B023
        theirs = batch * rounds / timed(lambda: plain(folder / "plain", rounds, batch))  # noqa: B023
        print(f"  {batch:>6} per commit {'':11} {ours:10,.0f} {theirs:12,.0f} {ours / theirs:7.2f}")


def cost_by_size(log: Log, entries: int) -> None:
    """An append to a small log and to a large one. The CPU tells; the time is the disk's."""
    small = one_act(log)
    start = log.size()
    spent = timed(lambda: [log.append(drafts(2000)) for _ in range((entries - start) // 2000)])
    grown = log.size()
    print(f"  {grown - start:,} entries in commits of 2,000: {(grown - start) / spent:,.0f} a second")
    print(f"  one act (2 entries, 1 commit) at {start:,} entries: {small}")
    print(f"  one act (2 entries, 1 commit) at {grown:,} entries: {one_act(log)}")


def one_act(log: Log) -> str:
    """What an act costs, from 400 of them."""
    one = drafts(2)
    cpu = time.process_time()
    taken = timed(lambda: [log.append(one) for _ in range(400)])
    cpu = time.process_time() - cpu
    return f"{taken / 0.4:.2f} ms, of which {cpu / 0.4:.2f} ms CPU"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as place:
        folder, key = Path(place) / "audit", new_log_key(ORIGIN)
        with Log.create(folder, ORIGIN, key) as log:
            appends(Path(place), log)
            cost_by_size(log, given.entries)
            size = log.size()
            print(f"  checkpoint, all tiles written: {timed(lambda: log.checkpoint(key)):.2f} s")
            log.append(drafts(2))
            print(f"  checkpoint after one act: {timed(lambda: log.checkpoint(key)) * 1000:.1f} ms")
        with Log(folder) as log:
            print(f"  inclusion proof, cold: {timed(lambda: log.prove(size // 3)) * 1000:.1f} ms")
            proof = ProofFile.parse(log.prove(size // 3))
            leaf = next(log.entries(size // 3, size // 3 + 1)).to_bytes()
            growth = log.prove_growth(Note.parse(key.sign(size // 2, bytes(32))))
        note = Note.parse(proof.note)
        check = timed(lambda: [included(leaf_hash(leaf), proof.index, note.size, proof.path, note.root) for _ in range(100)])
        facts = f"{len(proof.path)} hashes, {len(proof.to_bytes())} B, checked in {check * 1e4:.0f} us"
        print(f"  {facts}; growth {len(growth)} hashes")
        report = None

        def audit() -> None:
            nonlocal report
            report = verify(folder)

        cpu = time.process_time()
        taken = timed(audit)
        cpu = time.process_time() - cpu
        assert report is not None
        assert report.ok
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  full audit of {report.size:,} entries: {taken:.2f} s ({cpu:.2f} s of CPU), at most {memory:.0f} MiB of memory")


if __name__ == "__main__":
    sys.exit(main())
