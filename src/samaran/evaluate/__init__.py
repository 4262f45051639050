"""How well a detector does against gold: leaks, recall, precision, and whether pseudonyms stay with their people."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from samaran.evaluate.gold import Gold, read_gold
from samaran.evaluate.page import as_html
from samaran.evaluate.panel import Panel, panel
from samaran.evaluate.scoring import Found
from samaran.evaluate.text import as_text, as_values
from samaran.model import Span

__all__ = ["Found", "Gold", "Panel", "as_html", "as_text", "as_values", "evaluate", "panel", "read_gold"]

Detect = Callable[[Sequence[tuple[str, str]]], Sequence[Found]]
"""Takes (name, text) of all documents at once, because pseudonyms are stable over the whole set; gives, for each, its mentions
with their pseudonyms, in offsets of that text."""


Suspicious = Callable[[str, str, Sequence[Span]], Sequence[Span]]
"""Takes name and text of a document and the spans of all its mentions, doubts included; gives what else stands out."""


def evaluate(
    folder: Path, detect: Detect, suspicious: Suspicious | None = None, clock: Callable[[], float] = time.perf_counter
) -> Panel:
    """Run the detector over the gold documents of a folder and judge it. Raises `UsageError` for a folder without gold or with
    marks that are not well formed."""
    documents = read_gold(folder)
    begun = clock()
    texts = [(f"{gold.name}.txt", gold.text) for gold in documents]
    found = detect(texts)
    seconds = clock() - begun
    spans = [[mention.span for mention, _ in mentions] for mentions in found]
    suspects = [suspicious(*text, taken) for text, taken in zip(texts, spans, strict=True)] if suspicious else ()
    return panel(documents, found, seconds, suspects)
