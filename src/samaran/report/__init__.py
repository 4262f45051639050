"""The board's report: facts in, one HTML page out. See docs/formats/report.md."""

from samaran.report.controls import Control, Status, controls
from samaran.report.facts import Consents, Facts, LogFacts, Openings, ReleaseFacts, Review, Seals, Sources, Versions
from samaran.report.page import build

__all__ = [
    "Consents",
    "Control",
    "Facts",
    "LogFacts",
    "Openings",
    "ReleaseFacts",
    "Review",
    "Seals",
    "Sources",
    "Status",
    "Versions",
    "build",
    "controls",
]
