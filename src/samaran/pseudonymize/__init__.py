"""Who is who, and what is written in their place: roster, links between mentions, pseudonyms, surrogates."""

from samaran.pseudonymize.fold import fold
from samaran.pseudonymize.index import Document
from samaran.pseudonymize.link import assign, link
from samaran.pseudonymize.roster import read_roster
from samaran.pseudonymize.surrogate import sanitize

__all__ = ["Document", "assign", "fold", "link", "read_roster", "sanitize"]
