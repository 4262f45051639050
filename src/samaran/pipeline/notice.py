"""Drafts for the notice of a breach, in Indonesian and English, with what the study knows filled in and the rest left open."""

import os
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from samaran.pipeline.desk import Desk
from samaran.pipeline.incidents import Incident
from samaran.report.voice import Minute, shown

FOLDER = "incidents"


def write_notices(desk: Desk, incident: Incident) -> tuple[Path, ...]:
    """Write the drafts, 0600, below `incidents/`. What is there already is left as it is: people have written in it."""
    folder = desk.study.folder / FOLDER / str(incident.number)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for language in ("id", "en"):
        path = folder / f"notice.{language}.md"
        written.append(path)
        if not path.exists():
            text = (files("samaran.pipeline") / f"notice.{language}.md").read_text("utf-8")
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(text.format_map(_known(desk, incident, language)))
    return tuple(written)


def _known(desk: Desk, incident: Incident, language: str) -> Mapping[str, object]:
    rows = desk.state.sources()
    return {
        "number": incident.number,
        "study": desk.study.name,
        "protocol": desk.study.protocol.number or "-",
        "committee": desk.study.protocol.committee or "-",
        "known": _hour(incident.known, language),
        "deadline": _hour(incident.deadline, language),
        "sources": shown(len(rows), language),
        "informants": shown(len({code for row in rows for code in row.informants}), language),
        "entry": incident.entries[0],
    }


def _hour(moment: datetime, language: str) -> str:
    return shown(Minute(f"{moment:%Y-%m-%dT%H:00}"), language) + " UTC"
