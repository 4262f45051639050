"""What the ethics board gets: the published log with proofs, and what it takes to check them without samaran."""

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from samaran import codec
from samaran.audit import disk, tiles
from samaran.audit.log import VKEY, Log
from samaran.audit.note import Note
from samaran.audit.proof import consistency_file
from samaran.audit.schema import schema
from samaran.errors import IntegrityError, Waiting

PROGRAM = "verify.go"
_HERE = Path(__file__).parent
_DATE = (1980, 1, 1, 0, 0, 0)


def program() -> str:
    """SHA-256 of the Go program that each bundle holds: the report names it, so that a board knows which one it ran."""
    return hashlib.sha256((_HERE / PROGRAM).read_bytes()).hexdigest()


def bundle(log: Log, target: Path, seqs: Sequence[int] = (), previous: bytes | None = None) -> int:
    """Write the bundle as a zip file, with proofs for the entries asked about and for growth since a kept checkpoint.

    It holds no key, no database and no personal data; the same log gives the same bytes. Returns how many members it has. Raises
    `Waiting` when nothing is published yet, and as `Log.prove` and `Log.prove_growth`.
    """
    published = log.folder / tiles.FOLDER
    if not (published / tiles.CHECKPOINT).is_file():
        raise Waiting(
            "Nothing of the audit log is published yet.",
            "`samaran audit watch STUDY` signs one, and so does the next run; bundle after it.",
        )
    note = Note.parse((published / tiles.CHECKPOINT).read_bytes())
    names = [tiles.CHECKPOINT, *(str(tile.path) for tile in tiles.tiles(note.size))]
    members = {f"log/{name}": _read(published / name) for name in names}
    members[VKEY] = (log.vkey + "\n").encode()
    members |= {f"proofs/{seq}.tlog-proof": log.prove(seq) for seq in seqs}
    if previous is not None:
        members["checkpoint.previous"] = previous
        members["consistency.proof"] = consistency_file(log.prove_growth(Note.parse(previous)))
    members["entry.schema.json"] = codec.canonical(schema())
    members |= {name: (_HERE / name).read_bytes() for name in (PROGRAM, "VERIFY.md")}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(members.items()))
    members["SHA256SUMS"] = sums.encode()
    with disk.appearing(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    return len(members)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise IntegrityError(
            "A published tile of the audit log is missing.",
            "`samaran audit verify STUDY` names it; the published log can be rebuilt from the rows.",
        ) from None
