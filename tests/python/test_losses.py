"""The losses against PAPER.md section 5, target by target in plain Python."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from onemall.losses import LossSettings, Outputs, retriever_loss
from onemall.pointer import Pointed

B, S, T, P, C, N, WIDTH, SIZES = 3, 2, 4, 3, 5, 12, 6, [4, 5, 3]


def drawn(seed: int, one_query: bool) -> tuple[Outputs, dict[str, torch.Tensor]]:
    """Any outputs, and a batch in which some targets are padding, some are in the lists, some in neither."""
    random = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=random)

    def whole(end: int, *shape: int) -> torch.Tensor:
        return torch.randint(0, end, shape, generator=random).int()

    def unit(*shape: int) -> torch.Tensor:
        return torch.nn.functional.normalize(normal(*shape), dim=-1)

    candidate_C = torch.randperm(N, generator=random)[:C].int()
    place_BS = whole(C, B, S)
    target_BS = candidate_C[place_BS.long()]
    target_BS[0, 1] = -1
    lists = [torch.stack([torch.randperm(N, generator=random)[:size] for _ in range(B)]).int() for size in (T, P)]
    lists[0][1, 2:] = -1
    history_BT = normal(B, T).masked_fill(lists[0] < 0, -torch.inf).log_softmax(-1)
    pointed = Pointed(normal(B, 3).log_softmax(-1), history_BT, normal(B, P).log_softmax(-1), normal(B, T))
    tower_copy_BT = pointed.tower_copy_BT.masked_fill(lists[0] < 0, 0.0)
    outputs = Outputs(
        log_p=[normal(B, S if level else 1, size).log_softmax(-1) for level, size in enumerate(SIZES)],
        pointed=pointed._replace(tower_copy_BT=tower_copy_BT),
        history_item_BT=lists[0],
        query_BSD=unit(B, 1 if one_query else S, WIDTH),
        candidate_CD=unit(C, WIDTH),
        popularity_2=normal(2),
    )
    own_BC = (place_BS.unsqueeze(-1) == torch.arange(C)).any(1)
    batch = {
        "target_item": target_BS,
        "target_code": torch.stack([whole(size, B, S) for size in SIZES], dim=-1),
        "target_weight": torch.rand(B, S, generator=random) + 0.5,
        "target_candidate": place_BS,
        "neighbour_item": lists[1],
        "candidate_item": candidate_C,
        "candidate_popularity": torch.rand(B, C, 2, generator=random),
        "candidate_log_q": torch.rand(C, generator=random).log(),
        "candidate_known": ((torch.rand(B, C, generator=random) < 0.4) | own_BC).to(torch.uint8),
    }
    return outputs, batch


def naive(outputs: Outputs, batch: dict[str, torch.Tensor], settings: LossSettings) -> dict[str, float]:
    found: dict[str, float] = dict.fromkeys(["ntp_loss", "mixture_loss", "contrastive_loss", "contrastive_accuracy"], 0)
    assert outputs.query_BSD is not None and outputs.candidate_CD is not None
    total = sum(
        float(batch["target_weight"][b, s]) for b in range(B) for s in range(S) if batch["target_item"][b, s] >= 0
    )
    for b in range(B):
        history, neighbours = outputs.history_item_BT[b].tolist(), batch["neighbour_item"][b].tolist()
        gate = outputs.pointed.gate_BG[b].exp().tolist()
        for s in range(S):
            target = int(batch["target_item"][b, s])
            if target < 0:
                continue
            share = float(batch["target_weight"][b, s]) / total
            log_p = 0.0
            for level, code in enumerate(batch["target_code"][b, s].tolist()):
                log_p += float(outputs.log_p[level][b, s if level else 0, code])
            p = gate[0] * math.exp(log_p)
            if target in history:
                p += gate[1] * math.exp(outputs.pointed.history_BT[b, history.index(target)])
            if target in neighbours:
                p += gate[2] * math.exp(outputs.pointed.neighbour_BP[b, neighbours.index(target)])
            found["ntp_loss"] -= share * log_p
            found["mixture_loss"] -= share * math.log(p)
            query = outputs.query_BSD[b, min(s, outputs.query_BSD.shape[1] - 1)]
            scores = []
            for c, item in enumerate(batch["candidate_item"].tolist()):
                score = float(query @ outputs.candidate_CD[c]) / settings.temperature
                score += float(batch["candidate_popularity"][b, c] @ outputs.popularity_2)
                score -= float(batch["candidate_log_q"][c])
                if item in history:
                    score += float(outputs.pointed.tower_copy_BT[b, history.index(item)])
                scores.append(score)
            own = int(batch["target_candidate"][b, s])
            others = [score for c, score in enumerate(scores) if not batch["candidate_known"][b, c]]
            found["contrastive_loss"] += share * math.log1p(sum(math.exp(other - scores[own]) for other in others))
            found["contrastive_accuracy"] += share * all(scores[own] > other for other in others)
    found["loss"] = found["mixture_loss"] + settings.generator_weight * found["ntp_loss"]
    found["loss"] += settings.contrastive_weight * found["contrastive_loss"]
    return found


@given(seed=st.integers(0, 2**31), one_query=st.booleans(), generator=st.floats(0, 2), contrastive=st.floats(0.1, 2))
@settings(max_examples=30, deadline=None)
def test_the_loss_is_the_sum_of_the_papers_two_and_of_the_mixture(
    seed: int, one_query: bool, generator: float, contrastive: float
) -> None:
    outputs, batch = drawn(seed, one_query)
    weights = LossSettings(generator, contrastive, 0.3, N)
    loss, parts = retriever_loss(outputs, batch, weights)
    expected: dict[str, Any] = naive(outputs, batch, weights)
    assert loss.item() == pytest.approx(expected.pop("loss"), rel=1e-4)
    assert {name: parts[name].item() for name in expected} == pytest.approx(expected, rel=1e-4)


def test_without_ways_to_copy_the_mixture_is_the_papers_next_token_loss() -> None:
    outputs, batch = drawn(4, one_query=True)
    closed = torch.tensor([0.0, -torch.inf, -torch.inf]).expand(B, 3)
    outputs = outputs._replace(pointed=outputs.pointed._replace(gate_BG=closed), query_BSD=None)
    loss, parts = retriever_loss(outputs, batch, LossSettings(0.0, 0.0, 0.3, N))
    assert loss == parts["mixture_loss"] and "contrastive_loss" not in parts
    torch.testing.assert_close(parts["mixture_loss"], parts["ntp_loss"])
