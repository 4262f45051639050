"""Records as bytes: JSONL, CSV and Parquet. The same records are always the same bytes."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from samaran import codec
from samaran.export.records import FIELDS, SCHEMA_VERSION
from samaran.model import CONSENT_FLAGS

FORMULA = tuple("=+-@\t\r'＝＋－＠")
"""A cell that begins with one of these gets a `'` in front, so that no spreadsheet takes it for a formula. `'` itself is among
them, so that the rule can be undone: a leading `'` is always ours."""


def jsonl(records: Iterable[Mapping[str, Any]]) -> bytes:
    """One record a line, fields in order, UTF-8, LF. Line separators of Unicode inside a text are escaped."""
    lines = (codec.compact(record).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") for record in records)
    return "".join(line.replace("\x85", "\\u0085") + "\n" for line in lines).encode()


def segments_csv(records: Iterable[Mapping[str, Any]]) -> bytes:
    """The same records as a table; fields that hold more than one value are JSON, null is an empty cell."""
    return table(FIELDS, ([record[name] for name in FIELDS] for record in records))


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV table in UTF-8 with LF, its cells safe to open in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # a lone CR in a text would end the row unquoted
    writer.writerow(head)
    writer.writerows([guarded(_cell(value)) for value in row] for row in rows)
    return out.getvalue().encode()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell.removeprefix("'")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return codec.compact(value) if isinstance(value, dict | list) else str(value)


def parquet(records: Sequence[Mapping[str, Any]]) -> bytes:
    """The same records as Parquet, nested fields as they are. No pandas metadata, no time."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    strings = pa.list_(pa.string())
    surrogate = {"start": pa.int32(), "end": pa.int32(), "type": pa.string(), "pseudonym": pa.string(), "level": pa.string()}
    kinds: dict[str, Any] = {
        "line_no": pa.int32(),
        "seg_no": pa.int32(),
        "wave": pa.int32(),
        "surrogates": pa.list_(pa.struct(surrogate)),
        "consent": pa.struct(dict.fromkeys(CONSENT_FLAGS, pa.bool_())),
        "flags": strings,
        "review": pa.struct({"state": pa.string(), "reviewers": strings, "time": pa.string()}),
        "prov": pa.struct({"run_id": pa.string(), "config_digest": pa.string(), "source_digest": pa.string()}),
        "theory": strings,
        "rq": strings,
    }
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in FIELDS], {"schema_version": SCHEMA_VERSION})
    out = io.BytesIO()
    rows = pa.Table.from_pylist([dict(record) for record in records], schema)
    pq.write_table(rows, out, compression="zstd", row_group_size=65_536)
    return out.getvalue()
