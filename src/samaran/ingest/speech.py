"""What is said in a recording, as a Whisper model hears it that lies on this machine: faster-whisper, an extra.

Nothing is ever downloaded. The sound is decoded in memory, from the file where it lies: no copy of it is written. What is heard
is a proposal, with times and without speakers; every such transcript carries a warning.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from samaran.errors import SamaranError
from samaran.ingest import media, tools
from samaran.model import Transcript

RECOGNIZED_SPEECH = "recognized-speech"

_NEEDED = ("config.json", "model.bin", "tokenizer.json")
"""Without tokenizer.json the library would ask a server for one."""


class NotTranscribed(SamaranError):
    """A recording of which there is no transcript: no library, no model, no sound in it, or no speech. It lies sealed."""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A stretch of speech: when, in seconds, in which words, and the mean log probability of these."""

    start: float
    end: float
    text: str
    avg_logprob: float


Listener = Callable[[BinaryIO], Iterable[Said]]
"""Hears a recording. Raises `NotTranscribed`."""


def transcript(listen: Listener, path: Path, speakers: Mapping[str, str]) -> Transcript:
    """The transcript of a recording. Raises `NotTranscribed`, and `OSError` where the file can't be opened."""
    with path.open("rb") as file:
        said = [asdict(one) for one in listen(file)]
    heard = tools.whisper({"segments": said}, speakers)
    if not heard.lines:
        raise NotTranscribed("No speech was heard in a recording.", "Write a transcript of it, and put that into the inbox.")
    warnings = (RECOGNIZED_SPEECH, *heard.warnings)
    return replace(heard, format="recording", properties=media.about(path).properties, warnings=warnings)


def load(folder: Path) -> Listener:
    """A listener with the model of a folder. Raises `NotTranscribed` where library or model are missing or damaged."""
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise NotTranscribed(
            f"The folder of the speech model has no {missing[0]}; recordings are sealed and not transcribed.",
            "Lay a Whisper model converted for CTranslate2 there, or mend `speech` in study.toml.",
        )
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")  # before the library reads them
    try:
        from faster_whisper import WhisperModel  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise NotTranscribed(
            "What transcribes recordings is not installed; recordings are sealed and not transcribed.",
            "pip install 'samaran[audio]', or leave `speech` in study.toml empty.",
        ) from None
    model: Any = None
    with suppress(Exception):  # of several libraries; it may hold a path
        model = WhisperModel(str(folder), device="cpu", local_files_only=True)
    if model is None:
        raise NotTranscribed(
            "The speech model can't be loaded; recordings are sealed and not transcribed.",
            "Lay the folder there anew: a Whisper model converted for CTranslate2, with its tokenizer.json.",
        )
    return lambda file: _heard(model, file)


def _heard(model: Any, file: BinaryIO) -> Iterator[Said]:
    """No sampling: the same recording gives the same words, so that a killed run ends as it would have ended."""
    try:
        pieces, _ = model.transcribe(file, temperature=0.0, condition_on_previous_text=False, vad_filter=True)
        for piece in pieces:
            yield Said(piece.start, piece.end, piece.text, piece.avg_logprob)
        return
    except Exception:  # noqa: S110  # of the decoder or the model; it may hold a tag of the file
        pass
    raise NotTranscribed("A recording can't be decoded.", "Play it; if it sounds whole, write a transcript and put that in.")
