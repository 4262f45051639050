"""What the demo's reviewer marked when she read each document, as it is stored in `material/review.csv`."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from samaran.demo.marks import Mark
from samaran.model import EntityType, Span


def material() -> Path:
    """The folder with the demo's inbox, tables and config."""
    return Path(str(files("samaran.demo"))) / "material"


def read_review(path: Path) -> Mapping[str, tuple[Mark, ...]]:
    """Marks by document (path below the inbox), in document offsets and order. `entity` is the reviewer's own short name for whom
    it means: two marks with one name mean one person, place or number."""
    found: dict[str, list[Mark]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            span = Span(int(row["start"]), int(row["end"]))
            found[row["document"]].append(Mark(span, EntityType(row["type"]), row["entity"]))
    return {document: tuple(sorted(marks, key=lambda mark: mark.span)) for document, marks in found.items()}
