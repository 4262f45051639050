"""A study opened for work: its config, its stores, and where things lie in its folder."""

import fcntl
import hashlib
import hmac
import os
import shutil
import threading
from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from importlib.metadata import distributions
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

from samaran import consent, register, study, withdrawals
from samaran.audit.log import Log, utc_now
from samaran.audit.note import load_log_key, new_log_key, save_log_key
from samaran.audit.reading import newest
from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError, Waiting
from samaran.model import Consent
from samaran.pseudonymize import read_roster
from samaran.register import RegisterFile
from samaran.state import SourceRow, Stage, State
from samaran.vault import disk
from samaran.vault.age import NoMatch
from samaran.vault.keys import PassphraseNeeded
from samaran.vault.pack import ENDING
from samaran.vault.pool import read_pool
from samaran.vault.seal import open_bytes, seal
from samaran.vault.working import PLACE, WorkingKey, load_working_key, new_working_key, save_working_key

COLLECTOR = "collector"
"""Who acts in the audit log when no private key is in use."""

CLOCK_BEHIND = "The clock of this machine is behind the audit log."
CLOCK_HINT = "Set it right; no deadline is judged. If it is right now: `samaran audit acknowledge STUDY --key KEY`."
"""What is said of a clock that was set back, and what to do."""

GROUP_SUBJECT = "STUDY"
"""The subject of sources that belong to no informant: literature, observation of a place."""

_TEMPLATES = {
    "consent.csv": "informant,form_version,date,mode,participate,record_audio,quote_verbatim,quote_paraphrase,archive,reuse,"
    "recontact,member_check\n",
    "roster.csv": "entity,informant_id,real_name,aliases,phone,online_ids,role\n",
    "manifest.csv": "file,informant,method,wave,role\n",
}
_FOLDERS = ("inbox", "quarantine", "vault/originals", "vault/work", "vault/keys", "register", "audit", "releases")
_SEALED = ("vault/originals", "vault/work", "vault/keys", "vault", "quarantine", "register")


class Versions(TypedDict):
    """Digests as an audit entry holds them."""

    cfg: str
    model: str
    pkg: str


class Desk:
    """Everything that a stage's result is read from or written to. Open one with `Desk.open`; close it after use."""

    def __init__(self, config: study.Study, state: State, log: Log, working: WorkingKey) -> None:
        self.study = config
        self.state = state
        self.log = log
        self.working = working
        self._register: RegisterFile | None = None
        self._consents: Mapping[str, tuple[Consent, ...]] | None = None
        self._left: tuple[tuple[withdrawals.Withdrawal, ...], Mapping[str, Consent]] | None = None
        self._keys: dict[str, bytes] = {}
        self._lock = threading.RLock()

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, alone: bool = True) -> Iterator["Desk"]:
        """Open a study. With `alone`, no other command may change it meanwhile: `Waiting` is raised when one is at work."""
        config = study.load(folder)
        if not (folder / "state.db").exists():
            _check_new(folder)
            raise UsageError("This folder has a study.toml but is no study yet.", "Make a new one with `samaran init STUDY`.")
        with _alone(folder) if alone else _together():
            desk = cls(
                config,
                State(folder / "state.db"),
                Log(folder / "audit"),
                _working_key(folder / "register" / "working.key"),
            )
            try:
                if alone:
                    _folders(folder)
                    desk.log.recover()
                    for sub in _SEALED:
                        disk.sweep(folder / sub)  # what a killed command left unfinished
                yield desk
            finally:
                desk.state.close()
                desk.log.close()

    # the layout of a study folder

    def sealed(self, row: SourceRow) -> Path:
        """The sealed file that holds the original of a source: its pack, or one of its own, as in vaults from before."""
        if row.pack:
            return self.pack(row.pack)
        return self.quarantined(row.source_id) if row.stage == Stage.QUARANTINED else self.original(row.source_id)

    def pack(self, name: str) -> Path:
        """A sealed pack of originals."""
        return self.study.folder / "vault" / "originals" / f"{name}{ENDING}"

    def original(self, source_id: str) -> Path:
        """The sealed original of a source that is in no pack."""
        return self.study.folder / "vault" / "originals" / f"{source_id}.age"

    def work(self, source_id: str, part: int = 0) -> Path:
        """The sealed raw segments and mentions, of a part of a long source."""
        return self.study.folder / "vault" / "work" / (f"{source_id}.{part}.age" if part else f"{source_id}.age")

    def works(self, source_id: str) -> tuple[Path, ...]:
        """All such files of a source, and where the first would be."""
        first = self.work(source_id)
        return first, *sorted(first.parent.glob(f"{source_id}.*.age"))

    def quarantined(self, source_id: str) -> Path:
        """The sealed original of a file that could not be read and is in no pack; the note about any is beside it."""
        return self.study.folder / "quarantine" / f"{source_id}.age"

    def sign(self) -> None:
        """Sign the log as it stands and publish it. Called at the end of each act of a person or a schedule."""
        self.log.checkpoint(load_log_key(self.study.folder / "audit" / "log.key"))

    @property
    def now(self) -> datetime:
        """The time in UTC by this machine's clock; where that is behind the log, the log's newest hour: it can't be earlier."""
        return max(utc_now(), self._logged)

    @property
    def today(self) -> str:
        """The date here and now, as ISO text."""
        return self.now.astimezone().date().isoformat()

    @property
    def clock_behind(self) -> bool:
        """Whether this machine's clock is behind the log: it was set back, or it ran ahead when the log was written."""
        return utc_now() < self._logged

    def check_clock(self) -> None:
        """Raises `UsageError` when no deadline can be told, because the clock is behind the log."""
        if self.clock_behind:
            raise UsageError(CLOCK_BEHIND, CLOCK_HINT)

    @cached_property
    def _logged(self) -> datetime:
        return newest(self.log.folder)

    # the register

    @property
    def register(self) -> RegisterFile:
        """The register file as it stands; at first it holds the roster."""
        with self._lock:
            if self._register is None:
                self._register = self._with_roster(self._stored_register())
            return self._register

    def _stored_register(self) -> RegisterFile:
        """Raises `IntegrityError` when it is gone, or older than the state: two informants would get the same key."""
        path = self.study.folder / "register" / "register.age"
        try:
            stored = register.from_bytes(open_bytes(path, [self.working.key])) if path.exists() else RegisterFile()
        except IntegrityError:
            raise IntegrityError(
                "register/register.age is damaged or an incomplete copy.", "Bring it and state.db back from the same copy."
            ) from None
        except NoMatch:
            raise KeyUnusable(
                "The study's working key doesn't open its register, or the register is damaged.",
                f"Take this study's key ({PLACE} may name another's); if it is, bring register/register.age from a copy.",
            ) from None
        if not {row.subject for row in self.state.sources()} <= stored.subjects.keys():
            raise IntegrityError(
                "register/register.age is missing, or older than state.db.",
                "Bring both back from the same copy of the study; nothing was changed.",
            )
        return stored

    def save_register(self, file: RegisterFile) -> None:
        """Seal a new register under the working key in place of the old one."""
        with self._lock:
            target = self.study.folder / "register" / "register.age"
            seal(register.to_bytes(file), target, [self.working.recipient], replace=True)
            self._register = file

    def _with_roster(self, stored: RegisterFile) -> RegisterFile:
        """Roster rows that the register does not know yet come in; what it knows keeps its pseudonym."""
        from samaran.detect import common_word

        path = self.study.folder / self.study.detection.roster
        if not path.exists():
            return stored
        codes = [w.informant for w in self.withdrawals if w.whole and w.stage != withdrawals.REQUESTED]
        gone = {*codes, *(code.replace("-", "") for code in codes)}
        known = read_roster(path, self.naming_key, words=common_word, known=stored.register, without=gone)
        return replace(stored, register=known)

    @property
    def naming_key(self) -> bytes:
        """The key that ids of entities, sources and segments are made with."""
        return self.working.derive("names")

    def name(self, kind: str, *parts: str | int) -> str:
        """A stable id that says nothing to whoever lacks the working key: 20 letters and digits."""
        data = "\x00".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
        if (key := self._keys.get(kind)) is None:
            key = self._keys[kind] = self.working.derive(f"id.{kind}")
        return b32encode(hmac.digest(key, data, "sha256")).decode().lower()[:20]

    @cached_property
    def versions(self) -> Versions:
        """Digests of what decides the outcome: the config, the detector with its word lists and model, the packages installed."""
        from samaran.detect import digest

        installed = sorted({f"{d.name.lower()} {d.version}" for d in distributions()})
        packages = hashlib.sha256("\n".join(installed).encode()).hexdigest()
        return {"cfg": self.study.digest, "model": digest(self.study.detection.model), "pkg": packages}

    @property
    def detected_by(self) -> str:
        """Under which config and detector a source is detected now, in short."""
        return f"{self.versions['cfg'][:16]}{self.versions['model'][:16]}"

    # consent and subjects

    @property
    def consents(self) -> Mapping[str, Consent]:
        """The consent in force per informant, without what was taken back."""
        taken_back = self.withdrawals
        if self._left is None or self._left[0] != taken_back:
            self._left = taken_back, withdrawals.remaining(consent.in_force(self.consent_history), taken_back)
        return self._left[1]

    @property
    def consent_history(self) -> Mapping[str, tuple[Consent, ...]]:
        """All versions of each informant's consent as they were given, oldest first."""
        if self._consents is None:
            self._consents = consent.history(self.study.folder / "consent.csv", self.study.consent)
        return self._consents

    @property
    def withdrawals(self) -> tuple[withdrawals.Withdrawal, ...]:
        """All withdrawals, read anew each time: one may come while a run is at work."""
        return withdrawals.read(self.study.folder)

    @property
    def frozen(self) -> frozenset[str]:
        """Codes of informants of whom nothing is processed or released any more."""
        return withdrawals.frozen(self.withdrawals)

    def subject_recipient(self, subject: str) -> tuple[str, str] | None:
        """Subject id and recipient of an informant; a new one takes the next free pair. None when the pool is used up."""
        with self._lock:
            pairs = read_pool(self.study.folder / "vault")
            file = self.register
            sid = file.subjects.get(subject)
            if sid is None:
                taken = file.spent.union(file.subjects.values())
                free = [pair for pair in pairs if pair.sid not in taken]
                if not free:
                    return None
                sid = free[0].sid
                self.save_register(file.with_subject(subject, sid))
            recipients = {pair.sid: pair.recipient for pair in pairs}
            if sid not in recipients:
                raise SamaranError(
                    "pool.txt has lost a pair that is in use.", "Restore vault/pool.txt from a copy; nothing was sealed."
                )
            return sid, recipients[sid]


def create(folder: Path, name: str = "") -> None:
    """A new study folder: config, templates, working key, empty log. Raises `UsageError` when there is one already."""
    if (folder / "study.toml").exists() and (folder / "state.db").exists():
        raise UsageError("There is a study in this folder already.", "Name another folder, or use this one as it is.")
    _check_new(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        _folders(folder)
        _templates(folder, name or _code(folder.resolve().name))
    except OSError:
        raise SamaranError(
            "The study folder can't be written.", "Choose a folder that you may write to, on a disk with space."
        ) from None
    config = study.load(folder)
    if not (folder / "register" / "working.key").exists():
        save_working_key(new_working_key(), folder / "register" / "working.key")
    if not (folder / "audit" / "log.db").exists():
        origin = f"samaran.local/{config.name}"
        key = new_log_key(origin)
        save_log_key(key, folder / "audit" / "log.key")
        Log.create(folder / "audit", origin, key).close()
    State(folder / "state.db").close()


def _folders(folder: Path) -> None:
    """Programs that copy or synchronize leave empty folders away."""
    for sub in _FOLDERS:
        (folder / sub).mkdir(mode=0o700, parents=True, exist_ok=True)


def _check_new(folder: Path) -> None:
    """Raises `IntegrityError` where state.db is gone and sealed files are not: a new one would know of none of them."""
    if any((folder / "vault" / "originals").glob("*.age")) or (folder / "register" / "register.age").exists():
        raise IntegrityError("state.db is missing from this study.", "Bring it back from a copy; don't make a new one.")


def _code(name: str) -> str:
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return letters or "my-study"


def _templates(folder: Path, name: str) -> None:
    for file in ("study.toml", "entities.toml", "statements.toml", "dpia.toml"):
        if not (folder / file).exists():
            text = (files("samaran.config") / file).read_text(encoding="utf-8")
            (folder / file).write_text(text.replace('"my-study"', f'"{name}"'), encoding="utf-8")
    for file, head in _TEMPLATES.items():
        if not (folder / file).exists():
            (folder / file).write_text(head, encoding="utf-8")


def no_passphrase() -> str | None:
    """Nobody is there to ask."""
    return None


ask: list[Callable[[], str | None]] = [no_passphrase]
"""How the passphrase of the working key is asked for; a door that has a terminal puts its own question here."""


def _working_key(path: Path) -> WorkingKey:
    if not (place := Path(os.environ.get(PLACE) or path)).exists():
        raise KeyUnusable(
            "The study's working key is missing" + (f": {PLACE} names a file that isn't there." if place != path else "."),
            "Bring the file, or write it again with a holder's key: `samaran keys working STUDY --recover --key KEY`.",
        )
    try:
        return load_working_key(path)
    except PassphraseNeeded:
        passphrase = ask[-1]()
        if passphrase is None:
            raise
    return load_working_key(path, passphrase)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise SamaranError(
            "The study can't be written to; nothing was changed.", "Check that its disk isn't read-only and the folder is yours."
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise Waiting(
            "Another samaran command is at work on this study.", "Wait until it ends, then run this one again."
        ) from None
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def _together() -> Iterator[None]:
    yield


def free_space(folder: Path) -> int:
    """Free bytes on the disk of the study."""
    return shutil.disk_usage(folder).free
