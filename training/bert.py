"""The encoder in torch: BERT with post-norm, small enough to write out, so that training needs no model library."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Layer(nn.Module):
    """Self-attention and feed-forward, each followed by its norm."""

    def __init__(self, hidden: int, heads: int, ff: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps)
        self.up = nn.Linear(hidden, ff)
        self.down = nn.Linear(ff, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(batch, length, hidden)
        x = self.norm1(x + functional.dropout(self.out(attended), self.dropout, self.training))
        return self.norm2(x + functional.dropout(self.down(functional.gelu(self.up(x))), self.dropout, self.training))


class Tagger(nn.Module):
    """Pieces in, one row of logits per piece out."""

    def __init__(
        self,
        vocab: int,
        labels: int,
        layers: int,
        *,
        hidden: int = 384,
        heads: int = 12,
        ff: int = 1536,
        positions: int = 512,
        eps: float = 1e-12,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.dropout = dropout
        self.words = nn.Embedding(vocab, hidden)
        self.positions = nn.Embedding(positions, hidden)
        self.norm = nn.LayerNorm(hidden, eps)
        self.layers = nn.ModuleList(Layer(hidden, heads, ff, eps, dropout) for _ in range(layers))
        self.head = nn.Linear(hidden, labels)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits; `mask` is 1 on pieces and 0 on padding."""
        return self.labelled(self.hidden(ids, mask))

    def labelled(self, hidden: Tensor) -> Tensor:
        """Logits of what the last layer gives."""
        logits: Tensor = self.head(functional.dropout(hidden, self.dropout, self.training))
        return logits

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """What the last layer gives for each piece."""
        at = torch.arange(ids.shape[1])
        x = functional.dropout(self.norm(self.words(ids) + self.positions(at)), self.dropout, self.training)
        bias = (mask == 0)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x
