"""Blocks that the models share: norm, dropout, multi-head attention over ready keys and values, the Query-Former.

Shapes: B = requests, A = tokens that look, X = tokens that they look at, W = beams, Q = learned queries, H = heads,
D = width, d = D / H.
"""

import math
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EMBEDDING_DEVIATION = 0.1


@runtime_checkable
class InitialisesItself(Protocol):
    """A module with parameters of its own; its children's are not its business."""

    def initialise(self) -> None: ...


@torch.no_grad()
def initialise(network: nn.Module) -> None:
    """Draws first weights: matrices by 1 / sqrt(rows in), embeddings small, biases 0, norms 1.

    Each module comes before its children, in the order of `named_parameters()`, which is thereby the order of the
    draws. A module that isn't torch's sets its own parameters; one that can't is a TypeError.
    """
    for module in network.modules():
        match module:
            case InitialisesItself():
                module.initialise()
            case nn.Linear():
                module.weight.normal_(std=module.in_features**-0.5)
                if module.bias is not None:
                    module.bias.zero_()
            case nn.Embedding() | nn.EmbeddingBag():
                module.weight.normal_(std=EMBEDDING_DEVIATION)
            case nn.LayerNorm():
                module.weight.fill_(1.0)
            case _:
                own = [name for name, _ in module.named_parameters(recurse=False)]
                if own:
                    raise TypeError(f"{type(module).__name__}: expected a method `initialise` that sets {own}")


def full_precision(like: Tensor) -> AbstractContextManager[object]:
    """fp32 on the device of this tensor, whatever autocast says: for scores that are compared, and for counts.

    Two bf16 numbers within half a per cent of each other are often one. What enters is to be float32 already.
    """
    return torch.autocast(like.device.type, enabled=False)


class KeysValues(NamedTuple):
    """What a query attends to. Both (B, X, D), heads side by side in D."""

    keys_BXD: Tensor
    values_BXD: Tensor

    def of_parents(self, parent_BW: Tensor) -> "KeysValues":
        """For beams (B, W, positions, D): each new beam takes what its parent has seen."""
        index = parent_BW[:, :, None, None]
        return KeysValues(*(part.gather(1, index.expand(-1, -1, *part.shape[2:])) for part in self))


class Norm(nn.LayerNorm):
    """Layer norm without bias (the fused CPU kernel; root-mean-square norm has none)."""

    def __init__(self, width: int) -> None:
        super().__init__(width, bias=False)


class Dropout(nn.Module):
    """Dropout that slices a mask drawn once, at an offset drawn each time: an eighth of a CPU step cheaper than torch.

    The mask is a constant and not saved; the offsets come from torch's random state, which a model saves.
    """

    CHUNK = 1 << 20

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability
        self._mask = torch.empty(0)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.probability == 0.0:
            return x
        return x * self.draw(x.shape, x.device).to(x.dtype)

    def draw(self, shape: torch.Size, device: torch.device) -> Tensor:
        """0 with the probability, else 1 / (1 - probability)."""
        count = math.prod(shape)
        while len(self._mask) < self.CHUNK + count:
            chunk = torch.Generator().manual_seed(len(self._mask) // self.CHUNK)
            keep = torch.rand(self.CHUNK, generator=chunk) >= self.probability
            self._mask = torch.cat([self._mask, keep.to(self._mask) / (1.0 - self.probability)])
        if self._mask.device != device:
            self._mask = self._mask.to(device)
        offset = int(torch.randint(self.CHUNK, ()))
        return self._mask[offset : offset + count].view(shape)


class Attention(nn.Module):
    """Multi-head attention. Keys and values are projected apart: computed once, they serve many queries."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=False)
        self.key_value = nn.Linear(width, 2 * width, bias=False)
        self.output = nn.Linear(width, width, bias=False)

    def project(self, source_BXD: Tensor) -> KeysValues:
        return KeysValues(*self.key_value(source_BXD).chunk(2, dim=-1))

    def forward(self, x_BAD: Tensor, source: KeysValues, mask: Tensor | None = None) -> Tensor:  # (B, A, D)
        """`mask` is true where a query may look and broadcasts to (B, A, X); every query must see something."""
        query_BHAd, keys_BHXd, values_BHXd = (self._split(part) for part in (self.query(x_BAD), *source))
        mixed_BHAd = F.scaled_dot_product_attention(
            query_BHAd, keys_BHXd, values_BHXd, None if mask is None else mask.unsqueeze(1)
        )
        mixed_BAD: Tensor = self.output(mixed_BHAd.transpose(1, 2).flatten(2))
        return mixed_BAD

    def _split(self, x_BXD: Tensor) -> Tensor:  # (B, H, X, d)
        return x_BXD.view(*x_BXD.shape[:2], self.heads, -1).transpose(1, 2)


class FeedForward(nn.Module):
    """The dense counterpart of a mixture of experts, with the same call."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x: Tensor, is_counted: Tensor | None = None) -> Tensor:
        out: Tensor = self.down(F.gelu(self.up(x)))
        return out


class QueryFormer(nn.Module):
    """Compresses a sequence to Q tokens (Eq. 3). A learned token is always there, so an empty one is finite too."""

    def __init__(self, width: int, heads: int, queries: int, hidden: int) -> None:
        super().__init__()
        self.queries_QD = nn.Parameter(torch.empty(queries, width))
        self.empty_D = nn.Parameter(torch.empty(width))
        self.source_norm = Norm(width)
        self.query_norm = Norm(width)
        self.attention = Attention(width, heads)
        self.feed_norm = Norm(width)
        self.feed_forward = FeedForward(width, hidden)

    def initialise(self) -> None:
        self.queries_QD.normal_(std=EMBEDDING_DEVIATION)
        self.empty_D.normal_(std=EMBEDDING_DEVIATION)

    def forward(self, source_BXD: Tensor, is_real_BX: Tensor) -> Tensor:  # (B, Q, D)
        batch = source_BXD.shape[0]
        empty_B1D = self.empty_D.to(source_BXD.dtype).expand(batch, 1, -1)
        source_BXD = self.source_norm(torch.cat([empty_B1D, source_BXD], dim=1))
        is_real_BX = F.pad(is_real_BX, (1, 0), value=True)
        query_BQD = self.queries_QD.to(source_BXD.dtype).expand(batch, -1, -1)
        source = self.attention.project(source_BXD)
        x_BQD: Tensor = query_BQD + self.attention(self.query_norm(query_BQD), source, is_real_BX.unsqueeze(1))
        fed_BQD: Tensor = self.feed_forward(self.feed_norm(x_BQD))
        return x_BQD + fed_BQD


class DecoderLayer(nn.Module):
    """Cross-attention to a context, causal self-attention, feed-forward or mixture of experts; pre-norm.

    `is_standard`: one residual per block; else one around the layer (Eq. 6).
    """

    def __init__(self, width: int, heads: int, feed_forward: nn.Module, dropout: nn.Module, is_standard: bool) -> None:
        super().__init__()
        self.cross_norm, self.self_norm, self.feed_norm = Norm(width), Norm(width), Norm(width)
        self.cross_attention = Attention(width, heads)
        self.self_attention = Attention(width, heads)
        self.feed_forward = feed_forward
        self.dropout = dropout
        self.is_standard = is_standard

    def forward(
        self,
        x_BAD: Tensor,
        context: KeysValues,
        context_mask_B1X: Tensor,
        mask_1AA: Tensor | None = None,
        past: KeysValues | None = None,
        is_counted_BA: Tensor | None = None,
    ) -> tuple[Tensor, KeysValues]:
        """Without `past` the A tokens see one another by the mask. With it, (B, A, positions, D), each token sees its
        own past and itself. Also returns the keys and values of the tokens, or of each token's past with itself."""
        entry_BAD = x_BAD
        x_BAD = self._join(x_BAD, self.cross_attention(self.cross_norm(x_BAD), context, context_mask_B1X))
        normed_BAD = self.self_norm(x_BAD)
        seen = self.self_attention.project(normed_BAD)
        if past is None:
            mixed_BAD = self.self_attention(normed_BAD, seen, mask_1AA)
        else:
            seen = KeysValues(*(torch.cat([p, s.unsqueeze(2)], dim=2) for p, s in zip(past, seen, strict=True)))
            own = KeysValues(*(part.flatten(0, 1) for part in seen))
            mixed_BAD = self.self_attention(normed_BAD.flatten(0, 1).unsqueeze(1), own).view_as(x_BAD)
        x_BAD = self._join(x_BAD, mixed_BAD)
        x_BAD = self._join(x_BAD, self.feed_forward(self.feed_norm(x_BAD), is_counted_BA))
        return (x_BAD if self.is_standard else entry_BAD + x_BAD), seen

    def _join(self, x_BAD: Tensor, block_BAD: Tensor) -> Tensor:
        block_BAD = self.dropout(block_BAD)
        return x_BAD + block_BAD if self.is_standard else block_BAD


def branch_mask(branches: int, length: int, device: torch.device) -> Tensor:  # (1, 1 + branches length, same)
    """A root and `branches` sequences: each of their tokens sees the root and its own branch up to itself."""
    causal = torch.ones(length, length, dtype=torch.bool, device=device).tril()
    root = torch.ones(1, 1, dtype=torch.bool, device=device)
    mask: Tensor = torch.block_diag(root, *[causal] * branches)
    mask[:, 0] = True
    return mask.unsqueeze(0)


def legal_log_softmax(logits: Tensor, alpha: Tensor, prior: Tensor) -> Tensor:
    """Log-probabilities over the codes that exist after the prefix: -inf where the prior is -inf."""
    is_legal = prior > float("-inf")
    scores = logits.float() + alpha * prior.masked_fill(~is_legal, 0.0)
    return scores.masked_fill(~is_legal, float("-inf")).log_softmax(-1)
