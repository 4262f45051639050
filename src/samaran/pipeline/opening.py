"""Opening an original: two holders, a purpose from a closed list, logged before and after."""

from collections.abc import Sequence
from pathlib import Path

from samaran.audit.vocabulary import Why
from samaran.errors import KeyUnusable, UsageError
from samaran.pipeline.desk import Desk
from samaran.pipeline.reviewing import check_reviewer
from samaran.state import Stage
from samaran.vault.keys import PrivateKey
from samaran.vault.nested import unwrap_any
from samaran.vault.seal import open_to


def open_original(desk: Desk, source_id: str, keys: Sequence[PrivateKey], purpose: str, out: Path) -> None:
    """Write the original of a source to `out`, 0600.

    Raises `KeyUnusable` unless two different holders' keys are given, `UsageError` for an unknown source or purpose, or when
    `out` exists.
    """
    if len({key.id for key in keys}) < 2:
        raise KeyUnusable("Opening an original takes the keys of two holders.", "Give --key twice, for two different people.")
    for key in keys:
        check_reviewer(desk, key)
    if purpose not in set(Why):
        raise UsageError("This purpose is not in the list.", f"Purposes: {', '.join(Why)}.")
    row = desk.state.source(source_id)
    if row is None:
        raise UsageError("This study has no such source.", "`samaran status STUDY` lists the source ids.")
    if out.exists():
        raise UsageError("There is a file of that name already.", "Name a file that does not exist yet.")
    sealed = desk.quarantined(source_id) if row.stage == Stage.QUARANTINED else desk.original(source_id)
    sid = desk.register.subjects[row.subject]
    first, second = keys[0], next(key for key in keys if key.id != keys[0].id)
    with desk.log.act("source.open", actor=first.id, sid=sid, second=second.id, why=purpose) as act:
        private = unwrap_any(desk.study.folder / "vault", sid, keys)
        open_to(sealed, [private], out)
        act.ok()
    desk.sign()
