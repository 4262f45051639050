"""Small studies for tests of the whole way. The people and texts are those of the demo; no language model, so they are fast."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

from samaran.demo.recorded import material
from samaran.pipeline import ceremony
from samaran.pipeline.desk import Desk, create

SOME = (
    "INF-01_chat_2.txt",
    "INF-05_wawancara_1.vtt",
    "INF-02_wawancara_1.docx",
    "INF-03_wawancara_2.docx",  # garbage: quarantined
    "INF-11_wawancara_1.txt",  # no consent: refused
    "WE-02_chat_2.txt",
    "literatur/mead.md",
)
"""One of everything that a run may meet, in few files."""

TAKEN_IN = 5
"""How many of them end as sanitized sources."""

SAMARAN = (sys.executable, "-c", "from samaran.cli.main import main; main()")
"""The command, for a process of its own."""

PASSPHRASE = "four words for tests"


def environment(**named: str) -> dict[str, str]:
    """The environment of a user who has set nothing about Prefect, and `named` on top."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | named


def prepare(place: Path, files: Iterable[str] = SOME, decided_from: float = 0.0) -> Path:
    """A study with keys, a pool, and files in its inbox, in `place/study` and `place/keys`. Every mention counts as decided, as
    long as `decided_from` says nothing else, so that a release needs no reviewer."""
    study, keys = place / "study", place / "keys"
    create(study, "small")
    for path in sorted(material().iterdir()):
        if path.is_file() and path.name != "review.csv":
            shutil.copy(path, study / path.name)
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace('model = "shipped"', 'model = "none"').replace("decided_from = 1.01", f"decided_from = {decided_from}"),
        encoding="utf-8",
    )
    for name in files:
        target = study / "inbox" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(material() / "inbox" / name, target)
    keys.mkdir(mode=0o700)
    with Desk.open(study) as desk:
        for role in ("pi", "board", "reviewer"):
            ceremony.new_holder(desk, role, keys / f"{role}.key", PASSPHRASE if role == "pi" else None)
        ceremony.grow_pool(desk, 12)
    return place


def copy_of(prepared: Path, place: Path) -> Path:
    """A copy of a prepared study, down to its keys: what is done to it alike comes out alike. Returns the study's folder."""
    shutil.copytree(prepared, place, dirs_exist_ok=True)
    return place / "study"


def rows(study: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that `state.db` holds, table by table, in the order in which it is kept."""
    with sqlite3.connect(f"file:{study / 'state.db'}?mode=ro", uri=True) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        ordered = ("source",)
        return {
            table: list(db.execute(f"SELECT * FROM {table}" + (" ORDER BY rowid" if table in ordered else " ORDER BY 1, 2")))
            for table in tables
        }


def release_bytes(study: Path) -> dict[str, bytes]:
    """The files of all releases, by path."""
    folder = study / "releases"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
