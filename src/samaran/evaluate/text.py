"""The panel as plain text, and as plain values for JSON."""

from collections.abc import Mapping
from typing import Any

from samaran import codec
from samaran.evaluate.panel import Group, Panel, Shown
from samaran.evaluate.scoring import Share

_HEAD = ("", "docs", "words", "direct", "quasi", "direct ent.", "quasi ent.", "precision", "type acc.")


def as_text(panel: Panel) -> str:
    """Tables with a line for each type, document, language and register, and the figures of the whole set."""
    groups = [
        ("all", panel.total),
        *((f"language {name}", group) for name, group in panel.by_language.items()),
        *((f"register {name}", group) for name, group in panel.by_register.items()),
        *panel.by_document.items(),
    ]
    worst = panel.worst
    lines = [
        *_table([_HEAD, *(_row(name, group) for name, group in groups)]),
        "",
        *_table([("type", "recall", "marks"), *((k, _ratio(s), str(s.of)) for k, s in panel.by_type.items())]),
        "",
        f"Documents with all direct identifiers covered: {panel.covered_documents.hit} of {panel.covered_documents.of}",
        f"Leaks (direct identifiers left): {panel.leaks}, {panel.leaks_per_1000:.2f} per 1,000 words, "
        f"95 % upper bound {panel.leaks_upper:.2f}",
        f"Pseudonyms of persons: purity {panel.persons.purity:.3f}, completeness {panel.persons.completeness:.3f} "
        f"({panel.persons.mentions} mentions)",
        f"Pseudonyms of all entities: purity {panel.entities.purity:.3f}, completeness {panel.entities.completeness:.3f} "
        f"({panel.entities.mentions} mentions)",
        f"Worst person: {worst.entity}, {worst.leaks} of {worst.mentions} mentions left"
        if worst and worst.leaks
        else "Worst person: none is left",
        f"A reviewer is shown besides: {panel.shown.doubts} doubts and {panel.shown.suspicious} suspicious words "
        f"({panel.shown.suspicious_per_1000:.1f} per 1,000); {_of(panel.shown.misses)} misses lie in them, "
        f"{_of(panel.shown.direct)} direct ones",
        f"Speed: {panel.words_per_second:,.0f} words/s ({panel.seconds:.1f} s)",
    ]
    return "\n".join(lines) + "\n"


def as_values(panel: Panel) -> dict[str, Any]:
    """The panel as plain JSON values. Shares become `{"ratio", "hit", "of"}`; misses give document, offsets and type."""
    values = _values(panel)
    if not isinstance(values, dict):
        raise TypeError("a panel is an object")
    return values


def _values(value: Any) -> Any:
    if isinstance(value, Share):
        return {"ratio": round(value.ratio, 4), "hit": value.hit, "of": value.of}
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _values(content) for key, content in value.items()}
    if isinstance(value, Panel | Group | Shown):
        return {name: _values(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple):
        return [_values(item) for item in value]
    plain = codec.plain(value)
    return {key: _values(content) for key, content in plain.items()} if isinstance(plain, dict) else plain


def _row(name: str, group: Group) -> tuple[str, ...]:
    shares = (group.direct, group.quasi, group.direct_entities, group.quasi_entities, group.precision, group.type_accuracy)
    return (name, str(group.documents), f"{group.words:,}", *(_ratio(share) for share in shares))


def _of(share: Share) -> str:
    return f"{share.hit} of {share.of}"


def _ratio(share: Share) -> str:
    return f"{share.ratio:.3f}" if share.of else "-"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]
