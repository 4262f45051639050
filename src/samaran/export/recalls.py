"""Recalled segments: those of informants who took their consent back after a release had left.

The study publishes `releases/recalls`, a list signed with the log's key; copies of a release go with a copy of it. Reading it
here checks its form, not its signature: whoever can forge the list beside a release can as well delete it.
"""

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

from samaran.errors import IntegrityError, UsageError
from samaran.export.readback import CHECKSUMS

NAME = "recalls"
_LINE = re.compile(r"([a-z0-9]+) (\*|[0-9a-f]{64}) \d{4}-\d{2}-\d{2}")


def recalled(folder: Path, listed: Path | None = None) -> frozenset[str]:
    """Ids of segments that may no longer be used from the release in `folder`.

    `listed` is the list; by default the one beside the folder, if there is one. Raises `UsageError` when a list that was named is
    missing, `IntegrityError` when a list is cut short or no list.
    """
    path = listed or folder.resolve().parent / NAME
    if not path.is_file():
        if listed is not None:
            raise UsageError("The list of recalled segments is not there.", "Name a copy of releases/recalls.")
        return frozenset()
    digest = hashlib.sha256((folder / CHECKSUMS).read_bytes()).hexdigest()
    return frozenset(segment for segment, release in _lines(path.read_bytes()) if release in ("*", digest))


def _lines(data: bytes) -> Collection[tuple[str, str]]:
    body, gap, _ = data.decode("utf-8", "replace").partition("\n\n")
    _, count, *lines = body.split("\n") if body.count("\n") else ("", "")
    found = [match.group(1, 2) for line in lines if (match := _LINE.fullmatch(line))]
    if not gap or count != str(len(lines)) or len(found) != len(lines):
        raise IntegrityError("The list of recalled segments is damaged.", "Take releases/recalls from the study again.")
    return [(segment, release) for segment, release in found]
