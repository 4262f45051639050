"""The board's report in a real browser: it fits the screen, prints, and asks nobody for anything."""

import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

from samaran.report import build
from samaran.report.extract import to_page
from tests.unit.report.making import EVERYTHING, GOOD

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MEASURE = """<!doctype html><title></title><iframe width="{width}" height="900" style="border:0" srcdoc="{page}"></iframe><script>
addEventListener("load", () => {{
  const seen = frames[0], body = seen.document;
  const wide = [...body.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > seen.innerWidth + 1);
  document.title = JSON.stringify({{
    width: seen.innerWidth,
    overflow: body.documentElement.scrollWidth - seen.innerWidth,
    wide: wide.map(e => e.tagName + "." + e.className).slice(0, 5),
    sections: body.querySelectorAll("h2").length,
    asked: seen.performance.getEntriesByType("resource").length,
    text: body.body.innerText.length,
  }});
}});
</script>"""
"""Looks at a page in a frame of some width: a window of a browser can't be as narrow as a telephone."""


def browse(tmp_path: Path, *arguments: str) -> str:
    """What the browser says; with a profile of its own."""
    command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env=os.environ | {"LANG": "C.UTF-8"}
    ).stdout


def measured(tmp_path: Path, html: str, width: int) -> dict[str, int]:
    """What is seen of a page that is this wide."""
    page = tmp_path / "outer.html"
    page.write_text(MEASURE.format(width=width, page=escape(html)), encoding="utf-8")
    dom = browse(tmp_path, "--window-size=1200,900", "--dump-dom", page.as_uri())
    title = re.search(r"<title>(.*?)</title>", dom, re.S)
    assert title is not None
    seen: dict[str, int] = json.loads(unescape(title[1]))
    assert seen["width"] == width
    return seen


@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_extract_fits_the_screen_and_asks_for_nothing(tmp_path: Path, width: int, language: str) -> None:
    """What an informant gets can be read on a telephone, in either language."""
    seen = measured(tmp_path, to_page(EVERYTHING, language), width)
    assert seen["overflow"] <= 1, seen
    assert (seen["sections"], seen["asked"]) == (7, 0)


@pytest.mark.parametrize("width", [1100, 390])
def test_the_page_fits_the_screen_and_asks_for_nothing(tmp_path: Path, width: int) -> None:
    """On a desk and on a telephone nothing sticks out to the right, all parts are there, and no resource is requested."""
    seen = measured(tmp_path, build(GOOD, "both"), width)
    assert seen["overflow"] <= 1, seen
    assert seen["sections"] == 10
    assert seen["asked"] == 0
    assert seen["text"] > 5000


def test_the_page_prints(tmp_path: Path) -> None:
    """Printed on A4 it is a document of some pages, its text still text."""
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(build(GOOD, "id"), encoding="utf-8")
    browse(tmp_path, f"--print-to-pdf={printed}", "--no-pdf-header-footer", page.as_uri())
    assert printed.read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, text=True, check=True).stdout
        assert "Ringkasan" in text
        assert 2 <= text.count("\f") <= 20
