"""The drill: each holder proves on real sealed files that they can recover, and no plaintext is written.

For every informant one original is opened by way of the wrapped key, decrypted to its end into a hash, and its ciphertext
compared with what the log says was sealed. With Debian's `age` on the machine the same is done by that program and compared.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import SystemRandom

from samaran import codec
from samaran.audit.vocabulary import Act, Code, Phase
from samaran.errors import IntegrityError, SamaranError
from samaran.pipeline.desk import Desk
from samaran.pipeline.reviewing import check_reviewer
from samaran.state import SourceRow
from samaran.vault import age, disk
from samaran.vault.check import Seen, measure, read_through
from samaran.vault.keys import PrivateKey, key_file
from samaran.vault.nested import unwrap_any

_RECORD = "drills.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Drilled:
    """One holder's drill, or that of several board members together: originals opened, those that failed with the reason, and
    whether `age` itself opened the same ones (None where it isn't installed, board members joined, or none was opened)."""

    key: str
    opened: int
    failed: tuple[tuple[str, str], ...]
    age: bool | None


def drill(desk: Desk, keys: Sequence[PrivateKey], *, together: bool = False) -> tuple[Drilled, ...]:
    """Drill with each key, or with all of them together (a board of several). Logged, and remembered by key id.

    Raises `KeyUnusable` for a stranger's key. A failed drill is a result, not an exception: the caller says so loudly.
    """
    for key in keys:
        check_reviewer(desk, key)
    chosen = tuple(_one_each(desk))
    sealed = logged(desk)
    found = []
    for group in [tuple(keys)] if together else [(key,) for key in keys]:
        with desk.log.act(Act.DRILL_RUN, actor=group[0].id) as act:
            done = _drill(desk, group, chosen, sealed)
            act.end(Code.INTEGRITY if done.failed else Code.OK, n=done.opened)
        found.append(done)
        if not done.failed:
            _remember(desk, (key.id for key in group))
    desk.sign()
    return tuple(found)


def drilled(desk: Desk) -> dict[str, date]:
    """When each holder's last good drill was, by key id."""
    try:
        value = codec.parse((desk.study.folder / "vault" / _RECORD).read_bytes())
        return {str(key): date.fromisoformat(day) for key, day in value.items()}
    except (FileNotFoundError, IntegrityError, ValueError, AttributeError):
        return {}


def overdue(desk: Desk, holders: Iterable[str]) -> tuple[str, ...]:
    """Key ids of holders whose last drill is older than the study's policy, once there is something to recover."""
    if not any(desk.state.sources()):
        return ()
    done, today = drilled(desk), date.fromisoformat(desk.today)
    return tuple(h for h in holders if h not in done or (today - done[h]).days > desk.study.vault.drill_days)


Logged = frozenset[tuple[str | None, str]]


def logged(desk: Desk) -> Logged:
    """Subject id and SHA-256 of everything that was ever sealed, as the log says."""
    return frozenset((e.sid, e.obj) for e in desk.log.entries() if e.act == Act.SOURCE_SEAL and e.phase == Phase.RESULT and e.obj)


def not_as_sealed(desk: Desk, row: SourceRow) -> IntegrityError | None:
    """The true cause when an original doesn't open: a key that fits can't open a file that was swapped, either."""
    path = desk.sealed(row)
    if not path.exists() or (desk.register.subjects[row.subject], measure(path)[1]) in logged(desk):
        return None
    return IntegrityError(
        "A sealed original is not the file that was sealed: it is damaged, swapped, or an incomplete copy.",
        "Take it from another copy of the vault; `samaran vault check` names every such file.",
    )


def _one_each(desk: Desk) -> Iterable[SourceRow]:
    by_subject: dict[str, list[SourceRow]] = {}
    for row in desk.state.sources():
        by_subject.setdefault(row.subject, []).append(row)
    return (SystemRandom().choice(rows) for _, rows in sorted(by_subject.items()))


def _drill(desk: Desk, keys: Sequence[PrivateKey], rows: Iterable[SourceRow], sealed: Logged) -> Drilled:
    opened, failed = 0, []
    tool = shutil.which("age") if len(keys) == 1 else None
    same = True
    vault = desk.study.folder / "vault"
    for row in rows:
        path = desk.sealed(row)
        sid = desk.register.subjects[row.subject]
        try:
            seen = read_through(path, unwrap_any(vault, sid, keys))
            if (sid, seen.sha256) not in sealed:
                raise IntegrityError("A sealed file is not the one that was sealed.", "Take another copy of the vault.")
            if tool:
                same = same and _by_age(tool, keys[0], vault / "keys" / f"{sid}.age", path, seen)
            opened += 1
        except (age.NoMatch, IntegrityError) as error:
            failed.append((row.source_id, str(not_as_sealed(desk, row) or error)))
        except SamaranError as error:
            failed.append((row.source_id, str(error)))
    return Drilled("+".join(key.id for key in keys), opened, tuple(failed), same if tool and opened else None)


def _by_age(tool: str, key: PrivateKey, wrapped: Path, original: Path, seen: Seen) -> bool:
    """Whether `age` opens the same bytes. Keys and plaintext pass through pipes only."""
    if not wrapped.exists():
        return True  # a file for board members: not this holder's alone
    inner = subprocess.run([tool, "-d", "-i", "-", str(wrapped)], input=key_file(key), capture_output=True, check=False)
    if inner.returncode:
        return False
    plain = hashlib.sha256()
    with subprocess.Popen(
        [tool, "-d", "-i", "-", str(original)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as outer:
        if outer.stdin is None or outer.stdout is None:
            return False
        outer.stdin.write(inner.stdout)
        outer.stdin.close()
        while block := outer.stdout.read(_BLOCK):
            plain.update(block)
    return outer.returncode == 0 and plain.hexdigest() == seen.plain_sha256


def _remember(desk: Desk, ids: Iterable[str]) -> None:
    value = {key: day.isoformat() for key, day in drilled(desk).items()} | dict.fromkeys(ids, desk.today)
    with disk.appearing(desk.study.folder / "vault" / _RECORD, replace=True) as file:
        file.write(codec.canonical(value))
