"""A board of several: k of n members together open what one board key opens otherwise. Plain age inside plain age.

For each set of k members `keys/board/<sid>.<id>-<id>.age` holds the wrapped key sealed to the first member, that file to the
second, and so on; ids are the first eight digits of their key ids, in the order of sealing. Debian's age undoes it from the last:
`age -d -i b.txt FILE | age -d -i a.txt`.
"""

import io
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from samaran.disk import sync_folder
from samaran.errors import KeyUnusable, UsageError
from samaran.vault import age
from samaran.vault.keys import PrivateKey, key_id
from samaran.vault.pool import unwrap
from samaran.vault.seal import seal
from samaran.vault.streams import FileWriter, HashingReader
from samaran.vault.wrapped import Wrapped, parse_wrapped, wrapped_file

FOLDER = "board"
_MOST = 40


def check_quorum(members: Sequence[str], needed: int) -> None:
    """Raises `UsageError` unless `needed` of these members can be asked for."""
    if not 2 <= needed <= len(members):
        raise UsageError(
            f"{needed} of {len(members)} board members can't be asked for.",
            "board_quorum in study.toml is 2 or more, and there are at least so many board keys.",
        )
    if sum(1 for _ in combinations(members, needed)) > _MOST:
        raise UsageError("That makes too many sets of board members.", f"Choose fewer members: at most {_MOST} sets.")


def wrap_nested(keys: Path, wrapped: Wrapped, members: Sequence[str], needed: int) -> int:
    """Write one file per set of `needed` members, in place of all that were there. Returns how many."""
    check_quorum(members, needed)
    folder = keys / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    wanted = set()
    for chosen in combinations(sorted(members), needed):
        data = wrapped_file(wrapped)
        for recipient in chosen[:-1]:
            out = io.BytesIO()
            age.encrypt(HashingReader(io.BytesIO(data)), FileWriter(out), [recipient])
            data = out.getvalue()
        target = folder / f"{wrapped.sid}.{'-'.join(key_id(recipient)[:8] for recipient in chosen)}.age"
        seal(data, target, [chosen[-1]], replace=True)
        wanted.add(target)
    for path in set(folder.glob(f"{wrapped.sid}.*.age")) - wanted:
        path.unlink()
    sync_folder(folder)
    return len(wanted)


def drop_nested(keys: Path) -> None:
    """Delete all files for board members together: each opens alone again."""
    for path in (keys / FOLDER).glob("*.age"):
        path.unlink()


def unwrap_any(vault: Path, sid: str, keys: Sequence[PrivateKey]) -> PrivateKey:
    """An informant's private key, opened by one holder alone or by as many board members as are needed.

    Raises `KeyUnusable` when these keys don't open it, `IntegrityError` when it is damaged or another's.
    """
    failed: KeyUnusable | None = None
    for key in keys:
        try:
            return unwrap(vault, sid, key)
        except KeyUnusable as error:
            failed = error
    by_id = {key.id[:8]: key for key in keys}
    for path in sorted((vault / "keys" / FOLDER).glob(f"{sid}.*.age")):
        chosen = path.name.split(".")[1].split("-")
        if set(chosen) <= set(by_id):
            data = path.read_bytes()
            for identifier in reversed(chosen):
                out = io.BytesIO()
                age.decrypt(HashingReader(io.BytesIO(data)), FileWriter(out), [by_id[identifier].secret])
                data = out.getvalue()
            return parse_wrapped(data, sid).key
    raise failed or KeyUnusable("No key was given.", "Give --key FILE.")
