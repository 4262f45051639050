"""Judgments that a text cites, `Scordino v. Italy (no. 1), no. 36813/97`: they name people of public record, none of the study.

The application that a text is about stands as `Application no. 1234/05`, or in a title in capitals, and is no citation.
"""

import re
from collections.abc import Callable

from samaran.detect.cover import cover
from samaran.model import Span

_PARTY = r"(?:[A-ZÀ-Þ][\w'’.-]*|\([A-ZÀ-Þ][\w'’. -]{1,40}\)|and|of|the|de|von|van|Others)"
_NUMBER = r"\d{1,5}/\d{2}"
_CITED = re.compile(
    rf"(?:{_PARTY}[ ]){{1,8}}v\.?[ ](?:the[ ])?[A-ZÀ-Þ][a-zà-þ]\w*(?:[ ][A-ZÀ-Þ][a-zà-þ]\w*){{0,2}}"
    r"(?:[ ]\(no\.[ ]\d+\))?,?[ ]?(?:\(?\[GC\])?(?:\(dec\.\))?,?[ ]?\(?"
    rf"(?:nos?\.[ ]{_NUMBER}(?:(?:,| and)[ ]{_NUMBER}){{0,5}}|(?=\d{{1,2}}[ ][A-Z][a-z]+[ ]\d{{4}}))"
    r"(?:[^\n;().]{0,40}?\d{1,2}[ ][A-Z][a-z]+[ ]\d{4})?"
)


def cited(text: str) -> Callable[[Span], bool]:
    """Whether a span of this text lies in a citation of a judgment."""
    return cover(Span(*match.span()) for match in (_CITED.finditer(text) if " v" in text else ()))
