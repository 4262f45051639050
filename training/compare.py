"""Short runs that differ in one thing, for the table in EXPERIMENTS.md: seed, weights, layers, augmentation, word table, sets.

    python -m training.compare --ner PATH --e5 TOKENIZER --work FOLDER [--steps 300]

Each run has the same number of steps, far fewer than what ships: read differences, not levels.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

RUNS = {
    "base": [],
    "seed-2": ["--seed", "2"],
    "plain": ["--plain"],
    "entity-weight-2": ["--entity-weight", "2"],
    "layers-4": ["--layers", "4"],
    "layers-12": ["--layers", "12"],
    "embeddings": ["--train-embeddings"],
    "no-outside": ["--outside-share", "0"],
}


def main() -> None:
    """Run all that aren't there yet, one after the other, and print their logs' last lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ner", required=True)
    parser.add_argument("--e5", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", default="300")
    parser.add_argument("--only", nargs="*", default=list(RUNS))
    opts = parser.parse_args()
    for name in opts.only:
        out = opts.work / name
        log = opts.work / f"{name}.log"
        if not (out / "run.json").exists():
            out.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", "training.train", "--ner", opts.ner, "--e5", opts.e5, "--out", str(out)]
            with log.open("w") as stream:
                subprocess.run([*command, "--steps", opts.steps, *RUNS[name]], check=True, stdout=stream)
        seconds = json.loads((out / "run.json").read_text())["seconds"]
        rows = [line for line in log.read_text().splitlines() if line.startswith("held out")]
        print(f"{name}\t{seconds} s\t" + " | ".join(" ".join(row.split()[3:11]) for row in rows), flush=True)


if __name__ == "__main__":
    main()
