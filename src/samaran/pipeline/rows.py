"""What people wrote of an informant in the study's own tables, and files that still lie in the inbox: found, and deleted.

consent.csv is left alone: it holds no name, and it proves that what was done until the withdrawal was allowed. Answers to
an online form go: they may hold a name.
"""

import csv
import io
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from samaran.consent.form import headings
from samaran.disk import sync_folder
from samaran.errors import SamaranError
from samaran.ingest import place, read_manifest
from samaran.pipeline.desk import Desk
from samaran.tables import delimiter, records
from samaran.vault import disk


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines of one table that are about an informant, as an editor counts them: the first is 1."""

    table: str
    lines: tuple[int, ...]


def rows_of(desk: Desk, code: str, *, shared: bool) -> tuple[Rows, ...]:
    """The rows of the roster and of manifest.csv that are about this informant and their people; with `shared`, also those
    about files that belong to others too."""
    found = [Rows(path.name, _lines(path, column, code, shared)) for path, column in _tables(desk)]
    return tuple(rows for rows in found if rows.lines)


def files_of(desk: Desk, code: str, *, shared: bool) -> tuple[PurePosixPath, ...]:
    """Files in the inbox that are this informant's; with `shared`, also those that belong to others too."""
    manifest = read_manifest(desk.study.folder / "manifest.csv")
    found = []
    for path in sorted(desk.study.inbox.rglob("*")) if desk.study.inbox.is_dir() else ():
        relative = PurePosixPath(path.relative_to(desk.study.inbox).as_posix())
        placed = place(relative, desk.study.naming, manifest) if stat.S_ISREG(path.lstat().st_mode) else None
        if placed is not None and _about(placed.informants, code, shared):
            found.append(relative)
    return tuple(found)


def delete(desk: Desk, code: str, *, shared: bool) -> None:
    """Delete these files and rows; all other bytes of the tables stay. Files go first: the manifest says whose they are."""
    for relative in files_of(desk, code, shared=shared):
        path = desk.study.inbox / relative
        path.unlink()
        sync_folder(path.parent)
    for path, column in _tables(desk):
        gone = set(_lines(path, column, code, shared))
        if gone:
            kept = [line for n, line in enumerate(path.read_bytes().splitlines(keepends=True), 1) if n not in gone]
            mode = stat.S_IMODE(path.stat().st_mode)
            with disk.appearing(path, replace=True) as file:
                file.write(b"".join(kept))
                os.fchmod(file.fileno(), mode)


def keep_mapped(desk: Desk) -> None:
    """Take out of the answers to the online form every column that study.toml doesn't map: names and addresses, for instance."""
    form = desk.study.consent
    path = desk.study.folder / form.file
    if not form.file or not path.is_file():
        return
    text = path.read_bytes().decode("utf-8-sig", "replace")
    rows, wanted = [row for _, row in records(text)], {_heading(heading) for _, heading in headings(form)}
    kept = [n for n, name in enumerate(rows[0] if rows else ()) if _heading(name) in wanted]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter(text), lineterminator="\n").writerows(
        [row[n] for n in kept if n < len(row)] for row in rows
    )
    mode = stat.S_IMODE(path.stat().st_mode)
    with disk.appearing(path, replace=True) as file:
        file.write(written.getvalue().encode())
        os.fchmod(file.fileno(), mode)


def _heading(name: str) -> str:
    return " ".join(name.split()).casefold()


def _tables(desk: Desk) -> Iterator[tuple[Path, str]]:
    form = desk.study.consent
    tables = [(desk.study.detection.roster, "informant_id"), ("manifest.csv", "informant"), (form.file, form.informant)]
    for name, column in tables:
        path = desk.study.folder / name
        if name and path.is_file():
            yield path, column


def _lines(path: Path, column: str, code: str, shared: bool) -> tuple[int, ...]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SamaranError("A table of the study is not UTF-8.", "Save it as CSV UTF-8 and run the command again.") from None
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    columns = [" ".join(cell.split()).casefold() for cell in next(rows, [])]
    found: list[int] = []
    first = rows.line_num + 1
    for row in rows:
        cells = dict(zip(columns, row, strict=False))
        if _about(filter(None, cells.get(" ".join(column.split()).casefold(), "").split(";")), code, shared):
            found += range(first, rows.line_num + 1)
        first = rows.line_num + 1
    return tuple(found)


def _about(codes: Iterable[str], code: str, shared: bool) -> bool:
    plain = {_plain(other) for other in codes}
    return _plain(code) in plain and (shared or len(plain) == 1)


def _plain(code: str) -> str:
    return code.strip().replace("-", "").casefold()
