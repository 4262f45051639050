"""The figures of docs/evaluation.md: detection and linking on tests/gold/dev, with and without the roster, as tables.

python benchmarks/figures.py
"""

from pathlib import Path

from samaran.detect.suspicious import suspects
from samaran.evaluate import Panel, panel, read_gold
from samaran.ingest import read_text
from samaran.pipeline.looking import Looker

GOLD = Path(__file__).parent.parent / "tests/gold/dev"
TARGETS = (
    ("direct recall", 0.97, 0.99, lambda p: p.total.direct.ratio),
    ("quasi recall", 0.93, 0.94, lambda p: p.total.quasi.ratio),
    ("precision", 0.88, 0.90, lambda p: p.total.precision.ratio),
    ("type accuracy", 0.93, 0.93, lambda p: p.total.type_accuracy.ratio),
    ("purity, persons", None, 0.99, lambda p: p.persons.purity),
    ("completeness, persons", None, 0.90, lambda p: p.persons.completeness),
    ("lowest direct of a language", 0.94, 0.94, lambda p: min(g.direct.ratio for g in p.by_language.values())),
    ("lowest direct of a register", 0.94, 0.94, lambda p: min(g.direct.ratio for g in p.by_register.values())),
)


def measured() -> tuple[Panel, Panel]:
    """The panels without and with the roster, by one detector."""
    gold = read_gold(GOLD)
    transcripts = [(f"{g.name}.txt", read_text(g.text, f"{g.name}.txt")) for g in gold]
    looker = Looker()
    panels = []
    for roster in (None, GOLD / "roster.csv"):
        seen = looker(transcripts, roster, doubts=True)
        taken = [[s.mention.span for s in document] for document in seen]
        standing = [[x.span for x in suspects(t, spans)] for (_, t), spans in zip(transcripts, taken, strict=True)]
        found = [[(s.mention, s.pseudonym) for s in document] for document in seen]
        panels.append(panel(gold, found, suspicious=standing))
    return panels[0], panels[1]


def row(*cells: object) -> None:
    """A line of a Markdown table."""
    print(f"| {' | '.join(map(str, cells))} |")


def share(value: float | None) -> str:
    """Three digits, without the nought."""
    return "" if value is None else f"{value:.3f}".replace("0.", ".", 1)


def summary(panel_: Panel) -> str:
    """Leaks, documents, all entities, and what a reviewer is shown besides."""
    covered, entities, shown = panel_.covered_documents, panel_.entities, panel_.shown
    return (
        f"{panel_.leaks} leaks, {panel_.leaks_per_1000:.2f} per 1,000 words (95 % bound {panel_.leaks_upper:.2f}); "
        f"{covered.hit} of {covered.of} documents covered; all entities: purity {share(entities.purity)}, completeness "
        f"{share(entities.completeness)}; {shown.suspicious_per_1000:.1f} suspicious words per 1,000; {shown.misses.hit} of "
        f"{shown.misses.of} misses are shown to a reviewer, {shown.direct.hit} of {shown.direct.of} direct ones."
    )


def main() -> None:
    """Print the tables."""
    without, with_roster = measured()
    row("", "without roster", "target", "with roster", "target")
    row("---", "---", "---", "---", "---")
    for name, least, least_with, of in TARGETS:
        row(name, share(of(without)), share(least), share(of(with_roster)), share(least_with))
    for label, panel_ in (("without", without), ("with", with_roster)):
        print(f"\n{label} roster: {summary(panel_)}")
    print()
    row("", "words", "direct", "quasi", "precision", "type acc.", "direct, roster", "quasi, roster", "precision, roster")
    row(*["---"] * 9)
    for kind in ("by_language", "by_register"):
        for name, group in getattr(without, kind).items():
            other = getattr(with_roster, kind)[name]
            figures = (
                group.direct,
                group.quasi,
                group.precision,
                group.type_accuracy,
                other.direct,
                other.quasi,
                other.precision,
            )
            row(name, f"{group.words:,}", *(share(figure.ratio) for figure in figures))
    print()
    row("score", "mentions", "right", "mentions, roster", "right, roster")
    row(*["---"] * 5)
    for band in sorted({*without.by_score, *with_roster.by_score}):
        figures = [panel_.by_score.get(band) for panel_ in (without, with_roster)]
        row(band, *(cell for figure in figures for cell in ((figure.of, share(figure.ratio)) if figure else ("", ""))))
    print()
    row("type", "marks", "without roster", "with roster")
    row(*["---"] * 4)
    for name, figure in without.by_type.items():
        row(name, figure.of, share(figure.ratio), share(with_roster.by_type[name].ratio))


if __name__ == "__main__":
    main()
