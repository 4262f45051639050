"""Keys of a study: holders are listed, the pool is wrapped to them, each act is logged."""

import hashlib
import os
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

from samaran.audit.reading import Question, entries
from samaran.audit.vocabulary import Act, Code, Phase
from samaran.errors import IntegrityError, KeyUnusable, UsageError
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.vault import disk
from samaran.vault.age import lock
from samaran.vault.holders import ROLES, Holder, add_holder, check_kind, read_holders, remove_holder
from samaran.vault.keys import PrivateKey, key_file, new_private_key, read_private, save_private_key
from samaran.vault.nested import check_quorum, drop_nested, wrap_nested
from samaran.vault.pool import Pair, extend_pool, new_pool, pool_digest, read_pool, rewrap, unwrap_whole, wrapped_sids
from samaran.vault.remembered import forget, remember
from samaran.vault.sheet import Sheet, write_sheet
from samaran.vault.working import PLACE, escrow_working_key, recover_working_key, save_working_key

_ESCROW = "working.age"
_LOW = 5  # a fifth of the pool


def new_holder(
    desk: Desk, role: str, out: Path, passphrase: str | None, sheet: Path | None = None, *, post_quantum: bool = False
) -> Holder:
    """Make a private key, write it to `out`, list its recipient; with `sheet`, write the recovery sheet beside that name.

    The first key of a study decides whether all are post-quantum. Raises `UsageError` for an unknown role, an existing file, or a
    post-quantum key among classic ones."""
    if role not in ROLES:
        raise UsageError("This role is unknown.", f"Roles: {', '.join(ROLES)}.")
    found = holders(desk)
    if post_quantum:
        check_kind(found, post_quantum=True)
    key = new_private_key(post_quantum=post_quantum or any(holder.post_quantum for holder in found))
    with desk.log.act("key.new", actor=key.id) as act:
        save_private_key(key, out, passphrase)
        made = [out]
        try:
            if sheet is not None:
                made += write_sheet(key, Sheet(desk.study.name, role, date.fromisoformat(desk.today)), sheet)
            holder = add_holder(_vault(desk), role, key.recipient)
        except BaseException:
            for path in made:  # a key that nobody knows, and that would be in the way of the next try
                path.unlink()
            raise
        act.ok(obj=_digest(holder))
    desk.sign()
    return holder


def holders(desk: Desk) -> tuple[Holder, ...]:
    """All holders, in the order in which they were added."""
    return read_holders(_vault(desk))


def listed(desk: Desk) -> tuple[Holder, ...]:
    """All holders, each of whom a command has listed. Raises `IntegrityError` when somebody wrote a key into holders.csv by hand:
    the log knows of none that would be wrapped to it."""
    found = holders(desk)
    ended = entries(desk.log.folder, Question(act=Act.KEY_NEW, code=Code.OK, phase=Phase.RESULT))
    known, unnamed = set(), 0
    for entry in ended:
        known.add(entry.obj[:16] if entry.obj else entry.actor)
        unnamed += entry.obj is None and entry.actor == COLLECTOR  # `keys add` of earlier versions didn't say whose
    strangers = [holder.id for holder in found if holder.id not in known]
    if len(strangers) > unnamed:
        raise IntegrityError(
            f"holders.csv names a key that no command has listed: {', '.join(strangers)}.",
            "Somebody edited the file. Remove the line; if the key is right, list it with `samaran keys add`.",
        )
    return found


def _digest(holder: Holder) -> str:
    """SHA-256 of a recipient; a key id is how it begins."""
    return hashlib.sha256(holder.recipient.encode("ascii")).hexdigest()


def grow_pool(
    desk: Desk, size: int, *, post_quantum: bool = False, tell: Callable[[int, int], None] = lambda *_: None
) -> tuple[tuple[Pair, ...], tuple[Holder, ...]]:
    """Make or extend the pool by `size` pairs of the holders' kind; return all pairs and the holders. `tell` hears how far it is.

    Raises `UsageError` without holders, or when the pool is to be post-quantum and the holders' keys are not; `IntegrityError` as
    `listed`, and when the pool is gone while pairs of it are in use."""
    found = listed(desk)
    if not found:
        raise UsageError(
            "The study has no holders of keys yet.", "Make keys first: `samaran keys new STUDY --for pi --out FILE`."
        )
    if post_quantum:
        check_kind(found, post_quantum=True)
    vault, recipients = _vault(desk), [holder.recipient for holder in found if not _joint(desk, holder)]
    make = extend_pool if (vault / "pool.txt").exists() else new_pool
    if make is new_pool and desk.register.subjects:
        raise IntegrityError(
            "pool.txt is missing, and pairs of it are in use.", "Bring vault/pool.txt and vault/pool.sha256 back from a copy."
        )
    with desk.log.act("key.pool") as act:
        pairs = make(vault, size, recipients, desk.log.origin, tell)
        _escrow(desk, recipients)
        act.ok(obj=pool_digest(vault), n=len(pairs))
    desk.sign()
    return pairs, found


def sheet_of(desk: Desk, key: PrivateKey, stem: Path) -> None:
    """The recovery sheet of a holder's key. Raises `KeyUnusable` for a stranger's key."""
    role = next((holder.role for holder in holders(desk) if holder.recipient == key.recipient), None)
    if role is None:
        raise KeyUnusable("This key belongs to no holder of this study.", "`samaran keys list STUDY` shows who can open what.")
    write_sheet(key, Sheet(desk.study.name, role, date.fromisoformat(desk.today)), stem)


def rewrap_keys(desk: Desk, key: PrivateKey, without: Collection[str] = ()) -> tuple[int, tuple[Holder, ...]]:
    """Wrap every informant's key anew to the holders of now, but for those `without`, who leave the list; return how many, and to
    whom. No original is touched.

    Every wrapped key is opened before the first is written; a killed rewrap is given again. Raises `UsageError` when nobody would
    be left, for a key id that is no holder's, or where no wrapped key lies; `KeyUnusable` when this key is no holder's or doesn't
    open a wrapped key; `IntegrityError` as `listed`.
    """
    before = listed(desk)
    stay = tuple(holder for holder in before if holder.id not in without)
    unknown = set(without) - {holder.id for holder in before}
    if unknown or key.id in without:
        raise UsageError("A key id to leave out is no holder's, or your own.", "`samaran keys list STUDY` shows the key ids.")
    if key.id not in {holder.id for holder in before}:
        raise KeyUnusable(
            "This key belongs to no holder of this study: a rewrap would lock its owner out.",
            "`samaran keys list STUDY` shows the holders; `samaran keys add` lists somebody again.",
        )
    if not wrapped_sids(_vault(desk)):
        raise UsageError(
            "There are no wrapped keys here: nothing was wrapped anew.",
            "Rewrap on the machine that has vault/keys.",
        )
    alone = [holder.recipient for holder in stay if not _joint(desk, holder)]
    members = [holder.recipient for holder in stay if _joint(desk, holder)]
    vault = _vault(desk)
    if members:
        check_quorum(members, desk.study.vault.board_quorum)
    with desk.log.act("key.rewrap", actor=key.id) as act:
        count = rewrap(vault, key, alone)
        _escrow(desk, alone)
        for sid in sorted(wrapped_sids(vault)) if members else ():
            wrap_nested(vault / "keys", unwrap_whole(vault, sid, key), members, desk.study.vault.board_quorum)
        if not members:
            drop_nested(vault / "keys")
        for identifier in without:
            remove_holder(vault, identifier)
        act.ok(n=count)
    desk.sign()
    return count, stay


def add_other(desk: Desk, role: str, recipient: str) -> Holder:
    """List somebody whose key was made elsewhere. What is wrapped already opens for them after the next rewrap."""
    with desk.log.act("key.new") as act:
        holder = add_holder(_vault(desk), role, recipient)
        act.ok(obj=_digest(holder))
    desk.sign()
    return holder


def _joint(desk: Desk, holder: Holder) -> bool:
    """Whether a holder opens only together with others."""
    return holder.role == "board" and desk.study.vault.board_quorum > 1


def lock_working_key(desk: Desk, passphrase: str | None, *, keyring: bool = False) -> Path:
    """Put the study's working key under a passphrase, or take it away, in place; with `keyring` the operating system keeps the
    passphrase. Returns where the key lies. Raises `UsageError` where there is no keyring; the key is then as it was."""
    path = working_place(desk.study.folder)
    before, data = read_private(path), key_file(desk.working.key)
    if passphrase is not None:
        data = lock(data, passphrase)
        if keyring:
            remember(data, passphrase)
    with disk.appearing(path, replace=True) as file:
        file.write(data)
    forget(before)
    return path


def working_place(folder: Path) -> Path:
    """Where the working key of a study lies, or should."""
    return Path(os.environ.get(PLACE) or folder / "register" / "working.key")


def restore_working_key(folder: Path, key: PrivateKey) -> Path:
    """Write the working key again from the copy that is sealed to the holders. The study can't be opened before.

    Raises `UsageError` when there is one, `IntegrityError` when there is no copy, `KeyUnusable` when this key opens none.
    """
    path = working_place(folder)
    save_working_key(recover_working_key(folder / "vault" / _ESCROW, key), path)
    return path


def _escrow(desk: Desk, holders: Collection[str]) -> None:
    if holders:
        escrow_working_key(desk.working, _vault(desk) / _ESCROW, tuple(holders))


def pool_state(desk: Desk) -> tuple[int, int]:
    """Free pairs and all pairs: none where there is no pool. Raises as `read_pool`."""
    if not (_vault(desk) / "pool.txt").exists():
        return 0, 0
    pairs, file = read_pool(_vault(desk)), desk.register
    taken = file.spent.union(file.subjects.values())
    return sum(pair.sid not in taken for pair in pairs), len(pairs)


def is_low(free: int, size: int) -> bool:
    """Whether a fifth or less of a pool is left."""
    return free * _LOW <= size


def _vault(desk: Desk) -> Path:
    return desk.study.folder / "vault"
