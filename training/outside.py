"""The outside sets (idner-news-2k, NERGrit, NERP): partial labels. They are read where the user says, never committed.

Their sentences come as separate tokens; spaces are put back by simple rules, so that the text looks like text. Sentences that
share a run of eight words with an earlier one are left out: the sets overlap (see the model card).
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from samaran.model import EntityType

from .gold import Chunk, Document

PERSON, LOCATION, ORGANIZATION = EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANIZATION
SETS: tuple[tuple[str, dict[str, EntityType], frozenset[EntityType]], ...] = (
    ("idner-news-2k", {"PER": PERSON, "LOC": LOCATION, "ORG": ORGANIZATION}, frozenset({PERSON, LOCATION, ORGANIZATION})),
    (
        "indonlu-nergrit",
        {"PERSON": PERSON, "PLACE": LOCATION, "ORGANISATION": ORGANIZATION},
        frozenset({PERSON, LOCATION, ORGANIZATION}),
    ),
    ("indonlu-nerp", {"PPL": PERSON, "PLC": LOCATION}, frozenset({PERSON, LOCATION})),
)
NO_SPACE_BEFORE = re.compile(r"[.,;:!?)\]}%”’…]|'s")
NO_SPACE_AFTER = frozenset("([{“‘#@")
RUN = 8


def sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of (word, label) of a CoNLL file: word first, label last."""
    rows: list[tuple[str, str]] = []
    for line in path.read_text("utf-8").splitlines():
        cells = line.split()
        if len(cells) >= 2:
            rows.append((cells[0], cells[-1]))
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def line_of(rows: list[tuple[str, str]], types: dict[str, EntityType]) -> tuple[Chunk, ...]:
    """One line of text with chunks. Hyphens that stand alone between words close up (`jalan - jalan`)."""
    chunks: list[Chunk] = []
    glue = True
    quoted = False
    for n, (word, label) in enumerate(rows):
        kind = types.get(label[2:]) if label[:2] in ("B-", "I-") else None
        hyphen = word == "-" and 0 < n < len(rows) - 1
        closing = word == '"' and quoted
        space = "" if glue or hyphen or closing or NO_SPACE_BEFORE.fullmatch(word) else " "
        if word == '"':
            quoted = not quoted
        if kind is not None and label[0] == "I" and chunks and chunks[-1][1] is kind:
            chunks[-1] = (chunks[-1][0] + space + word, kind)
        else:
            if space:
                chunks.append((space, None))
            chunks.append((word, kind))
        glue = hyphen or word in NO_SPACE_AFTER or (word == '"' and quoted)
    return tuple(chunks)


def runs(words: list[str]) -> set[tuple[str, ...]]:
    """All runs of eight words; the whole of a shorter sentence."""
    if len(words) <= RUN:
        return {tuple(words)}
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def read(folder: Path) -> list[Document]:
    """One document a sentence, without repeats; sentences cut in the middle of nothing are no use as context."""
    seen: set[tuple[str, ...]] = set()
    documents: list[Document] = []
    for name, types, known in SETS:
        for path in files(folder / name):
            for rows in sentences(path):
                shingles = runs([word.lower() for word, _ in rows])
                if len(rows) < 4 or shingles & seen:
                    continue
                seen |= shingles
                documents.append(Document(f"{name}", (line_of(rows, types),), known))
    return documents


def files(folder: Path) -> Iterable[Path]:
    """The training, validation and test parts: all serve as training material here."""
    return sorted(p for p in folder.glob("*.txt") if any(part in p.name for part in ("train", "valid", "dev", "test")))
