"""A smaller encoder out of a trained one, to be trained on against it (`train --teacher`): fewer layers, narrower feed-forwards.

Which units of a feed-forward stay is told by how much each adds to the output on real lines: mean size of its activation times
the length of its column. Layers are chosen by hand.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .bert import Tagger

State = dict[str, Tensor]


def importance(model: Tagger, batches: Sequence[tuple[Tensor, Tensor]]) -> list[Tensor]:
    """For each layer, how much each unit of its feed-forward adds, over batches of ids and mask."""
    sums = [torch.zeros(layer.up.out_features) for layer in model.layers]

    def watch(n: int, layer: torch.nn.Module) -> torch.utils.hooks.RemovableHandle:
        def add(_module: torch.nn.Module, _inputs: object, output: Tensor) -> None:
            sums[n] += functional.gelu(output).abs().mean(dim=(0, 1))

        return layer.up.register_forward_hook(add)

    hooks = [watch(n, layer) for n, layer in enumerate(model.layers)]
    with torch.inference_mode():
        for ids, mask in batches:
            model(ids, mask)
    for hook in hooks:
        hook.remove()
    return [total * layer.down.weight.detach().norm(dim=0) for total, layer in zip(sums, model.layers, strict=True)]


def shrink(state: Mapping[str, Tensor], keep: Sequence[int], units: Sequence[Tensor], ff: int) -> State:
    """The state of a model of the layers `keep`, each with its `ff` most important units in their old order."""
    out = {name: value for name, value in state.items() if not name.startswith("layers.")}
    for new, old in enumerate(keep):
        chosen = units[old].topk(ff).indices.sort().values
        for name, value in state.items():
            if not name.startswith(f"layers.{old}."):
                continue
            part = name.removeprefix(f"layers.{old}.")
            match part:
                case "up.weight" | "up.bias":
                    value = value[chosen]
                case "down.weight":
                    value = value[:, chosen]
            out[f"layers.{new}.{part}"] = value.clone()
    return out
