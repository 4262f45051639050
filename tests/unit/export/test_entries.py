"""The audit log as a table."""

from pathlib import Path

import pandas as pd
import pytest

from samaran.errors import SamaranError, UsageError
from samaran.export.entries import COLUMNS, write_entries

ROWS = [
    {"seq": 0, "t": "2026-03-01T14:00:00Z", "act": "source.seal", "phase": "intent", "actor": "collector", "v": 1},
    {"seq": 1, "t": "2026-03-01T15:00:00Z", "act": "source.seal", "phase": "result", "of": 0, "size": 2**53 - 1, "actor": "c"},
]


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    """Both tables have the same columns and values; Parquet has times and whole numbers."""
    assert [write_entries(ROWS, tmp_path / name) for name in ("log.csv", "log.parquet")] == [2, 2]
    csv = pd.read_csv(tmp_path / "log.csv", dtype="str", keep_default_na=False)
    parquet = pd.read_parquet(tmp_path / "log.parquet", dtype_backend="numpy_nullable")
    assert tuple(csv.columns) == tuple(parquet.columns) == COLUMNS
    assert list(csv["size"]) == ["", str(2**53 - 1)]
    assert parquet["size"][1] == 2**53 - 1
    assert parquet["t"][0] == pd.Timestamp("2026-03-01T14:00", tz="UTC")
    assert not list(tmp_path.glob(".*"))


def test_pieces_are_joined_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log longer than a piece comes out whole, and an empty one as a table without rows."""
    monkeypatch.setattr("samaran.export.entries._PIECE", 3)
    assert write_entries(({**ROWS[0], "seq": n} for n in range(8)), tmp_path / "a.parquet") == 8
    assert list(pd.read_parquet(tmp_path / "a.parquet")["seq"]) == list(range(8))
    assert write_entries([], tmp_path / "b.parquet") == 0
    assert len(pd.read_parquet(tmp_path / "b.parquet")) == 0


def test_nothing_is_overwritten_and_nothing_half_is_left(tmp_path: Path) -> None:
    """An existing file, another kind of file and a missing folder are refused; an error on the way leaves no file."""
    (tmp_path / "there.csv").write_text("mine")
    for name in ("there.csv", "log.xlsx"):
        with pytest.raises(UsageError):
            write_entries(ROWS, tmp_path / name)
    assert (tmp_path / "there.csv").read_text() == "mine"
    with pytest.raises(SamaranError):
        write_entries(ROWS, tmp_path / "none" / "log.csv")

    def broken():
        yield ROWS[0]
        raise UsageError("stop", "now")

    for name in ("a.csv", "a.parquet"):
        with pytest.raises(UsageError, match="stop"):
            write_entries(broken(), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]
