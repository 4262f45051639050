"""One audit entry: a value that checks itself, and its canonical bytes.

Everything in an entry comes from a closed list, is a hex digest, or is a number below 2^53: there is no place for text, so none
can get in. A reader accepts exactly the bytes that the writer would have made.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from samaran.audit.vocabulary import ALWAYS, FIELDS, NUMBERS, VERSION, Act, Code, Phase, Why, misfit

__all__ = ["Act", "Code", "Entry", "Phase", "Why", "fault", "scan"]


def _grammar() -> re.Pattern[str]:
    """All fields in order. An optional one that is there is never given back (`?+`): nothing else could match in its place."""
    parts = []
    for name, pattern in FIELDS.items():
        value = f"(?P<{name}>{pattern})" if name in NUMBERS else f'"(?P<{name}>{pattern})"'
        lead = "" if name == "act" else ","
        parts.append(f'{lead}"{name}":{value}' if name in ALWAYS else f'(?:{lead}"{name}":{value})?+')
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
        problem = fault(tuple([None if (value := getattr(self, name)) is None else str(value) for name in FIELDS]))
        if problem:
            raise ValueError(f"audit entry: {problem}")

    def to_bytes(self) -> bytes:
        """RFC 8785 canonical JSON. No value of the vocabulary needs an escape, so this is what `codec.canonical` would make."""
        parts = [f'"{name}":{value}' if name in NUMBERS else f'"{name}":"{value}"' for name, value in self._given()]
        return ("{" + ",".join(parts) + "}").encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Entry":
        """Read canonical bytes. Raises `ValueError` for any others, however alike."""
        values = scan(data)
        if values is None:
            raise ValueError("audit entry: not canonical, or a field or value that the format doesn't know")
        given = {name: value for name, value in zip(FIELDS, values, strict=True) if value is not None}
        return cls(**{name: int(value) if name in NUMBERS else value for name, value in given.items()})  # type: ignore[arg-type]

    def _given(self) -> list[tuple[str, str | int]]:
        return [(name, value) for name in FIELDS if (value := getattr(self, name)) is not None]


Values = tuple[str | None, ...]
"""The values of an entry's fields in the order of `FIELDS`, None where a field is absent."""


def scan(data: bytes) -> Values | None:
    """The fast way to read: the values of canonical bytes, or None. Rules between fields: see `fault`."""
    match = GRAMMAR.fullmatch(data.decode("latin-1"))
    return match.groups() if match else None


def fault(values: Values) -> str | None:
    """Which rule between the fields is broken, if one is."""
    act, _, cfg, code, model, n, obj, of, phase, pkg, second, seq, _, size, _, _, why = values
    problem = _misfit(
        act, phase, code, n is None, of is None, obj is None, size is None, cfg is None, model is None, pkg is None,
        second is None, why is None,
    )  # fmt: skip
    if problem:
        return problem
    if of is not None and int(of) >= int(seq or 0):
        return "a result names an earlier entry"
    return None


@lru_cache(maxsize=4096)
def _misfit(act: str, phase: str, code: str | None, *absent: bool) -> str | None:
    """`misfit`, remembered: a log has few shapes of entries."""
    optional = ("n", "of", "obj", "size", "cfg", "model", "pkg", "second", "why")
    present = frozenset(name for name, gone in zip(optional, absent, strict=True) if not gone)
    return misfit(act, phase, code, present | {"code"} if code else present)
