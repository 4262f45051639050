"""Facts become one HTML page: no script, nothing from outside, the same facts always the same bytes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from samaran.errors import UsageError
from samaran.report import figures
from samaran.report.control import Control, Status
from samaran.report.controls import controls
from samaran.report.data import stretches
from samaran.report.facts import Facts
from samaran.report.how import how
from samaran.report.voice import Day, Language, Term, Voice, shown, words

if TYPE_CHECKING:
    from jinja2 import Template


_PUBLIC = frozenset({"protocol", "origin", "vkey"})
"""What is on the board's own paper or in every checkpoint already: shown as it is."""

_STEP, _MOST = 2, 4
"""Results that stand two apart, intent between them, are one stretch; so many stretches are shown."""

_ALIASES = {"reviewer": "by-reviewer", "type": "verdict-type"}
"""Words of closed lists that are also headings."""


def build(facts: Facts, language: Language = "both", scan: Callable[[str], int] | None = None) -> str:
    """The report as HTML in Indonesian, English or both. Everything from the facts is escaped. `scan`: see `cleared`."""
    facts = cleared(facts, scan) if scan else facts
    rows = controls(facts)
    return template("page.html").render(
        facts=facts,
        last=facts.last,
        voice=(voice := Voice(language)),
        say=voice.say,
        word=lambda key: voice.say(_ALIASES.get(str(key), str(key))),
        escape=escape,
        lines=voice.lines,
        number=voice.number,
        few=voice.few,
        Day=Day,
        first_day=lambda text: shown(Day(text), voice.languages[0]),
        page_language="en" if language == "en" else "id",
        style=(files("samaran.report") / "page.css").read_text("utf-8"),
        rows=rows,
        in_short=lambda numbers: in_short(numbers, voice.language),
        said=lambda value: voice.say(f"term-{value}") if isinstance(value, Term) else escape(value),
        profile=lambda name: Term(f"profile-{name}") if f"term-profile-{name}" in words() else name,
        role=lambda stem: voice.say(f"role-{stem}") if f"role-{stem}" in words() else escape(stem),
        failed=[row for row in rows if row.status is Status.FAIL],
        tally=_tally(rows),
        way=figures.way(facts),
        bars=figures.bars(facts.review.mentions),
        figures=figures,
        how=how(facts.log.size, facts.log.root, facts.log.program) if facts.log else (),
    )


def cleared(facts: Facts, scan: Callable[[str], int]) -> Facts:
    """The facts after the report's own gate. `scan` counts the forms of the register in a text (`release.residual`).

    A study named after one is not named; any other fact that holds one raises `UsageError` with the name of the fact.
    """
    facts = replace(facts, study="(-)") if scan(facts.study) else facts
    for text, name in {text: name for name, text in _strings(facts, "facts")}.items():
        if scan(text):
            raise UsageError(
                f"The report was not written: {name} holds a form of the register.",
                "Give it a neutral name where it comes from (consent.csv, study.toml or the release), then try again.",
            )
    return facts


def in_short(numbers: Sequence[int], language: Language) -> str:
    """Numbers of entries: the first few stretches, and how many there are in all when that is not all."""
    ends = stretches(numbers, _STEP)
    parts = [shown(a, language) if a == b else f"{shown(a, language)}–{shown(b, language)}" for a, b in ends[:_MOST]]
    more = f" … ({shown(len(numbers), language)})" if len(ends) > _MOST else ""
    return ", ".join(parts) + more


def _tally(rows: tuple[Control, ...]) -> dict[str, int]:
    names = {"good": Status.PASS, "bad": Status.FAIL, "na": Status.NOT_APPLICABLE, "unseen": Status.NOT_CHECKED}
    return {name: sum(row.status is status for row in rows) for name, status in names.items()} | {"all": len(rows)}


@cache
def template(name: str) -> "Template":
    """A page of this package's, ready to be filled in."""
    from jinja2 import Environment, StrictUndefined

    env: Any = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made: Template = env.from_string((files("samaran.report") / name).read_text("utf-8"))
    return made


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if is_dataclass(value) and not isinstance(value, type):
        for f in fields(value):
            if f.name not in _PUBLIC:
                yield from _strings(getattr(value, f.name), f.name)
    elif isinstance(value, Mapping):
        for key, content in value.items():
            yield from _strings((key, content), name)
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item, name)
    elif type(value) is str:  # members of closed lists are of their own type
        yield name, value
