"""Lines as chunks: text with the type of identifier it is, or None. Everything else here is made of such lines."""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from samaran.model import EntityType

Chunk = tuple[str, EntityType | None]
Span = tuple[int, int, EntityType]

MARK = re.compile(r"\[\[([A-Z_]+)(?:#[a-z0-9_]*)?:(.*?)\]\]")


@dataclass(frozen=True)
class Document:
    """Lines of one document. `known` holds the types its marks speak about: elsewhere, O may be any other type."""

    name: str
    lines: tuple[tuple[Chunk, ...], ...]
    known: frozenset[EntityType] = frozenset(EntityType)
    language: str = "id"


def parse_line(line: str) -> tuple[Chunk, ...]:
    """Chunks of a line with inline marks `[[TYPE#entity:surface]]`."""
    chunks: list[Chunk] = []
    at = 0
    for match in MARK.finditer(line):
        if match.start() > at:
            chunks.append((line[at : match.start()], None))
        chunks.append((match[2], EntityType(match[1])))
        at = match.end()
    if at < len(line):
        chunks.append((line[at:], None))
    return tuple(chunks)


def flatten(chunks: Iterable[Chunk]) -> tuple[str, list[Span]]:
    """Plain text and spans; white space at the ends of a span is left outside, an empty span is dropped."""
    text, spans = "", []
    for part, kind in chunks:
        if kind is not None and part.strip():
            start = len(text) + len(part) - len(part.lstrip())
            spans.append((start, len(text) + len(part.rstrip()), kind))
        text += part
    return text, spans


ENGLISH = frozenset(
    ["the", "and", "was", "with", "they", "that", "she", "his", "her", "were", "from", "have", "what", "this", "not"]
)
SUNDANESE = frozenset(
    [
        "teu",
        "teh",
        "abdi",
        "mah",
        "ti",
        "geus",
        "tos",
        "sok",
        "ka",
        "kuring",
        "aya",
        "nu",
        "ieu",
        "eta",
        "atuh",
        "euy",
        "pisan",
        "téh",
        "éta",
        "henteu",
    ]
)


def language_of(text: str) -> str:
    """`en`, `su` or `id`, by counting small words: good enough to choose in which language a number is spelled out."""
    words = re.findall(r"\w+", text.lower())
    english, sundanese = sum(w in ENGLISH for w in words), sum(w in SUNDANESE for w in words)
    if english > 0.06 * len(words):
        return "en"
    return "su" if sundanese > 0.06 * len(words) else "id"


def read(folder: Path) -> list[Document]:
    """All `*.ann.txt` below the folder, sorted by name."""
    documents = []
    for path in sorted(folder.rglob("*.ann.txt")):
        lines = tuple(parse_line(line) for line in path.read_text("utf-8").splitlines() if line.strip())
        plain = "\n".join(flatten(line)[0] for line in lines)
        documents.append(Document(path.name.removesuffix(".ann.txt"), lines, language=language_of(plain)))
    return documents


def split(documents: Sequence[Document], every: int = 8) -> tuple[list[Document], list[Document]]:
    """Whole documents: those trained on and each `every`-th one held out to choose by."""
    held = [document for n, document in enumerate(documents) if n % every == every // 2]
    return [document for document in documents if document not in held], held


def shuffled(items: Sequence[Document], rng: random.Random) -> list[Document]:
    """A shuffled copy."""
    out = list(items)
    rng.shuffle(out)
    return out
