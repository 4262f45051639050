"""A release becomes files for analysis, read back before they count. See docs/formats/release.md."""

from samaran.export.examine import Examined, examine
from samaran.export.folder import Exported, load, write

__all__ = ["Examined", "Exported", "examine", "load", "write"]
