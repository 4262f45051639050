"""A release becomes files for analysis, read back before they count. See docs/formats/release.md."""

from samaran.export.folder import Exported, load, write

__all__ = ["Exported", "load", "write"]
