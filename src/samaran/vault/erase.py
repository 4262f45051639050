"""Erase: destroy the wrapped key of an informant. Every copy of what was sealed to it is then dead, wherever it lies."""

from pathlib import Path

from samaran.disk import sync_folder
from samaran.vault.nested import FOLDER


def erase_key(place: Path, sid: str) -> bool:
    """Delete the wrapped key, in all its parts, from a place that holds copies of `keys/`, or of a vault with `keys/` in it.

    Returns whether the place could be reached: a stick that isn't plugged in is not. Deleting twice is as once.
    """
    if not place.is_dir():
        return False
    places = (place, place / "keys", place / "vault" / "keys")
    for folder in (*places, *(keys / FOLDER for keys in places)):
        if folder.is_dir():
            for path in (folder / f"{sid}.age", *folder.glob(f"{sid}.*.age")):
                path.unlink(missing_ok=True)
            sync_folder(folder)
    return True
