"""The study's working state in SQLite: ids, offsets, types, decisions and sanitized text. Never raw text or a surface.

One writer at a time, WAL, synchronous=FULL; every act is one transaction, so a killed run leaves whole rows or none.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samaran import codec
from samaran.errors import Busy, IntegrityError, SamaranError
from samaran.model import (
    Decision,
    Detector,
    EntityType,
    Mention,
    Method,
    Reason,
    SanitizedSegment,
    Span,
    SpeakerRole,
    Surrogate,
    Verdict,
)

_SCHEMA = """
CREATE TABLE source(
  source_id TEXT PRIMARY KEY, content_tag TEXT NOT NULL, subject TEXT NOT NULL, informants TEXT NOT NULL, method TEXT NOT NULL,
  wave INTEGER NOT NULL, stage TEXT NOT NULL, reason TEXT, format TEXT NOT NULL DEFAULT '', lines INTEGER NOT NULL DEFAULT 0,
  characters INTEGER NOT NULL DEFAULT 0, words INTEGER NOT NULL DEFAULT 0, detector TEXT NOT NULL DEFAULT '',
  pass TEXT NOT NULL DEFAULT '', stale INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE pass(digest TEXT PRIMARY KEY, forms TEXT NOT NULL) STRICT;
CREATE INDEX source_tag ON source(content_tag);
CREATE TABLE draft(source_id TEXT PRIMARY KEY, mentions TEXT NOT NULL) STRICT;
CREATE TABLE mention(
  mention_id TEXT PRIMARY KEY, source_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, type TEXT NOT NULL,
  score REAL NOT NULL, detector TEXT NOT NULL, rule TEXT NOT NULL, entity TEXT, settled INTEGER NOT NULL) STRICT;
CREATE INDEX mention_source ON mention(source_id);
CREATE TABLE segment(
  segment_id TEXT PRIMARY KEY, source_id TEXT NOT NULL, line_no INTEGER NOT NULL, seg_no INTEGER NOT NULL, role TEXT NOT NULL,
  lang TEXT NOT NULL, start_ms INTEGER, end_ms INTEGER) STRICT;
CREATE INDEX segment_source ON segment(source_id, line_no, seg_no);
CREATE TABLE sanitized(
  segment_id TEXT NOT NULL, profile TEXT NOT NULL, speaker TEXT NOT NULL, text TEXT NOT NULL, surrogates TEXT NOT NULL,
  allowed TEXT NOT NULL, label_allowed INTEGER NOT NULL, PRIMARY KEY(segment_id, profile)) STRICT, WITHOUT ROWID;
CREATE TABLE decision(
  n INTEGER PRIMARY KEY, source_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, verdict TEXT NOT NULL,
  reviewer TEXT NOT NULL, type TEXT, entity TEXT, was TEXT) STRICT;
CREATE INDEX decision_source ON decision(source_id);
CREATE TABLE refusal(source_id TEXT PRIMARY KEY, reason TEXT NOT NULL) STRICT;
CREATE TABLE release(
  name TEXT PRIMARY KEY, profile TEXT NOT NULL, digest TEXT NOT NULL, sources INTEGER NOT NULL, segments INTEGER NOT NULL,
  withheld TEXT NOT NULL, held_segments INTEGER NOT NULL) STRICT;
PRAGMA user_version = 1;
"""
_PINS = """
CREATE TABLE IF NOT EXISTS pin(
  source_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, type TEXT NOT NULL, score REAL NOT NULL,
  detector TEXT NOT NULL, rule TEXT NOT NULL, entity TEXT NOT NULL, pseudonym TEXT NOT NULL,
  PRIMARY KEY(source_id, start)) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
"""
_SUSPICIOUS = """
ALTER TABLE source ADD COLUMN suspicious INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 3;
"""
_PACKS = """
ALTER TABLE source ADD COLUMN pack TEXT NOT NULL DEFAULT '';
CREATE TABLE sealing(source_id TEXT PRIMARY KEY, pack TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 4;
"""
_VERSIONS = """
CREATE TABLE version(
  source_id TEXT PRIMARY KEY, place TEXT NOT NULL DEFAULT '', earlier TEXT NOT NULL DEFAULT '', sure INTEGER NOT NULL DEFAULT 0,
  joined TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE TABLE cut(
  source_id TEXT NOT NULL, line_no INTEGER NOT NULL, seg_no INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  segment_id TEXT NOT NULL, PRIMARY KEY(source_id, line_no, seg_no)) STRICT, WITHOUT ROWID;
CREATE TABLE former(
  source_id TEXT NOT NULL, segment_id TEXT NOT NULL, profile TEXT NOT NULL, allowed TEXT NOT NULL,
  label_allowed INTEGER NOT NULL, PRIMARY KEY(source_id, segment_id, profile)) STRICT, WITHOUT ROWID;
ALTER TABLE decision ADD COLUMN carried INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 5;
"""
_RECORDED = """
ALTER TABLE source ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
UPDATE source SET recorded = 1 WHERE stage = 'kept';
PRAGMA user_version = 6;
"""
_PARTS = """
DROP TABLE draft;
CREATE TABLE draft(
  source_id TEXT NOT NULL, part INTEGER NOT NULL, tag TEXT NOT NULL, mentions TEXT NOT NULL,
  PRIMARY KEY(source_id, part)) STRICT, WITHOUT ROWID;
PRAGMA user_version = 7;
"""


class Stage:
    """How far a source has come."""

    SEALED = "sealed"  # the original is in the vault and was read back
    DETECTED = "detected"  # first-pass mentions are kept as a draft
    SANITIZED = "sanitized"  # linked, sanitized, work file sealed; the raw file may go
    DONE = "done"  # and it is gone from the inbox
    QUARANTINED = "quarantined"  # sealed, no segments, with a reason
    DESTROYED = "destroyed"  # retention has ended; the row stays as a count
    KEPT = "kept"  # a recording: sealed, and nothing in it to read
    CORRECTED = "corrected"  # a corrected version: work file sealed, not joined with the earlier version yet
    SUPERSEDED = "superseded"  # a corrected version took its place; sealed, no segments


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as the state knows it. `informants` are codes such as INF-01.

    `passed` names the second pass that the source has had; `stale` says that decisions have come which its text does not show;
    `suspicious` counts what stayed unmarked in it but stands out; `pack` names the sealed file that holds it, and is empty where
    it lies in one of its own, as in vaults from before; `recorded` says that it is a recording or that one lies in it.
    """

    source_id: str
    content_tag: str
    subject: str
    informants: tuple[str, ...]
    method: Method
    wave: int
    stage: str
    reason: Reason | None = None
    format: str = ""
    lines: int = 0
    characters: int = 0
    words: int = 0
    detector: str = ""
    passed: str = ""
    stale: bool = False
    suspicious: int = 0
    pack: str = ""
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the segments of an earlier version and of the decisions on them when a corrected one took its place."""

    unchanged: int
    edited: int
    new: int
    gone: int
    carried: int
    again: int


@dataclass(frozen=True, slots=True)
class Version:
    """A source among the versions of a file: `place` is a keyed digest of its path, `earlier` the source that it corrects.
    `sure`: a person said that it is a correction. `joined` is None until the two are joined."""

    source_id: str
    place: str = ""
    earlier: str = ""
    sure: bool = False
    joined: Joined | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment of a source whose segments follow an earlier version: where it lies, and its id."""

    line_no: int
    seg_no: int
    span: Span
    segment_id: str


@dataclass(frozen=True, slots=True)
class Junction:
    """What a corrected version takes over from the earlier one, to be kept in one transaction. The rows say how both stand
    afterwards."""

    row: SourceRow
    before: SourceRow
    cuts: tuple[Cut, ...]
    decisions: tuple[Decision, ...]
    pins: tuple["PinRow", ...]
    joined: Joined


@dataclass(frozen=True, slots=True)
class Former:
    """A segment of a version that was superseded, in one profile: what a reviewer allowed in it. Releases may still hold it."""

    source_id: str
    segment_id: str
    profile: str
    allowed: tuple[Span, ...]
    label_allowed: bool


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A mention with its id and whether a reviewer or the policy has settled it."""

    mention_id: str
    source_id: str
    mention: Mention
    settled: bool


@dataclass(frozen=True, slots=True)
class PinRow:
    """A mention that stays as it is, with its pseudonym, because nobody knows any more how the entity's name was written."""

    source_id: str
    mention: Mention
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a withdrawal takes out of the state. `renamed` maps ids of entities, which are made from names, to ids that say
    nothing; `passes` maps the digest of a second pass to its new digest and the forms that may still be remembered."""

    source_ids: tuple[str, ...]
    pins: tuple[PinRow, ...]
    renamed: Mapping[str, str]
    passes: Mapping[str, tuple[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A sanitized segment in one profile. `allowed` are spans of the sanitized text where a reviewer rejected a mention,
    `label_allowed` says that she rejected the speaker label as one."""

    segment_id: str
    source_id: str
    lang: str
    segment: SanitizedSegment
    allowed: tuple[Span, ...] = ()
    label_allowed: bool = False


@dataclass(frozen=True, slots=True)
class SanitizedPart:
    """What a part of a source became: its mentions, and its segments per profile. `row` is the source with all parts so far."""

    row: SourceRow
    mentions: Iterable[MentionRow]
    segments: Mapping[str, Iterable[SegmentRow]]


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release that was written. `withheld` counts sources by reason, `held_segments` the segments in them."""

    name: str
    profile: str
    digest: str
    sources: int
    segments: int
    withheld: Mapping[str, int]
    held_segments: int = 0


def _is_damage(error: Exception) -> bool:
    """Whether a database is not what SQLite wrote; other troubles are operational ones."""
    return isinstance(error, sqlite3.DatabaseError) and any(word in str(error) for word in ("malformed", "not a database"))


def _damaged() -> IntegrityError:
    return IntegrityError("state.db of this study is damaged or an incomplete copy.", "Bring it back from a copy of the study.")


class State:
    """`state.db` of one study. Methods read or write whole facts; no method takes or gives raw text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            new = not path.exists()
            if new:
                path.touch(mode=0o600)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
                self._db.executescript("BEGIN IMMEDIATE;" + _SCHEMA + "COMMIT;")
            if self._db.execute("PRAGMA user_version").fetchone()[0] < 2:
                self._db.executescript("BEGIN IMMEDIATE;" + _PINS + "COMMIT;")
            if self._db.execute("PRAGMA user_version").fetchone()[0] < 3:
                self._db.executescript("BEGIN IMMEDIATE;" + _SUSPICIOUS + "COMMIT;")
            if self._db.execute("PRAGMA user_version").fetchone()[0] < 4:
                self._db.executescript("BEGIN IMMEDIATE;" + _PACKS + "COMMIT;")
            if self._db.execute("PRAGMA user_version").fetchone()[0] < 5:
                self._db.executescript("BEGIN IMMEDIATE;" + _VERSIONS + "COMMIT;")
            if self._db.execute("PRAGMA user_version").fetchone()[0] < 6:
                self._db.executescript("BEGIN IMMEDIATE;" + _RECORDED + "COMMIT;")
            if self._db.execute("PRAGMA user_version").fetchone()[0] < 7:
                self._db.executescript("BEGIN IMMEDIATE;" + _PARTS + "COMMIT;")
        except (OSError, sqlite3.Error) as error:
            if _is_damage(error):
                raise _damaged() from None
            raise SamaranError(
                "state.db of this study can't be opened.",
                "Check that the folder is writable, the disk not full and no copy is in the way.",
            ) from None

    def close(self) -> None:
        """Close the database; the object can't be used afterwards."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if "locked" in str(error):
                    raise Busy(
                        "The working state is in use by another process; nothing of this step was kept.", "Run the command again."
                    ) from None
                hint = "Free some space and run the command again." if "full" in str(error) else "Run the command again."
                raise SamaranError("The working state could not be written; nothing of this step was kept.", hint) from None

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                if _is_damage(error):
                    raise _damaged() from None
                raise

    # sources

    def source(self, source_id: str) -> SourceRow | None:
        """The source of that id, None when there is none."""
        rows = self._rows("SELECT * FROM source WHERE source_id = ?", source_id)
        return _source(rows[0]) if rows else None

    def sources(self) -> tuple[SourceRow, ...]:
        """All sources, in the order they came."""
        return tuple(_source(row) for row in self._rows("SELECT * FROM source ORDER BY rowid"))

    def twin(self, content_tag: str, source_id: str) -> bool:
        """Whether another source has the same content."""
        rows = self._rows(
            "SELECT 1 FROM source WHERE content_tag = ? AND source_id <> ? AND stage <> ?",
            content_tag,
            source_id,
            Stage.QUARANTINED,
        )
        return bool(rows)

    def put_source(self, row: SourceRow) -> None:
        """Write a source, or what has changed of it."""
        with self._transaction() as db:
            _put_source(db, row)

    def begin_sealing(self, packs: Mapping[str, str]) -> None:
        """Note which pack is about to hold which source (source to pack), before it is written."""
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO sealing VALUES(?,?)", packs.items())

    def sealing(self) -> Mapping[str, frozenset[str]]:
        """Packs of which it isn't known whether they were finished, and the sources that they should hold."""
        found: dict[str, set[str]] = {}
        for source_id, pack in self._rows("SELECT source_id, pack FROM sealing"):
            found.setdefault(pack, set()).add(source_id)
        return {pack: frozenset(ids) for pack, ids in found.items()}

    def put_sealed(self, rows: Iterable[SourceRow], noted: Iterable[str]) -> None:
        """Write sources whose packs are durable, and forget what was noted of these and others, in one transaction."""
        with self._transaction() as db:
            for row in rows:
                _put_source(db, row)
            db.executemany("DELETE FROM sealing WHERE source_id = ?", ((source_id,) for source_id in noted))

    def set_refusals(self, refusals: Mapping[str, Reason]) -> None:
        """What the last run left in the inbox, and why."""
        with self._transaction() as db:
            db.execute("DELETE FROM refusal")
            db.executemany("INSERT INTO refusal VALUES(?,?)", refusals.items())

    def put_refusal(self, source_id: str, reason: Reason) -> None:
        """One more that the run under way leaves in the inbox."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO refusal VALUES(?,?)", (source_id, reason))

    def refusals(self) -> Mapping[str, Reason]:
        """Ids and reasons of what the last run left in the inbox."""
        return {source_id: Reason(reason) for source_id, reason in self._rows("SELECT * FROM refusal ORDER BY rowid")}

    # mentions and segments

    def put_draft(self, source_id: str, part: int, tag: str, mentions: Sequence[Mention]) -> None:
        """Keep first-pass mentions of a part of a source, so that a killed run need not detect again. `tag` says in what they
        were found, and by what: under another tag they are not given back."""
        text = codec.compact([codec.plain(mention) for mention in mentions])
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO draft VALUES(?,?,?,?)", (source_id, part, tag, text))

    def draft(self, source_id: str, part: int, tag: str) -> tuple[Mention, ...] | None:
        """First-pass mentions of a part of a source, None when there are none."""
        rows = self._rows("SELECT mentions FROM draft WHERE source_id = ? AND part = ? AND tag = ?", source_id, part, tag)
        return tuple(_plain_mention(item) for item in json.loads(rows[0][0])) if rows else None

    def put_sanitized(self, source_id: str, parts: Iterable[SanitizedPart]) -> None:
        """Replace all mentions and sanitized segments of a source, in one transaction. Its parts come one after the other, so
        that memory need not hold a long source; nothing is kept when one of them raises."""
        with self._transaction() as db:
            _clear(db, source_id)
            for part in parts:
                _put_source(db, part.row)
                _put_part(db, part)
            db.execute("DELETE FROM draft WHERE source_id = ?", (source_id,))

    def put_pass(self, digest: str, forms: Iterable[str]) -> None:
        """Keep which forms (as keyed digests) a second pass looked for."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO pass VALUES(?,?)", (digest, " ".join(sorted(forms))))

    def passed(self, digest: str) -> frozenset[str]:
        """The keyed digests of the forms that a second pass looked for."""
        rows = self._rows("SELECT forms FROM pass WHERE digest = ?", digest)
        return frozenset(rows[0][0].split()) if rows else frozenset()

    def mentions(self, source_id: str | None = None) -> tuple[MentionRow, ...]:
        """Mentions of one source or of all, in order."""
        where = "WHERE source_id = ?" if source_id else ""
        rows = self._rows(f"SELECT * FROM mention {where} ORDER BY source_id, start", *([source_id] if source_id else []))  # noqa: S608
        return tuple(map(_mention, rows))

    def met(self, least: float) -> frozenset[str]:
        """Ids of the entities that stand in a mention of at least this score which more than a second pass found."""
        sql = "SELECT DISTINCT entity FROM mention WHERE entity IS NOT NULL AND score >= ? AND detector <> ?"
        return frozenset(entity for (entity,) in self._rows(sql, least, Detector.SECOND_PASS))

    def accepted(self) -> frozenset[str]:
        """Ids of the entities that stand in a settled mention."""
        sql = "SELECT DISTINCT entity FROM mention WHERE entity IS NOT NULL AND settled = 1"
        return frozenset(entity for (entity,) in self._rows(sql))

    def waiting(self) -> Mapping[str, int]:
        """How many mentions of each source still wait for a reviewer; sources without any are not in it."""
        return dict(self._rows("SELECT source_id, count(*) FROM mention WHERE settled = 0 GROUP BY source_id"))

    def mention_counts(self) -> Mapping[tuple[str, EntityType], int]:
        """How many mentions there are of each type in each source."""
        rows = self._rows("SELECT source_id, type, count(*) FROM mention GROUP BY source_id, type ORDER BY source_id, type")
        return {(source_id, EntityType(kind)): count for source_id, kind, count in rows}

    def mention(self, mention_id: str) -> MentionRow | None:
        """The mention of that id, None when there is none."""
        rows = self._rows("SELECT * FROM mention WHERE mention_id = ?", mention_id)
        return _mention(rows[0]) if rows else None

    def speaking_of(self, entity: str) -> frozenset[str]:
        """Ids of the sources in which a mention stands for this entity."""
        return frozenset(
            source_id for (source_id,) in self._rows("SELECT DISTINCT source_id FROM mention WHERE entity = ?", entity)
        )

    def segments(self, source_id: str, profile: str) -> tuple[SegmentRow, ...]:
        """Sanitized segments of a source in a profile, in document order."""
        rows = self._rows(
            "SELECT s.segment_id, s.source_id, s.lang, s.line_no, s.seg_no, z.speaker, s.role, z.text, z.surrogates, s.start_ms,"
            " s.end_ms, z.allowed, z.label_allowed"
            " FROM segment s JOIN sanitized z USING(segment_id) WHERE s.source_id = ? AND z.profile = ?"
            " ORDER BY s.line_no, s.seg_no",
            source_id,
            profile,
        )
        return tuple(_segment(row) for row in rows)

    # decisions

    def add_decisions(self, decisions: Iterable[Decision], *, settled: Iterable[str] = (), stale: Iterable[str] = ()) -> None:
        """Append decisions, none of which is ever changed, with what follows from them, in one transaction: mentions that are
        settled, and sources that must be sanitized anew from their raw text before they can be released."""
        with self._transaction() as db:
            db.executemany("UPDATE source SET stale = 1 WHERE source_id = ?", ((s,) for s in stale))
            db.executemany("UPDATE mention SET settled = 1 WHERE mention_id = ?", ((m,) for m in settled))
            _add_decisions(db, decisions)

    def decisions(self, source_id: str | None = None) -> tuple[Decision, ...]:
        """Decisions on one source or on all, oldest first."""
        where = "WHERE source_id = ?" if source_id else ""
        rows = self._rows(f"SELECT * FROM decision {where} ORDER BY n", *([source_id] if source_id else []))  # noqa: S608
        return tuple(
            Decision(r[1], Span(r[2], r[3]), Verdict(r[4]), r[5], EntityType(r[6]) if r[6] else None, r[7], r[8], bool(r[9]))
            for r in rows
        )

    # versions of a file

    def set_places(self, places: Mapping[str, str]) -> None:
        """Keep by which place each file of the inbox came (source to keyed digest), before it becomes a source."""
        with self._transaction() as db:
            db.execute("DELETE FROM version WHERE source_id NOT IN (SELECT source_id FROM source)")
            db.executemany("INSERT OR IGNORE INTO version(source_id, place) VALUES(?,?)", places.items())

    def versions(self) -> Mapping[str, Version]:
        """What is known of sources as versions of a file, by source, in the order in which they came."""
        rows = self._rows("SELECT version.* FROM version JOIN source USING(source_id) ORDER BY source.rowid")
        return {r[0]: Version(r[0], r[1], r[2], bool(r[3]), Joined(**json.loads(r[4])) if r[4] else None) for r in rows}

    def origin(self, source_id: str) -> str:
        """The first version of a source; itself where it corrects nothing."""
        while rows := self._rows("SELECT earlier FROM version WHERE source_id = ? AND earlier <> ''", source_id):
            source_id = rows[0][0]
        return source_id

    def correct(self, row: SourceRow, earlier: str, *, sure: bool = False) -> None:
        """Write a source as a corrected version of an earlier one; with an empty `earlier`, as one that corrects nothing."""
        with self._transaction() as db:
            _put_source(db, row)
            db.execute("INSERT OR IGNORE INTO version(source_id) VALUES(?)", (row.source_id,))
            db.execute("UPDATE version SET earlier = ?, sure = ? WHERE source_id = ?", (earlier, int(sure), row.source_id))

    def join(self, junction: Junction) -> None:
        """Let a corrected version take over from the earlier one, in one transaction. What either had of mentions and segments
        goes; the earlier one's decisions stay in the ledger."""
        source_id, before = junction.row.source_id, junction.before.source_id
        with self._transaction() as db:
            for one in (before, source_id):
                db.execute(
                    "INSERT OR REPLACE INTO former SELECT s.source_id, s.segment_id, z.profile, z.allowed, z.label_allowed"
                    " FROM segment s JOIN sanitized z USING(segment_id) WHERE s.source_id = ?",
                    (one,),
                )
                _clear(db, one)
                for table in ("draft", "cut", "pin"):
                    db.execute(f"DELETE FROM {table} WHERE source_id = ?", (one,))  # noqa: S608
            _put_source(db, junction.before)
            _put_source(db, junction.row)
            db.executemany(
                "INSERT INTO cut VALUES(?,?,?,?,?,?)",
                ((source_id, c.line_no, c.seg_no, c.span.start, c.span.end, c.segment_id) for c in junction.cuts),
            )
            _add_decisions(db, junction.decisions)
            _put_pins(db, junction.pins)
            joined = codec.compact(codec.plain(junction.joined))
            db.execute("UPDATE version SET joined = ? WHERE source_id = ?", (joined, source_id))

    def cuts(self, source_id: str) -> tuple[Cut, ...]:
        """How a source is cut that took over from an earlier version; nothing for others."""
        rows = self._rows("SELECT * FROM cut WHERE source_id = ? ORDER BY line_no, seg_no", source_id)
        return tuple(Cut(r[1], r[2], Span(r[3], r[4]), r[5]) for r in rows)

    def former(self) -> tuple[Former, ...]:
        """Segments of versions that were superseded."""
        return tuple(
            Former(r[0], r[1], r[2], tuple(Span(s, e) for s, e in json.loads(r[3])), bool(r[4]))
            for r in self._rows("SELECT * FROM former")
        )

    # withdrawals

    def pins(self, source_id: str | None = None) -> tuple[PinRow, ...]:
        """Pinned mentions of a source or of all, in order."""
        where = "WHERE source_id = ?" if source_id else ""
        rows = self._rows(f"SELECT * FROM pin {where} ORDER BY source_id, start", *([source_id] if source_id else []))  # noqa: S608
        return tuple(
            PinRow(r[0], Mention(Span(r[1], r[2]), EntityType(r[3]), r[4], Detector(r[5]), r[6], r[7]), r[8]) for r in rows
        )

    def passes(self) -> Mapping[str, frozenset[str]]:
        """All second passes: digest to the keyed digests of the forms that were looked for."""
        return {digest: frozenset(forms.split()) for digest, forms in self._rows("SELECT digest, forms FROM pass")}

    def erase(self, gone: Erasure) -> None:
        """Take out everything of some sources, pin what others say of their people, in one transaction. Twice is as once."""
        with self._transaction() as db:
            for source_id in gone.source_ids:
                _clear(db, source_id)
                for table in ("draft", "decision", "pin", "refusal", "cut", "former", "version", "source"):
                    db.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))  # noqa: S608
            for old, new in gone.renamed.items():
                for table, column in (("mention", "entity"), ("decision", "entity"), ("decision", "was")):
                    db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, old))  # noqa: S608
                db.execute("UPDATE draft SET mentions = replace(mentions, ?, ?)", (old, new))
            _put_pins(db, gone.pins)
            db.execute("DELETE FROM version WHERE source_id NOT IN (SELECT source_id FROM source)")
            for old, (digest, forms) in gone.passes.items():
                db.execute("DELETE FROM pass WHERE digest = ?", (old,))
                db.execute("INSERT OR IGNORE INTO pass VALUES(?,?)", (digest, " ".join(sorted(forms))))
                db.execute("UPDATE source SET pass = ? WHERE pass = ?", (digest, old))

    def erase_all(self) -> int:
        """Take out every segment, mention, decision, draft and pin; sources stay as counts. Returns how many segments went."""
        with self._transaction() as db:
            count = int(db.execute("SELECT count(*) FROM segment").fetchone()[0])
            for table in ("sanitized", "segment", "mention", "decision", "draft", "pin", "pass", "cut", "former"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            db.execute("UPDATE source SET stage = ?", (Stage.DESTROYED,))
        return count

    def shrink(self) -> None:
        """Write the database anew and empty its journal, so that no page of what was deleted is left in the files."""
        with self._lock:
            try:
                self._db.execute("VACUUM")
                blocked = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.Error:
                blocked = 1
        if blocked:
            raise Busy("The working state is in use by another process and could not be cleaned.", "Run the command again.")

    # releases

    def put_release(self, row: ReleaseRow) -> None:
        """Record a release that was written."""
        withheld = codec.compact(dict(row.withheld))
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO release VALUES(?,?,?,?,?,?,?)",
                (row.name, row.profile, row.digest, row.sources, row.segments, withheld, row.held_segments),
            )

    def releases(self) -> tuple[ReleaseRow, ...]:
        """All releases, oldest first."""
        return tuple(
            ReleaseRow(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]), row[6])
            for row in self._rows("SELECT * FROM release ORDER BY rowid")
        )

    def segment_counts(self) -> Mapping[str, int]:
        """How many segments each source has."""
        return dict(self._rows("SELECT source_id, count(*) FROM segment GROUP BY source_id"))


def _put_source(db: sqlite3.Connection, row: SourceRow) -> None:
    given = (row.source_id, row.content_tag, row.subject, ";".join(row.informants), row.method, row.wave, row.stage, row.reason)
    found = (row.format, row.lines, row.characters, row.words, row.detector, row.passed, int(row.stale), row.suspicious)
    lies = (row.pack, int(row.recorded))
    db.execute(
        "INSERT INTO source VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(source_id) DO UPDATE SET "
        "stage=excluded.stage, reason=excluded.reason, format=excluded.format, lines=excluded.lines,"
        "characters=excluded.characters, words=excluded.words,"
        "detector=excluded.detector, pass=excluded.pass, stale=excluded.stale, suspicious=excluded.suspicious",
        (*given, *found, *lies),
    )
    db.execute("DELETE FROM refusal WHERE source_id = ?", (row.source_id,))


def _put_part(db: sqlite3.Connection, part: SanitizedPart) -> None:
    db.executemany(
        "INSERT INTO mention VALUES(?,?,?,?,?,?,?,?,?,?)",
        (
            (r.mention_id, r.source_id, m.span.start, m.span.end, m.type, m.score, m.detector, m.rule, m.entity, int(r.settled))
            for r in part.mentions
            for m in (r.mention,)
        ),
    )
    for profile, rows in part.segments.items():
        for row in rows:
            s = row.segment
            db.execute(
                "INSERT OR IGNORE INTO segment VALUES(?,?,?,?,?,?,?,?)",
                (row.segment_id, row.source_id, s.line_no, s.seg_no, s.role, row.lang, s.start_ms, s.end_ms),
            )
            surrogates = codec.compact([[x.span.start, x.span.end, x.type, x.pseudonym, x.level] for x in s.surrogates])
            allowed = codec.compact([[x.start, x.end] for x in row.allowed])
            db.execute(
                "INSERT INTO sanitized VALUES(?,?,?,?,?,?,?)",
                (row.segment_id, profile, s.speaker, s.text, surrogates, allowed, int(row.label_allowed)),
            )


def _add_decisions(db: sqlite3.Connection, decisions: Iterable[Decision]) -> None:
    db.executemany(
        'INSERT INTO decision(source_id, start, "end", verdict, reviewer, type, entity, was, carried) VALUES(?,?,?,?,?,?,?,?,?)',
        (
            (d.source_id, d.span.start, d.span.end, d.verdict, d.reviewer, d.type, d.entity, d.was, int(d.carried))
            for d in decisions
        ),
    )


def _put_pins(db: sqlite3.Connection, pins: Iterable[PinRow]) -> None:
    for pin in pins:
        m = pin.mention
        db.execute(
            "INSERT OR REPLACE INTO pin VALUES(?,?,?,?,?,?,?,?,?)",
            (pin.source_id, m.span.start, m.span.end, m.type, m.score, m.detector, m.rule, m.entity, pin.pseudonym),
        )


def _clear(db: sqlite3.Connection, source_id: str) -> None:
    db.execute("DELETE FROM sanitized WHERE segment_id IN (SELECT segment_id FROM segment WHERE source_id = ?)", (source_id,))
    for table in ("segment", "mention"):
        db.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))  # noqa: S608


def _source(row: tuple[Any, ...]) -> SourceRow:
    return SourceRow(
        row[0],
        row[1],
        row[2],
        tuple(code for code in row[3].split(";") if code),
        Method(row[4]),
        row[5],
        row[6],
        Reason(row[7]) if row[7] else None,
        format=row[8],
        lines=row[9],
        characters=row[10],
        words=row[11],
        detector=row[12],
        passed=row[13],
        stale=bool(row[14]),
        suspicious=row[15],
        pack=row[16],
        recorded=bool(row[17]),
    )


def _mention(row: tuple[Any, ...]) -> MentionRow:
    mention = Mention(Span(row[2], row[3]), EntityType(row[4]), row[5], Detector(row[6]), row[7], row[8])
    return MentionRow(row[0], row[1], mention, bool(row[9]))


def _segment(row: tuple[Any, ...]) -> SegmentRow:
    surrogates = tuple(Surrogate(Span(s, e), EntityType(t), p, level) for s, e, t, p, level in json.loads(row[8]))
    segment = SanitizedSegment(row[3], row[4], row[5], SpeakerRole(row[6]), row[7], surrogates, row[9], row[10])
    return SegmentRow(row[0], row[1], row[2], segment, tuple(Span(s, e) for s, e in json.loads(row[11])), bool(row[12]))


def _plain_mention(item: dict[str, Any]) -> Mention:
    span = Span(item["span"].get("start", 0), item["span"]["end"])
    return Mention(span, EntityType(item["type"]), item["score"], Detector(item["detector"]), item["rule"], item.get("entity"))
