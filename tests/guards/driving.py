"""The `samaran` command with something broken in it: `driving.py HOW WORDS...`. Runs in a process of its own.

HOW is `whole`, `link` (linking breaks, and the error quotes what it worked on) or `detect` (so does detection, for one source).
Counts the steps that tasks stand for into the file that COUNTED names, one line each.
"""

import os
import sys
from typing import Any

from samaran.cli.main import main
from samaran.detect import Detector
from samaran.pipeline import deidentify

_HOW = sys.argv.pop(1)
_FIND, _LINK, _GUARDED = Detector.find, deidentify.Run.link, deidentify.Run._guarded


def _count() -> None:
    with open(os.environ["COUNTED"], "a", encoding="ascii") as file:  # noqa: PTH123
        file.write("1\n")


def _guarded(self: deidentify.Run, *rest: Any) -> None:
    _count()
    _GUARDED(self, *rest)


def _link(self: deidentify.Run) -> None:
    _count()
    if _HOW == "link":
        raise ValueError("can't link: " + " ".join(draft.transcript.text for parts in self._drafts.values() for draft in parts))
    _LINK(self)


def _find(self: Detector, transcript: Any, entities: Any, **named: Any) -> Any:
    if _HOW == "detect" and transcript.format == "vtt":
        try:
            raise KeyError(transcript.text)
        except KeyError as error:
            raise RuntimeError(f"{transcript.text!r} {entities[0].forms[0].text}") from error
    return _FIND(self, transcript, entities, **named)


deidentify.Run._guarded = _guarded  # type: ignore[method-assign]
deidentify.Run.link = _link  # type: ignore[method-assign]
Detector.find = _find  # type: ignore[method-assign,assignment]

if __name__ == "__main__":
    main()
