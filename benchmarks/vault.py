"""Measure the vault beside Debian's age and plain copies: `python benchmarks/vault.py [--size MIB] [--files N] [--rounds N]`.

Everything takes turns: in each round every row is measured once, and the best of the rounds counts, so that other work on the
machine counts little. The large file lies in memory (/dev/shm), so that the program is measured and not the disk; the small ones
lie there and on the disk, where fsync costs. The last table says which targets are met; the program ends well either way.
"""

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from samaran.disk import sync_folder
from samaran.pipeline import ceremony
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk, create
from samaran.vault import age
from samaran.vault.behind import Behind
from samaran.vault.keys import new_private_key, save_private_key
from samaran.vault.pack import Member, length, packed
from samaran.vault.padding import SMALL
from samaran.vault.seal import open_member, seal_pack
from samaran.vault.streams import BlockReader, HashingWriter

MIB = 1 << 20
SMALL_SIZE = 20_000

Figures = tuple[float, float]
Rows = dict[str, Figures]


def in_turns(rounds: int, actions: dict[str, Callable[[], object]]) -> Rows:
    """The least time and the least CPU seconds of each, threads and children included."""
    found: dict[str, list[Figures]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            start, before = time.perf_counter(), _cpu()
            action()
            found[name].append((time.perf_counter() - start, _cpu() - before))
    return {name: (min(taken for taken, _ in seen), min(cpu for _, cpu in seen)) for name, seen in found.items()}


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


def sha256(path: Path) -> str:
    """Of a file, as intake computes it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole_seal(source: Path, target: Path, recipient: str) -> None:
    """What a run does with one large source: its hash at intake, then seal, read back and compare."""
    member = Member("source", source, source.stat().st_size, sha256(source))
    seal_pack([member], target, [recipient])
    sync_folder(target.parent)


def large(folder: Path, size: int, rounds: int) -> Rows:
    """One large file."""
    key, source = new_private_key(), folder / "source"
    save_private_key(key, folder / "key.txt", None)
    with source.open("wb") as file:
        for _ in range(size // MIB):
            file.write(os.urandom(MIB))
    ours, theirs, copy = folder / "ours.tar.age", folder / "theirs.age", folder / "copy"
    program = shutil.which("age") or "age"

    def their_whole() -> None:
        run(program, "-r", key.recipient, "-o", fresh(theirs), source)
        opened = subprocess.Popen([program, "-d", "-i", folder / "key.txt", theirs], stdout=subprocess.PIPE)
        digest = hashlib.sha256()
        while opened.stdout and (block := opened.stdout.read(MIB)):
            digest.update(block)
        opened.wait()

    def encrypts() -> None:
        with fresh(ours).open("wb") as file, closing(Behind(HashingWriter(file))) as behind:
            age.encrypt(BlockReader(packed([Member("source", source, size)])), behind, [key.recipient])
            behind.finish()

    def two() -> None:
        context = get_context("fork")
        running = [context.Process(target=whole_seal, args=(source, folder / f"{n}.tar.age", key.recipient)) for n in range(2)]
        for process in running:
            process.start()
        for process in running:
            process.join()
        for n in range(2):
            fresh(folder / f"{n}.tar.age")

    return in_turns(
        rounds,
        {
            "cp": lambda: run("cp", source, fresh(copy)),
            "sha256 (Python)": lambda: sha256(source),
            "age encrypts": lambda: run(program, "-r", key.recipient, "-o", fresh(theirs), source),
            "encrypts": encrypts,
            "age, then age -d into sha256": their_whole,
            "seals (hash, encrypt, read back)": lambda: whole_seal(source, fresh(ours), key.recipient),
            "seals two, in two processes": two,
            "age decrypts": lambda: run(program, "-d", "-i", folder / "key.txt", "-o", fresh(copy), theirs),
            "opens": lambda: open_member(ours, "source", [key], fresh(copy)),
        },
    )


def memory(folder: Path, recipient: str) -> float:
    """The most memory, in MiB, of a process of its own that seals the large file; the source's own pages don't count."""
    program = (
        "import re, sys; from pathlib import Path; sys.path.insert(0, 'benchmarks'); from vault import whole_seal\n"
        "whole_seal(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    here = Path(__file__).parent.parent
    command = [sys.executable, "-c", program, folder / "source", folder / "most.tar.age", recipient]
    done = subprocess.run([str(part) for part in command], cwd=here, capture_output=True, text=True, check=True)
    fresh(folder / "most.tar.age")
    return int(done.stdout) / 1024


def small(folder: Path, files: int, rounds: int) -> Rows:
    """Many small files: copied, sealed as packs of one informant, and sealed with an informant each."""
    key, data = new_private_key(), os.urandom(SMALL_SIZE)
    sources = [folder / f"{n:04}.txt" for n in range(files)]
    for source in sources:
        source.write_bytes(data)
    expected = hashlib.sha256(data).hexdigest()

    def copies() -> None:
        for source in sources:
            with source.open("rb") as file, fresh(source.with_suffix(".copy")).open("wb") as target:
                shutil.copyfileobj(file, target)
                target.flush()
                os.fsync(target.fileno())

    def member(source: Path) -> Member:
        content = source.read_bytes()
        if hashlib.sha256(content).hexdigest() != expected:
            raise AssertionError
        return Member(source.stem, content, len(content))

    def seals(most: int) -> None:
        for start in range(0, files, most):
            seal_pack([member(s) for s in sources[start : start + most]], folder / f"{start}.tar.age", [key.recipient])
        sync_folder(folder)

    fitting = next(n for n in range(1, files + 2) if n > files or length([SMALL_SIZE]) * n > SMALL) - 1
    return in_turns(
        rounds,
        {
            "copies with fsync": copies,
            "seals, one informant's": lambda: seals(fitting),
            "seals, an informant each": lambda: seals(1),
        },
    )


def sealing_step(place: Path, files: int) -> Figures:
    """The sealing step of a run over as many small files: log and state included, and what it waits for them."""
    study, key = place / "study", place / "pi.key"
    create(study, "bench")
    (study / "consent.csv").write_text("informant,form_version,date,mode,participate\nINF-01,1,2020-01-01,written,yes\n")
    for n in range(files):
        (study / "inbox" / f"INF-01_{('chat', 'wawancara')[n % 2]}_{n // 2 + 1}.txt").write_bytes(
            os.urandom(SMALL_SIZE // 2).hex().encode()
        )
    with Desk.open(study) as desk:
        ceremony.new_holder(desk, "pi", key, None)
        ceremony.new_holder(desk, "board", place / "board.key", None)
        ceremony.grow_pool(desk, 3)
        going = Run(desk)
        if len(going.source_ids) != files:
            raise AssertionError
        start, before = time.perf_counter(), _cpu()
        for source_id in going.source_ids:
            going.seal(source_id)
        return time.perf_counter() - start, _cpu() - before


def shown(title: str, rows: Rows, base: str, amount: float, unit: str) -> None:
    """A table: time, CPU, speed, and how often the base's time."""
    print(f"\n| {title} | s | CPU s | {unit} | x {base} |\n|---|---:|---:|---:|---:|")
    for name, (taken, cpu) in rows.items():
        many = amount * (2 if "two processes" in name else 1)
        print(f"| {name} | {taken:.2f} | {cpu:.2f} | {many / taken:,.0f} | {taken / rows[base][0]:.2f} |")


def judged(targets: Sequence[tuple[str, float, float, bool]]) -> None:
    """What was asked for and what came out."""
    print("\n| target | asked | measured | |\n|---|---:|---:|---|")
    for name, asked, measured, least in targets:
        met = measured >= asked if least else measured <= asked
        print(f"| {name} | {'at least' if least else 'at most'} {asked:g} | {measured:.2f} | {'met' if met else 'NOT met'} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="MiB of the large file")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name, tempfile.TemporaryDirectory(dir=".") as on_disk:
        place, disk = Path(name), Path(on_disk)
        (place / "step").mkdir(), (disk / "step").mkdir()
        one = large(place, given.size * MIB, given.rounds)
        most = memory(place, new_private_key().recipient)
        many, many_on_disk = small(place, given.files, given.rounds), small(disk, given.files, given.rounds)
        many["the sealing step of a run"] = sealing_step(place / "step", given.files)
        many_on_disk["the sealing step of a run"] = sealing_step(disk / "step", given.files)
    shown(f"{given.size} MiB in memory, best of {given.rounds}", one, "cp", given.size, "MiB/s")
    shown(f"{given.files} files of 20 kB in memory", many, "copies with fsync", given.files, "files/s")
    shown(f"{given.files} files of 20 kB on the disk", many_on_disk, "copies with fsync", given.files, "files/s")
    ours, theirs = one["seals (hash, encrypt, read back)"][0], one["age, then age -d into sha256"][0]
    copied, sealed = "copies with fsync", "seals, one informant's"
    judged(
        [
            ("speed of encrypting, of age's", 0.75, one["age encrypts"][0] / one["encrypts"][0], True),
            ("time of a whole seal, of age, then age -d into a hash", 1.3, ours / theirs, False),
            ("MiB of memory", 64, most, False),
            ("small files in memory, of copies with fsync", 1.5, many[sealed][0] / many[copied][0], False),
            ("small files on the disk, of copies with fsync", 1.5, many_on_disk[sealed][0] / many_on_disk[copied][0], False),
            ("work of two processes, of one's", 1.6, 2 * ours / one["seals two, in two processes"][0], True),
        ]
    )


if __name__ == "__main__":
    main()
