"""One audit entry: a value that checks itself, and its canonical bytes.

Everything in an entry comes from a closed list, is a hex digest, or is a number below 2^53: there is no place for text, so none
can get in. A reader accepts exactly the bytes that the writer would have made.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from samaran.audit.vocabulary import ALWAYS, FIELDS, NUMBERS, VERSION, Act, Code, Phase, Why, misfit

__all__ = ["EARLIER", "Act", "Code", "Columns", "Entry", "Phase", "Scanner", "Why", "fault", "scan"]


def _grammar(field: Callable[[str, str], str]) -> str:
    """All fields in order, each as `field` writes its name and pattern. An optional one that is there is never given back (`?+`):
    nothing else could match in its place."""
    return r"\{" + "".join(_there(name, field(name, pattern)) for name, pattern in FIELDS.items()) + r"\}"


def _there(name: str, pair: str) -> str:
    pair = ("" if name == "act" else ",") + pair
    return pair if name in ALWAYS else f"(?:{pair})?+"


def _pair(key: str, name: str, value: str) -> str:
    return f'"{key}":{value}' if name in NUMBERS else f'"{key}":"{value}"'


GRAMMAR = re.compile(_grammar(lambda name, pattern: _pair(name, name, f"(?P<{name}>{pattern})")))
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


EARLIER = "a result names an earlier entry"
"""The one rule that `Scanner` leaves to its caller."""
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
        return EARLIER
    return None


_MANY = frozenset({"n", "obj", "of", "seq", "sid", "size"})
"""Fields that differ from entry to entry. All others have few values in a log."""
_LOOKED_AT = ("act", "of", "seq", "t")


def _sparing() -> str:
    """The grammar for `Scanner`. What stands between two of `_MANY` is one group, read loosely. Those are read with their own
    patterns, and little of them is caught: values that are looked at, and the first letter of a name, if it is there."""
    runs = []
    for many, names in groupby(FIELDS, _MANY.__contains__):
        run = "".join(_there(name, (_many if many else _few)(name)) for name in names)
        runs.append(run if many else f"({run})")
    return r"^\{" + "".join(runs) + r"\}$"


def _few(name: str) -> str:
    loose = "[0-9]+" if name in NUMBERS else "[-.:0-9A-Za-z]+"
    return _pair(name, name, f"(?P<{name}>{loose})" if name in _LOOKED_AT else loose)


def _many(name: str) -> str:
    value = f"(?P<{name}>{FIELDS[name]})" if name in _LOOKED_AT else f"(?:{FIELDS[name]})"
    ruled = name not in ALWAYS and name != "sid"  # no rule asks whether there is a subject
    return _pair(f"({name[0]}){name[1:]}" if ruled else name, name, value)


_LINES = re.compile(_sparing().encode("ascii"), re.MULTILINE)
_AT = {name: group - 1 for name, group in _LINES.groupindex.items()}
_KIND = [at for at in range(_LINES.groups) if at not in _AT.values()]


@dataclass(frozen=True, slots=True)
class Columns:
    """Fields of entries that were read together, as bytes; `of` is empty in intents."""

    act: tuple[bytes, ...]
    of: tuple[bytes, ...]
    seq: tuple[bytes, ...]
    t: tuple[bytes, ...]


class Scanner:
    """Reads entries together, which costs less than `scan` and `fault` for each.

    Entries that are alike in all but numbers and digests are of one kind. The first of a kind is judged, and stands for the
    others: where its numbers and digests are exchanged for other good ones, it stays as good as it was.
    """

    def __init__(self) -> None:
        self._good = set[tuple[bytes, ...]]()

    def scan(self, leaves: Sequence[bytes]) -> Columns | None:
        """None unless all are canonical and keep every rule. `EARLIER` is left to the caller."""
        lines = b"\n".join(leaves)
        found = _LINES.findall(lines)
        if len(found) != len(leaves) or lines.count(b"\n") != len(leaves) - 1:
            return None
        columns = list(zip(*found, strict=True))
        kinds = dict(zip(zip(*[columns[at] for at in _KIND], strict=True), leaves, strict=True))
        for kind in kinds.keys() - self._good:
            values = scan(kinds[kind])
            if values is None or fault(values):
                return None
            self._good.add(kind)
        return Columns(*(columns[_AT[name]] for name in _LOOKED_AT))


@lru_cache(maxsize=4096)
def _misfit(act: str, phase: str, code: str | None, *absent: bool) -> str | None:
    """`misfit`, remembered: a log has few shapes of entries."""
    optional = ("n", "of", "obj", "size", "cfg", "model", "pkg", "second", "why")
    present = frozenset(name for name, gone in zip(optional, absent, strict=True) if not gone)
    return misfit(act, phase, code, present | {"code"} if code else present)
