"""The retriever's losses, apart from the network that they train (PAPER.md section 5, "Losses").

loss = mixture_loss + generator_weight * ntp_loss + contrastive_weight * contrastive_loss

`ntp_loss` is the paper's L_NTP, `contrastive_loss` its L_contrastive; `mixture_loss` is L_NTP of a retriever that also
copies (pointer.py), and equal to it where nothing is copied. Each is a mean over targets by their weights.

Shapes: B = requests, S = targets of a request, L = levels, K = codes of a level, T = history tokens, P = neighbours,
C = candidates in the batch, G = 3 ways to an item, D = width, N = items.
"""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from onemall.attention import full_precision
from onemall.pointer import Pointed, copied


class Outputs(NamedTuple):
    """What the network makes of a training batch."""

    log_p: list[Tensor]  # (B, S, K) of each level, given the target's codes before it; (B, 1, K) of the first
    pointed: Pointed
    history_item_BT: Tensor  # what the pointer copies from
    query_BSD: Tensor | None  # unit vectors; S = 1 where the query is the request's; None: no contrastive loss
    candidate_CD: Tensor | None  # unit vectors
    popularity_2: Tensor


class LossSettings(NamedTuple):
    """Weights of the parts (0: left out), the temperature of cosines, and how many items there are."""

    generator_weight: float
    contrastive_weight: float
    temperature: float
    items: int


def retriever_loss(
    outputs: Outputs, batch: Mapping[str, Tensor], settings: LossSettings
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss, and its parts: weighted means over targets; correct_1..L and targets are plain counts."""
    is_target_BS = batch["target_item"] >= 0
    weight_BS = batch["target_weight"] * is_target_BS
    weight_BS = weight_BS / weight_BS.sum().clamp(min=1e-9)
    generated_BS, parts = _generated(outputs.log_p, batch["target_code"], is_target_BS)
    parts["targets"] = is_target_BS.sum()
    parts["ntp_loss"] = -(generated_BS * weight_BS).sum()
    mixed_BS = _mixed(generated_BS, outputs, batch).masked_fill(~is_target_BS, 0.0)
    parts["mixture_loss"] = -(mixed_BS * weight_BS).sum()
    loss = parts["mixture_loss"] + settings.generator_weight * parts["ntp_loss"]
    if outputs.query_BSD is not None and outputs.candidate_CD is not None:
        contrastive_BS, is_first_BS = _contrastive(outputs.query_BSD, outputs.candidate_CD, outputs, batch, settings)
        parts["contrastive_loss"] = (contrastive_BS.masked_fill(~is_target_BS, 0.0) * weight_BS).sum()
        parts["contrastive_accuracy"] = (is_first_BS * weight_BS).sum()
        loss = loss + settings.contrastive_weight * parts["contrastive_loss"]
    return loss, parts


def _generated(log_p: list[Tensor], code_BSL: Tensor, is_target_BS: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """log p(s1) + .. + log p(sL) of each target (B, S), 0 on padding; how often a level's code was the likeliest."""
    parts: dict[str, Tensor] = {}
    generated_BS = torch.zeros(code_BSL.shape[:2], device=code_BSL.device)
    for level, level_log_p in enumerate(log_p):
        log_p_BSK = level_log_p.expand(-1, code_BSL.shape[1], -1)
        code_BS1 = code_BSL[..., level].long().unsqueeze(-1)
        generated_BS = generated_BS + log_p_BSK.gather(-1, code_BS1).squeeze(-1)
        is_correct_BS = (log_p_BSK.argmax(-1, keepdim=True) == code_BS1).squeeze(-1) & is_target_BS
        parts[f"correct_{level + 1}"] = is_correct_BS.sum()
    return generated_BS.masked_fill(~is_target_BS, 0.0), parts


def _mixed(generated_BS: Tensor, outputs: Outputs, batch: Mapping[str, Tensor]) -> Tensor:  # (B, S)
    """log p(target) over the three ways: the gate's logarithm joins each way's own, and the ways add up."""
    target_BS, pointed = batch["target_item"], outputs.pointed
    copied_BS = copied(target_BS, outputs.history_item_BT, pointed.history_BT)
    neighboured_BS = copied(target_BS, batch["neighbour_item"], pointed.neighbour_BP)
    ways_BSG = torch.stack([generated_BS, copied_BS, neighboured_BS], dim=-1) + pointed.gate_BG.unsqueeze(1)
    return ways_BSG.logsumexp(-1)


def _contrastive(
    query_BSD: Tensor, candidate_CD: Tensor, outputs: Outputs, batch: Mapping[str, Tensor], settings: LossSettings
) -> tuple[Tensor, Tensor]:  # (B, S), (B, S)
    """In-batch InfoNCE over the candidates, and whether the target is the first of them.

    Departures: log-Q correction; learned popularity weights and the copy bonus; what the request knows is no negative.
    """
    index_BS = batch["target_candidate"].long().clamp(min=0)
    with full_precision(query_BSD):
        logit_BSC = query_BSD @ candidate_CD.T / settings.temperature
        offset_BC = batch["candidate_popularity"] @ outputs.popularity_2 - batch["candidate_log_q"]
    bonus_BT = outputs.pointed.tower_copy_BT
    offset_BC = offset_BC + _spread(outputs.history_item_BT, bonus_BT, batch["candidate_item"], settings.items)
    logit_BSC = logit_BSC + offset_BC.unsqueeze(1)
    targets = index_BS.shape[1]
    own_BS = logit_BSC.expand(-1, targets, -1).gather(-1, index_BS.unsqueeze(-1)).squeeze(-1)
    other_BSC = logit_BSC.masked_fill(batch["candidate_known"].bool().unsqueeze(1), float("-inf"))
    other_BS = other_BSC.logsumexp(-1).expand(-1, targets)
    is_first_BS = own_BS > other_BSC.amax(-1).expand(-1, targets)
    return torch.logaddexp(own_BS, other_BS) - own_BS, is_first_BS


def _spread(item_BT: Tensor, value_BT: Tensor, candidate_C: Tensor, items: int) -> Tensor:  # (B, C)
    """The values of distinct items, laid out by candidate; 0 for candidates that are not among them."""
    count = len(candidate_C)
    place_N = torch.full((items + 1,), count, device=item_BT.device)  # the last one is padding's, -1
    place_N[candidate_C.long()] = torch.arange(count, device=item_BT.device)
    laid_BC = torch.zeros(len(item_BT), count + 1, device=item_BT.device, dtype=value_BT.dtype)
    return laid_BC.scatter(1, place_N[item_BT.long()], value_BT)[:, :count]
