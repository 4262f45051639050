"""The end of retention: each class of material is destroyed after its last day, and a certificate says so.

A person who gives the command destroys what is due. A schedule announces first and destroys when the days of grace are over, so
that a slip in study.toml or a clock set forward destroys nothing overnight.
"""

import secrets
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from samaran import codec
from samaran.audit.vocabulary import Act, Step
from samaran.disk import sync_folder
from samaran.errors import IntegrityError, UsageError
from samaran.model import Register
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.destruction import write_destruction
from samaran.pipeline.elsewhere import digest_of
from samaran.pipeline.reviewing import check_reviewer
from samaran.pipeline.rows import keep_mapped
from samaran.state import Erasure
from samaran.study import RETAINED
from samaran.vault import disk
from samaran.vault.erase import erase_key
from samaran.vault.keys import PrivateKey
from samaran.vault.nested import FOLDER as BOARD
from samaran.vault.pool import wrapped_sids

FOLDER = "retention"


@dataclass(frozen=True, slots=True)
class Kept:
    """One class: its last day, how much of it there is, when its destruction was announced and done, places still to reach."""

    kind: str
    until: str
    due: bool
    count: int
    announced: str = ""
    destroyed: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """What is remembered of a class, in `retention/<class>.json`. `said` are places that somebody says are clean."""

    announced: str = ""
    destroyed: str = ""
    count: int = 0
    places: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def retention(desk: Desk) -> tuple[Kept, ...]:
    """How it stands with every class. Nothing is changed."""
    found = []
    for kind in RETAINED:
        until, record = desk.study.retention.until(kind), _read(desk, kind)
        due = bool(until) and until < desk.today and not record.destroyed
        count = 0 if record.destroyed else len(_targets(desk, kind))
        found.append(Kept(kind, until, due, count, record.announced, record.destroyed, record.places))
    return tuple(found)


def files_left(desk: Desk) -> tuple[Path, ...]:
    """Raw files that lie in the inbox and were never sealed: no class, and nothing of samaran's to destroy."""
    return tuple(path for path in desk.study.inbox.rglob("*") if path.is_file()) if desk.study.inbox.is_dir() else ()


def destroyed(desk: Desk) -> frozenset[str]:
    """Classes that are gone."""
    return frozenset(kind for kind in RETAINED if _read(desk, kind).destroyed)


def retain(
    desk: Desk, keys: Sequence[PrivateKey] = (), *, scheduled: bool = False, said: Collection[str] = ()
) -> tuple[Kept, ...]:
    """Destroy every class that is due, in order; scheduled, only those whose announcement is old enough, and announce the others.

    Returns the classes that were due, as they stand afterwards. A place that can't be reached keeps the keys' class open, until a
    person has `said` that no key is left there. Raises `UsageError` when the clock is behind the log, or for a place that isn't
    waited for; `KeyUnusable` for a stranger's key.
    """
    for key in keys:
        check_reviewer(desk, key)
    desk.check_clock()
    if said:
        _believe(desk, said, keys[0].id if keys else COLLECTOR)
    due = [kept for kept in retention(desk) if kept.due]
    for kept in due:
        if scheduled and not _announced_long_enough(desk, kept):
            _write(desk, kept.kind, replace(_read(desk, kept.kind), announced=kept.announced or desk.today))
        else:
            _destroy(desk, kept, keys)
    if _read(desk, "log").destroyed:
        _drop_log(desk)
    kinds = {kept.kind for kept in due}
    return tuple(kept for kept in retention(desk) if kept.kind in kinds)


def _believe(desk: Desk, said: Collection[str], actor: str) -> None:
    record = _read(desk, "keys")
    for place in said:
        if place not in record.places:
            raise UsageError("This place is not one that is waited for.", f"Places left: {', '.join(record.places) or 'none'}.")
    for place in said:
        desk.log.record(Act.RETENTION_DESTROY, Step.RESOLVED, actor=actor, obj=digest_of(place))
    _write(desk, "keys", replace(record, said=(*record.said, *said)))


def _announced_long_enough(desk: Desk, kept: Kept) -> bool:
    if not kept.announced:
        return False
    return (date.fromisoformat(desk.today) - date.fromisoformat(kept.announced)).days >= desk.study.retention.grace_days


def _destroy(desk: Desk, kept: Kept, keys: Sequence[PrivateKey]) -> None:
    actor, second = (keys[0].id if keys else COLLECTOR), next((key.id for key in keys[1:] if key.id != keys[0].id), None)
    with desk.log.act(Act.RETENTION_DESTROY, actor=actor, second=second) as act:
        targets, before = _targets(desk, kept.kind), _read(desk, kept.kind)
        record = replace(before, count=max(before.count, len(targets)))
        _write(desk, kept.kind, record)  # a killed command goes on, and the certificate tells what there was at first
        places = _STEPS[kept.kind](desk, targets)
        act.ok(n=len(targets))
    desk.sign()
    record = replace(record, places=tuple(place for place in places if place not in record.said))
    if not record.places:
        record = replace(record, destroyed=desk.today)
        people = ", ".join(filter(None, (actor, second)))
        stem = desk.study.folder / FOLDER / kept.kind
        write_destruction(desk, stem, kept.kind, kept.until, record.count, people, act.seq, record.said)
    _write(desk, kept.kind, record)


def _targets(desk: Desk, kind: str) -> tuple[str, ...]:
    """What there is of a class: paths below the study's folder, subject ids, entity ids, source ids."""
    folder = desk.study.folder
    match kind:
        case "originals":
            paths = [*(desk.sealed(row) for row in desk.state.sources()), *(folder / "vault" / "work").glob("*.age")]
            paths += [*(folder / "vault" / "originals").glob("*.age"), *(folder / "quarantine").glob("*")]
            return tuple(sorted({str(path.relative_to(folder)) for path in paths if path.exists()}))
        case "keys":
            return tuple(sorted(wrapped_sids(folder / "vault")))
        case "register":
            return tuple(entity.id for entity in desk.register.register.entities)
        case "sanitized":
            releases = (folder / "releases").iterdir() if (folder / "releases").is_dir() else ()
            return (*sorted(desk.state.segment_counts()), *sorted(path.name for path in releases if path.is_dir()))
        case _:
            return ("log.db",) if (folder / "audit" / "log.db").exists() else ()


def _originals(desk: Desk, targets: Sequence[str]) -> tuple[str, ...]:
    for name in targets:
        (desk.study.folder / name).unlink(missing_ok=True)
    for sub in ("vault/originals", "vault/work", "quarantine"):
        sync_folder(desk.study.folder / sub)
    return ()


def _keys(desk: Desk, targets: Sequence[str]) -> tuple[str, ...]:
    vault = desk.study.folder / "vault"
    sids = {*targets, *desk.register.subjects.values(), *_pool_sids(vault)}
    for sid in sorted(sids):
        erase_key(vault / "keys", sid)
    shutil.rmtree(vault / "keys" / BOARD, ignore_errors=True)
    places = [desk.study.folder / place for place in desk.study.vault.places]
    return tuple(str(place) for place in places if not _reached(place, sids))


def _reached(place: Path, sids: Collection[str]) -> bool:
    reached = place.is_dir()
    for sid in sorted(sids) if reached else ():
        reached = erase_key(place, sid) and reached
    return reached


def _pool_sids(vault: Path) -> frozenset[str]:
    try:
        return frozenset(line.split(" ")[0] for line in (vault / "pool.txt").read_text().splitlines())
    except FileNotFoundError:
        return frozenset()


def _register(desk: Desk, _: Sequence[str]) -> tuple[str, ...]:
    file = desk.register
    tables = (desk.study.folder / desk.study.detection.roster, desk.study.folder / "manifest.csv")
    for path in filter(Path.exists, tables):
        head = path.read_bytes().splitlines(keepends=True)[:1]
        with disk.appearing(path, replace=True) as table:
            table.write(b"".join(head))
    keep_mapped(desk)
    renamed = {entity.id: f"e{secrets.token_hex(10)}" for entity in file.register.entities}
    passes = {digest: (secrets.token_hex(10), frozenset[str]()) for digest in desk.state.passes()}
    desk.state.erase(Erasure((), (), renamed, passes))  # ids and digests that were made from names
    desk.state.shrink()
    desk.save_register(replace(file, register=Register((), file.register.counters)))
    return ()


def _sanitized(desk: Desk, _: Sequence[str]) -> tuple[str, ...]:
    releases = desk.study.folder / "releases"
    for path in sorted(releases.iterdir()) if releases.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path)
    desk.state.erase_all()
    desk.state.shrink()
    return ()


def _log(_: Desk, __: Sequence[str]) -> tuple[str, ...]:
    return ()  # it goes last of all, once its own end stands in it and in the certificate: see `_drop_log`


def _drop_log(desk: Desk) -> None:
    desk.log.close()
    shutil.rmtree(desk.study.folder / "audit" / "log", ignore_errors=True)
    for path in sorted((desk.study.folder / "audit").glob("log.db*")):
        path.unlink()


_STEPS = {"originals": _originals, "keys": _keys, "register": _register, "sanitized": _sanitized, "log": _log}


def _path(desk: Desk, kind: str) -> Path:
    return desk.study.folder / FOLDER / f"{kind}.json"


def _read(desk: Desk, kind: str) -> _Record:
    try:
        value = codec.parse(_path(desk, kind).read_bytes())
        return _Record(**{**value, "places": tuple(value["places"]), "said": tuple(value.get("said", ()))})
    except FileNotFoundError:
        return _Record()
    except (KeyError, TypeError):
        pass
    raise IntegrityError("The record of a retention is damaged.", "Restore it from a copy.")


def _write(desk: Desk, kind: str, record: _Record) -> None:
    _path(desk, kind).parent.mkdir(mode=0o700, exist_ok=True)
    with disk.appearing(_path(desk, kind), replace=True) as file:
        file.write(codec.canonical(asdict(record) | {"places": list(record.places), "said": list(record.said)}))
