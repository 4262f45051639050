"""The demo's reviewer: fills a sheet as the person did who read each document and marked what she saw.

She accepts what she marked too, rejects what she did not mark, corrects spans and types, adds what was missed, and says who is
meant where a pseudonym stands for somebody else. Only her marks are recorded, so she works with whatever was found.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from samaran.demo.marks import Mark
from samaran.model import Span

Row = dict[str, str]


class Reviewer:
    """Fills sheets. `marks` are hers by document, `people` gives the pseudonyms that the roster's people have."""

    def __init__(self, marks: Mapping[str, Sequence[Mark]], people: Mapping[str, str]) -> None:
        self._marks = marks
        self._pseudonym = dict(people)  # her short name -> pseudonym
        self._done: dict[str, set[Span]] = defaultdict(set)

    def fill(self, rows: Iterable[Row], documents: Mapping[str, str], settled: Mapping[str, Sequence[Span]]) -> list[Row]:
        """Rows of a sheet with decisions, and rows for what was missed. `documents` maps source ids to documents, `settled` gives
        the spans of mentions that need no decision."""
        rows = list(rows)
        meant = {row["mention"]: self._meant(row, documents) for row in rows}
        self._choose(rows, meant)
        whom = defaultdict(set)
        for row in rows:
            mark = meant[row["mention"]]
            whom[row["pseudonym"]].add(mark.entity if mark else None)
        filled = [self._decide(row, meant[row["mention"]], whom[row["pseudonym"]]) for row in rows]
        taken = {(row["source"], _span(row)) for row in rows}
        for source, document in documents.items():
            spans = {span for s, span in taken if s == source} | set(settled.get(source, ())) | self._done[source]
            marks = self._marks.get(document, ())
            filled += [self._add(source, mark) for mark in marks if mark.span not in spans]
            self._done[source] |= {mark.span for mark in marks}
        return filled

    def _meant(self, row: Row, documents: Mapping[str, str]) -> Mark | None:
        span = _span(row)
        return next((mark for mark in self._marks.get(documents[row["source"]], ()) if mark.span == span), None)

    def _choose(self, rows: Sequence[Row], meant: Mapping[str, Mark | None]) -> None:
        """The first pseudonym that stands for somebody new is kept for her, as long as it stands for nobody else."""
        used = set(self._pseudonym.values())
        for row in rows:
            mark, pseudonym = meant[row["mention"]], row["pseudonym"]
            if mark is None or not mark.entity or mark.type != row["type"] or mark.entity in self._pseudonym:
                continue
            if pseudonym and pseudonym not in used:
                self._pseudonym[mark.entity] = pseudonym
                used.add(pseudonym)

    def _decide(self, row: Row, mark: Mark | None, whom: set[str | None]) -> Row:
        if mark is None:
            return {**row, "decision": "reject"}
        if mark.type != row["type"]:
            return {**row, "decision": "type", "new_type": str(mark.type)}
        target = self._pseudonym.get(mark.entity, "")
        if not target or target == row["pseudonym"]:
            return {**row, "decision": "accept"}
        return {**row, "decision": "merge" if whom == {mark.entity} else "accept", "entity": target}

    def _add(self, source: str, mark: Mark) -> Row:
        return {
            "mention": "",
            "source": source,
            "start": str(mark.span.start),
            "end": str(mark.span.end),
            "decision": "add",
            "new_type": str(mark.type),
            "entity": self._pseudonym.get(mark.entity, ""),
        }


def _span(row: Row) -> Span:
    return Span(int(row["start"]), int(row["end"]))
