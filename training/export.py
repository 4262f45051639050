"""From trained weights to the shipped folder: ONNX graph, int8, digests; int8 is held against float before anything is written.

    python -m training.export --run FOLDER --gold training/gold [--to src/samaran/detect/model]

The graph is written node by node with ONNX Runtime's fused operators (attention, gelu): they run faster than the graph
a tracer gives. Matrices and the word table are int8, dynamic, one scale per column, in 7 bits so that a CPU without VNNI does not
overflow.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from samaran.detect.tagger import FILES, Tagger

from . import gold, measure
from .encode import LABELS, TYPES
from .train import Float, loaded

HEADS, EPS = 12, 1e-12
MS = "com.microsoft"


class Graph:
    """Collects nodes and constants."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, array: np.ndarray | None = None) -> str:
        """A weight by its name, or the array given."""
        if name not in self.constants:
            value = np.ascontiguousarray(self.weights[name] if array is None else array)
            self.constants[name] = numpy_helper.from_array(value, name)
        return name

    def add(self, op: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        """One node with one output."""
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def matmul(self, x: str, name: str, output: str) -> str:
        """x times the transposed weight; the bias is added by what follows."""
        return self.add("MatMul", [x, self.constant(name + ".T", self.weights[name].T)], output)

    def linear(self, x: str, name: str, output: str) -> str:
        """A matrix product with its bias."""
        product = self.matmul(x, name + ".weight", output + ".product")
        return self.add("Add", [product, self.constant(name + ".bias")], output)

    def joined(self, x: str, before: str, norm: str, output: str) -> str:
        """What came before added, then the norm. The fused operator for this is much slower on CPUs."""
        total = self.add("Add", [x, before], output + ".sum")
        weights = [self.constant(norm + ".weight"), self.constant(norm + ".bias")]
        return self.add("LayerNormalization", [total, *weights], output, epsilon=EPS)


def graph_of(weights: dict[str, np.ndarray], layers: int) -> onnx.ModelProto:
    """The float model: `ids` and `mask` (batch, length) int32 in, `logits` out."""
    g = Graph(weights)
    words = g.add("Gather", [g.constant("words.weight"), "ids"], "words")
    g.add("Shape", ["ids"], "shape")
    first, second = g.constant("first", np.array([0], np.int64)), g.constant("second", np.array([1], np.int64))
    g.add("Slice", ["shape", second, g.constant("third", np.array([2], np.int64)), first], "length")
    g.add("Slice", [g.constant("positions.weight"), first, "length", first], "positions")
    g.add("Add", [words, "positions"], "embedded")
    x = g.add("LayerNormalization", ["embedded", g.constant("norm.weight"), g.constant("norm.bias")], "x", epsilon=EPS)
    for n in range(layers):
        at = f"layers.{n}."
        qkv = g.constant(at + "qkv.T", weights[at + "qkv.weight"].T)
        attended = g.add(
            "Attention",
            [x, qkv, g.constant(at + "qkv.bias"), "mask"],
            at + "attended",
            MS,
            num_heads=HEADS,
            mask_filter_value=-1e4,
        )
        x = g.joined(g.linear(attended, at + "out", at + "projected"), x, at + "norm1", at + "x1")
        up = g.matmul(x, at + "up.weight", at + "wide")
        up = g.add("BiasGelu", [up, g.constant(at + "up.bias")], at + "active", MS)
        x = g.joined(g.linear(up, at + "down", at + "narrow"), x, at + "norm2", at + "x2")
    g.linear(x, "head", "logits")
    shape = ["batch", "length"]
    graph = helper.make_graph(
        g.nodes,
        "samaran-tagger",
        [helper.make_tensor_value_info(name, TensorProto.INT32, shape) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*shape, LABELS])],
        list(g.constants.values()),
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)], ir_version=9, producer_name="samaran"
    )


def write(run: Path, target: Path, settings: dict[str, Any], *, reduce_range: bool = True) -> None:
    """The folder: int8 graph, tokenizer, settings with digests."""
    weights = {k: v.numpy() for k, v in torch.load(run / "weights.pt").items()}
    layers = 1 + max(int(k.split(".")[1]) for k in weights if k.startswith("layers."))
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "float.onnx"
        onnx.save(graph_of(weights, layers), plain)
        target.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            plain,
            target / FILES[0],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduce_range,
            nodes_to_exclude=["logits.product"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )
    shutil.copy(run / "tokenizer.json", target / FILES[1])
    settings = {"types": [str(kind) for kind in TYPES], **settings}
    settings["sha256"] = {name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in FILES[:2]}
    (target / FILES[2]).write_text(json.dumps(settings, indent=1) + "\n", "utf-8")


def main() -> None:
    """Export, then compare int8 with float on the held-out documents; a mean loss over 0.01 is refused."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--gold", type=Path, default=Path("training/gold"))
    parser.add_argument("--to", type=Path, default=Path("src/samaran/detect/model"))
    parser.add_argument("--penalty", type=float, default=1.5)
    parser.add_argument("--doubt", type=float, default=3.5)
    parser.add_argument("--full-range", action="store_true", help="8 bits for the weights: wants VNNI")
    opts = parser.parse_args()
    settings = {"penalty": opts.penalty, "doubt_penalty": opts.doubt, "core": 112, "left": 24, "right": 12}
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder)
        write(opts.run, draft, settings, reduce_range=not opts.full_range)
        small = Tagger(draft)
        _, held = gold.split(gold.read(opts.gold))
        model = loaded(opts.run / "weights.pt", EPS, 0)
        float_row = measure.figures(
            held, Float(model, Tokenizer.from_file(str(opts.run / FILES[1])), penalty=opts.penalty).predict
        )
        int8_row = measure.figures(held, small.predict)
        for name, row in (("float", float_row), ("int8", int8_row)):
            print(name, " ".join(f"{key} {row[key]:.4f}" for key in ("direct", "quasi", "precision", "types")))
        lost = [float_row[key] - int8_row[key] for key in ("direct", "quasi", "precision", "types")]
        if sum(lost) / len(lost) > 0.01 or max(lost) > 0.025:
            raise SystemExit("int8 is too far from float")
        opts.to.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy(draft / name, opts.to / name)
    print({name: (opts.to / name).stat().st_size for name in FILES})


if __name__ == "__main__":
    main()
