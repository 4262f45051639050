"""What a disk promises only when asked."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make what happened to names in a folder durable: a new file, a rename, a removal."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
