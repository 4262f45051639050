"""What the board does with a bundle, on its own machine: check all of it, before anything is signed or kept.

Numbered checks:

 1. the file is whole, and each member is the one that SHA256SUMS lists
 2. the public key is the one given
 3. the checkpoint bears the signature of that key
 4. entries are canonical, valid and numbered, and results follow their intents
 5. the entries give the signed root
 6. each tile holds what the entries give
 7. each proof leads from its entry to the signed root
 8. the log grew from the checkpoint that was kept (only with `kept`)
"""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from samaran.audit import tiles
from samaran.audit.entry import Entry
from samaran.audit.log import VKEY
from samaran.audit.note import Note, VerifierKey
from samaran.audit.proof import ProofFile, included
from samaran.audit.rows import Rows
from samaran.audit.tree import WIDTH, frontier, leaf_hash
from samaran.audit.verify import Check, Report
from samaran.audit.vocabulary import Phase
from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError

SUMS = "SHA256SUMS"
_CHECKPOINT = f"{tiles.FOLDER}/{tiles.CHECKPOINT}"
_LARGEST = 4 << 30

NAMES = {
    1: "bundle whole",
    2: "public key is the one given",
    3: "signature of the checkpoint",
    4: "entries valid, results after intents",
    5: "entries give the signed root",
    6: "tiles equal the entries",
    7: "proofs of entries",
    8: "grew from the kept checkpoint",
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What came of a bundle: the checks, and its checkpoint when all of them hold."""

    report: Report
    checkpoint: bytes


@dataclass(slots=True)
class _Findings:
    wrong: dict[int, str] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    bad: list[int] = field(default_factory=list)

    def fault(self, number: int, text: str, seq: int | None = None) -> None:
        self.wrong.setdefault(number, text)
        if seq is not None:
            self.bad.append(seq)


def inspect(path: Path, vkey: str | None = None, kept: bytes | None = None) -> Inspected:
    """Check a bundle. `vkey` is the log's public key as the board has it on paper, `kept` the checkpoint of last time.

    Raises `UsageError` when there is no such file, `IntegrityError` when it is no bundle or cut short. What else is wrong stands
    in the report.
    """
    members = _members(path)
    found = _Findings()
    _sums(members, found)
    note = Note.parse(members[_CHECKPOINT])
    key = _key(members, vkey, note, found)
    entries = _entries(members, note.size, found)
    rows = Rows()
    for at in range(0, len(entries), WIDTH):
        rows.add([leaf_hash(leaf) for leaf in entries[at : at + WIDTH]])
    _tree(members, note, rows, entries, found)
    _proofs(members, note, key, entries, found)
    if kept is not None:
        _growth(kept, key, rows, found)
    checks = tuple(
        Check(n, name, n not in found.wrong, found.wrong.get(n) or found.seen.get(n, ""))
        for n, name in NAMES.items()
        if n != 8 or kept is not None
    )
    report = Report(note.origin, len(entries), note.size, checks, min(found.bad, default=None))
    return Inspected(report, members[_CHECKPOINT] if report.ok else b"")


def _members(path: Path) -> Mapping[str, bytes]:
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError("There is no bundle of that name.", "Name the zip file that `samaran audit bundle` wrote.") from None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) <= _LARGEST:
                members = {info.filename: archive.read(info) for info in archive.infolist()}
                if {_CHECKPOINT, VKEY, SUMS} <= members.keys():
                    return members
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        pass
    raise IntegrityError("This is no bundle of an audit log, or it was cut short.", "Ask for it again, and compare its SHA-256.")


def _sums(members: Mapping[str, bytes], found: _Findings) -> None:
    lines = members[SUMS].decode("utf-8", "replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    if listed.keys() != members.keys() - {SUMS}:
        found.fault(1, "members are missing, or stand there without being listed")
    for name, digest in listed.items():
        if hashlib.sha256(members.get(name, b"")).hexdigest() != digest:
            found.fault(1, f"{name} is not what SHA256SUMS lists")
    found.seen[1] = f"{len(listed)} members"


def _key(members: Mapping[str, bytes], vkey: str | None, note: Note, found: _Findings) -> VerifierKey | None:
    inside = members[VKEY].decode("ascii", "replace").strip()
    try:
        key = VerifierKey.parse(vkey if vkey is not None else inside)
    except KeyUnusable as error:
        if vkey is not None:
            raise
        found.fault(2, str(error))
        return None
    if key.text != inside:
        found.fault(2, "the bundle comes with another key: the log may have been replaced and signed anew")
    found.seen[2] = "the key given" if vkey else "the bundle's own key; compare it with the copy on paper"
    if note.origin != key.origin or not key.verifies(note):
        found.fault(3, "the checkpoint is not signed by this key: edited, or signed with another key")
    found.seen[3] = f"{note.size} entries signed"
    return key


def _entries(members: Mapping[str, bytes], size: int, found: _Findings) -> list[bytes]:
    entries: list[bytes] = []
    for tile in tiles.tiles(size):
        if tile.level == tiles.ENTRIES:
            try:
                entries += tiles.unbundle(members[f"{tiles.FOLDER}/{tile.path}"])
            except (KeyError, ValueError):
                found.fault(4, f"{tile.path} is missing or cut short", len(entries))
    waiting: dict[int, str] = {}
    for seq, leaf in enumerate(entries):
        try:
            entry = Entry.from_bytes(leaf)
        except ValueError as error:
            found.fault(4, f"entry {seq}: {error}", seq)
            continue
        if entry.seq != seq:
            found.fault(4, f"entry {seq} bears another number: moved, or numbered anew", seq)
        if entry.phase == Phase.INTENT:
            waiting[seq] = entry.act
        elif waiting.pop(entry.of or 0, None) != entry.act:
            found.fault(4, f"entry {seq}: a result without an open intent of the same act", seq)
    found.seen[4] = f"{len(entries)} entries, {len(waiting)} acts without a result"
    return entries


def _tree(members: Mapping[str, bytes], note: Note, rows: Rows, entries: list[bytes], found: _Findings) -> None:
    if rows.size != note.size or frontier(note.size, rows.hashes).root() != note.root:
        found.fault(5, "entries were changed, removed or put in another order")
    found.seen[5] = f"{note.size} entries"
    count = 0
    for tile in tiles.tiles(min(note.size, rows.size)):
        lo = tile.n * WIDTH
        if tile.level == tiles.ENTRIES:
            data = tiles.bundle(entries[lo : lo + tile.width])
        else:
            data = b"".join(rows.hashes(tile.level, lo, lo + tile.width))
        if members.get(f"{tiles.FOLDER}/{tile.path}") != data:
            found.fault(6, f"{tile.path} is missing or doesn't hold what the entries give")
        count += 1
    found.seen[6] = f"{count} tiles"


def _proofs(members: Mapping[str, bytes], note: Note, key: VerifierKey | None, entries: list[bytes], found: _Findings) -> None:
    names = [name for name in members if name.startswith("proofs/")]
    for name in names:
        try:
            proof = ProofFile.parse(members[name])
            under = Note.parse(proof.note)
        except (ValueError, SamaranError):
            found.fault(7, f"{name} can't be read")
            continue
        good = proof.index < len(entries) and key is not None and key.verifies(under) and under.body == note.body
        if not good or not included(leaf_hash(entries[proof.index]), proof.index, under.size, proof.path, under.root):
            found.fault(7, f"{name} doesn't lead from its entry to the signed root")
    found.seen[7] = f"{len(names)} proofs"


def _growth(kept: bytes, key: VerifierKey | None, rows: Rows, found: _Findings) -> None:
    try:
        old = Note.parse(kept)
    except IntegrityError:
        found.fault(8, "the kept checkpoint can't be read: take another copy of it")
        return
    if key is None or old.origin != key.origin:
        found.fault(8, "the kept checkpoint belongs to another log")
    elif not key.verifies(old):
        found.fault(8, "the kept checkpoint is not signed by this key: it was edited, or the log has another key now")
    elif old.size > rows.size:
        found.fault(8, f"{old.size} entries were known and {rows.size} are there: the tail was cut off", rows.size)
    elif frontier(old.size, rows.hashes).root() != old.root:
        found.fault(8, f"the first {old.size} entries are not those that were known: history was rewritten and signed again")
    found.seen[8] = f"from {old.size} to {rows.size} entries"
