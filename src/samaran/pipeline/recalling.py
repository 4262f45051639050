"""Releases of which something was taken back: the study's own copies go, and the signed list says which segments to drop."""

import os
import shutil
from collections.abc import Callable, Iterable

from samaran import codec
from samaran.audit import recall
from samaran.audit.note import load_log_key
from samaran.disk import sync_folder
from samaran.errors import IntegrityError
from samaran.export.recalls import NAME
from samaran.pipeline.desk import Desk
from samaran.state import ReleaseRow
from samaran.vault import disk

EVERYWHERE = "*"


def affected(desk: Desk, source_ids: Iterable[str], touches: Callable[[ReleaseRow], bool]) -> tuple[str, ...]:
    """Names of release folders that `touches` accepts and that hold a segment of these sources."""
    wanted = set(source_ids)
    return tuple(row.name for row in desk.state.releases() if touches(row) and _holds(desk, row.name, wanted))


def unrecorded(desk: Desk, source_ids: Iterable[str]) -> tuple[str, ...]:
    """Folders that a killed release left without a record or half written, and that may hold a segment of these sources."""
    releases, known, wanted = desk.study.folder / "releases", {row.name for row in desk.state.releases()}, set(source_ids)
    left = [path.name for path in sorted(releases.iterdir()) if path.is_dir() and path.name not in known]
    return tuple(name for name in left if name.startswith(".") or _holds(desk, name, wanted))


def held(desk: Desk, name: str, segment_ids: Iterable[str]) -> tuple[str, ...]:
    """Which of these segments the study's copy of a release holds; all of them where it can't be read."""
    wanted = set(segment_ids)
    try:
        with (desk.study.folder / "releases" / name / "segments.jsonl").open("rb") as lines:
            wanted &= {codec.parse(line)["segment_id"] for line in lines}
    except FileNotFoundError:
        return ()
    except (IntegrityError, KeyError, TypeError):
        pass
    return tuple(sorted(wanted))


def _holds(desk: Desk, name: str, source_ids: set[str]) -> bool:
    path = desk.study.folder / "releases" / name / "segments.jsonl"
    if not path.is_file():
        return False
    try:
        with path.open("rb") as lines:
            return any(codec.parse(line).get("source_id") in source_ids for line in lines)
    except (IntegrityError, AttributeError):
        return True  # damaged: nobody can say that nothing of theirs is in it


def recall_segments(desk: Desk, lines: Iterable[str]) -> None:
    """Add lines `segment release day` to the signed list. Raises `IntegrityError` when it is not what was signed."""
    path = desk.study.folder / "releases" / NAME
    before = recall.verified(path.read_bytes(), desk.log.vkey) if path.exists() else ()
    known = {line.rpartition(" ")[0] for line in before}
    added = {line for line in lines if line.rpartition(" ")[0] not in known}
    if added:
        key = load_log_key(desk.study.folder / "audit" / "log.key")
        with disk.appearing(path, replace=True) as file:
            file.write(recall.sign(key, sorted({*before, *added})))
            os.fchmod(file.fileno(), 0o644)


def remove(desk: Desk, names: Iterable[str]) -> None:
    """Delete release folders in the study; copies elsewhere are reached by the list only."""
    releases = desk.study.folder / "releases"
    for name in names:
        shutil.rmtree(releases / name, ignore_errors=True)
        if (releases / name).exists():
            shutil.rmtree(releases / name)
    sync_folder(releases)
