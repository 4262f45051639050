"""Measure the vault beside Debian's age and plain copies. `python benchmarks/vault.py [--size MIB] [--files N]` prints a table.

The large file lies in memory (/dev/shm), so that the program is measured and not the disk; the small files lie on the disk, where
fsync is what costs. Each figure is the median of `--rounds`.
"""

import argparse
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from samaran.vault.keys import new_private_key, save_private_key
from samaran.vault.seal import open_to, seal

MIB = 1 << 20


Figures = tuple[float, float]


def timed(action: Callable[[], object], rounds: int) -> Figures:
    """The median time of some runs and the median of the CPU seconds that they took, threads and children included."""
    taken, worked = [], []
    for _ in range(rounds):
        start, before = time.perf_counter(), _cpu()
        action()
        taken.append(time.perf_counter() - start)
        worked.append(_cpu() - before)
    return statistics.median(taken), statistics.median(worked)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def fresh(path: Path) -> Path:
    """A path where nothing is."""
    path.unlink(missing_ok=True)
    return path


def run(*command: str | Path) -> None:
    """A command that must succeed."""
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def large(folder: Path, size: int, rounds: int) -> list[tuple[str, Figures]]:
    """One large file, in memory."""
    key, source = new_private_key(), folder / "source"
    save_private_key(key, fresh(folder / "key.txt"), None)
    with source.open("wb") as file:
        for _ in range(size // MIB):
            file.write(os.urandom(MIB))
    ours, theirs = folder / "ours.age", folder / "theirs.age"
    age = shutil.which("age") or "age"

    def whole_age() -> None:
        run(age, "-r", key.recipient, "-o", fresh(theirs), source)
        opened = subprocess.Popen([age, "-d", "-i", folder / "key.txt", theirs], stdout=subprocess.PIPE)
        digest = hashlib.sha256()
        while opened.stdout and (block := opened.stdout.read(MIB)):
            digest.update(block)
        opened.wait()

    return [
        ("cp", timed(lambda: run("cp", source, fresh(folder / "copy")), rounds)),
        ("sha256 (Python)", timed(lambda: hashlib.file_digest(source.open("rb"), "sha256"), rounds)),
        ("age encrypts", timed(lambda: run(age, "-r", key.recipient, "-o", fresh(theirs), source), rounds)),
        ("age decrypts", timed(lambda: run(age, "-d", "-i", folder / "key.txt", "-o", fresh(folder / "copy"), theirs), rounds)),
        ("age, then age -d into sha256", timed(whole_age, rounds)),
        ("seal (hash, encrypt, read back, hash)", timed(lambda: seal(source, fresh(ours), [key.recipient]), rounds)),
        ("open_to", timed(lambda: open_to(ours, [key], fresh(folder / "copy")), rounds)),
    ]


def small(folder: Path, files: int, rounds: int) -> list[tuple[str, Figures]]:
    """Many small files, on the disk."""
    key, data = new_private_key(), os.urandom(20_000)
    sources = [folder / f"{n}.txt" for n in range(files)]
    for source in sources:
        source.write_bytes(data)

    def copies() -> None:
        for source in sources:
            with source.open("rb") as file, fresh(source.with_suffix(".copy")).open("wb") as target:
                shutil.copyfileobj(file, target)
                target.flush()
                os.fsync(target.fileno())

    def seals() -> None:
        for source in sources:
            seal(source, fresh(source.with_suffix(".age")), [key.recipient])

    return [(f"{files} x copy + fsync", timed(copies, rounds)), (f"{files} x seal", timed(seals, rounds))]


def parallel(folder: Path, rounds: int) -> list[tuple[str, Figures]]:
    """Two processes beside one, the same work for each."""
    recipient, source = new_private_key().recipient, folder / "source"
    context = get_context("fork")

    def work(processes: int) -> None:
        running = [context.Process(target=seal, args=(source, fresh(folder / f"{n}.age"), [recipient])) for n in range(processes)]
        for process in running:
            process.start()
        for process in running:
            process.join()

    one, two = timed(lambda: work(1), rounds), timed(lambda: work(2), rounds)
    return [("seal, one process", one), ("seal, two processes, one file each", two)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=256, help="MiB of the large file")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory, tempfile.TemporaryDirectory(dir=".") as disk:
        rows = large(Path(memory), given.size * MIB, given.rounds)
        base = dict(rows)
        print(f"{given.size} MiB in memory, median of {given.rounds}")
        for name, (taken, cpu) in rows:
            ratio = taken / base["cp"][0]
            print(f"  {name:40} {taken:6.2f} s {cpu:6.2f} s CPU {given.size / taken:6.0f} MiB/s {ratio:5.1f} x cp")
        whole, parts = base["seal (hash, encrypt, read back, hash)"], base["age, then age -d into sha256"]
        print(f"  a whole seal takes {whole[0] / parts[0]:.2f} x age, then age -d into a hash ({whole[1] / parts[1]:.2f} of CPU)")
        print(f"  most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (Python included)")
        rows = parallel(Path(memory), given.rounds)
        print(f"  two processes do {2 * rows[0][1][0] / rows[1][1][0]:.2f} x the work of one")
        rows = small(Path(disk), given.files, given.rounds)
        print("20 kB files on the disk")
        for name, (taken, cpu) in rows:
            print(f"  {name:40} {taken:6.2f} s {cpu:6.2f} s CPU {taken / given.files * 1000:6.2f} ms each")
        print(f"  sealing takes {rows[1][1][0] / rows[0][1][0]:.2f} x copy + fsync")


if __name__ == "__main__":
    sys.exit(main())
