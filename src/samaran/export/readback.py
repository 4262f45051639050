"""The second look: what was written is read again by other code and compared with what was cleared.

1. the folder holds the expected files, no others, and CHECKSUMS fits them;
2. every segment of JSONL, CSV and Parquet has the speaker and the text that were cleared under its id, each once, in order;
3. every other value is a number, a word of a closed list, or a string in which the scan finds no form of the register;
4. so are the metadata of Parquet and the cells of the other tables;
5. README and LIMITS are the published words with the release's own numbers.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from samaran import codec
from samaran.errors import IntegrityError
from samaran.export.companions import SEED, TYPES
from samaran.export.records import FIELDS, LANGUAGES, NESTED, ORIGINS, SCHEMA_VERSION
from samaran.export.tables import FORMULA, unguarded
from samaran.model import CONSENT_FLAGS, EntityType, Method, Reason, Release, SpeakerRole

CHECKSUMS = "CHECKSUMS"
TABLES = ("cases.csv", "codebook.csv", "segments.csv", "segments.jsonl", "segments.parquet", "withheld.csv")
Scan = Callable[[str], int]

_CLOSED = frozenset(
    [*EntityType, *Method, *SpeakerRole, *Reason, *CONSENT_FLAGS, *FIELDS, *ORIGINS.values(), *TYPES.values()]
    + [word for row in SEED for word in row]
    + [*LANGUAGES, "entity", "band", "category", "verbatim", "paraphrase", "none", "decided", SCHEMA_VERSION]
    + ["surrogate", "process", "method", "theme", "true", "false"]
    + ["start", "end", "type", "pseudonym", "level", "state", "reviewers", "time", "run_id", "config_digest", "source_digest"]
)


def read_back(folder: Path, release: Release, scan: Scan, texts: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Names and SHA-256 of the files of a release, after all checks. Raises `IntegrityError` with the number of the check."""
    files = checked_files(folder)
    if set(files) != {*TABLES, *texts}:  # 1
        raise _differs("the folder", 1)
    cleared = [(segment_id, s.speaker, s.text) for source in release.cleared for segment_id, s, _ in source.segments]
    for name, rows in (
        ("segments.jsonl", _jsonl(files["segments.jsonl"])),
        ("segments.csv", map(_nested, _csv(files["segments.csv"]))),
        ("segments.parquet", _parquet(files["segments.parquet"])),
    ):
        found = []
        for row in rows:
            if tuple(row) != FIELDS:
                raise _differs(name, 2)
            found.append((row["segment_id"], row["speaker"], row["text"]))
            _scan((value for key, value in row.items() if key not in ("speaker", "text")), scan, name, 3)  # 3
        if found != cleared:  # 2
            raise _differs(name, 2)
    _scan(_metadata(files["segments.parquet"]), scan, "segments.parquet", 4)  # 4
    for name in ("cases.csv", "withheld.csv", "codebook.csv"):
        _scan((cell for row in _csv(files[name]) for cell in row.values()), scan, name, 4)
    for name, text in texts.items():  # 5
        if files[name] != text:
            raise _differs(name, 5)
    return tuple((name, hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items()))


def checked_files(folder: Path) -> dict[str, bytes]:
    """All files of a release but CHECKSUMS, which must name exactly them with their SHA-256. Raises `IntegrityError`."""
    try:
        data = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        lines = data.pop(CHECKSUMS).decode().splitlines()
    except (OSError, KeyError, UnicodeDecodeError):
        raise IntegrityError(
            "This folder is not a release: a file or CHECKSUMS can't be read.", "Name the folder that `samaran release` wrote."
        ) from None
    named = {line[66:]: line[:64] for line in lines}
    if named != {name: hashlib.sha256(content).hexdigest() for name, content in data.items()}:
        raise IntegrityError(
            "A file of this release is missing, added or not what it was when it was written.",
            "Run `sha256sum -c CHECKSUMS` in the folder to see which, and take the release again from where it came from.",
        )
    return data


def _jsonl(data: bytes) -> Iterator[dict[str, Any]]:
    return (codec.parse(line) for line in data.split(b"\n")[:-1])


def _csv(data: bytes) -> Iterator[dict[str, str]]:
    rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    head = next(rows)
    for row in rows:
        if any(cell.startswith(FORMULA) and not cell.startswith("'") for cell in row):
            raise _differs("a CSV file", 3)
        yield dict(zip(head, map(unguarded, row), strict=True))


def _nested(row: dict[str, str]) -> dict[str, Any]:
    return {key: codec.parse(cell) if key in NESTED and cell else cell for key, cell in row.items()}


def _parquet(data: bytes) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    for batch in pq.ParquetFile(io.BytesIO(data)).iter_batches():
        yield from batch.to_pylist()


def _metadata(data: bytes) -> Iterator[str]:
    import pyarrow.parquet as pq

    meta = pq.ParquetFile(io.BytesIO(data)).metadata
    yield meta.created_by
    for key, value in (meta.metadata or {}).items():
        if key != b"ARROW:schema":  # names and kinds of columns, which check 2 compares
            yield from (key.decode(), value.decode())


def _scan(values: Iterable[Any], scan: Scan, name: str, check: int) -> None:
    for value in values:
        if isinstance(value, dict):
            _scan((*value, *value.values()), scan, name, check)
        elif isinstance(value, list):
            _scan(value, scan, name, check)
        elif isinstance(value, str) and value not in _CLOSED and scan(_code(value)):
            raise _differs(name, check)


def _code(value: str) -> str:
    """Pseudonyms stand in brackets for the scan, which knows surrogates by them."""
    return f"[{value}]" if value[:1].isupper() and "[" not in value else value


def _differs(name: str, check: int) -> IntegrityError:
    return IntegrityError(
        f"The release was not written: {name} did not pass check {check} of its second look.",
        "Nothing left the study folder. Please report this as a fault of samaran, with the number of the check.",
    )
