"""What lies in the vault, whether it is what was sealed, and whether anything lies there that shouldn't."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import SystemRandom

from samaran.errors import SamaranError
from samaran.pipeline.desk import Desk
from samaran.pipeline.drilling import logged
from samaran.pipeline.retaining import destroyed
from samaran.pipeline.reviewing import check_reviewer
from samaran.state import SourceRow
from samaran.vault.check import Seen, measure, read_through
from samaran.vault.keys import PrivateKey
from samaran.vault.nested import unwrap_any
from samaran.vault.pool import pool_digest, wrapped_sids

_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Item:
    """One source and the sealed file that holds it, alone or with others: an age file doesn't name its readers, so this list
    does. `wrapped` says whether the key that leads to it is here."""

    source_id: str
    sid: str
    path: str
    size: int
    sha256: str
    wrapped: bool
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the vault that is not as it should be: where, what, and what to do."""

    path: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check: how many originals there are, how many were looked at, how many were opened, and all faults."""

    sources: int
    looked_at: int
    opened: int
    faults: tuple[Fault, ...]


def inventory(desk: Desk, holders: tuple[str, ...]) -> tuple[Item, ...]:
    """Every sealed original with size, digest and who can open it. Raises `IntegrityError` when one is missing."""
    wrapped = wrapped_sids(desk.study.folder / "vault")
    found, measured = [], cache(measure)
    for row in desk.state.sources():
        path, sid = desk.sealed(row), desk.register.subjects[row.subject]
        size, sha256 = measured(path)
        found.append(Item(row.source_id, sid, str(path.relative_to(desk.study.folder)), size, sha256, sid in wrapped, holders))
    return tuple(found)


def check(desk: Desk, keys: tuple[PrivateKey, ...] = (), sample: int = 0) -> Checked:
    """Compare all sealed originals, or a random sample of them, with what the log says was sealed; with keys also decrypt each to
    its end, and compare each source with what was received. Permissions, strangers, left-over pieces and the pool are looked at
    in any case. Raises `KeyUnusable` for a stranger's key."""
    for key in keys:
        check_reviewer(desk, key)
    rows = () if "originals" in destroyed(desk) else desk.state.sources()
    chosen = rows if not sample or sample >= len(rows) else SystemRandom().sample(rows, sample)
    sealed, measured = logged(desk), cache(measure)

    @cache
    def read(path: Path, subject: str) -> Seen:
        return read_through(path, unwrap_any(desk.study.folder / "vault", desk.register.subjects[subject], keys))

    def fault(row: SourceRow) -> Fault | None:
        path = desk.sealed(row)
        name = str(path.relative_to(desk.study.folder))
        try:
            if (desk.register.subjects[row.subject], measured(path)[1]) not in sealed:
                return Fault(name, "is not the file that was sealed", "Take another copy of it from a copy of the vault.")
            if keys and desk.name("content", read(path, row.subject).content(row.source_id)) != row.content_tag:
                return Fault(name, f"doesn't hold {row.source_id} as it was received", "Take another copy of the vault.")
        except SamaranError as error:
            return Fault(name, str(error), error.hint)
        return None

    found = [fault(row) for row in chosen]
    faults = [*dict.fromkeys(filter(None, found))]  # what is wrong with a pack is told once
    faults += _around(desk, {desk.sealed(row) for row in rows}, {path for row in rows for path in desk.works(row.source_id)})
    segments = desk.state.segment_counts() if rows else {}
    for path in (desk.work(row.source_id) for row in rows if row.source_id in segments):
        if not path.exists():
            name = str(path.relative_to(desk.study.folder))
            faults.append(Fault(name, "is missing: nobody can review or correct its source", "Take it from a copy of the vault."))
    return Checked(len(rows), len(chosen), found.count(None) if keys else 0, tuple(faults))


def _around(desk: Desk, originals: set[Path], work: set[Path]) -> list[Fault]:
    folder = desk.study.folder
    faults = []
    known = originals | work
    for place in (folder / "vault" / "originals", folder / "vault" / "work", folder / "vault" / "keys", folder / "quarantine"):
        for path in sorted(place.rglob("*")):
            name = str(path.relative_to(folder))
            if path.stat().st_mode & _OTHERS and path.suffix == ".age":
                faults.append(Fault(name, "can be read by others on this machine", "Run `chmod 600` on it."))
            if path.name.endswith(".part"):
                faults.append(Fault(name, "is a piece that a killed process left; it holds ciphertext only", "Delete it."))
            elif path.suffix == ".age" and "keys" not in path.parts and path not in known:
                faults.append(
                    Fault(name, "belongs to no source of this study", "Move it out of the vault, and find out whose it is.")
                )
    try:
        if (folder / "vault" / "pool.txt").exists():
            pool_digest(folder / "vault")
    except SamaranError as error:
        faults.append(Fault("vault/pool.txt", str(error), error.hint))
    return faults
