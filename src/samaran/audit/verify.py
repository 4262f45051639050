"""Verify a log from its first row to its checkpoint, with nothing believed that can be computed again.

Numbered checks, each of which names the first entry that doesn't hold:

 1. the database file is whole
 2. rows are numbered without a gap
 3. each entry is canonical and follows the rules of the format
 4. each entry bears the number of its row
 5. each result names an earlier intent of the same act that had no result yet
 6. each leaf hash is that of its entry
 7. each stored node of the tree is that of its leaves
 8. the published checkpoint is the one signed last
 9. each checkpoint bears the signature of the log's key
10. each signed root is that of the rows
11. each published tile holds what the rows hold
12. the log grew from the checkpoint that was kept outside (only with `since`)
"""

from dataclasses import dataclass, field
from pathlib import Path

from samaran.audit import tiles
from samaran.audit.log import VKEY
from samaran.audit.note import Note, VerifierKey
from samaran.audit.proof import consistency, consistent
from samaran.audit.rows import Rows, read
from samaran.audit.store import Store
from samaran.audit.tree import frontier
from samaran.errors import IntegrityError, KeyUnusable, SamaranError

KEPT = "checkpoint.kept"
"""In the log's folder: the checkpoint that the board kept, as it came back from there."""

NAMES = {
    1: "database whole",
    2: "rows without a gap",
    3: "entries canonical and valid",
    4: "entries bear their number",
    5: "results follow their intents",
    6: "leaf hashes",
    7: "tree nodes",
    8: "checkpoint is the newest signed",
    9: "signatures",
    10: "signed roots equal the rows",
    11: "tiles equal the rows",
    12: "grew from the kept checkpoint",
}


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check. `detail` says what was looked at, or what is wrong and what kind of tampering fits."""

    number: int
    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found. `first_bad` is the first entry that doesn't hold, None when that can't be told or all is well.
    `restored` counts published files that were missing and were made again, see `restore`."""

    origin: str
    size: int
    signed: int
    checks: tuple[Check, ...]
    first_bad: int | None
    restored: int = 0

    @property
    def ok(self) -> bool:
        """Whether every check that was asked for holds."""
        return all(check.ok for check in self.checks)


@dataclass(slots=True)
class Findings:
    """The first fault of each check, and how far it looked."""

    faults: dict[int, tuple[int | None, str]] = field(default_factory=dict)
    rough: set[int] = field(default_factory=set)
    looked: dict[int, str] = field(default_factory=dict)

    def fault(self, number: int, seq: int | None, text: str, *, rough: bool = False) -> None:
        """Note a fault, unless the check has an earlier one. `rough`: the entry is where the fault can lie at the earliest."""
        if self.faults.setdefault(number, (seq, text)) == (seq, text) and rough:
            self.rough.add(number)

    def first_bad(self) -> int | None:
        """The first entry that doesn't hold, from the checks that name one exactly if there are any."""
        named = {number: seq for number, (seq, _) in self.faults.items() if seq is not None}
        exact = [seq for number, seq in named.items() if number not in self.rough]
        return min(exact or named.values(), default=None)


def verify(folder: Path, vkey: str | None = None, since: bytes | None = None) -> Report:
    """Check the log in `folder`. `vkey` is the public key as it was received on another way; without it the folder's own is
    used, which proves only that the log agrees with itself. `since` is a checkpoint that was kept outside.

    Nothing is written. Raises `UsageError` when there is no log; what is wrong with one stands in the report.
    """
    found = Findings()
    try:
        store = Store(folder, writable=False)
    except IntegrityError as error:
        return _hopeless(str(error))
    with store:
        if not store.sound():
            return _hopeless("SQLite finds its file damaged: a bad disk, or bytes changed from outside")
        try:
            rows = read(store, folder / tiles.FOLDER, found)
            note = _checkpoint(store, folder, found)
            _signatures(store, folder, vkey, found)
            _roots(store, rows, found)
            if since is not None:
                _growth(store, rows, since, vkey, found)
        except IntegrityError as error:
            found.fault(1, None, str(error))
            return _hopeless(str(error))
        checks = tuple(_check(number, found) for number in NAMES if number != 12 or since is not None)
        return Report(store.origin, rows.size, note.size if note else 0, checks, found.first_bad())


def _checkpoint(store: Store, folder: Path, found: Findings) -> Note | None:
    last = store.last_head()
    if last is None:
        found.fault(8, None, "no signed head is kept: nothing was signed yet, or it was removed from the database")
        return None
    try:
        data = (folder / tiles.FOLDER / tiles.CHECKPOINT).read_bytes()
        note = Note.parse(data)
    except OSError:
        found.fault(8, None, "the published checkpoint is missing: rebuild the published log")
        return None
    except IntegrityError:
        found.fault(8, None, "the published checkpoint is damaged or cut short")
        return None
    if data != last[2]:
        found.fault(8, None, "the published checkpoint is not the one signed last: an older one was put back, or it was edited")
    found.looked[8] = f"size {note.size}"
    return note


def _signatures(store: Store, folder: Path, vkey: str | None, found: Findings) -> None:
    try:
        own = (folder / VKEY).read_text("ascii").strip()
        key = VerifierKey.parse(vkey or own)
    except (OSError, UnicodeDecodeError, KeyUnusable):
        found.fault(9, None, "log.vkey is missing or damaged: take the copy on paper")
        return
    if not key.text == own == store.vkey or key.origin != store.origin:
        found.fault(9, None, "the key in this folder is not the one given: the log may have been replaced and signed anew")
    heads = store.heads()
    for size, root, data in heads:
        try:
            note = Note.parse(data)
        except IntegrityError:
            found.fault(9, None, f"the signed head of size {size} is damaged")
            continue
        if (note.origin, note.size, note.root) != (store.origin, size, root):
            found.fault(9, None, f"the signed head of size {size} says something else than its note: a row was edited")
        if not key.verifies(note):
            found.fault(9, None, f"the checkpoint of size {size} is not signed by this key: edited, or signed with another key")
    trust = "the key given" if vkey else "the folder's own key; compare it with the copy on paper"
    found.looked[9] = f"{len(heads)} checkpoints, {trust}"


def _roots(store: Store, rows: Rows, found: Findings) -> None:
    good = 0
    for size, root, _ in store.heads():
        if size > rows.size:
            found.fault(10, rows.size, f"{size} entries were signed and {rows.size} are there: the tail was cut off")
        elif frontier(size, rows.hashes).root() != root:
            text = f"or one up to {size - 1} is not what was signed: history was rewritten or put in another order"
            found.fault(10, good, text, rough=True)
        else:
            good = size
    loose = rows.size - good
    found.looked[10] = f"{good} entries signed" + (f", {loose} after the last checkpoint not yet" if loose else "")


def _growth(store: Store, rows: Rows, since: bytes, vkey: str | None, found: Findings) -> None:
    try:
        old, key = Note.parse(since), VerifierKey.parse(vkey or store.vkey)
    except SamaranError:
        found.fault(12, None, "the kept checkpoint can't be read: take another copy of it")
        return
    if old.origin != store.origin:
        found.fault(12, None, "the kept checkpoint belongs to another log")
    elif not key.verifies(old):
        found.fault(12, None, "the kept checkpoint is not signed by this key: it was edited, or the log has another key now")
    elif old.size > rows.size:
        found.fault(12, rows.size, f"{old.size} entries were known outside and {rows.size} are there: the tail was cut off")
    else:
        path, root = consistency(rows.hashes, old.size, rows.size), frontier(rows.size, rows.hashes).root()
        if not consistent(old.size, rows.size, path, old.root, root):
            text = f"the first {old.size} entries are not those that were known outside: history was rewritten and signed again"
            found.fault(12, None, text)
    found.looked[12] = f"from {old.size} to {rows.size} entries"


def _check(number: int, found: Findings) -> Check:
    if number in found.faults:
        seq, text = found.faults[number]
        return Check(number, NAMES[number], False, text if seq is None else f"entry {seq}: {text}")
    return Check(number, NAMES[number], True, found.looked.get(number, ""))


def _hopeless(text: str) -> Report:
    first = Check(1, NAMES[1], False, text)
    rest = (Check(number, NAMES[number], False, "not checked") for number in NAMES if number not in (1, 12))
    return Report("", 0, 0, (first, *rest), None)
