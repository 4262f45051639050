"""Finding mentions: register, structure, patterns, gazetteers and the language model, in layers.

Nothing here opens a connection. Presidio is loaded with the first `Detector`, not with the package.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samaran.detect.words import common_word
from samaran.errors import UsageError
from samaran.model import Detector as Layer
from samaran.model import Entity, Mention, Span, Transcript

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

__all__ = ["Detector", "common_word", "digest", "second_pass"]

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")  # Presidio imports both libraries where they are installed


class Detector:
    """Loads the recognizers once and looks at any number of transcripts. `model`: `shipped`, `none`, or a folder of weights."""

    def __init__(self, model: str = "shipped") -> None:
        from samaran.detect.engine import Engine

        self._engine = Engine(_model(model))
        self._register: tuple[Sequence[Entity], Any] | None = None

    def find(self, transcript: Transcript, entities: Sequence[Entity], *, keep_scholars: bool = False) -> tuple[Mention, ...]:
        """All mentions of a transcript: sorted, without overlaps, each inside a label, stamp, heading or body.

        Mentions with a score below `DOUBTFUL` are doubts. Raises `SamaranError` when a recognizer gives up."""
        from samaran.detect import apposition, propagate, scholars, structure, temper
        from samaran.detect.resolve import Places, resolve

        text, places = transcript.text, Places(transcript)
        shaped = tuple(structure.mentions(transcript))
        found = structure.unshaped(temper.tempered(self._engine.mentions(text), text), transcript, shaped)
        raw = [*shaped, *found, *self._known(text, entities)]
        settled = resolve(raw, text, places)
        if keep_scholars:
            settled = tuple(scholars.without(settled, text))
        seen = [
            Mention(Span(a, b), kind, score, Layer.PATTERN, "seen-before") for a, b, kind, score in propagate.again(text, settled)
        ]
        settled = resolve([*settled, *seen], text, places)
        settled = resolve([*settled, *apposition.ages(text, settled)], text, places)
        return tuple(scholars.without(settled, text)) if keep_scholars else settled

    def _known(self, text: str, entities: Sequence[Entity]) -> list[Mention]:
        """What the register knows; over the whole text, since one sure occurrence makes the others likelier."""
        from samaran.detect.engine import mention
        from samaran.detect.register import RegisterRecognizer

        if not entities:
            return []
        if self._register is None or self._register[0] is not entities:
            self._register = (entities, RegisterRecognizer(entities))
        return [mention(found, 0) for found in self._register[1].analyze(text, [])]


def _model(name: str) -> EntityRecognizer | None:
    """The shipped model, none, or what a folder holds. Raises `SamaranError` where files are missing or damaged."""
    if name == "none":
        return None
    loaded: EntityRecognizer
    if name == "shipped":
        loaded = import_module("samaran.detect.model").load()
    else:
        loaded = import_module("samaran.detect.backends").load(Path(name))
    return loaded


def second_pass(transcript: Transcript, mentions: Sequence[Mention], entities: Sequence[Entity]) -> tuple[Mention, ...]:
    """The mentions plus every occurrence of the entities' forms not yet covered; see `sweep.py` for what is promised."""
    from samaran.detect.sweep import sweep

    return sweep(transcript, mentions, entities)


@lru_cache(maxsize=4)
def digest(model: str = "shipped") -> str:
    """SHA-256 over the recognizers' code, the word lists and the model: what found the mentions, for the audit log. `model` is
    `shipped`, `none` or a folder, whose files count then, too. Raises `UsageError` for a folder that is not there."""
    total = hashlib.sha256()
    roots = [Path(__file__).parent, Path(str(files("samaran.data")))]
    if model not in ("shipped", "none"):
        roots.append(Path(model))
        if not roots[-1].is_dir():
            raise UsageError("The folder with the model is not there.", "Mend `model` in study.toml, or lay the folder there.")
    for root in roots:
        for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            total.update(f"{root.name}/{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
