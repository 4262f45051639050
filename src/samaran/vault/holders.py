"""Who holds the keys that open wrapped keys: `holders.csv` in the vault, `role,id,recipient` a line. Public."""

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from samaran.errors import UsageError
from samaran.vault import age, disk
from samaran.vault.keys import key_id

ROLES = ("pi", "board", "reviewer")
_NAME = "holders.csv"
_HEAD = ["role", "id", "recipient"]
_ONE_KIND = "All holders of a study have classic keys, or all have post-quantum keys; the first key of a study decides."


@dataclass(frozen=True, slots=True)
class Holder:
    """A person's public half, in one of the three roles. Holders of a study have keys of one kind, classic or post-quantum."""

    role: str
    recipient: str

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise UsageError("A holder has an unknown role.", f"Roles: {', '.join(ROLES)}.")
        age.check_recipients([self.recipient])

    @property
    def id(self) -> str:
        """The key id, see `keys.key_id`."""
        return key_id(self.recipient)

    @property
    def post_quantum(self) -> bool:
        """The kind of this key."""
        return age.is_post_quantum(self.recipient)


def read_holders(folder: Path) -> tuple[Holder, ...]:
    """The holders in the order in which they were added; none when there is no list yet.

    Raises `UsageError`, with the line, for a list edited by hand in a way that can't be meant.
    """
    try:
        text = (folder / _NAME).read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{_NAME} can't be read.", "Check its permissions, or bring it back from a copy.") from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or rows[0] != _HEAD:
        raise UsageError(f"{_NAME} has lost its head line.", f"The first line is {','.join(_HEAD)}.")
    found: list[Holder] = []
    for n, row in enumerate(rows[1:], start=2):
        holder = _holder(row, n)
        if holder.recipient in {other.recipient for other in found}:
            raise UsageError(f"{_NAME} line {n}: this key is listed already.", "Remove one of the two lines.")
        if found and holder.post_quantum != found[0].post_quantum:
            raise UsageError(f"{_NAME} line {n}: this key is of another kind than the first.", _ONE_KIND)
        found.append(holder)
    return tuple(found)


def check_kind(holders: Iterable[Holder], *, post_quantum: bool) -> None:
    """Raises `UsageError` when a key of this kind can't join these holders."""
    if any(holder.post_quantum != post_quantum for holder in holders):
        kinds = ("classic", "post-quantum")
        raise UsageError(
            f"The holders of this study have {kinds[not post_quantum]} keys, this one is {kinds[post_quantum]}.", _ONE_KIND
        )


def add_holder(folder: Path, role: str, recipient: str) -> Holder:
    """Append a holder to the list. Raises `UsageError` when the key is listed already, or role or recipient is not valid."""
    holders, holder = read_holders(folder), Holder(role, recipient)
    if recipient in {other.recipient for other in holders}:
        raise UsageError(
            "This key is in the list of holders already.", "One key has one role; make another key for another role."
        )
    check_kind(holders, post_quantum=holder.post_quantum)
    if len(holders) == age.MOST_RECIPIENTS:
        raise UsageError(
            f"There are {len(holders)} holders already, the most that age files can have.",
            "Remove a holder who has left, then rewrap.",
        )
    _write(folder, (*holders, holder))
    return holder


def remove_holder(folder: Path, identifier: str) -> Holder:
    """Take a holder off the list, by key id. The wrapped keys have to be rewrapped afterwards. Raises `UsageError`."""
    holders = read_holders(folder)
    gone = [holder for holder in holders if holder.id == identifier]
    if not gone:
        raise UsageError("No holder has this key id.", "`samaran keys list` shows the holders and their key ids.")
    _write(folder, tuple(holder for holder in holders if holder.id != identifier))
    return gone[0]


def _holder(row: list[str], n: int) -> Holder:
    try:
        role, identifier, recipient = (cell.strip() for cell in row)
        holder = Holder(role, recipient)
    except (ValueError, UsageError):
        holder, identifier = None, ""
    if holder is None or holder.id != identifier:
        raise UsageError(
            f"{_NAME} line {n} is not role, key id and recipient of one key.",
            f"Roles: {', '.join(ROLES)}. Better than editing: `samaran keys new --for ROLE`.",
        )
    return holder


def _write(folder: Path, holders: tuple[Holder, ...]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows([_HEAD, *([holder.role, holder.id, holder.recipient] for holder in holders)])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with disk.appearing(folder / _NAME, replace=True) as file:
        file.write(text.getvalue().encode())
        os.fchmod(file.fileno(), 0o644)
