"""A release on disk, looked at again later: evidence for the board's report, from the final bytes alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from samaran import codec
from samaran.errors import IntegrityError
from samaran.export.readback import CHECKSUMS, TABLES, checked_files
from samaran.model import EntityType, Span

PROMISED = frozenset({*TABLES, "README.md", "LIMITS.md", CHECKSUMS})


class Scanner(Protocol):
    """What looks for the forms of the register: `release.residual` gives one."""

    def __call__(self, text: str) -> int: ...

    def forms_in(self, text: str, surrogates: Sequence[Span] = ()) -> list[tuple[Span, EntityType]]: ...


@dataclass(frozen=True, slots=True)
class Examined:
    """What was seen. `hits` are forms of the register as it is today; `strangers` files that no release has; `unconsented`
    segments whose consent lacks a flag."""

    intact: bool
    segments: int = 0
    hits: int = 0
    strangers: int = 0
    unconsented: int = 0


def examine(
    folder: Path,
    scan: Scanner,
    *,
    consent: Collection[str],
    allowed: Mapping[str, Sequence[Span]] | None = None,
    allowed_labels: Collection[str] = (),
) -> Examined:
    """Read a release again. `consent` are the flags that its profile asks for; `allowed` and `allowed_labels`, by segment id, are
    what a reviewer rejected as mentions. A folder that CHECKSUMS doesn't fit is not intact, and nothing in it counts."""
    strangers = sum(path.name not in PROMISED for path in folder.iterdir()) if folder.is_dir() else 0
    try:
        rows = [codec.parse(line) for line in checked_files(folder)["segments.jsonl"].split(b"\n")[:-1]]
    except (IntegrityError, KeyError):
        return Examined(intact=False, strangers=strangers)
    spans = allowed or {}
    hits = unconsented = 0
    for row in rows:
        marks = [Span(mark["start"], mark["end"]) for mark in row["surrogates"]]
        fine = spans.get(row["segment_id"], ())
        hits += sum(not any(ok.contains(span) for ok in fine) for span, _ in scan.forms_in(row["text"], marks))
        hits += 0 if row["segment_id"] in allowed_labels else scan(row["speaker"])
        hits += sum(scan(f"[{row[key]}]") for key in ("segment_id", "source_id", "informant_id"))
        unconsented += row["consent"] is not None and not all(row["consent"][flag] for flag in ("participate", *consent))
    return Examined(True, len(rows), hits, strangers, unconsented)
