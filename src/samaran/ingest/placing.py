"""Whose a source is: from a row in manifest.csv, or from the pattern that the study's file names follow."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from samaran.errors import UsageError
from samaran.model import Method
from samaran.study import Naming
from samaran.tables import records

_COLUMNS = ("file", "informant", "method", "wave", "role", "supersedes")
_CODE = re.compile(r"([a-z]{1,8})-?(\d{1,4})", re.IGNORECASE)
_WAVE = re.compile(r"(?:w|wave|g|gel|gelombang)?[ _.\-]?(\d{1,3})", re.IGNORECASE)
_FIELDS = {
    "informant": r"(?P<informant>[a-z]{1,8}-?\d{1,4}(?:[+,&][a-z]{1,8}-?\d{1,4}){0,40})",
    "wave": r"(?P<wave>(?:w|wave|g|gel|gelombang)?[ _.\-]?\d{1,3})",
    "rest": r".+",
}


@dataclass(frozen=True, slots=True)
class Placement:
    """Whose a source is, how it was collected and in which wave. `role` is what the manifest says of the informant, `supersedes`
    the file that it corrects."""

    informants: tuple[str, ...]
    method: Method
    wave: int = 1
    role: str = ""
    supersedes: str = ""


def place(relative: PurePosixPath, naming: Naming, manifest: Mapping[str, Placement]) -> Placement | None:
    """The placement of a file by its path below the inbox; None where neither the manifest nor a pattern says it."""
    if found := manifest.get(_plain(str(relative))):
        return found
    stem = _plain(str(relative.with_suffix("")))
    methods = {word.casefold(): method for word, method in naming.methods.items()}
    for pattern in naming.pattern:
        if match := _compiled(pattern, tuple(sorted(methods, key=len, reverse=True))).fullmatch(stem):
            fields = match.groupdict()
            method = methods.get((fields.get("method") or "").casefold())
            if method is None:
                continue
            informants = _codes(re.split(r"[+,&]", fields.get("informant") or ""))
            return Placement(informants or (), method, _wave(fields.get("wave") or "") or 1)
    return None


def read_manifest(path: Path, methods: Mapping[str, Method] | None = None) -> Mapping[str, Placement]:
    """The rows of manifest.csv by file, none where there is no such file. A comma or a semicolon separates the columns, and
    the codes of several informants are separated by `;`.

    Raises `UsageError` with the line: unknown or missing column, bad code, method or wave, a file listed twice.
    """
    try:
        text: str | None = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return MappingProxyType({})
    except UnicodeDecodeError:
        text = None  # the exception holds the file: leave it here
    if text is None:
        raise UsageError("manifest.csv is not UTF-8.", "Save it as CSV UTF-8.")
    head, *records = _records(text) or [(1, [])]
    columns = [name.strip().casefold() for name in head[1]]
    unknown = [i for i, name in enumerate(columns, 1) if name not in _COLUMNS]
    if unknown or len(set(columns)) != len(columns) or not {"file", "method"} <= set(columns):
        where = f"column {unknown[0]} is unknown" if unknown else "a column is missing or stands twice"
        raise UsageError(f"manifest.csv, line 1: {where}.", f"Columns: {', '.join(_COLUMNS)}.")
    words = {word.casefold(): method for word, method in (methods or Naming().methods).items()}
    found: dict[str, Placement] = {}
    for line, row in records:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            raise _wrong(line, "has more cells than there are columns")
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        file, placement = _plain(cells.get("file", "")), _placement(cells, words, line)
        if not file or file in found:
            raise _wrong(line, "names a file that an earlier line names already" if file else "names no file")
        found[file] = placement
    return MappingProxyType(found)


def _records(text: str) -> list[tuple[int, list[str]]]:
    found = records(text)
    if text and not found:
        raise _wrong(1, "cannot be read as CSV")
    return found


def _placement(cells: Mapping[str, str], words: Mapping[str, Method], line: int) -> Placement:
    method = words.get(cells.get("method", "").casefold()) or next((m for m in Method if m == cells.get("method")), None)
    if method is None:
        raise _wrong(line, "has an unknown method")
    informants = _codes(cells.get("informant", "").split(";"))
    if informants is None:
        raise _wrong(line, "has an informant that is no code such as INF-01")
    wave = _wave(cells["wave"]) if cells.get("wave") else 1
    if not wave:
        raise _wrong(line, "has a wave that is no number")
    return Placement(informants, method, wave, cells.get("role", ""), _plain(cells.get("supersedes", "")))


def _wrong(line: int, what: str) -> UsageError:
    return UsageError(f"manifest.csv, line {line} {what}.", "See docs/formats/sources.md for its columns.")


def _codes(words: list[str]) -> tuple[str, ...] | None:
    """Informant codes in one spelling, `inf01` as `INF-01`; None if one is no code."""
    found = []
    for word in filter(None, (w.strip() for w in words)):
        match = _CODE.fullmatch(word)
        if match is None:
            return None
        found.append(f"{match[1].upper()}-{match[2]}")
    return tuple(dict.fromkeys(found))


def _wave(word: str) -> int | None:
    match = _WAVE.fullmatch(word)
    return int(match[1]) if match else None


def _plain(path: str) -> str:
    """Two spellings of one name are one name: macOS hands out decomposed accents."""
    return unicodedata.normalize("NFC", path.replace("\\", "/"))


@lru_cache(maxsize=64)
def _compiled(pattern: str, words: tuple[str, ...]) -> re.Pattern[str]:
    fields = _FIELDS | {"method": f"(?P<method>{'|'.join(map(re.escape, words))})"}
    pieces = re.split(r"\{(\w+)\}", pattern)
    try:
        return re.compile("".join(fields[p] if i % 2 else re.escape(p) for i, p in enumerate(pieces)), re.IGNORECASE)
    except (KeyError, re.error):
        raise UsageError(
            "study.toml: a `pattern` in [naming] is wrong.", "Use {informant}, {method}, {wave} and {rest}, each once."
        ) from None
