"""Keys of a study: holders are listed, the pool is wrapped to them, each act is logged."""

from pathlib import Path

from samaran.errors import UsageError
from samaran.pipeline.desk import Desk
from samaran.vault.holders import ROLES, Holder, add_holder, read_holders
from samaran.vault.keys import new_private_key, save_private_key
from samaran.vault.pool import Pair, extend_pool, new_pool, pool_digest, read_pool


def new_holder(desk: Desk, role: str, out: Path, passphrase: str | None) -> Holder:
    """Make a private key, write it to `out`, list its recipient. Raises `UsageError` for an unknown role or an existing file."""
    if role not in ROLES:
        raise UsageError("This role is unknown.", f"Roles: {', '.join(ROLES)}.")
    key = new_private_key()
    with desk.log.act("key.new", actor=key.id) as act:
        save_private_key(key, out, passphrase)
        holder = add_holder(_vault(desk), role, key.recipient)
        act.ok()
    desk.sign()
    return holder


def holders(desk: Desk) -> tuple[Holder, ...]:
    """All holders, in the order in which they were added."""
    return read_holders(_vault(desk))


def grow_pool(desk: Desk, size: int) -> tuple[tuple[Pair, ...], set[str]]:
    """Make or extend the pool by `size` pairs; return all pairs and the holders' roles. Raises `UsageError` without holders."""
    found = holders(desk)
    if not found:
        raise UsageError(
            "The study has no holders of keys yet.", "Make keys first: `samaran keys new STUDY --for pi --out FILE`."
        )
    vault, recipients = _vault(desk), [holder.recipient for holder in found]
    make = extend_pool if (vault / "pool.txt").exists() else new_pool
    with desk.log.act("key.pool") as act:
        pairs = make(vault, size, recipients, desk.log.origin)
        act.ok(obj=pool_digest(vault), n=len(pairs))
    desk.sign()
    return pairs, {holder.role for holder in found}


def pool_state(desk: Desk) -> tuple[int, int]:
    """Free pairs and all pairs."""
    pairs = read_pool(_vault(desk)) if (_vault(desk) / "pool.txt").exists() else ()
    file = desk.register
    return len(pairs) - len(file.subjects) - len(file.spent), len(pairs)


def _vault(desk: Desk) -> Path:
    return desk.study.folder / "vault"
