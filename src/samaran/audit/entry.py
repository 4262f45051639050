"""One audit entry: a value that checks itself, and its canonical bytes.

Everything in an entry comes from a closed list, is a hex digest, or is a number below 2^53: there is no place for text, so
none can get in. `FIELDS` is the whole grammar. A reader accepts exactly the bytes that the writer would have made.
"""

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from samaran import codec
from samaran.model import Reason

VERSION = 1


class Act(StrEnum):
    """What can be done. A new act raises the version."""

    LOG_START = "log.start"
    RUN_START = "run.start"
    KEY_NEW = "key.new"
    KEY_POOL = "key.pool"
    KEY_REWRAP = "key.rewrap"
    EPOCH_START = "epoch.start"
    DRILL_RUN = "drill.run"
    SOURCE_REFUSE = "source.refuse"
    SOURCE_QUARANTINE = "source.quarantine"
    SOURCE_SEAL = "source.seal"
    SOURCE_DETECT = "source.detect"
    SOURCE_OPEN = "source.open"
    REGISTER_LINK = "register.link"
    REVIEW_SHEET = "review.sheet"
    REVIEW_DECIDE = "review.decide"
    RELEASE_MAKE = "release.make"
    RELEASE_WITHHOLD = "release.withhold"
    RELEASE_EXPORT = "release.export"
    INFORMANT_WITHDRAW = "informant.withdraw"


class Phase(StrEnum):
    """An intent is durable before the act begins; a result names it afterwards."""

    INTENT = "intent"
    RESULT = "result"


class Code(StrEnum):
    """How an act ended, beside the reasons of `model.Reason`."""

    OK = "ok"
    FAILED = "failed"
    ABANDONED = "abandoned"  # the process died; closed at the next start
    INTERRUPTED = "interrupted"
    INTEGRITY = "integrity"
    KEY_UNUSABLE = "key-unusable"
    WAITING = "waiting"
    USAGE = "usage"
    DISK_FULL = "disk-full"
    INPUT_OUTPUT = "input-output"


class Why(StrEnum):
    """The purposes for which an original may be opened."""

    REVIEW = "review"
    CORRECTION = "correction"
    ACCESS = "access"
    WITHDRAWAL = "withdrawal"
    RECOVERY = "recovery"
    DISPUTE = "dispute"


def _one_of(*words: str) -> str:
    return "|".join(re.escape(word) for word in words)


_NUMBER = "0|[1-9][0-9]{0,15}"
FIELDS = {
    "act": _one_of(*Act),
    "actor": "collector|[0-9a-f]{16}",
    "cfg": "[0-9a-f]{64}",
    "code": _one_of(*Code, *Reason),
    "model": "[0-9a-f]{64}",
    "n": _NUMBER,
    "obj": "[0-9a-f]{64}",
    "of": _NUMBER,
    "phase": _one_of(*Phase),
    "pkg": "[0-9a-f]{64}",
    "second": "[0-9a-f]{16}",
    "seq": _NUMBER,
    "sid": "[0-9a-f]{32}",
    "size": _NUMBER,
    "t": "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):00:00Z",
    "v": "1",
    "why": _one_of(*Why),
}
"""Field name to the regular expression of its values, in the order of canonical JSON. Values that match `_NUMBER` are numbers."""

NUMBERS = frozenset({"n", "of", "seq", "size", "v"})
ALWAYS = frozenset({"act", "actor", "phase", "seq", "t", "v"})
CONFIG_ACTS = frozenset({Act.RUN_START, Act.SOURCE_DETECT, Act.REGISTER_LINK, Act.RELEASE_MAKE})
"""Acts that carry `cfg`, `model`, `pkg`."""
TWO_PERSON_ACTS = frozenset({Act.SOURCE_OPEN, Act.INFORMANT_WITHDRAW, Act.EPOCH_START})
"""Acts that carry `second`, the key id of the other person."""
REASON_ACTS = frozenset({Act.SOURCE_REFUSE, Act.SOURCE_QUARANTINE, Act.RELEASE_WITHHOLD})
"""Acts that end with a reason, never with `ok`."""
NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    (Act.RUN_START, Phase.INTENT): ("cfg",),
    (Act.SOURCE_SEAL, Phase.RESULT): ("obj", "size"),
    (Act.RELEASE_MAKE, Phase.RESULT): ("obj", "size"),
    (Act.RELEASE_EXPORT, Phase.RESULT): ("obj",),
}
"""What an intent, or a result that is `ok`, has to say."""

_TOO_LARGE = 2**53


def _grammar() -> re.Pattern[str]:
    parts = []
    for name, pattern in FIELDS.items():
        value = f"(?P<{name}>{pattern})" if name in NUMBERS else f'"(?P<{name}>{pattern})"'
        lead = "" if name == "act" else ","
        parts.append(f'{lead}"{name}":{value}' if name in ALWAYS else f'(?:{lead}"{name}":{value})?')
    return re.compile(r"\{" + "".join(parts) + r"\}")


GRAMMAR = _grammar()
"""Matches exactly the canonical bytes of entries whose fields are each valid."""
_PATTERNS = {name: re.compile(pattern) for name, pattern in FIELDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An audit entry. Raises `ValueError`, naming the field and never its value, unless every rule of the format holds."""

    v: int = VERSION
    seq: int
    t: str
    act: str
    phase: str
    actor: str
    of: int | None = None
    code: str | None = None
    sid: str | None = None
    obj: str | None = None
    size: int | None = None
    n: int | None = None
    cfg: str | None = None
    model: str | None = None
    pkg: str | None = None
    second: str | None = None
    why: str | None = None

    def __post_init__(self) -> None:
        for name, value in self._given():
            if isinstance(value, bool) or isinstance(value, int) != (name in NUMBERS):
                raise ValueError(f"audit entry: `{name}` is of the wrong kind")
            if not _PATTERNS[name].fullmatch(str(value)):
                raise ValueError(f"audit entry: `{name}` has a value that the format doesn't know")
        problem = fault(self.act, self.phase, {name: str(value) for name, value in self._given()})
        if problem:
            raise ValueError(f"audit entry: {problem}")

    def to_bytes(self) -> bytes:
        """RFC 8785 canonical JSON."""
        return codec.canonical({name: value if isinstance(value, int) else str(value) for name, value in self._given()})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Entry":
        """Read canonical bytes. Raises `ValueError` for any others, however alike."""
        match = scan(data)
        if match is None:
            raise ValueError("audit entry: not canonical, or a field or value that the format doesn't know")
        given = {name: value for name, value in match.groupdict().items() if value is not None}
        return cls(**{name: int(value) if name in NUMBERS else value for name, value in given.items()})  # type: ignore[arg-type]

    def _given(self) -> list[tuple[str, str | int]]:
        return [(name, value) for name in _NAMES if (value := getattr(self, name)) is not None]


_NAMES = tuple(field.name for field in fields(Entry))


def scan(data: bytes) -> re.Match[str] | None:
    """The fast way to read: the match of canonical bytes with the grammar, or None. Rules between fields: see `fault`."""
    try:
        return GRAMMAR.fullmatch(data.decode("ascii"))
    except UnicodeDecodeError:
        return None


def fault(act: str, phase: str, given: "dict[str, str] | dict[str, str | None]") -> str | None:
    """Which rule between the fields is broken, if one is. `given` maps names to values; None counts as absent."""
    result, code = phase == Phase.RESULT, given.get("code")
    if (given.get("of") is not None) != result or (code is not None) != result:
        return "`of` and `code` stand in results, and only there"
    if result and int(given["of"] or 0) >= int(given["seq"] or 0):
        return "a result names an earlier entry"
    if act not in CONFIG_ACTS and (given.get("cfg") or given.get("model") or given.get("pkg")):
        return f"{act} carries no digests of configuration"
    if act not in TWO_PERSON_ACTS and given.get("second"):
        return f"{act} has no second person"
    if act != Act.SOURCE_OPEN and given.get("why"):
        return f"{act} has no purpose"
    if code == Code.OK and act in REASON_ACTS:
        return f"{act} ends with a reason"
    if code in (None, Code.OK):
        for name in NEEDED.get((act, phase), ()):
            if given.get(name) is None:
                return f"{act} needs `{name}` in its {phase}"
    for name in NUMBERS:
        value = given.get(name)
        if value is not None and int(value) >= _TOO_LARGE:
            return f"`{name}` is 2^53 or more"
    return None
