"""Documents to pieces and labels. A label is a code for a set of allowed outputs: partial marks train as what they say."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from samaran.detect.tagger import SEP
from samaran.model import EntityType

from .gold import Document, flatten

TYPES = list(EntityType)
LABELS = 1 + 2 * len(TYPES)
IGNORED = 0
WIDER = {EntityType.LOCATION: (EntityType.LOCATION, EntityType.VENUE, EntityType.ADDRESS)}


class Codes:
    """Numbers for sets of allowed labels. Code 0 is ignored; 1 + label is that label alone."""

    def __init__(self) -> None:
        self.sets: list[tuple[int, ...]] = [tuple(range(LABELS)), *((label,) for label in range(LABELS))]

    def code(self, labels: Iterable[int]) -> int:
        """The code of a set of labels."""
        key = tuple(sorted(set(labels)))
        if key not in self.sets:
            self.sets.append(key)
        return self.sets.index(key) if len(key) > 1 else 1 + key[0]

    def of(self, kind: EntityType | None, known: frozenset[EntityType], *, begin: bool) -> int:
        """The code of a piece inside a mark of `kind`, or outside all marks."""
        if kind is None:
            return self.code([0, *(2 * n + side for n, other in enumerate(TYPES) if other not in known for side in (1, 2))])
        kinds = WIDER.get(kind, (kind,)) if len(known) < len(TYPES) else (kind,)
        return self.code(1 + 2 * TYPES.index(other) + (0 if begin else 1) for other in kinds)

    def allowed(self) -> np.ndarray:
        """One row per code: 1 where a label is allowed."""
        out = np.zeros((len(self.sets), LABELS), np.float32)
        for row, labels in enumerate(self.sets):
            out[row, list(labels)] = 1
        return out


@dataclass(frozen=True)
class Window:
    """Pieces and codes of one training example."""

    ids: tuple[int, ...]
    codes: tuple[int, ...]
    partial: bool


def streams(documents: Sequence[Document], tokenizer: Tokenizer, codes: Codes) -> list[tuple[list[int], list[int]]]:
    """Per document, all pieces of its lines with `</s>` after each, and their codes."""
    flat = [[flatten(line) for line in document.lines] for document in documents]
    encodings = iter(tokenizer.encode_batch([text for lines in flat for text, _ in lines], add_special_tokens=False))
    out = []
    for document, lines in zip(documents, flat, strict=True):
        ids: list[int] = []
        labels: list[int] = []
        outside = codes.of(None, document.known, begin=False)
        for text, spans in lines:
            encoding = next(encodings)
            ids += encoding.ids
            seen: set[int] = set()
            for start, end in encoding.offsets:
                solid = len(text[start:end].strip())
                start = end - len(text[start:end].lstrip())
                if not solid:
                    labels.append(IGNORED)
                    continue
                hit = next((n for n, (a, b, _) in enumerate(spans) if a < end and start < b), None)
                if hit is None:
                    labels.append(outside)
                else:
                    labels.append(codes.of(spans[hit][2], document.known, begin=hit not in seen))
                    seen.add(hit)
            ids.append(SEP)
            labels.append(IGNORED)
        out.append((ids, labels))
    return out


def windows(
    documents: Sequence[Document], tokenizer: Tokenizer, codes: Codes, rng: random.Random, sizes: Sequence[int]
) -> list[Window]:
    """Each document cut into windows; the size is drawn anew for each, 0 meaning a single line. Some start in mid-line."""
    out = []
    for document, (ids, labels) in zip(documents, streams(documents, tokenizer, codes), strict=True):
        partial = len(document.known) < len(TYPES)
        start = 0
        while start < len(ids):
            size = rng.choice(sizes)
            if size == 0:
                end = ids.index(SEP, start) + 1
            else:
                end = min(len(ids), start + size)
                if rng.random() < 0.75 and end < len(ids):
                    end = next((at + 1 for at in range(end - 1, start, -1) if ids[at] == SEP), end)
            out.append(Window(tuple(ids[start : min(end, start + 250)]), tuple(labels[start : min(end, start + 250)]), partial))
            start = min(end, start + 250)
    return [window for window in out if len(window.ids) > 1]
