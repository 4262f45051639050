"""How much memory a whole run over a long chat takes: `python benchmarks/long.py [--detector shape|none|shipped] MB...`.

Each size is a study and a process of its own, without Prefect. With `shape`, only senders and dates are found, by the shape of
the chat, which saves most of the time; the other recognizers look at one part after the other, too. Seconds are of CPU.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ingest import message

from samaran.demo.recorded import material
from samaran.detect import Detector, structure
from samaran.model import Mention, Transcript
from samaran.pipeline import ceremony
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk, create


def prepare(study: Path, megabytes: float, model: str) -> None:
    """A study with keys, and one chat in its inbox."""
    create(study, "bench")
    for path in material().iterdir():
        if path.is_file() and path.name != "review.csv":
            shutil.copy(path, study / path.name)
    config = study / "study.toml"
    config.write_text(config.read_text().replace('model = "shipped"', f'model = "{model}"'))
    with Desk.open(study) as desk:
        for role in ("pi", "board", "reviewer"):
            ceremony.new_holder(desk, role, study / f"{role}.key", None)
        ceremony.grow_pool(desk, 2)
    dice, n, left = random.Random(5), 0, megabytes * 1e6
    with (study / "inbox" / "INF-01_chat_1.txt").open("w") as file:
        while left > 0:
            n, left = n + 1, left - file.write(message(dice, n))


class Shape(Detector):
    """Finds what the shape of a chat gives, and nothing else."""

    def find(self, transcript: Transcript, *_: Any, **__: Any) -> tuple[Mention, ...]:
        return tuple(sorted(structure.mentions(transcript), key=lambda m: m.span))


def run(study: Path, detector: str) -> None:
    """Run, and print a row of the table."""
    taken, peaks = [], []
    with Desk.open(study) as desk:
        going = Run(desk)
        if detector == "shape":
            going._detector = Shape("none")
        (source_id,) = going.source_ids
        going.begin()
        for step in (going.seal, going.prepare, lambda _: going.link(), going.finish):
            begun = time.process_time()
            step(source_id)
            taken.append(time.process_time() - begun)
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        going.end()
        assert [outcome.what for outcome in going.outcomes.values()] == ["done"], going.outcomes
        (row,) = desk.state.sources()
    steps = "  ".join(f"{seconds:7.1f} s {peak:5.0f} MiB" for seconds, peak in zip(taken, peaks, strict=True))
    print(f"  {row.characters / 1e6:6.1f} MB {row.lines:10,} lines  {steps}", flush=True)


def main() -> None:
    """Print the table: CPU seconds of each step, and the highest memory up to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("megabytes", type=float, nargs="*", default=[5.0, 20.0, 60.0])
    parser.add_argument("--detector", choices=("shape", "none", "shipped"), default="shape")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        run(given.run, given.detector)
        return
    print(f"  {'size':>9} {'':16}  {'seal':>19}  {'read, detect':>19}  {'link':>19}  {'sanitize':>19}")
    for megabytes in given.megabytes:
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), megabytes, "shipped" if given.detector == "shipped" else "none")
            subprocess.run([sys.executable, __file__, "--detector", given.detector, "--run", folder], check=True)


if __name__ == "__main__":
    main()
