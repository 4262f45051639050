"""Facts become one HTML page: no script, nothing from outside, the same facts always the same bytes."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from samaran.report import figures
from samaran.report.controls import Control, Status, controls
from samaran.report.facts import Facts
from samaran.report.how import how
from samaran.report.voice import Day, Language, Voice

if TYPE_CHECKING:
    from jinja2 import Template


def build(facts: Facts, language: Language = "both") -> str:
    """The report as HTML in Indonesian, English or both. Everything that comes from the facts is escaped."""
    rows = controls(facts)
    return _template().render(
        facts=facts,
        last=facts.releases[-1] if facts.releases else None,
        voice=(voice := Voice(language)),
        say=voice.say,
        lines=voice.lines,
        number=voice.number,
        few=voice.few,
        Day=Day,
        page_language="en" if language == "en" else "id",
        style=(files("samaran.report") / "page.css").read_text("utf-8"),
        checked=[row for row in rows if row.reason != "not-built"],
        unbuilt=[row for row in rows if row.reason == "not-built"],
        failed=[row for row in rows if row.status is Status.FAIL],
        tally=_tally(rows),
        way=figures.way(facts),
        bars=figures.bars(facts.review.mentions),
        figures=figures,
        how=how(facts.log.size, facts.log.root) if facts.log else (),
    )


def _tally(rows: tuple[Control, ...]) -> dict[str, int]:
    names = {"good": Status.PASS, "bad": Status.FAIL, "na": Status.NOT_APPLICABLE, "unseen": Status.NOT_CHECKED}
    return {name: sum(row.status is status for row in rows) for name, status in names.items()} | {"all": len(rows)}


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    env: Any = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template: Template = env.from_string((files("samaran.report") / "page.html").read_text("utf-8"))
    return template
