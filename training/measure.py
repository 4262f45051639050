"""Figures of the model alone: recall of direct and quasi identifiers, precision of masked words, type accuracy. Also words/s.

    python -m training.measure GOLD [--model FOLDER] [--penalties 0 1 2]

A mention counts as found if every word of it is masked, by whatever type; type accuracy is the share of found mentions whose
words have mostly the right type. Doubts (score below 0.5) do not count.
"""

import argparse
import collections
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from samaran.detect.tagger import Found, Tagger
from samaran.model import EntityType

from . import augment
from .gold import Document, Span, flatten, read
from .lists import Names

WORD = re.compile(r"\w+")
Predict = Callable[[Sequence[str]], list[list[Found]]]


def figures(documents: Sequence[Document], predict: Predict, misses: list[str] | None = None) -> dict[str, float]:
    """All figures over the documents, recall per type among them."""
    count: collections.Counter[str] = collections.Counter()
    for document in documents:
        lines = [flatten(line) for line in document.lines]
        for (text, gold), found in zip(lines, predict([text for text, _ in lines]), strict=True):
            tally(text, gold, [(a, b, kind) for a, b, kind, score in found if score >= 0.5], count, misses)
    out = {
        "direct": count["direct found"] / max(1, count["direct"]),
        "quasi": count["quasi found"] / max(1, count["quasi"]),
        "precision": count["words right"] / max(1, count["words masked"]),
        "types": count["typed"] / max(1, count["direct found"] + count["quasi found"]),
    }
    for kind in EntityType:
        if count[kind]:
            out[str(kind)] = count[f"{kind} found"] / count[kind]
    return out


def tally(
    text: str, gold: Sequence[Span], found: Sequence[Span], count: collections.Counter[str], misses: list[str] | None
) -> None:
    """Count one line's mentions and words."""
    masked = {at: kind for start, end, kind in found for at in range(start, end)}
    true = {at for start, end, _ in gold for at in range(start, end)}
    for match in WORD.finditer(text):
        if match.start() in masked:
            count["words masked"] += 1
            count["words right"] += match.start() in true
    for start, end, kind in gold:
        words = [m.start() + start for m in WORD.finditer(text[start:end])] or [start]
        side = "direct" if kind.direct else "quasi"
        hit = all(at in masked for at in words)
        count[side] += 1
        count[kind] += 1
        if hit:
            count[side + " found"] += 1
            count[f"{kind} found"] += 1
            count["typed"] += collections.Counter(masked[at] for at in words).most_common(1)[0][0] is kind
        elif misses is not None:
            misses.append(f"{kind}\t{text[max(0, start - 50) : start]}[[{text[start:end]}]]{text[end : end + 40]}")


def speed(documents: Sequence[Document], predict: Predict) -> float:
    """Words per second, white-space words, whole documents at a time."""
    texts = [[flatten(line)[0] for line in document.lines] for document in documents]
    predict(texts[0])
    start = time.perf_counter()
    for document in texts:
        predict(document)
    return sum(len(line.split()) for document in texts for line in document) / (time.perf_counter() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path)
    parser.add_argument("--model", type=Path, default=Path("src/samaran/detect/model"))
    parser.add_argument("--penalties", type=float, nargs="*")
    parser.add_argument("--each", action="store_true", help="a row per document as well")
    parser.add_argument("--held-names", action="store_true", help="names and places exchanged for those held out of training")
    parser.add_argument("--misses", type=Path, help="write the misses in context here (raw text)")
    options = parser.parse_args()
    documents, tagger = read(options.gold), Tagger(options.model)
    if options.held_names:
        names, rng = Names(held=True), random.Random(1)
        swaps = [
            (d, augment.Swap(names, rng, frozenset({EntityType.PERSON, EntityType.LOCATION}), d.language)) for d in documents
        ]
        documents = [replace(d, lines=tuple(augment.each(line, swap) for line in d.lines)) for d, swap in swaps]
    for penalty in options.penalties or [tagger.penalty]:
        tagger.penalty = penalty
        misses: list[str] = []
        row = figures(documents, tagger.predict, misses)
        print(f"penalty {penalty}:", " ".join(f"{key} {value:.3f}" for key, value in row.items()))
    if options.each:
        for document in documents:
            row = figures([document], tagger.predict)
            print(document.name, " ".join(f"{key} {row[key]:.3f}" for key in ("direct", "quasi", "precision", "types")))
    if options.misses:
        options.misses.write_text("\n".join(misses), "utf-8")
    print(f"{speed(documents, tagger.predict):.0f} words/s")


if __name__ == "__main__":
    main()
