"""The report as PDF and as JSON: the same content, nothing fetched, the same bytes."""

import json
import shutil
import subprocess
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from making import GOOD

from samaran.errors import SamaranError
from samaran.report import build, controls, to_json, to_pdf
from samaran.report.data import stretches


def _drawable() -> bool:
    try:
        return find_spec("weasyprint") is not None and bool(__import__("weasyprint").HTML)
    except OSError:
        return False


needs_weasyprint = pytest.mark.skipif(not _drawable(), reason="WeasyPrint or Pango is missing: the PDF was NOT made")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return to_pdf(build(GOOD, "en"))


@needs_weasyprint
def test_the_pdf_says_what_the_page_says(pdf: bytes, tmp_path: Path) -> None:
    """Every part and control is in the text of the PDF, and it fills some pages of A4."""
    assert pdf.startswith(b"%PDF-")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed: the text of the PDF was NOT read")
    (tmp_path / "r.pdf").write_bytes(pdf)
    text = subprocess.run(["pdftotext", tmp_path / "r.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert all(f"C{n:02d}" in text for n in range(1, 33))
    assert "Report for the ethics board" in text
    assert "segments released" in text  # inside the figure
    info = subprocess.run(["pdfinfo", tmp_path / "r.pdf"], capture_output=True, text=True, check=True).stdout
    assert "A4" in info


@needs_weasyprint
def test_the_pdf_is_the_same_each_time(pdf: bytes) -> None:
    """Neither the clock nor chance is in it."""
    assert to_pdf(build(GOOD, "en")) == pdf


@needs_weasyprint
def test_nothing_is_fetched_for_the_pdf(tmp_path: Path) -> None:
    """An outside picture in a page, which no report has, is not fetched: neither from the net nor from the disk."""
    (tmp_path / "x.css").write_text("p::after{content:'LEAKED'}")
    page = build(GOOD, "en").replace("</head>", f'<link rel="stylesheet" href="file://{tmp_path}/x.css"></head>')
    assert to_pdf(page).startswith(b"%PDF-")


def test_without_weasyprint_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package or library is one sentence, and a hint that works without it."""
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(SamaranError) as error:
        to_pdf("<html></html>")
    assert "samaran[pdf]" in error.value.hint
    assert "print" in error.value.hint


def test_json_holds_every_control_in_both_languages() -> None:
    """All 32 with status, reasons, and entries as stretches; facts beside them."""
    data = json.loads(to_json(GOOD, controls(GOOD)))
    assert [c["id"] for c in data["controls"]] == [f"C{n:02d}" for n in range(1, 33)]
    assert all(set(c["reason"]) == {"id", "en"} for c in data["controls"])
    assert data["controls"][0]["entries"] == [[2, 2], [4, 4], [9, 9]]
    assert data["facts"]["sources"]["received"] == 3
    assert to_json(GOOD, controls(GOOD)) == to_json(replace(GOOD), controls(GOOD))


def test_stretches() -> None:
    """Neighbours join; what is further apart doesn't; nothing gives nothing."""
    assert stretches(()) == []
    assert stretches((1, 2, 3, 5)) == [(1, 3), (5, 5)]
    assert stretches((1, 3, 5, 9), 2) == [(1, 5), (9, 9)]
