"""What lies in the inbox, whose it is, and whether it may be taken in. Nothing is changed here."""

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from samaran.errors import SamaranError
from samaran.ingest import Placement, place, read_manifest
from samaran.ingest.media import HEAD, is_media
from samaran.ingest.recorded import recorded
from samaran.model import Consent, Reason
from samaran.pipeline.desk import GROUP_SUBJECT, Desk
from samaran.pipeline.versions import Newest, place_of
from samaran.state import Stage

_LARGEST = 512 * 1024 * 1024
_LEFT_BY_SYSTEMS = {".ds_store", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that may be taken in. `path` is raw: shown to whoever runs the command, never stored in plain."""

    source_id: str
    path: PurePosixPath = field(repr=False)
    placement: Placement
    content: str = field(repr=False)  # SHA-256 of the bytes, in memory only
    content_tag: str
    size: int
    place: str
    earlier: str = ""  # the source that it corrects
    duplicate: bool = False
    media: bool = False
    recorded: bool = False  # a recording, or a file in which one lies

    @property
    def subject(self) -> str:
        """Under whose key it is sealed: the informant's, a group's own, or the study's."""
        return "+".join(self.placement.informants) or GROUP_SUBJECT


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that stays in the inbox, whole, and why."""

    source_id: str
    path: PurePosixPath = field(repr=False)
    reason: Reason


@dataclass(frozen=True, slots=True)
class Intake:
    """One look at the inbox, in the order of the files' names."""

    arrivals: tuple[Arrival, ...]
    refused: tuple[Refused, ...]


def receive(desk: Desk) -> Intake:
    """Look at every file in the inbox. Hidden files and those that systems leave behind are passed over."""
    manifest = read_manifest(desk.study.folder / "manifest.csv")
    arrivals: list[Arrival] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    newest = Newest(desk)
    for path in _files(desk.study.inbox):
        relative = PurePosixPath(path.relative_to(desk.study.inbox).as_posix())
        try:
            content = digest(path)
        except OSError:
            refused.append(Refused(desk.name("source", str(relative)), relative, Reason.UNREADABLE_FILE))
            continue
        source_id = desk.name("source", str(relative), content)
        tag = desk.name("content", content)
        placement = place(relative, desk.study.naming, manifest)
        media = is_media(_head(path))
        reason = _refusal(desk, path, placement, source_id, media)
        voices = reason is None and (media or _recorded(path))
        if voices and placement is not None and not all(may_record(desk.consents.get(one)) for one in placement.informants):
            reason = Reason.NO_CONSENT
        if reason is not None or placement is None:
            refused.append(Refused(source_id, relative, reason or Reason.NO_PLACE))
            continue
        own = place_of(desk, relative)
        named = place_of(desk, PurePosixPath(placement.supersedes)) if placement.supersedes else ""
        earlier = None if media else newest.earlier(source_id, named or own)
        if earlier is not None and earlier.informants != placement.informants:
            earlier = None
        if named and earlier is None:
            refused.append(Refused(source_id, relative, Reason.NO_EARLIER))
            continue
        duplicate = tag in seen or desk.state.twin(tag, source_id)
        seen.add(tag)
        corrects = earlier.source_id if earlier is not None else ""
        size = path.stat().st_size
        arrivals.append(Arrival(source_id, relative, placement, content, tag, size, own, corrects, duplicate, media, voices))
    return Intake(tuple(arrivals), tuple(refused))


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(inbox: Path) -> Iterator[Path]:
    if not inbox.is_dir():
        raise SamaranError("The study has no inbox folder.", "Make a folder named inbox in the study folder and put files there.")
    for path in sorted(inbox.rglob("*"), key=lambda p: p.as_posix()):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
        if not hidden and path.name.lower() not in _LEFT_BY_SYSTEMS and (path.is_symlink() or not path.is_dir()):
            yield path


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def _recorded(path: Path) -> bool:
    try:
        return recorded(path)
    except OSError:
        return True  # it can't be looked into, nor sealed


def _refusal(desk: Desk, path: Path, placement: Placement | None, source_id: str, media: bool) -> Reason | None:
    mode = path.lstat()
    if not stat.S_ISREG(mode.st_mode):
        return Reason.UNREADABLE_FILE
    if mode.st_size > _LARGEST and not media:
        return Reason.TOO_LARGE
    if placement is None:
        return Reason.NO_PLACE
    if desk.frozen.intersection(placement.informants):
        return Reason.WITHDRAWN
    row = desk.state.source(source_id)
    if row is not None and row.stage in (Stage.DONE, Stage.QUARANTINED, Stage.SUPERSEDED):
        return Reason.ALREADY_SEALED
    if not placement.informants:
        return None if placement.method in desk.study.no_consent_needed else Reason.UNKNOWN_INFORMANT
    known = set(desk.consents) | {entity.informant for entity in desk.register.register.entities}
    if not set(placement.informants) <= known:
        return Reason.UNKNOWN_INFORMANT
    given = [desk.consents.get(code) for code in placement.informants]
    return None if all(map(participates, given)) else Reason.NO_CONSENT


def participates(given: Consent | None) -> bool:
    """Whether a consent allows taking the material in at all."""
    return given is not None and "participate" in given.flags


def may_record(given: Consent | None) -> bool:
    """Whether a consent allows recordings, voice notes in a chat's archive or in a mail among them."""
    return given is not None and "record_audio" in given.flags
