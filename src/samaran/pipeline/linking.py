"""Linking over sources of any length: short ones in one step, long ones part by part.

What a part shows is not looked at beside what another shows, so a short name is explained by a longer one only within its part.
Memory holds one part; the register with all its forms is in memory anyway.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from samaran.model import Mention, Register
from samaran.pipeline.work import Draft, Parts
from samaran.pseudonymize import Document, assign, link

Mentions = Callable[[Draft], Sequence[Mention]]


def linked(register: Register, sources: Sequence[Parts], mentions: Mentions, key: bytes) -> Register:
    """The register with entities for all mentions of the sources, in the order of sources and parts. After it, `assign` succeeds
    on each of their drafts."""
    from samaran.detect import common_word

    short = [draft.document(mentions(draft)) for parts in sources if isinstance(parts, tuple) for draft in parts]
    long = [parts for parts in sources if not isinstance(parts, tuple)]
    if short:
        register = link(register, short, key, common_word)
    for document in _documents(long, mentions):
        register = link(register, (document,), key, common_word)
    told = bool(long)
    while told:  # what came later may have made a form ambiguous that stood for one entity before
        told = False
        for document in chain(short, _documents(long, mentions)):
            if not _known(register, document, key):
                register, told = link(register, (document,), key, common_word), True
    return register


def _documents(sources: Sequence[Parts], mentions: Mentions) -> Iterator[Document]:
    return (draft.document(mentions(draft)) for parts in sources for draft in parts)


def _known(register: Register, document: Document, key: bytes) -> bool:
    try:
        assign(register, document, key)
    except ValueError:
        return False
    return True
