"""Audit entries as a table for pandas: CSV or Parquet, written in pieces, so that a long log needs little memory."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from samaran.errors import SamaranError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

COLUMNS = (
    *("seq", "t", "act", "phase", "of", "code", "actor", "second"),
    *("sid", "obj", "size", "n", "why", "cfg", "model", "pkg"),
)
NUMBERS = frozenset({"seq", "of", "size", "n"})
_PIECE = 50_000

Row = Mapping[str, object]


def write_entries(rows: Iterable[Row], target: Path) -> int:
    """Write one row an entry; what an entry doesn't say is empty. Returns how many were written.

    Parquet has `t` as a UTC time stamp and numbers as integers. Raises `UsageError` for a name that is neither .csv nor .parquet
    or that exists, `SamaranError` when it can't be written; then nothing is left behind.
    """
    kinds = {".csv": _csv, ".parquet": _parquet}
    if target.suffix not in kinds:
        raise UsageError("The table can be CSV or Parquet.", "Name a file that ends in .csv or .parquet.")
    if target.exists():
        raise UsageError("There is a file of that name already.", "Name a file that does not exist yet.")
    part = target.with_name(f".{target.name}.part")
    try:
        count = kinds[target.suffix](iter(rows), part)
        part.replace(target)
    except OSError:
        raise SamaranError("The table can't be written.", "Name a place that you may write to, on a disk with space.") from None
    finally:
        part.unlink(missing_ok=True)
    return count


def _csv(rows: Iterator[Row], path: Path) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        count = 0
        for row in rows:
            writer.writerow([row.get(name, "") for name in COLUMNS])
            count += 1
    return count


def _parquet(rows: Iterator[Row], path: Path) -> int:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    count, schema = 0, _schema()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while piece := list(islice(rows, _PIECE)):
            writer.write_table(_table(piece, schema))
            count += len(piece)
    return count


def _schema() -> "pa.Schema":
    import pyarrow as pa

    kinds = {name: pa.int64() if name in NUMBERS else pa.string() for name in COLUMNS}
    return pa.schema([(name, pa.timestamp("s", tz="UTC") if name == "t" else kind) for name, kind in kinds.items()])


def _table(piece: list[Row], schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    columns = []
    for field in schema:
        values = [row.get(field.name) for row in piece]
        if field.name == "t":
            stamps = pc.strptime(pa.array(values, pa.string()), format="%Y-%m-%dT%H:%M:%SZ", unit="s")
            columns.append(stamps.cast(field.type))
        else:
            columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)
