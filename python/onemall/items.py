"""What the retriever knows of an item: tokens for histories and neighbours, and the item tower (PAPER.md section 5).

Shapes: N = items, U = distinct items of a batch, C = candidates, L = levels, K = codes of a level,
Y = parts of an item, D = width, V = width of the item vectors.
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.attention import Norm, QueryFormer, full_precision
from onemall.ids import Ids

PRICE_BUCKETS = 48


class ItemTokens(nn.Module):
    """What is known of an item, as D-wide parts: its codes, its projected vector, its id, its price, its scenario."""

    def __init__(
        self, width: int, code_sizes: list[int], vector_width: int, items: int, with_identity: bool, scenarios: int
    ) -> None:
        super().__init__()
        self.code_sizes = code_sizes
        self.code_starts = [sum(code_sizes[:level]) for level in range(len(code_sizes))]
        self.codes = nn.Embedding(sum(code_sizes), width)
        self.vector = nn.Linear(vector_width, width)
        self.identity = Ids(items, width) if with_identity else None
        self.price = nn.Embedding(PRICE_BUCKETS, width)
        self.kind = nn.Embedding(scenarios, width) if scenarios > 1 else None
        self.item_vector_NV = torch.empty(0)
        self.item_price_N = torch.empty(0)
        self.item_kind_N = torch.empty(0)

    def feed(self, vector_NV: Tensor, price_N: Tensor, kind_N: Tensor | None) -> None:
        self.item_vector_NV = F.normalize(vector_NV.float(), dim=-1) * math.sqrt(vector_NV.shape[1])
        self.item_price_N = (4 * torch.log2(1 + price_N.float().clamp(min=0))).long().clamp(max=PRICE_BUCKETS - 1)
        if kind_N is not None:
            self.item_kind_N = kind_N.long()

    def embed_code(self, code: Tensor, level: int) -> Tensor:  # (...) to (..., D)
        embedded: Tensor = self.codes(code + self.code_starts[level])
        return embedded

    def code_scores(self, query: Tensor, level: int) -> Tensor:  # (..., D) to (..., K)
        """How much each code of a level looks like the queries: tokens and answers share the codes' embeddings."""
        start = self.code_starts[level]
        return query @ self.codes.weight[start : start + self.code_sizes[level]].T

    def rows(self, *items: Tensor) -> "ItemRows":
        """Vector and id of each distinct item among these, projected once for a whole batch."""
        distinct_U = torch.cat([item.flatten() for item in items]).clamp(min=0).unique()
        place_N = torch.zeros(len(self.item_vector_NV), dtype=torch.long, device=distinct_U.device)
        place_N[distinct_U] = torch.arange(len(distinct_U), device=distinct_U.device)
        with full_precision(self.item_vector_NV):
            vector_UD = self.vector(self.item_vector_NV[distinct_U])
        identity_UD = torch.zeros_like(vector_UD) if self.identity is None else self.identity(distinct_U)
        kind_UD = None if self.kind is None else self.kind(self.item_kind_N[distinct_U])
        return ItemRows(place_N, vector_UD, identity_UD, kind_UD)

    def forward(self, rows: "ItemRows", item: Tensor, code: Tensor) -> Tensor:
        """Sum of codes (nothing for codes of -1), vector, id and scenario: item (...), code (..., L) to (..., D)."""
        starts_L = torch.tensor(self.code_starts, device=code.device, dtype=code.dtype)
        place = rows.place_N[item.flatten().clamp(min=0)]
        known_UD = rows.vector_UD + rows.identity_UD
        if rows.kind_UD is not None:
            known_UD = known_UD + rows.kind_UD
        has_code = (code >= 0).to(self.codes.weight.dtype).flatten(0, -2)
        index = (code.clamp(min=0) + starts_L).flatten(0, -2)
        codes_D = F.embedding_bag(index, self.codes.weight, mode="sum", per_sample_weights=has_code)
        return (F.embedding(place, known_UD) + codes_D).view(*item.shape, -1)

    def subjects(self, rows: "ItemRows", product: Tensor) -> Tensor:
        """Vector and id of products: (...), -1 = none, to (..., D)."""
        found = F.embedding(rows.place_N[product.clamp(min=0)], rows.vector_UD + rows.identity_UD)
        return found * (product >= 0).unsqueeze(-1)

    def parts(self, rows: "ItemRows", item_C: Tensor, code_CL: Tensor) -> Tensor:  # (C, Y, D)
        place_C = rows.place_N[item_C]
        parts = [self.embed_code(code_CL[:, level], level) for level in range(code_CL.shape[1])]
        parts += [self.price(self.item_price_N[item_C])]
        parts += [F.embedding(place_C, rows.vector_UD), F.embedding(place_C, rows.identity_UD)]
        return torch.stack([part.float() for part in parts], dim=1)


class ItemRows(NamedTuple):
    """The distinct items of a batch: where an item's row is (N), its projected vector, id and scenario (U, D)."""

    place_N: Tensor
    vector_UD: Tensor
    identity_UD: Tensor
    kind_UD: Tensor | None


class ItemTower(nn.Module):
    """f_item = MLP(flatten(QFormer_item(parts))), a unit vector, in fp32 throughout: its cosines rank items."""

    def __init__(self, width: int, heads: int, queries: int, hidden: int) -> None:
        super().__init__()
        self.query_former = QueryFormer(width, heads, queries, hidden)
        self.mlp = nn.Sequential(
            Norm(queries * width),
            nn.Linear(queries * width, hidden),
            nn.GELU(),
            nn.Linear(hidden, width),
        )
        self.shortcut = nn.Linear(width, width, bias=False)

    def forward(self, parts_CYD: Tensor) -> Tensor:  # (C, D)
        is_real = torch.ones(parts_CYD.shape[:2], dtype=torch.bool, device=parts_CYD.device)
        with full_precision(parts_CYD):
            compressed = self.mlp(self.query_former(parts_CYD, is_real).flatten(1))
            return F.normalize(compressed + self.shortcut(parts_CYD.sum(1)), dim=-1)
