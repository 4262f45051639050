"""The rows of the log in one SQLite file.

Leaves are only ever inserted; everything else but the signed heads is derived from them.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from samaran.audit.tree import Node
from samaran.errors import Busy, IntegrityError, SamaranError, UsageError

DATABASE = "log.db"
FORMAT = "samaran audit log 1"
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE leaf (seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, leaf_hash BLOB NOT NULL) STRICT;
CREATE TABLE node (level INTEGER, n INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, n)) STRICT, WITHOUT ROWID;
CREATE TABLE intent (seq INTEGER PRIMARY KEY) STRICT;
CREATE TABLE head (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note BLOB NOT NULL) STRICT;
"""
_WAIT_S = 30


class Store:
    """One connection. `writable` connections use WAL and synchronous=FULL: a commit that returned is on the disk."""

    def __init__(self, folder: Path, *, writable: bool, new: bool = False) -> None:
        path = folder / DATABASE
        if not new and not path.is_file():
            raise UsageError(
                "There is no audit log in this study.", "`samaran init` starts one; or bring audit/ back from a copy."
            )
        with translated():
            self._db = self._connect(path, writable, new)
            if new:
                self._create()
            meta = dict(self._db.execute("SELECT name, value FROM meta"))
        if meta.get("format") != FORMAT and not new:
            raise IntegrityError(
                "The audit log is of a format that this version doesn't know.", "Use a newer version of samaran."
            )
        self.origin, self.vkey = meta.get("origin", ""), meta.get("vkey", "")

    @staticmethod
    def _connect(path: Path, writable: bool, new: bool) -> sqlite3.Connection:
        mode = "rwc" if new else "rw" if writable else "ro"
        place = f"file:{quote(str(path.absolute()))}?mode={mode}"
        db = sqlite3.connect(place, uri=True, isolation_level=None, timeout=_WAIT_S, check_same_thread=False)
        if writable:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            return db
        try:
            db.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:  # a read-only disk has no place for WAL's index; nobody can be writing there either
            db.close()
            db = sqlite3.connect(place + "&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
        return db

    def _create(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if not self._db.execute("SELECT 1 FROM sqlite_schema").fetchone():
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
        finally:
            self._db.execute("COMMIT")

    def found(self, origin: str, vkey: str) -> None:
        """Name the log, once for all."""
        self._db.executemany("INSERT INTO meta VALUES (?, ?)", [("format", FORMAT), ("origin", origin), ("vkey", vkey)])
        self.origin, self.vkey = origin, vkey

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The one writer: all of the block, durably, or nothing. Raises `SamaranError` or `IntegrityError`."""
        with translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    def size(self) -> int:
        """How many entries there are."""
        return int(self._db.execute("SELECT coalesce(max(seq) + 1, 0) FROM leaf").fetchone()[0])

    def insert(self, rows: Sequence[tuple[int, bytes, bytes]], nodes: Sequence[Node]) -> None:
        """Append leaves and the nodes that they complete."""
        self._db.executemany("INSERT INTO leaf VALUES (?, ?, ?)", rows)
        self._db.executemany("INSERT INTO node VALUES (?, ?, ?)", [(node.level, node.n, node.hash) for node in nodes])

    def open_intents(self) -> tuple[int, ...]:
        """The intents without a result."""
        return tuple(row[0] for row in self._db.execute("SELECT seq FROM intent ORDER BY seq"))

    def is_open(self, seq: int) -> bool:
        """Whether this intent waits for its result."""
        return self._db.execute("SELECT 1 FROM intent WHERE seq = ?", (seq,)).fetchone() is not None

    def mark_intents(self, *, opened: Iterable[int], closed: Iterable[int]) -> None:
        """Note which intents wait now, and which have their result."""
        self._db.executemany("INSERT INTO intent VALUES (?)", [(seq,) for seq in opened])
        self._db.executemany("DELETE FROM intent WHERE seq = ?", [(seq,) for seq in closed])

    def leaf(self, seq: int) -> bytes:
        """The bytes of one entry."""
        row = self._db.execute("SELECT leaf FROM leaf WHERE seq = ?", (seq,)).fetchone()
        if row is None:
            raise IntegrityError("An entry of the audit log is missing.", "Run `samaran audit verify STUDY`.")
        return bytes(row[0])

    def rows(self, lo: int = 0, hi: int | None = None) -> Iterator[tuple[int, bytes, bytes]]:
        """`seq, leaf, leaf_hash` in order, streamed."""
        with translated():
            yield from self._db.execute(
                "SELECT seq, leaf, leaf_hash FROM leaf WHERE seq >= ? AND seq < ? ORDER BY seq", (lo, 2**62 if hi is None else hi)
            )

    def batches(self, width: int) -> Iterator[list[tuple[int, bytes, bytes]]]:
        """All rows in order, so many at a time."""
        with translated():
            cursor = self._db.execute("SELECT seq, leaf, leaf_hash FROM leaf ORDER BY seq")
            while batch := cursor.fetchmany(width):
                yield batch

    def hashes(self, level: int, lo: int, hi: int) -> list[bytes]:
        """A stretch of a tile level; see `tree.Hashes`. Raises `IntegrityError` when rows are missing."""
        if level == 0:
            found = self._db.execute("SELECT leaf_hash FROM leaf WHERE seq >= ? AND seq < ? ORDER BY seq", (lo, hi))
        else:
            found = self._db.execute("SELECT hash FROM node WHERE level = ? AND n >= ? AND n < ? ORDER BY n", (level, lo, hi))
        row = [row[0] for row in found]
        if len(row) != hi - lo:
            raise IntegrityError("Rows of the audit log are missing.", "Run `samaran audit verify STUDY`; it names the first.")
        return row

    def nodes(self, level: int) -> Iterator[tuple[int, bytes]]:
        """`n, hash` of one tile level above the leaves, in order."""
        yield from self._db.execute("SELECT n, hash FROM node WHERE level = ? ORDER BY n", (level,))

    def node_count(self) -> int:
        """How many nodes of tile levels above the leaves are stored."""
        return int(self._db.execute("SELECT count(*) FROM node").fetchone()[0])

    def heads(self) -> list[tuple[int, bytes, bytes]]:
        """Every signed `size, root, note`, in order."""
        return [(row[0], row[1], row[2]) for row in self._db.execute("SELECT size, root, note FROM head ORDER BY size")]

    def last_head(self) -> tuple[int, bytes, bytes] | None:
        """The newest signed head."""
        row = self._db.execute("SELECT size, root, note FROM head ORDER BY size DESC LIMIT 1").fetchone()
        return (row[0], row[1], row[2]) if row else None

    def add_head(self, size: int, root: bytes, note: bytes) -> None:
        """Keep a signed head, before it is published."""
        self._db.execute("INSERT INTO head VALUES (?, ?, ?)", (size, root, note))

    def sound(self) -> bool:
        """Whether SQLite finds its file whole."""
        try:
            return bool(self._db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's exceptions as ours, without their text."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text:
            raise SamaranError("The disk is full: the audit log can't be written.", "Free some space and run again.") from None
        if "locked" in text or "busy" in text:
            raise Busy(
                "The audit log is in use by another process.", "Wait until it is done, or end it; then run again."
            ) from None
        if "no such table" in text or "malformed" in text:
            raise _damaged() from None
        raise SamaranError(
            "The audit log can't be read or written here.", "Check the permissions of audit/ and whether the disk is read-only."
        ) from None
    except sqlite3.DatabaseError:
        raise _damaged() from None


def _damaged() -> IntegrityError:
    return IntegrityError("The audit log's database is damaged.", "Keep it as it is, and bring audit/ back from a copy.")
