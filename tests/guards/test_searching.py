"""The search that the canary test relies on finds what it must."""

import base64
import gzip
import json
import pickle
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards.searching import Wanted, search

WORD = "Kanarevska"


def zipped(data: bytes) -> bytes:
    """An archive with one member of these bytes."""
    import io

    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", data)
    return place.getvalue()


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: b"before " + data + b" after",
    "upper case": lambda data: data.upper(),
    "utf-16": lambda data: ("x" + data.decode() + "y").encode("utf-16"),
    "json": lambda data: json.dumps({"a": [data.decode()]}).encode(),
    "base64 in the middle": lambda data: b"{" + base64.b64encode(b"Some text of " + data + b" and more") + b"}",
    "pickle": lambda data: pickle.dumps(ValueError("of " + data.decode())),
    "pickle in base64 in json": lambda data: json.dumps(
        {"data": base64.b64encode(pickle.dumps(data.decode())).decode()}
    ).encode(),
    "zlib": lambda data: zlib.compress(b"a" * 50 + data),
    "gzip": lambda data: gzip.compress(data),
    "zip": zipped,
    "hex": lambda data: data.hex().encode(),
    "digest": lambda data: __import__("hashlib").sha256(data).hexdigest().encode(),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=str)
def test_a_word_is_found_however_wrapped(wrapping: str, tmp_path: Path) -> None:
    """A word in a file is found in each wrapping, and its absence is seen too."""
    (tmp_path / "with").write_bytes(WRAPPINGS[wrapping](WORD.encode()))
    (tmp_path / "without").write_bytes(WRAPPINGS[wrapping](b"Maharanian"))
    assert search(tmp_path, Wanted([WORD])) == {"with": {WORD}}


def test_cells_and_names_count(tmp_path: Path) -> None:
    """A word in a database cell is found with its table and column, one in a file's name with the path."""
    with sqlite3.connect(tmp_path / "some.db") as db:
        db.execute("CREATE TABLE t(a, b)")
        db.execute("INSERT INTO t VALUES(1, ?)", (base64.b64encode(zlib.compress(WORD.encode() * 9)).decode(),))
    (tmp_path / f"of {WORD}.txt").touch()
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed" / "x").write_text(WORD)
    found = search(tmp_path, Wanted([WORD]), [tmp_path / "allowed"])
    assert set(found) >= {"some.db:t.b", f"of {WORD}.txt (name)"}
    assert not any(place.startswith("allowed") for place in found)
