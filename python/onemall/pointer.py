"""The pointer: a generator can't copy, so items of the history and of its item-to-item neighbours are copied by name.

p(item) = g_generator p_generated(item) + g_history p_copied(item) + g_neighbour p_copied(item), with a gate g from the
output of <BOS> and from what the two lists look like; an empty list has gate 0. After pointer-generator networks (See
et al., 2017) and RepeatNet's repeat and explore modes (Ren et al., 2019).

Shapes: B = requests, S = targets of a request, T = history length, P = neighbours, M = T or P, D = width,
Z = features of a history token or of a request, G = 3 ways to an item: generator, history, neighbours.
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.attention import EMBEDDING_DEVIATION, full_precision


class History(NamedTuple):
    """Distinct items, padded by -1; their tokens, and these without age and norm; requests since, times, age; their
    codes, -1 without a SID; which of them may be copied."""

    item_BT: Tensor
    token_BTD: Tensor
    content_BTD: Tensor
    feature_BTZ: Tensor
    code_BTL: Tensor
    offered_BT: Tensor


class Neighbours(NamedTuple):
    """Items that are not in the history, padded by -1; their tokens; their item-to-item scores, falling."""

    item_BP: Tensor
    token_BPD: Tensor
    score_BP: Tensor


class Pointed(NamedTuple):
    """Log-probabilities of the gate and of copying, -inf where there is none; the tower's bonus, 0 on padding."""

    gate_BG: Tensor
    history_BT: Tensor
    neighbour_BP: Tensor
    tower_copy_BT: Tensor


class Recalled(NamedTuple):
    """How much each token of the histories says at each level (a share, 0 where it has no SID), its codes, and the mean
    of the tokens' contents, weighted by what they say of the item as a whole."""

    weight_BTL: Tensor
    code_BTL: Tensor
    content_BD: Tensor


class Recall(nn.Module):
    """What users did lately says which codes come next, level by level, and where the tower should look.

    Each token has a share of attention, from its age and from the output of <BOS>. Of those whose codes begin as the
    prefix does, the shares of the next code are added up; a learned multiple of their logarithm joins the logits.
    Without it a decoder needs thousands of steps to find out that the next item is often of the last one's kind.
    The tower's query looks, by the same attention with an age of its own, through the matrix that candidates pass.
    """

    FLOOR = 0.01

    def __init__(self, width: int, features: int, behaviors: list[str], levels: int) -> None:
        super().__init__()
        self.age = nn.ModuleDict(
            {name: nn.Sequential(nn.Linear(features, 32), nn.GELU(), nn.Linear(32, levels + 1)) for name in behaviors}
        )
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.strength_L = nn.Parameter(torch.empty(levels))

    def initialise(self) -> None:
        """The strength begins near 0, not at 1: what histories say by themselves is learned to count."""
        self.strength_L.normal_(std=EMBEDDING_DEVIATION)

    def forward(self, bos_BD: Tensor, histories: dict[str, History]) -> Recalled:
        query_BD = self.query(bos_BD)
        logits, is_coded, is_real = [], [], []
        for name, history in histories.items():
            with full_precision(history.feature_BTZ):
                age_BTL = self.age[name](torch.log1p(history.feature_BTZ.clamp(min=0)))
            logits.append(age_BTL + _affinity(query_BD, self.key(history.token_BTD)).unsqueeze(-1))
            is_real.append(history.item_BT >= 0)
            is_coded.append(is_real[-1] & (history.code_BTL[..., 0] >= 0))
        logit_BLT = torch.cat(logits, dim=1).float().transpose(1, 2)
        is_coded_BT, is_real_BT = torch.cat(is_coded, dim=1), torch.cat(is_real, dim=1)
        is_told_BLT = torch.stack([*[is_coded_BT] * (logit_BLT.shape[1] - 1), is_real_BT], dim=1)
        weight_BLT = _masked_log_softmax(logit_BLT, is_told_BLT).exp()
        content_BTD = torch.cat([each.content_BTD for each in histories.values()], dim=1)
        with full_precision(content_BTD):
            content_BD = (weight_BLT[:, -1:] @ content_BTD.float()).squeeze(1)
        code_BTL = torch.cat([each.code_BTL for each in histories.values()], dim=1)
        return Recalled(weight_BLT[:, :-1].transpose(1, 2), code_BTL, content_BD)

    def bonus(self, recalled: Recalled, prefix_BSl: Tensor, size: int) -> Tensor:  # (B, S, K)
        """What joins the logits of the level after the prefixes, which has `size` codes."""
        level = prefix_BSl.shape[-1]
        is_match_BST = (recalled.code_BTL[:, None, :, :level] == prefix_BSl.unsqueeze(2)).all(-1)
        weight_BST = recalled.weight_BTL[..., level].unsqueeze(1) * is_match_BST
        is_code_BTK = F.one_hot(recalled.code_BTL[..., level].clamp(min=0).long(), size).to(weight_BST.dtype)
        share_BSK = weight_BST @ is_code_BTK / (weight_BST.sum(-1, keepdim=True) + self.FLOOR)
        bonus_BSK: Tensor = self.strength_L[level] * (share_BSK + self.FLOOR).log()
        return bonus_BSK


class Pointer(nn.Module):
    """Copies an item from the history or from the neighbours, and weighs the three ways to an item."""

    def __init__(
        self,
        width: int,
        history_features: int,
        request_features: int,
        neighbours: int,
        copies_history: bool,
        copies_neighbours: bool,
    ) -> None:
        super().__init__()
        self.copies_history = copies_history
        self.copies_neighbours = copies_neighbours
        self.feature = nn.Sequential(nn.Linear(history_features + request_features, 32), nn.GELU(), nn.Linear(32, 1))
        self.history_query = nn.Linear(width, width)
        self.history_key = nn.Linear(width, width, bias=False)
        self.neighbour_query = nn.Linear(width, width)
        self.neighbour_key = nn.Linear(width, width, bias=False)
        self.neighbour_score = nn.Parameter(torch.empty(()))
        self.neighbour_rank_P = nn.Parameter(torch.empty(max(neighbours, 1)))
        self.tower_scale = nn.Parameter(torch.empty(()))
        self.tower_offset = nn.Parameter(torch.empty(()))
        self.gate = nn.Linear(width + request_features + 4, 3)

    def initialise(self) -> None:
        """Scores count as they are, whatever the rank."""
        self.neighbour_score.fill_(1.0)
        self.neighbour_rank_P.zero_()
        self.tower_scale.fill_(1.0)
        self.tower_offset.zero_()

    def forward(self, bos_BD: Tensor, request_BZ: Tensor, history: History, neighbours: Neighbours) -> Pointed:
        is_history_BT = (history.item_BT >= 0) & history.offered_BT.bool() & self.copies_history
        is_neighbour_BP = (neighbours.item_BP >= 0) & self.copies_neighbours
        feature_BTZ = torch.log1p(history.feature_BTZ.clamp(min=0))
        request_BTZ = request_BZ.unsqueeze(1).expand(-1, feature_BTZ.shape[1], -1)
        with full_precision(feature_BTZ):
            history_BT = self.feature(torch.cat([feature_BTZ, request_BTZ], dim=-1)).squeeze(-1)
        history_BT = history_BT + _affinity(self.history_query(bos_BD), self.history_key(history.token_BTD))
        score_BP = neighbours.score_BP.clamp(min=0)
        neighbour_BP = self.neighbour_score * (score_BP + 1e-4).log() + self.neighbour_rank_P[: score_BP.shape[1]]
        neighbour_BP = neighbour_BP + _affinity(self.neighbour_query(bos_BD), self.neighbour_key(neighbours.token_BPD))
        near_BP = score_BP.masked_fill(~is_neighbour_BP, 0.0)
        sizes_B2 = torch.stack([is_history_BT.sum(1), is_neighbour_BP.sum(1)], dim=-1).float().log1p()
        scores_B2 = torch.stack([near_BP.amax(1), near_BP.sum(1)], dim=-1).add(1e-4).log()
        with full_precision(bos_BD):
            gate_BG = self.gate(torch.cat([bos_BD, request_BZ, sizes_B2, scores_B2], dim=-1))
        is_open_BG = F.pad(sizes_B2 > 0, (1, 0), value=True)  # the generator always is
        tower_BT = self.tower_scale * history_BT.float() + self.tower_offset
        return Pointed(
            _masked_log_softmax(gate_BG, is_open_BG),
            _masked_log_softmax(history_BT.float(), is_history_BT),
            _masked_log_softmax(neighbour_BP.float(), is_neighbour_BP),
            tower_BT.masked_fill(~is_history_BT, 0.0),
        )


def copied(target_BS: Tensor, item_BM: Tensor, log_p_BM: Tensor) -> Tensor:  # (B, S)
    """Log-probability of copying each target from a list of distinct items; -inf where it is not in the list."""
    is_match_BSM = target_BS.unsqueeze(-1) == item_BM.unsqueeze(1)
    place_BS = is_match_BSM.int().argmax(-1)
    return log_p_BM.gather(1, place_BS).masked_fill(~is_match_BSM.any(-1), float("-inf"))


def _masked_log_softmax(logit_BM: Tensor, is_real_BM: Tensor) -> Tensor:  # (B, M)
    """-inf where not real; a row without anything real is -inf throughout, with a gradient of zero."""
    lowest = torch.finfo(logit_BM.dtype).min
    return logit_BM.masked_fill(~is_real_BM, lowest).log_softmax(-1).masked_fill(~is_real_BM, float("-inf"))


def _affinity(query_BD: Tensor, key_BMD: Tensor) -> Tensor:  # (B, M)
    """Scaled dot products of one query with M keys."""
    with full_precision(query_BD):
        product_BM: Tensor = (key_BMD.float() @ query_BD.float().unsqueeze(-1)).squeeze(-1)
    return product_BM / math.sqrt(query_BD.shape[-1])
