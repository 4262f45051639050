"""Writing a release: into a folder beside, to the disk, read back, and only then under its name."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from samaran.disk import sync_folder
from samaran.errors import IntegrityError, SamaranError, UsageError, Waiting
from samaran.export import companions, readback, tables, texts
from samaran.export.readback import CHECKSUMS, Scan, checked_files
from samaran.export.recalls import recalled
from samaran.export.records import SCHEMA_VERSION, records
from samaran.model import Release

if TYPE_CHECKING:
    import pandas as pd

Digests = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A release on disk: its files with their SHA-256, and `digest`, the SHA-256 of CHECKSUMS, which stands for all of them."""

    folder: Path
    files: Digests
    digest: str
    size: int


def write(release: Release, releases: Path, *, language: str, study: str, config: str, scan: Scan, name: str = "") -> Exported:
    """Write a release into a folder below `releases` so that it stands there whole, read back and scanned, or not at all.

    `config` is the digest of the study's config; `scan` counts the forms of the register in a text (`release.residual`). Without
    a name the folder is called by profile and content. The same release is always the same bytes; if the folder already holds
    exactly them, it stays as it is. Raises `Waiting` when nothing was cleared, `UsageError` when the folder holds something else
    or its name holds a form, `IntegrityError` when the second look fails, `SamaranError` when the disk does.
    """
    if not release.cleared:
        raise Waiting("Nothing may leave in this profile.", "`samaran status STUDY` shows what is withheld and why.")
    words = {
        "README.md": texts.readme(release, language, "(-)" if scan(study) else study, SCHEMA_VERSION),
        "LIMITS.md": texts.limits(release, language),
    }
    files = _files(release, config, scan) | words
    files[CHECKSUMS] = "".join(f"{_sha256(data)}  {file}\n" for file, data in sorted(files.items())).encode()
    digest = _sha256(files[CHECKSUMS])
    folder = releases / (name or f"{release.profile}-{digest[:12]}")
    if scan(folder.name):
        raise UsageError("The name of the release folder holds a form of the register.", "Give the release a neutral name.")
    try:
        found = _placed(files, folder, lambda place: readback.read_back(place, release, scan, words))
    except OSError as error:
        raise SamaranError(
            f"The release could not be written ({os.strerror(error.errno or 0)}).",
            "Free space or check who may write to the folder, then run the command again; nothing was released.",
        ) from None
    return Exported(folder, found, digest, sum(map(len, files.values())))


def _placed(files: Mapping[str, bytes], folder: Path, read_back: Callable[[Path], Digests]) -> Digests:
    if folder.exists():
        _same(folder, files)
        return read_back(folder)
    beside = folder.with_name(f".{folder.name}.partial")
    try:
        _put(beside, files)
        found = read_back(beside)
        beside.rename(folder)
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return found


def load(folder: Path, recalls: Path | None = None) -> "pd.DataFrame":
    """The segments of a release as a pandas table, after its CHECKSUMS and without those that were recalled.

    `recalls` is the study's list of recalled segments; by default the one beside the folder. How many were left out stands in
    `attrs["recalled"]`. Raises `IntegrityError` when a file or the list isn't what it was, `UsageError` when the list is missing.
    """
    import io

    import pandas as pd

    files = checked_files(Path(folder))
    table = pd.read_parquet(io.BytesIO(files["segments.parquet"]))
    gone = recalled(Path(folder), Path(recalls) if recalls else None)
    left = table[~table["segment_id"].isin(gone)].reset_index(drop=True)
    left.attrs["recalled"] = len(table) - len(left)
    return left


def _files(release: Release, config_digest: str, scan: Scan) -> dict[str, bytes]:
    rows = list(records(release, config_digest))
    return {
        "segments.jsonl": tables.jsonl(rows),
        "segments.csv": tables.segments_csv(rows),
        "segments.parquet": tables.parquet(rows),
        "cases.csv": companions.cases(release),
        "withheld.csv": companions.withheld(release, scan),
        "codebook.csv": companions.codebook(release),
    }


def _same(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        same = checked_files(folder) == {name: data for name, data in files.items() if name != CHECKSUMS}
    except IntegrityError:
        same = False
    if not same:
        raise UsageError(
            "The release folder exists and holds something else.", "Choose another name; a release is never overwritten."
        )


def _put(beside: Path, files: Mapping[str, bytes]) -> None:
    if beside.exists():  # left by a run that was killed
        shutil.rmtree(beside)
    beside.mkdir(parents=True, mode=0o700)
    for name, data in files.items():
        with open(beside / name, "xb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    sync_folder(beside)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
