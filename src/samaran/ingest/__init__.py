"""A file as received becomes a transcript: its whole visible text, the lines in it, and its metadata."""

from samaran.ingest.placing import Placement, place, read_manifest
from samaran.ingest.reading import FORMATS, Format, read, read_text
from samaran.ingest.unreadable import Unreadable

__all__ = ["FORMATS", "Format", "Placement", "Unreadable", "place", "read", "read_manifest", "read_text"]
