"""A page with every miss in its context. It holds raw text of the gold: it is written only where the user says."""

from collections.abc import Sequence
from html import escape

from samaran.evaluate.gold import Gold
from samaran.evaluate.panel import Miss, Panel
from samaran.evaluate.text import as_text

_AROUND = 70
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "pre{overflow-x:auto;background:#f6f6f6;padding:1rem}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #ddd}mark{background:#ffd98a}"
)


def as_html(panel: Panel, documents: Sequence[Gold]) -> str:
    """One self-contained page: the panel, the gold marks that were not covered, and the mentions where there is no mark."""
    by_name = {gold.name: gold for gold in documents}
    direct = [miss for miss in panel.misses if miss.type.direct]
    quasi = [miss for miss in panel.misses if not miss.type.direct]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>samaran evaluate</title>",
        f"<style>{_STYLE}</style><h1>Evaluation</h1><p>This page holds text of the gold documents. Keep it where they are.</p>",
        f"<pre>{escape(as_text(panel))}</pre>",
        _table("Direct identifiers left", direct, by_name),
        _table("Quasi-identifiers left", quasi, by_name),
        _table("Masked where nothing is marked", list(panel.blanks), by_name),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _table(title: str, misses: list[Miss], documents: dict[str, Gold]) -> str:
    rows = "\n".join(_row(miss, documents[miss.document]) for miss in misses)
    head = "<tr><th>document<th>line<th>type<th>in context"
    return f"<h2>{title} ({len(misses)})</h2><table>{head}\n{rows}</table>"


def _row(miss: Miss, gold: Gold) -> str:
    start, end = miss.span.start, miss.span.end
    left = gold.text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    right = gold.text[end : end + _AROUND].partition("\n")[0]
    line = gold.text.count("\n", 0, start) + 1
    context = f"{escape(left)}<mark>{escape(gold.text[start:end])}</mark>{escape(right)}"
    return f"<tr><td>{escape(miss.document)}<td>{line}<td>{miss.type}<td>{context}"
