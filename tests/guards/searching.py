"""Looks for words in everything that lies in a folder: names, bytes, and what is wrapped in databases, archives and encodings."""

import base64
import binascii
import gzip
import hashlib
import io
import json
import pickletools
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_DEPTH = 8
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


class Wanted:
    """Words to look for, in any letter case and in the encodings in which they may hide."""

    def __init__(self, words: Iterable[str]) -> None:
        self._needles: dict[bytes, str] = {}
        for word in words:
            for form in {word, word.lower(), word.upper()}:
                data = form.encode()
                digests = [hashlib.new(kind, data).hexdigest() for kind in ("sha256", "sha1", "md5")]
                wide = [form.encode("utf-16-le"), form.encode("utf-16-be")]
                for needle in (data, *wide, data.hex().encode(), *(d.encode() for d in digests), *_in_base64(data)):
                    self._needles[needle.lower()] = word

    def add_digest(self, data: bytes) -> None:
        """Look for the plain SHA-256 of these bytes too: it would tell whoever has a copy that the study holds it."""
        self._needles[hashlib.sha256(data).hexdigest().encode()] = "digest of a raw file"

    def within(self, data: bytes) -> set[str]:
        """Which of the words are in these bytes, however wrapped."""
        found: set[str] = set()
        for layer in _layers(data, _DEPTH):
            low = layer.lower()
            found |= {word for needle, word in self._needles.items() if needle in low}
        return found


def search(folder: Path, wanted: Wanted, allowed: Iterable[Path] = ()) -> dict[str, set[str]]:
    """Places below a folder where a word was found: `path` or `path:table.column`, each with the words. Names count too."""
    allowed, found = tuple(allowed), dict[str, set[str]]()
    for path in sorted(folder.rglob("*")):
        if any(path == place or place in path.parents for place in allowed):
            continue
        where = path.relative_to(folder).as_posix()
        if words := wanted.within(path.name.encode("utf-8", "surrogateescape")):
            found[f"{where} (name)"] = words
        if path.is_file() and not path.is_symlink():
            if words := wanted.within(path.read_bytes()):
                found[where] = words
            for place, cell in _cells(path):
                if words := wanted.within(cell):
                    found.setdefault(f"{where}:{place}", set()).update(words)
    return found


def _in_base64(data: bytes) -> Iterator[bytes]:
    """The part of a word's base64 that does not depend on what stands around it, for each of the three offsets."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data)
        skip, end = (0, 2, 3)[before], len(encoded) - 4
        if end - skip >= 8:
            yield encoded[skip:end]


def _layers(data: bytes, depth: int) -> Iterator[bytes]:
    """The bytes, and everything that can be unwrapped from them."""
    yield data
    if depth == 0 or not data:
        return
    for inner in _unwrapped(data):
        yield from _layers(inner, depth - 1)


def _unwrapped(data: bytes) -> Iterator[bytes]:
    head = data[:4]
    if head[:2] == b"PK":
        with _ignoring(), zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                yield item.filename.encode()
                yield archive.read(item)
    if head[:2] == b"\x1f\x8b":
        with _ignoring():
            yield gzip.decompress(data)
    if head[:1] == b"\x78":
        with _ignoring():
            yield zlib.decompressobj().decompress(data)
    if head[:1] == b"\x80":
        yield from _pickled(data)
    if head[:1] in (b"{", b"[", b'"'):
        with _ignoring():
            yield from _strings(json.loads(data))
    for match in _BASE64.finditer(data):
        with _ignoring():
            text = match.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
            inner = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
            if inner[:1] in (b"\x80", b"\x78", b"\x1f", b"P", b"{", b"[", b'"'):
                yield inner


def _pickled(data: bytes) -> Iterator[bytes]:
    """Strings and bytes in a pickle, without running it."""
    with _ignoring():
        for _, argument, _ in pickletools.genops(data):
            if isinstance(argument, str):
                yield argument.encode("utf-8", "surrogatepass")
            elif isinstance(argument, bytes):
                yield argument


def _strings(value: object) -> Iterator[bytes]:
    if isinstance(value, str):
        yield value.encode("utf-8", "surrogatepass")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key).encode("utf-8", "surrogatepass")
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every cell of a SQLite file, by table and column."""
    with path.open("rb") as file:
        if not file.read(16).startswith(b"SQLite format 3"):
            return
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        db.text_factory = bytes
        tables = [name.decode() for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = db.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, cell in zip(columns, row, strict=True):
                    if isinstance(cell, bytes):
                        yield f"{table}.{column}", cell


class _ignoring:  # noqa: N801  reads as a word
    """What is no archive or no pickle after all is simply not unwrapped."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> bool:
        ordinary = (ValueError, KeyError, EOFError, IndexError, binascii.Error, zlib.error, zipfile.BadZipFile, OSError)
        more = (NotImplementedError, RuntimeError, UnicodeError, AttributeError)
        return kind is not None and issubclass(kind, ordinary + more)
