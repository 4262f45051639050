"""A release on disk, looked at again later: evidence for the board's report, from the final bytes alone."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from samaran import codec
from samaran.errors import IntegrityError
from samaran.export.readback import CHECKSUMS, TABLES, checked_files
from samaran.export.records import FIELDS
from samaran.export.singling import singling
from samaran.model import EntityType, Method, Singling, Span

_NAMES = ("segment_id", "source_id", "informant_id")
_PLACES = frozenset({EntityType.ADDRESS, EntityType.LOCATION, EntityType.VENUE})
PROMISED = frozenset({*TABLES, "README.md", "LIMITS.md", CHECKSUMS})


class Scanner(Protocol):
    """What looks for the forms of the register: `release.residual` gives one."""

    def __call__(self, text: str) -> int: ...

    def forms_in(self, text: str, surrogates: Sequence[Span] = ()) -> list[tuple[Span, EntityType]]: ...


@dataclass(frozen=True, slots=True)
class Examined:
    """What was seen. `digest` is the SHA-256 of CHECKSUMS, which stands for all files. `hits` are forms of the register as it is
    today, `places` those of them that are places; `strangers` files that no release has, `fields` fields that no record has;
    `unconsented` segments whose consent lacks a flag, `blanks` surrogates without text, `online` segments of chats,
    `online_unconsented` those that may not be quoted verbatim."""

    intact: bool
    digest: str = ""
    segments: int = 0
    hits: int = 0
    strangers: int = 0
    unconsented: int = 0
    places: int = 0
    fields: int = 0
    blanks: int = 0
    online: int = 0
    online_unconsented: int = 0
    singling: Singling | None = None


def examine(
    folder: Path,
    scan: Scanner,
    *,
    consent: Collection[str],
    allowed: Mapping[tuple[str, str], Sequence[Span]] | None = None,
    allowed_labels: Collection[tuple[str, str]] = (),
) -> Examined:
    """Read a release again. `consent` are the flags that its profile asks for; `allowed` and `allowed_labels`, by source and
    segment id, are what a reviewer rejected as mentions. A folder that CHECKSUMS doesn't fit is not intact, and nothing in it
    counts."""
    strangers = sum(path.name not in PROMISED for path in folder.iterdir()) if folder.is_dir() else 0
    try:
        rows = [codec.parse(line) for line in checked_files(folder)["segments.jsonl"].split(b"\n")[:-1]]
    except (IntegrityError, KeyError):
        return Examined(intact=False, strangers=strangers)
    spans = allowed or {}
    kinds: list[EntityType] = []
    labels = Counter[str]()
    for row in rows:
        marks = [Span(mark["start"], mark["end"]) for mark in row["surrogates"]]
        place = row["source_id"], row["segment_id"]
        fine = spans.get(place, ())
        kinds += [kind for span, kind in scan.forms_in(row["text"], marks) if not any(ok.contains(span) for ok in fine)]
        if place not in allowed_labels:
            labels[row["speaker"]] += 1
    hits = (
        len(kinds)
        + sum(n * scan(label) for label, n in labels.items())
        + sum(n * scan(f"[{word}]") for word, n in Counter(row[key] for key in _NAMES for row in rows).items())
    )
    chats = [row for row in rows if row["method"] == Method.CHAT]
    return Examined(
        intact=True,
        digest=hashlib.sha256((folder / CHECKSUMS).read_bytes()).hexdigest(),
        segments=len(rows),
        hits=hits,
        strangers=strangers,
        unconsented=sum(not _agreed(row, ("participate", *consent)) for row in rows),
        places=sum(kind in _PLACES for kind in kinds),
        fields=sum(len(row.keys() - set(FIELDS)) for row in rows),
        blanks=sum(not row["text"][mark["start"] : mark["end"]].strip() for row in rows for mark in row["surrogates"]),
        online=len(chats),
        online_unconsented=sum(not _agreed(row, ("quote_verbatim",)) for row in chats),
        singling=singling(rows),
    )


def _agreed(row: Mapping[str, Any], flags: Collection[str]) -> bool:
    return row["consent"] is None or all(row["consent"][flag] for flag in flags)
