"""A file as received becomes a transcript: its whole visible text, the lines in it, and its metadata."""

from samaran.ingest.codes import WARNINGS
from samaran.ingest.formats import FORMATS, Format
from samaran.ingest.parts import encoding_of, read_parts
from samaran.ingest.placing import Placement, place, read_manifest
from samaran.ingest.reading import read, read_text
from samaran.ingest.unreadable import Unreadable

__all__ = [
    "FORMATS",
    "WARNINGS",
    "Format",
    "Placement",
    "Unreadable",
    "encoding_of",
    "place",
    "read",
    "read_manifest",
    "read_parts",
    "read_text",
]
