"""The shipped token classifier at run time: texts in, typed spans out. onnxruntime, tokenizers and numpy, loaded on first use.

Texts given together are read as lines of one document: all pieces stand in one stream, `</s>` between the lines. The stream is
cut into cores that end at a line or word; a window is a core with context on both sides, and only the core's labels are taken
from it. So each piece is labelled exactly once however long a line is, and nothing is cut off.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from samaran.errors import SamaranError
from samaran.model import EntityType

Found = tuple[int, int, EntityType, float]

FILES = ("tagger.onnx", "tokenizer.json", "labels.json")
BOS, PAD, SEP = 0, 1, 2
WORD = re.compile(r"\w[\w\u0300-\u036f]*|[^\w\s]")
JOINERS = frozenset("-./@_'’+:&,#")
CLITIC = re.compile(r"(?<=\w\w)(nya|na|mah|teh|téh)$")


class Damaged(SamaranError):
    """The model's files are missing, cut short, or not what they were when they were made."""


class Tagger:
    """Loads a model folder; raises `Damaged` if a file is missing or its digest differs from the one noted in `labels.json`."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        self.settings = verified(folder)
        self.types = [EntityType(name) for name in self.settings["types"]]
        self.penalty: float = self.settings["penalty"]
        self.doubt: float = self.settings["doubt_penalty"]
        self.core, self.left, self.right = self.settings["core"], self.settings["left"], self.settings["right"]
        try:
            self.tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self.session = onnxruntime.InferenceSession(
                str(folder / FILES[0]),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=["SkipLayerNormFusion"],  # the fused operator is slower on CPUs than its two parts
            )
            labels = self.session.get_outputs()[0].shape[-1]
        except Exception as error:
            raise damaged() from error
        if labels != 1 + 2 * len(self.types):
            raise damaged()

    def logits(self, ids: Any, mask: Any) -> Any:
        """Logits (batch, length, labels) of padded pieces."""
        return self.session.run(None, {"ids": ids, "mask": mask})[0]

    def predict(self, texts: Sequence[str]) -> list[list[Found]]:
        """Spans of each text, in order, without overlaps. Those that the doubt penalty alone brings up score below 0.5."""
        encodings = self.tokenizer.encode_batch([printable(text) for text in texts], add_special_tokens=False)
        stream: list[int] = []
        at: list[int] = []
        for encoding in encodings:
            at.append(len(stream))
            stream += encoding.ids
            stream.append(SEP)
        if len(stream) == len(texts):
            return [[] for _ in texts]
        logits = self._label(stream)
        return [
            self._spans(text, encoding.offsets, logits[start : start + len(encoding.ids)])
            for text, encoding, start in zip(texts, encodings, at, strict=True)
        ]

    def _label(self, stream: Sequence[int]) -> Any:
        """Logits of every piece of the stream."""
        import numpy as np

        pieces = np.asarray(stream, np.int32)
        out = np.zeros((len(pieces), 1 + 2 * len(self.types)), np.float32)
        windows = [
            (max(0, start - self.left), start, end, min(len(pieces), end + self.right)) for start, end in cores(stream, self.core)
        ]
        windows.sort(key=lambda window: window[3] - window[0])
        for batch in batches(windows):
            width = max(last - first for first, _, _, last in batch) + 1
            ids = np.full((len(batch), width), PAD, np.int32)
            mask = np.zeros((len(batch), width), np.int32)
            for row, (first, _, _, last) in enumerate(batch):
                ids[row, 0] = BOS
                ids[row, 1 : 1 + last - first] = pieces[first:last]
                mask[row, : 1 + last - first] = 1
            logits = self.logits(ids, mask)
            for row, (first, start, end, _) in enumerate(batch):
                out[start:end] = logits[row, 1 + start - first : 1 + end - first]
        return out

    def _spans(self, text: str, offsets: Sequence[tuple[int, int]], logits: Any) -> list[Found]:
        import numpy as np

        words = [(match.start(), match.end()) for match in WORD.finditer(text)]
        if not words or not len(logits):
            return []
        first, last = align(words, offsets)
        logits = logits.copy()
        logits[:, 0] -= self.penalty
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        sums = np.concatenate([np.zeros((1, p.shape[1]), p.dtype), np.cumsum(p, axis=0)])
        p_word = (sums[last] - sums[first]) / (last - first)[:, None]
        typed = p_word[:, 1::2] + p_word[:, 2::2]
        best = typed.argmax(axis=1)
        top = typed[np.arange(len(words)), best]
        score = top / (top + p_word[:, 0] + 1e-9)
        begins = p[first][np.arange(len(words)), 1 + 2 * best] > p[first][np.arange(len(words)), 2 + 2 * best]
        sure, odds = score >= 0.5, np.exp(self.penalty - self.doubt)
        unsure = ~sure & (top >= p_word[:, 0] * odds)
        spans = [*merged(text, words, best, begins, score, sure), *merged(text, words, best, begins, score, unsure)]
        return sorted(
            (start, end, self.types[kind], min(0.99, value) if value >= 0.5 else value) for start, end, kind, value in spans
        )


def printable(text: str) -> str:
    """The text, as long as before, with what the tokenizer's normalizer would drop or the C side would stop at as spaces."""
    return text.replace("\x00", " ")


def cores(stream: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    """Stretches of at most `size` pieces that cover the stream, cut after a line's end if one lies in the second half."""
    start = 0
    while start < len(stream):
        end = min(len(stream), start + size)
        if end < len(stream):
            end = next((at + 1 for at in range(end - 1, start + size // 2, -1) if stream[at] == SEP), end)
        yield start, end
        start = end


def batches(windows: Sequence[tuple[int, int, int, int]], budget: int = 512) -> Iterator[list[tuple[int, int, int, int]]]:
    """Windows of about the same length, up to `budget` pieces together."""
    batch: list[tuple[int, int, int, int]] = []
    for window in windows:
        if batch and (len(batch) + 1) * (window[3] - window[0]) > budget:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def align(words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> tuple[Any, Any]:
    """For each word, the first piece that reaches into it and the one after its last; at least one piece each."""
    import numpy as np

    starts = np.asarray([start for start, _ in words])
    ends = np.asarray([end for _, end in words])
    piece_starts = np.asarray([start for start, _ in offsets])
    piece_ends = np.asarray([end for _, end in offsets])
    first = np.minimum(np.searchsorted(piece_ends, starts, side="right"), len(offsets) - 1)
    last = np.searchsorted(piece_starts, ends, side="left")
    return first, np.maximum(last, first + 1)


def merged(
    text: str, words: Sequence[tuple[int, int]], best: Any, begins: Any, score: Any, chosen: Any
) -> Iterator[tuple[int, int, int, float]]:
    """Runs of chosen words of one type, without punctuation at the ends; a joiner between two words of a run belongs to it."""
    run: list[int] = []
    for n in [*chosen.nonzero()[0].tolist(), -1]:
        if run and n >= 0 and best[n] == best[run[0]]:
            gap = text[words[run[-1]][1] : words[n][0]]
            near = not gap.strip() if not gap or gap.isspace() else len(gap) == 1 and gap in JOINERS
            if near and not (begins[n] and gap and text[words[n][0]].isalnum()):
                run.append(n)
                continue
        if run:
            kept = trimmed(text, [words[m] for m in run])
            if kept is not None:
                yield *kept, int(best[run[0]]), float(sum(score[m] for m in run) / len(run))
        run = [n]


def trimmed(text: str, run: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Start and end of the run without leading and trailing punctuation; None if nothing else is in it."""
    solid = [n for n, (start, _) in enumerate(run) if text[start].isalnum() or text[start] in "@+_" or ord(text[start]) > 0x2190]
    if not solid:
        return None
    return run[solid[0]][0], run[solid[-1]][1]


def verified(folder: Path) -> dict[str, Any]:
    """The settings, once all files are there and have the digests that the settings note. Raises `Damaged`, also for settings
    that can't be those of a model of ours: other types or another order would give every label another meaning."""
    try:
        settings: dict[str, Any] = json.loads((folder / FILES[2]).read_text("utf-8"))
        for name in FILES[:2]:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != settings["sha256"][name]:
                raise damaged()
        if settings["types"] != list(EntityType) or not _sensible(settings):
            raise damaged()
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise damaged() from error
    return settings


def _sensible(settings: dict[str, Any]) -> bool:
    """Whether penalties and window sizes are numbers that a model can work with."""
    penalties = (settings["penalty"], settings["doubt_penalty"])
    sizes = (settings["core"], settings["left"], settings["right"])
    return (
        all(isinstance(value, int | float) for value in penalties)
        and 0 <= penalties[0] <= penalties[1] <= 20
        and all(type(value) is int and 0 <= value <= 400 for value in sizes)
        and sizes[0] > 0
        and sum(sizes) < 510
    )


def damaged() -> Damaged:
    """The error for all of it: one remedy serves."""
    return Damaged(
        "The language model's files are missing or damaged.",
        "Install the package again, or set the model to `none` to work with patterns and the register alone.",
    )
