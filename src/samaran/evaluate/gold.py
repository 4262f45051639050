"""Gold documents: plain text with marks `[[TYPE#entity:surface]]`, each where something identifies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samaran.errors import UsageError
from samaran.model import EntityType, Span

SUFFIX = ".ann.txt"
_HEAD = re.compile(r"([^\[\]:#]*)(?:#([^:\[\]]*))?:")
_ENTITY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked stretch of the plain text. `entity` is empty where the annotator gave none."""

    span: Span
    type: EntityType
    entity: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Gold:
    """A gold document: its plain text and the marks in it, in order, without overlaps."""

    name: str
    text: str
    marks: tuple[Mark, ...]

    def __repr__(self) -> str:
        return f"Gold({self.name}, {len(self.marks)} marks)"


def read_gold(folder: Path) -> tuple[Gold, ...]:
    """All `*.ann.txt` of a folder and the folders below, by name. Raises `UsageError` when there is none, when a file is not
    UTF-8, or when marks are not well formed (with the document's number in the order of names, and the line)."""
    paths = sorted(folder.rglob(f"*{SUFFIX}")) if folder.is_dir() else []
    if not paths:
        raise UsageError("No gold in this folder.", f"Gold documents are called *{SUFFIX}; see docs/evaluation.md.")
    found = []
    for number, path in enumerate(paths, 1):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise UsageError(f"Gold document {number} of {len(paths)} is not UTF-8.", "Save it as UTF-8.") from None
        name = path.relative_to(folder).as_posix().removesuffix(SUFFIX)
        found.append(parse(text, name, f"Gold document {number} of {len(paths)}"))
    return tuple(found)


def parse(text: str, name: str = "gold", title: str = "The gold document") -> Gold:
    """The plain text and the marks. Raises `UsageError`, naming the line: unknown type, nested or unclosed or stray mark, a mark
    that crosses a line, an empty surface or one with a blank at an end."""
    plain: list[str] = []
    marks: list[Mark] = []
    length = 0
    for number, line in enumerate(text.split("\n"), 1):
        if number > 1:
            plain.append("\n")
            length += 1
        for piece, mark in _pieces(line, f"{title}, line {number}"):
            plain.append(piece)
            if mark is not None:
                marks.append(Mark(Span(length, length + len(piece)), *mark))
            length += len(piece)
    return Gold(name, "".join(plain), tuple(marks))


def _pieces(line: str, where: str) -> Iterator[tuple[str, tuple[EntityType, str] | None]]:
    at = 0
    while True:
        opening = line.find("[[", at)
        while opening >= 0 and line.startswith("[[[", opening):
            opening += 1  # a bracket of the text stands before the mark
        plain = line[at:] if opening < 0 else line[at:opening]
        if "]]" in plain:
            raise _bad(where, "a mark ends that never began")
        yield plain, None
        if opening < 0:
            return
        closing = line.find("]]", opening)
        if closing < 0:
            raise _bad(where, "a mark is not closed on its line")
        yield _mark(line[opening + 2 : closing], where)
        at = closing + 2


def _mark(body: str, where: str) -> tuple[str, tuple[EntityType, str]]:
    if "[[" in body:
        raise _bad(where, "a mark stands inside a mark")
    head = _HEAD.match(body)
    if not head:
        raise _bad(where, "a mark has no type")
    kind, entity, surface = head[1], head[2], body[head.end() :]
    if kind not in set(EntityType):
        raise _bad(where, "a mark has an unknown type")
    if entity is not None and not _ENTITY.fullmatch(entity):
        raise _bad(where, "a mark's entity is not a-z, 0-9 and _")
    if not surface or surface != surface.strip():
        raise _bad(where, "a marked surface is empty or has a blank at an end")
    return surface, (EntityType(kind), entity or "")


def _bad(where: str, what: str) -> UsageError:
    return UsageError(f"{where}: {what}.", "A mark is [[TYPE#entity:surface]] on one line; see docs/evaluation.md.")
