"""One act in the log: the intent is durable before the block runs, the result is written when it is over."""

import errno
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypedDict, Unpack

from samaran.audit.vocabulary import Act, Case, Code, Phase, Step
from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError, Waiting
from samaran.model import Reason, Verdict


class Facts(TypedDict, total=False):
    """What an entry may say of its object; see docs/formats/audit.md."""

    sid: str | None
    obj: str | None
    size: int | None
    n: int | None
    cfg: str | None
    model: str | None
    pkg: str | None
    second: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry without its number and time."""

    act: str
    phase: Phase
    actor: str
    facts: Facts
    of: int | None = None
    code: str | None = None


class Appender(Protocol):
    """What an act needs of a log."""

    def append(self, drafts: Sequence[Draft]) -> tuple[int, ...]: ...


class Running:
    """An act under way. Name its outcome with `ok` or `end`; the result entry is written when the block is left.

    An exception that passes through makes the result `failed` or the code of its class, never its text. A block left without an
    outcome counts as failed, and raises `RuntimeError`: nothing is claimed by default.
    """

    def __init__(self, log: Appender, act: str, actor: str, facts: Facts) -> None:
        self._log, self._act, self._actor, self._facts = log, str(act), actor, facts
        self._outcome: tuple[str, Facts] | None = None
        self.seq = -1

    def ok(self, **facts: Unpack[Facts]) -> None:
        """The act succeeded; `facts` go into the result."""
        self.end(Code.OK, **facts)

    def end(self, code: str, **facts: Unpack[Facts]) -> None:
        """The act ended with this code: one of `entry.Code`, `model.Reason` or `model.Verdict`."""
        if self._outcome is not None:
            raise RuntimeError("an act has one outcome")
        self._outcome = (str(code), facts)

    def __enter__(self) -> Self:
        (self.seq,) = self._log.append([Draft(self._act, Phase.INTENT, self._actor, self._facts)])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            with suppress(SamaranError):  # what went wrong first is what has to be told; the intent will count as abandoned
                self._write(code_of(error), {})
        elif self._outcome is not None:
            self._write(*self._outcome)
        else:
            self._write(Code.FAILED, {})
            raise RuntimeError(f"{self._act} was left without an outcome")

    def _write(self, code: str, facts: Facts) -> None:
        sid = self._facts.get("sid")
        said: Facts = {**({"sid": sid} if sid else {}), **facts}
        self._log.append([Draft(self._act, Phase.RESULT, self._actor, said, of=self.seq, code=code)])


def code_of(error: BaseException) -> str:
    """The code of an exception, by its class alone."""
    if isinstance(error, OSError):
        return Code.DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else Code.INPUT_OUTPUT
    classes = {IntegrityError: Code.INTEGRITY, KeyUnusable: Code.KEY_UNUSABLE, UsageError: Code.USAGE, Waiting: Code.WAITING}
    for kind, code in classes.items():
        if isinstance(error, kind):
            return code
    return Code.FAILED if isinstance(error, Exception) else Code.INTERRUPTED


def is_code(code: str) -> bool:
    """Whether a result may carry it."""
    return any(code in set(codes) for codes in (Code, Reason, Verdict, Case, Step))


def is_act(act: str) -> bool:
    """Whether it is in the vocabulary."""
    return act in set(Act)
