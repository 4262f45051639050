"""Live checks for the board's report: what lies in the study's folder now, who may read it, where pseudonyms are kept."""

import csv
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal

from samaran.model import Entity, EntityType, Span
from samaran.pipeline.desk import Desk
from samaran.pseudonymize.roster import COLUMNS
from samaran.report.facts import Apart
from samaran.state import MentionRow
from samaran.vault.holders import read_holders

_CLOSED = ("vault", "register", "audit/log.key", "audit/log.db", "state.db", "inbox", "quarantine", "withdrawals", "incidents")
"""What nobody else on the machine may read."""

_AGE = b"age-encryption.org/v1\n"
_REGISTER = ("register.age", "working.key")


def loose(study: Path) -> int:
    """How many files and folders below the closed ones others could read: those in a folder that is closed to them are not."""
    if not study.stat().st_mode & 0o077:
        return 0
    return sum(_loose(study / name) for name in _CLOSED if (study / name).exists())


def _loose(path: Path) -> int:
    mode = path.lstat().st_mode
    if not mode & (stat.S_IRWXG | stat.S_IRWXO) or stat.S_ISLNK(mode):
        return 0
    return 1 + (sum(_loose(below) for below in path.iterdir()) if stat.S_ISDIR(mode) else 0)


def apart(desk: Desk) -> Apart:
    """How the table of pseudonyms is kept."""
    study, folder = desk.study.folder, desk.study.folder / "register"
    table, key = folder / "register.age", folder / "working.key"
    there = table.exists()
    sealed = not there or _starts(table, _AGE)
    own = desk.working.recipient not in {holder.recipient for holder in read_holders(study / "vault")}
    private = not key.exists() or not key.stat().st_mode & 0o077
    copies = sum(path.parent != folder for name in _REGISTER for path in study.rglob(name))
    return Apart(sealed, own, private, copies, there)


def _starts(path: Path, head: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(head)) == head


def holders(desk: Desk) -> Mapping[str, int]:
    """Keys by role."""
    return dict(Counter(holder.role for holder in read_holders(desk.study.folder / "vault")))


def keys(desk: Desk) -> Literal["", "classic", "post-quantum"]:
    """The kind of all keys of the study; empty where there are none yet."""
    found = read_holders(desk.study.folder / "vault")
    if not found:
        return ""
    return "post-quantum" if found[0].post_quantum else "classic"


def columns(desk: Desk) -> int | None:
    """Columns of the roster beyond the allowed ones; None where there is no roster to look at."""
    path = desk.study.folder / desk.study.detection.roster
    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.readline()
    cells = next(csv.reader([head], delimiter=max(",;\t", key=head.count)), [])
    return sum(cell.strip().casefold() not in COLUMNS for cell in cells)


def third_persons(
    entities: Iterable[Entity], mentions: Iterable[MentionRow], into: Mapping[str, str], pins: Collection[tuple[str, Span]] = ()
) -> tuple[Mapping[str, int], int]:
    """People who are mentioned and are no informants, by role; and how many settled mentions of people have no entity. `into`
    says which entities were merged into which; `pins` are mentions of those who withdrew: a pseudonym, no entity."""
    people = {e.id: e for e in entities if e.type is EntityType.PERSON}
    said = [m for m in mentions if m.mention.type is EntityType.PERSON and m.settled]
    met = [into.get(m.mention.entity or "", m.mention.entity) for m in said if (m.source_id, m.mention.span) not in pins]
    others = [people[entity] for entity in dict.fromkeys(met) if entity in people and not _informant(people[entity])]
    unlinked = sum(entity not in people for entity in met)
    return dict(sorted(Counter(e.pseudonym.partition("-")[0] for e in others).items())), unlinked


def _informant(entity: Entity) -> bool:
    return entity.pseudonym == entity.informant
