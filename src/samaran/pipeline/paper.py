"""Certificates on paper: facts and a few sentences, once as text and once as a page of HTML, in two languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from samaran.vault import disk


@dataclass(frozen=True, slots=True)
class Section:
    """What is said in one language."""

    language: str
    title: str
    facts: Sequence[tuple[str, str]]
    paragraphs: Sequence[str]


def write_paper(stem: Path, sections: Sequence[Section]) -> tuple[Path, Path]:
    """Write `<stem>.txt` and `<stem>.html`, in place of older ones."""
    paths = stem.with_name(stem.name + ".txt"), stem.with_name(stem.name + ".html")
    text = "\n\n".join(_text(section) for section in sections) + "\n"
    page = _PAGE.format("".join(_html(section) for section in sections))
    stem.parent.mkdir(mode=0o700, exist_ok=True)
    for path, content in zip(paths, (text, page), strict=True):
        with disk.appearing(path, replace=True) as file:
            file.write(content.encode())
    return paths


def _text(section: Section) -> str:
    facts = [f"{name}: {value}" for name, value in section.facts]
    return "\n".join([section.title, "=" * len(section.title), "", *facts, "", *section.paragraphs])


def _html(section: Section) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in section.facts)
    body = "".join(f"<p>{escape(text)}</p>" for text in section.paragraphs)
    return f'<section lang="{section.language}"><h1>{escape(section.title)}</h1><table>{rows}</table>{body}</section>'


_PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>samaran</title><style>
body {{ font: 11pt/1.5 serif; max-width: 44em; margin: 2em auto; padding: 0 1em }}
th {{ text-align: left; vertical-align: top; padding-right: 1.5em; font-weight: normal; color: #555 }}
td {{ overflow-wrap: anywhere }} section + section {{ margin-top: 3em }}
@media print {{ section + section {{ break-before: page; margin-top: 0 }} }}
</style></head><body>{}</body></html>
"""
