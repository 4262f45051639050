"""A conditional random field on the same data, to compare with. It isn't shipped.

python -m training.crf --gold training/gold --dev DEV
"""

import argparse
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import sklearn_crfsuite

from samaran.detect.tagger import WORD, Found
from samaran.model import EntityType

from . import augment, gold, measure
from .gold import Document, flatten
from .lists import Names


def features(words: Sequence[str]) -> list[list[str]]:
    """Per word: itself, ends, shape, and the same of its neighbours."""
    own = []
    for word in words:
        low = word.lower()
        shape = re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "0", re.sub(r"[a-zß-ÿ]", "x", re.sub(r"[A-ZÀ-Þ]", "X", word))))
        own.append([f"w={low}", f"s={shape}", f"p={low[:3]}", f"e={low[-3:]}", f"f={low[-2:]}", f"n={min(len(word), 6)}"])
    out = []
    for at in range(len(words)):
        row = list(own[at])
        for shift in (-3, -2, -1, 1, 2, 3):
            near = own[at + shift] if 0 <= at + shift < len(words) else ["w=<>", "s=<>"]
            row += [f"{shift}{feature}" for feature in (near[:2] if abs(shift) < 3 else near[:1])]
        out.append(row)
    return out


def examples(documents: Sequence[Document]) -> tuple[list[list[list[str]]], list[list[str]]]:
    """Features and labels by line."""
    x, y = [], []
    for document in documents:
        for line in document.lines:
            text, spans = flatten(line)
            words = list(WORD.finditer(text))
            if not words:
                continue
            x.append(features([m[0] for m in words]))
            y.append([next((str(kind) for a, b, kind in spans if a <= m.start() < b), "O") for m in words])
    return x, y


def main() -> None:
    """Train on the gold without the held-out part, three variants of each document, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gold", type=Path, default=Path("training/gold"))
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--variants", type=int, default=2)
    opts = parser.parse_args()
    train, held = gold.split(gold.read(opts.gold))
    rng, names = random.Random(1), Names()
    x, y = examples(train + [augment.vary(document, names, rng) for _ in range(opts.variants) for document in train])
    crf = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.05, c2=0.05, max_iterations=60)
    began = time.monotonic()
    crf.fit(x, y)
    print(f"{time.monotonic() - began:.0f} s, {sum(map(len, y))} words")

    def predict(texts: Sequence[str]) -> list[list[Found]]:
        out: list[list[Found]] = []
        for text in texts:
            words = list(WORD.finditer(text))
            labels = crf.predict_single(features([m[0] for m in words])) if words else []
            out.append(
                [(m.start(), m.end(), EntityType(label), 1.0) for m, label in zip(words, labels, strict=True) if label != "O"]
            )
        return out

    for name, documents in (("held out", held), ("dev", gold.read(opts.dev))):
        print(name, " ".join(f"{key} {value:.3f}" for key, value in measure.figures(documents, predict).items()))
    print(f"{measure.speed(gold.read(opts.dev), predict):.0f} words/s")


if __name__ == "__main__":
    main()
