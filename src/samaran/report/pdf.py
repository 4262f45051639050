"""The same page as PDF, by WeasyPrint: laid out as a browser prints it, nothing fetched, the same page the same bytes."""

import hashlib
import re
from importlib.resources import files

from samaran.errors import SamaranError

_HINT = (
    "`pip install 'samaran[pdf]'` and the library Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0); or open the HTML report in a "
    "browser and print it: it is laid out for A4."
)


def to_pdf(page: str) -> bytes:
    """A page of `build` as PDF. Raises `SamaranError`, saying what to install, where WeasyPrint or Pango is missing."""
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
        from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]
    except (ImportError, OSError):
        raise SamaranError("A PDF needs WeasyPrint, which does not work here.", _HINT) from None
    drawn = re.sub(r"(<svg [^>]*>)", lambda m: m[1] + f"<style>{_figure_style()}</style>", page)
    document = HTML(string=drawn, url_fetcher=URLFetcher(allowed_protocols=()))
    pdf: bytes = document.write_pdf(pdf_identifier=hashlib.sha256(page.encode()).digest()[:16], pdf_variant="pdf/ua-1")
    return pdf


def _figure_style() -> str:
    """The rules of page.css for figures: WeasyPrint draws a figure with what stands inside it, and without variables."""
    style = (files("samaran.report") / "page.css").read_text("utf-8")
    colours = dict(re.findall(r"(--[\w-]+): (#\w+)", style[: style.index("@media")]))
    rules = re.findall(r"^svg ([^\n]+})$", style, re.M)
    return re.sub(r"var\((--[\w-]+)\)", lambda m: colours[m[1]], "\n".join(rules))
