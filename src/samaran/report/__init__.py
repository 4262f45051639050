"""The board's report: facts in, one HTML page out. See docs/formats/report.md."""

from samaran.report.control import Control, Status
from samaran.report.controls import controls
from samaran.report.data import to_json
from samaran.report.facts import (
    Apart,
    Assessed,
    Consents,
    Deadline,
    Destruction,
    Extracts,
    Facts,
    Incident,
    LogFacts,
    Opening,
    Openings,
    ReleaseFacts,
    Review,
    Runs,
    Seals,
    Sources,
    Versions,
    Withdrawn,
)
from samaran.report.page import build, cleared
from samaran.report.pdf import to_pdf

__all__ = [
    "Apart",
    "Assessed",
    "Consents",
    "Control",
    "Deadline",
    "Destruction",
    "Extracts",
    "Facts",
    "Incident",
    "LogFacts",
    "Opening",
    "Openings",
    "ReleaseFacts",
    "Review",
    "Runs",
    "Seals",
    "Sources",
    "Status",
    "Versions",
    "Withdrawn",
    "build",
    "cleared",
    "controls",
    "to_json",
    "to_pdf",
]
