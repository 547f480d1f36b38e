"""The retriever: finite on nothing, blind to padding, silent on illegal codes, the same by beams and by teacher."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from onemall.attention import legal_log_softmax
from onemall.retriever import Retriever

ITEMS, SIZES, WIDTH = 40, [4, 5, 3], 16
CPU = torch.device("cpu")
SMALL: dict[str, Any] = {
    "items": ITEMS,
    "code_sizes": SIZES,
    "vector_width": 6,
    "neighbours": 5,
    "behaviors": ["buy"],
    "width": WIDTH,
    "hidden": 16,
    "queries": 3,
    "experts": 4,
}


def retriever(seed: int = 0, device: torch.device = CPU, **changes: Any) -> Retriever:
    model = Retriever.open(SMALL | changes, seed, device)
    random = torch.Generator().manual_seed(99)
    vector = torch.randn(ITEMS, 6, generator=random)
    price = torch.rand(ITEMS, generator=random) * 20
    kind = (torch.arange(ITEMS) % 2).int()
    model.feed("items", {"vector": vector, "price": price} | ({"kind": kind} if "scenarios" in changes else {}))
    return model


def codes_of(item: Tensor) -> Tensor:
    """SID of an item: its digits in the mixed base of the sizes; 0 on padding."""
    digits = torch.stack([item // 15 % 4, item // 3 % 5, item % 3], dim=-1)
    return torch.where(item.unsqueeze(-1) >= 0, digits, 0).int()


def log_prior(prefix: Tensor | None, level: int) -> Tensor:
    """Log popularity (all alike) of the codes that some item has after the prefix; -inf for the others."""
    all_codes = codes_of(torch.arange(ITEMS))
    shape = (1,) if prefix is None else prefix.shape[:-1]
    prior = torch.full((*shape, SIZES[level]), float("-inf"))
    for place in torch.cartesian_prod(*[torch.arange(n) for n in shape]).view(-1, len(shape)).tolist():
        own = torch.ones(ITEMS, dtype=torch.bool)
        if prefix is not None:
            own = (all_codes[:, :level] == prefix[tuple(place)]).all(1)
        counts = all_codes[own, level].bincount(minlength=SIZES[level]).float()
        prior[tuple(place)] = counts.log() - counts.sum().log()
    return prior


def batch_of(
    seed: int, requests: int = 6, targets: int = 3, longest: int = 7, with_empty: bool = True
) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(seed)
    draw = [torch.randperm(ITEMS, generator=random).int() for _ in range(requests)]
    history, neighbour = torch.full((2, requests, longest), -1, dtype=torch.int32)
    neighbour = neighbour[:, :5].contiguous()
    target = torch.full((requests, targets), -1, dtype=torch.int32)
    for b in range(requests):
        length = 0 if with_empty and b == 0 else int(torch.randint(1, longest + 1, (), generator=random))
        history[b, :length] = draw[b][:length]
        near = 0 if with_empty and b < 2 else int(torch.randint(0, 6, (), generator=random))
        neighbour[b, :near] = draw[b][longest : longest + near]
        count = int(torch.randint(1, targets + 1, (), generator=random))
        target[b, :count] = draw[(b + 1) % requests][:count]
    is_target = target >= 0
    candidate = target[is_target].unique()
    place = torch.searchsorted(candidate, target.clamp(min=0)).clamp(max=len(candidate) - 1).int()
    known = (target.unsqueeze(-1) == candidate).any(1)
    code = codes_of(target)
    feature = torch.rand(requests, longest, 3, generator=random) * 10
    score = torch.rand(requests, 5, generator=random).sort(descending=True).values
    return {
        "buy_item": history,
        "buy_code": codes_of(history),
        "buy_feature": feature.where((history >= 0).unsqueeze(-1), 0.0),
        "buy_offered": (history >= 0).to(torch.uint8),
        "request": torch.rand(requests, 4, generator=random) * 3,
        "neighbour_item": neighbour,
        "neighbour_code": codes_of(neighbour),
        "neighbour_score": score.where(neighbour >= 0, 0.0),
        "target_item": target,
        "target_code": code,
        "target_weight": is_target.float() * (1 + torch.rand(requests, 1, generator=random)),
        "target_candidate": place,
        "prior_0": log_prior(None, 0).expand(requests, -1).contiguous(),
        "prior_1": log_prior(code[..., :1], 1),
        "prior_2": log_prior(code[..., :2], 2),
        "candidate_item": candidate,
        "candidate_code": codes_of(candidate),
        "candidate_log_q": torch.full((len(candidate),), 1.0 / len(candidate)).log(),
        "candidate_popularity": torch.rand(requests, len(candidate), 2, generator=random),
        "candidate_known": known.to(torch.uint8),
    }


def start(model: Retriever, batch: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, float]]:
    requests, longest = batch["buy_item"].shape
    out = {
        "logits_0": torch.empty(requests, SIZES[0]),
        "gate": torch.empty(requests, 3),
        "copy_history": torch.empty(requests, longest),
        "copy_neighbour": torch.empty(requests, batch["neighbour_item"].shape[1]),
        "user": torch.empty(requests, WIDTH),
        "tower_copy": torch.empty(requests, longest),
    }
    return out, model.infer("start", batch, out)


def next_logits(model: Retriever, level: int, parent: Tensor, code: Tensor) -> Tensor:
    """Of all codes of the level, each beam's children."""
    rows, size = code.numel(), SIZES[level]
    offset, child = torch.arange(rows + 1) * size, torch.arange(size).repeat(rows)
    inputs = {"parent": parent.int(), "code": code.int(), "offset": offset.int(), "child": child.int()}
    out = {f"logits_{level}": torch.empty(rows * size)}
    model.infer("next", inputs, out)
    return out[f"logits_{level}"].view(*code.shape, size)


def trained(model: Retriever, steps: int = 8, seed: int = 3) -> list[float]:
    return [model.step("pretrain", batch_of(seed), {"learning_rate": 1e-2})["loss"] for _ in range(steps)]


@pytest.mark.parametrize("residual", ["standard", "paper"])
@pytest.mark.parametrize("expert_type", ["mlp", "swiglu"])
@pytest.mark.parametrize(("queries", "layers", "experts"), [(3, 2, 4), (0, 1, 1)])
def test_loss_falls(residual: str, expert_type: str, queries: int, layers: int, experts: int) -> None:
    model = retriever(residual=residual, expert_type=expert_type, queries=queries, layers=layers, experts=experts)
    losses = trained(model, 30)
    assert sum(losses[-5:]) / 5 < 0.85 * losses[0]


@pytest.mark.parametrize("change", [
    {"pointer_history": False}, {"pointer_neighbours": False}, {"pointer_history": False, "pointer_neighbours": False},
    {"prior": False}, {"item_embedding": False}, {"request_features": False}, {"contrastive_position": "last"},
    {"contrastive_weight": 0.0}, {"generator_weight": 0.5}, {"dropout": 0.0, "token_drop": 0.0},
    {"tied_codes": True}, {"recall": True},
])  # fmt: skip
def test_every_switch_trains_and_starts(change: dict[str, Any]) -> None:
    model = retriever(**change)
    losses = trained(model, 20)
    assert losses[-1] < losses[0]
    out, figures = start(model, batch_of(1))
    assert out["logits_0"].isfinite().all() and out["user"].isfinite().all()
    torch.testing.assert_close(out["gate"].exp().sum(1), torch.ones(6))
    if not change.get("pointer_history", True):
        assert (out["gate"][:, 1] == float("-inf")).all() and (out["tower_copy"] == 0).all()
    if not change.get("prior", True):
        assert [figures[f"alpha_{level}"] for level in range(3)] == [0.0, 0.0, 0.0]


def of_three_scenarios(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Every other item of a history belongs to another scenario: it has no SID, and sells the item before it."""
    item = batch["buy_item"]
    is_other = item % 2 == 1
    return batch | {
        "buy_code": batch["buy_code"].where(~is_other.unsqueeze(-1), -1),
        "buy_product": torch.where(is_other, item - 1, -1).int(),
        "buy_offered": ((item >= 0) & ~is_other & (item % 4 == 0)).to(torch.uint8),
    }


def over_scenarios(**changes: Any) -> Retriever:
    return retriever(scenarios=3, subject=True, **changes)


def test_one_scenario_needs_no_more_weights_and_draws_the_same() -> None:
    plain = {name: each.detach().clone() for name, each in retriever().network.named_parameters()}
    several = dict(over_scenarios().network.named_parameters())
    assert several.keys() - plain.keys() == {"items.kind.weight"}
    again = dict(retriever(scenarios=1, subject=False).network.named_parameters())
    assert list(plain) == list(again) and all(plain[name].equal(again[name]) for name in plain)
    model, batch = retriever(), batch_of(3)
    assert model.infer("measure", batch, {}) == model.infer("measure", of_three_scenarios(batch) | batch, {})


def test_items_without_a_sid_have_no_codes_in_their_token() -> None:
    items = over_scenarios().network.items
    item = torch.tensor([[4, 7]], dtype=torch.int32)
    rows = items.rows(item)
    code = torch.tensor([[[1, 2, 0], [-1, -1, -1]]], dtype=torch.int32)
    token = items(rows, item, code)
    known = items.vector(items.item_vector_NV[[4, 7]]) + items.identity.weight[[4, 7]]
    known = known + items.kind.weight[[0, 1]]
    coded = sum(items.embed_code(code[0, 0, level], level) for level in range(3))
    torch.testing.assert_close(token[0, 1], known[1])
    torch.testing.assert_close(token[0, 0], known[0] + coded)
    token[0, 1].sum().backward()
    assert items.codes.weight.grad is None or (items.codes.weight.grad == 0).all()


def test_one_scenario_may_have_items_without_a_sid() -> None:
    """Those that came after the SIDs, or have no vector to give one: their tokens say nothing by codes of -1."""
    model, batch = retriever(recall=True), batch_of(3)
    batch["buy_code"] = batch["buy_code"].where((batch["buy_item"] % 2 == 0).unsqueeze(-1), -1)
    losses = [model.step("pretrain", batch, {"learning_rate": 1e-2})["loss"] for _ in range(20)]
    assert losses[-1] < losses[0]
    items = model.network.items
    item = torch.tensor([[4, 7]], dtype=torch.int32)
    rows = items.rows(item)
    token = items(rows, item, torch.tensor([[[1, 2, 0], [-1, -1, -1]]], dtype=torch.int32))
    torch.testing.assert_close(token[0, 1], (rows.vector_UD + rows.identity_UD)[1])


def test_a_token_shows_the_product_that_it_sold() -> None:
    items = over_scenarios().network.items
    product = torch.tensor([[5, -1]], dtype=torch.int32)
    shown = items.subjects(items.rows(product), product)
    torch.testing.assert_close(shown[0, 0], items.vector(items.item_vector_NV[5]) + items.identity.weight[5])
    assert (shown[0, 1] == 0).all()


def test_histories_over_scenarios_train_and_only_what_is_offered_is_copied() -> None:
    model = over_scenarios()
    batch = of_three_scenarios(batch_of(3))
    losses = [model.step("pretrain", batch, {"learning_rate": 1e-2})["loss"] for _ in range(20)]
    assert losses[-1] < losses[0]
    out, _ = start(model, batch)
    is_offered = batch["buy_offered"].bool()
    assert is_offered.any() and not is_offered.any(1).all()
    assert (out["copy_history"].isfinite() == is_offered).all() and (out["tower_copy"][~is_offered] == 0).all()
    nothing = ~is_offered.any(1)
    assert (out["gate"][nothing, 1] == float("-inf")).all()
    other = batch | {"buy_product": torch.full_like(batch["buy_product"], -1)}
    assert not start(model, other)[0]["logits_0"].equal(out["logits_0"])


def test_one_scenario_copies_only_what_is_offered() -> None:
    batch = batch_of(3)
    is_offered = (batch["buy_item"] >= 0) & (batch["buy_item"] % 2 == 0)
    batch["buy_offered"] = is_offered.to(torch.uint8)
    out, _ = start(retriever(), batch)
    assert is_offered.any() and not is_offered.equal(batch["buy_item"] >= 0)
    assert (out["copy_history"].isfinite() == is_offered).all() and (out["tower_copy"][~is_offered] == 0).all()
    torch.testing.assert_close(out["copy_history"].exp().sum(1), is_offered.any(1).float())


def test_the_catalogue_may_grow_and_new_items_are_known_by_all_but_their_id() -> None:
    """A network for 25 items that is fed 40 is one for 40 whose last 15 ids were never trained."""
    grown, whole = retriever(items=25, scenarios=1), retriever(scenarios=1)
    state = dict(whole.network.state_dict())
    for name, tensor in grown.network.state_dict().items():
        tensor.copy_(state[name][:25] if name == "items.identity.weight" else state[name])
    batch = batch_of(5)
    assert batch["buy_item"].max() >= 25 and batch["target_item"].max() >= 25
    torch.testing.assert_close(grown.infer("measure", batch, {}), whole.infer("measure", batch, {}), rtol=0, atol=0)
    for one, other in zip(start(grown, batch)[0].values(), start(whole, batch)[0].values(), strict=True):
        assert one.equal(other)
    grown.step("pretrain", batch, {"learning_rate": 1e-2})  # targets may be new, too: then all but their ids learns
    with pytest.raises(ValueError, match="expected 25 items or more, found 24"):
        grown.feed("items", {"vector": torch.zeros(24, 6), "price": torch.zeros(24)})


def test_recall_counts_the_next_codes_of_histories_that_begin_as_the_prefix() -> None:
    """By a loop, from the shares of attention that the module gives."""
    network = over_scenarios(recall=True).network
    batch = of_three_scenarios(batch_of(3))
    encoded = network.encode(batch)
    recalled = network.start(encoded).recalled
    assert recalled is not None and network.recall is not None
    network.recall.strength_L.data.copy_(torch.tensor([0.5, 1.5, 2.0]))
    has_sid = (batch["buy_item"] >= 0) & (batch["buy_code"][..., 0] >= 0)
    torch.testing.assert_close(recalled.weight_BTL.sum(1), has_sid.any(1, keepdim=True).float().expand(-1, 3))
    prefix = batch["target_code"][..., :2]
    bonus = network.recall.bonus(recalled, prefix, SIZES[2])
    for b, s in torch.cartesian_prod(torch.arange(6), torch.arange(3)).tolist():
        shares, total = [0.0] * SIZES[2], 0.0
        for t in has_sid[b].nonzero().flatten().tolist():
            if batch["buy_code"][b, t, :2].equal(prefix[b, s]):
                weight = recalled.weight_BTL[b, t, 2].item()
                shares[int(batch["buy_code"][b, t, 2])] += weight
                total += weight
        expected = 2.0 * (torch.tensor(shares) / (total + 0.01) + 0.01).log()
        torch.testing.assert_close(bonus[b, s], expected, rtol=1e-4, atol=1e-4)


def test_an_empty_history_is_finite_and_generates_only() -> None:
    model = retriever()
    out, _ = start(model, batch_of(5))  # request 0 has neither history nor neighbours
    assert out["logits_0"].isfinite().all() and out["user"].isfinite().all()
    assert out["gate"][0].tolist() == [0.0, float("-inf"), float("-inf")]
    assert (out["copy_history"][0] == float("-inf")).all() and (out["tower_copy"][0] == 0).all()
    filled = batch_of(5)["buy_item"][1:] >= 0
    torch.testing.assert_close(out["copy_history"][1:].exp().sum(1), torch.ones(5))
    assert (out["copy_history"][1:].isfinite() == filled).all()


def test_a_batch_without_any_history_or_neighbour_trains_and_starts() -> None:
    model = retriever()
    batch = batch_of(5)
    for name in [key for key in batch if key.startswith(("buy_", "neighbour_"))]:
        batch[name] = batch[name][:, :0].contiguous()
    assert model.step("pretrain", batch, {"learning_rate": 1e-2})["gradient_norm"] > 0
    out, _ = start(model, batch)
    assert out["copy_history"].shape == (6, 0) and out["logits_0"].isfinite().all()


def test_target_padding_may_hold_anything_and_gradients_stay_finite() -> None:
    batch = batch_of(3)
    is_padding = batch["target_item"] < 0
    assert is_padding.any()
    for level in (1, 2):
        batch[f"prior_{level}"][is_padding] = float("-inf")
    reference, model = retriever(), retriever()
    expected = reference.step("pretrain", batch_of(3), {"learning_rate": 1e-2})
    assert model.step("pretrain", batch, {"learning_rate": 1e-2}) == pytest.approx(expected)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**31), more=st.integers(1, 9), queries=st.sampled_from([0, 3]))
def test_padding_changes_nothing(seed: int, more: int, queries: int) -> None:
    model = retriever(queries=queries)
    batch = batch_of(seed)
    out, _ = start(model, batch)
    padded = dict(batch)
    for name, value in (("item", -1), ("code", 0), ("offered", 0), ("feature", 0)):
        tensor = batch[f"buy_{name}"]
        tail = torch.full((tensor.shape[0], more, *tensor.shape[2:]), value, dtype=tensor.dtype)
        padded[f"buy_{name}"] = torch.cat([tensor, tail], dim=1)
    longer, _ = start(model, padded)
    for name in out:
        kept = longer[name][:, : out[name].shape[1]]
        torch.testing.assert_close(kept, out[name], rtol=1e-4, atol=1e-5, msg=name)
    torch.testing.assert_close(
        model.infer("measure", batch, {}), model.infer("measure", padded, {}), rtol=1e-4, atol=1e-5
    )


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    layers=st.integers(1, 2),
    residual=st.sampled_from(["standard", "paper"]),
    queries=st.sampled_from([0, 3]),
    recall=st.booleans(),
)
def test_beams_score_what_the_teacher_scores(seed: int, layers: int, residual: str, queries: int, recall: bool) -> None:
    model = retriever(seed % 1000, layers=layers, residual=residual, queries=queries, recall=recall, tied_codes=recall)
    batch = batch_of(seed)
    out, figures = start(model, batch)
    target, code = batch["target_item"], batch["target_code"].long()
    beams = torch.arange(target.shape[1]).expand_as(target)
    # The beams of the second call are the targets in reverse: parents have to be followed.
    logits = [out["logits_0"].unsqueeze(1).expand(-1, beams.shape[1], -1)]
    logits.append(next_logits(model, 1, torch.zeros_like(beams), code[..., 0]))
    reverse = beams.flip(1)
    logits.append(next_logits(model, 2, reverse, code[..., 1].flip(1)).flip(1))
    generated = torch.zeros(target.shape)
    is_target = target >= 0
    correct = []
    for level, level_logits in enumerate(logits):
        prior = batch[f"prior_{level}"]
        prior = prior.unsqueeze(1).expand(-1, beams.shape[1], -1) if level == 0 else prior
        log_p = legal_log_softmax(level_logits, torch.tensor(figures[f"alpha_{level}"]), prior)
        generated += log_p.gather(-1, code[..., level, None]).squeeze(-1)
        correct.append(((log_p.argmax(-1) == code[..., level]) & is_target).sum().item())
    weight = batch["target_weight"] / batch["target_weight"].sum()
    measured = model.infer("measure", batch, {})
    assert measured["ntp_loss"] == pytest.approx(-(generated * weight)[is_target].sum().item(), rel=1e-4)
    assert [measured[f"correct_{level}"] for level in (1, 2, 3)] == correct
    assert measured["targets"] == is_target.sum()
    ways = [generated]
    for name in ("history", "neighbour"):
        items = batch["buy_item" if name == "history" else "neighbour_item"]
        match = target.unsqueeze(-1) == items.unsqueeze(1)
        ways.append((match * out[f"copy_{name}"].exp().unsqueeze(1)).sum(-1).log())
    mixture = torch.logsumexp(torch.stack(ways, -1) + out["gate"].unsqueeze(1), -1)
    assert measured["mixture_loss"] == pytest.approx(-(mixture * weight)[is_target].sum().item(), rel=1e-4)


def test_tower_scores_are_those_of_the_loss() -> None:
    """The contrastive loss, from what `start` and `tower` give, by a loop."""
    model = retriever()
    trained(model)
    batch = batch_of(11)
    out, figures = start(model, batch)
    vectors = torch.empty(len(batch["candidate_item"]), WIDTH)
    model.infer("tower", {"item": batch["candidate_item"], "code": batch["candidate_code"]}, {"vector": vectors})
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(len(vectors)))
    popularity = torch.tensor([figures["popularity_weight_0"], figures["popularity_weight_1"]])
    score = figures["tower_scale"] * out["user"] @ vectors.T + batch["candidate_popularity"] @ popularity
    for b, items in enumerate(batch["buy_item"].tolist()):
        for c, item in enumerate(batch["candidate_item"].tolist()):
            if item in items:
                score[b, c] += out["tower_copy"][b, items.index(item)]
    score = score - batch["candidate_log_q"]
    total, weights = 0.0, 0.0
    for b, s in (batch["target_item"] >= 0).nonzero().tolist():
        own = batch["target_candidate"][b, s].item()
        kept = [c for c in range(score.shape[1]) if c == own or not batch["candidate_known"][b, c]]
        weight = batch["target_weight"][b, s].item()
        total -= weight * (score[b, own] - score[b, kept].logsumexp(0)).item()
        weights += weight
    assert model.infer("measure", batch, {})["contrastive_loss"] == pytest.approx(total / weights, rel=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_no_probability_on_illegal_codes(seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    logits = torch.randn(5, 9, generator=random) * 20
    prior = torch.randn(5, 9, generator=random)
    is_legal = torch.rand(5, 9, generator=random) < 0.5
    is_legal[:, 4] = True
    log_p = legal_log_softmax(logits, torch.tensor(-1.5), prior.where(is_legal, float("-inf")))
    assert (log_p.exp()[~is_legal] == 0).all()
    torch.testing.assert_close(log_p.exp().sum(1), torch.ones(5))


def test_resume_is_exact_to_the_bit(tmp_path: Path) -> None:
    straight = retriever(seed=4)
    trained(straight, 5)
    path = str(tmp_path / "training.safetensors")
    straight.save(path, training=True)
    resumed = retriever(seed=17)
    resumed.load(path, training=True)
    assert trained(straight, 5) == trained(resumed, 5)
    straight.save(str(tmp_path / "a"), training=True)
    resumed.save(str(tmp_path / "b"), training=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_same_seed_gives_the_same_bytes_whatever_the_global_random_state(tmp_path: Path) -> None:
    for name in ("a", "b"):
        torch.rand(7)
        model = retriever(seed=4)
        trained(model, 3)
        model.save(str(tmp_path / name), training=False)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    fresh = retriever(seed=5)
    fresh.load(str(tmp_path / "a"), training=False)
    batch = batch_of(2)
    assert fresh.infer("measure", batch, {}) == model.infer("measure", batch, {})


def test_a_loss_that_is_not_finite_changes_no_weight(tmp_path: Path) -> None:
    model = retriever()
    trained(model, 2)
    model.save(str(tmp_path / "before"), training=False)
    batch = batch_of(3)
    batch["request"][2, 1] = float("nan")
    with pytest.raises(FloatingPointError, match="mixture_loss"):
        model.step("pretrain", batch, {"learning_rate": 1e-2})
    model.save(str(tmp_path / "after"), training=False)
    assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()


@pytest.mark.parametrize(("change", "message"), [
    ({"qeries": 3}, "qeries"), ({"width": 15}, "multiple of heads"), ({"experts_active": 9}, "experts_active"),
    ({"dropout": 1.0}, "dropout"), ({"residual": "none"}, "residual"), ({"code_sizes": []}, "code_sizes"),
])  # fmt: skip
def test_a_wrong_setting_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Retriever.open(SMALL | change, 0, CPU)


def test_wrong_use_is_named() -> None:
    unfed = Retriever.open(SMALL, 0, CPU)
    with pytest.raises(ValueError, match="feed `items`"):
        unfed.infer("measure", batch_of(0), {})
    model = retriever()
    with pytest.raises(ValueError, match="without 'start'"):
        next_logits(model, 1, torch.zeros(1, 1), torch.zeros(1, 1))
    start(model, batch_of(0))
    with pytest.raises(ValueError, match="logits_1 is next"):
        next_logits(model, 2, torch.zeros(6, 1), torch.zeros(6, 1))
    with pytest.raises(ValueError, match="`request`: expected float32"):
        model.infer("measure", batch_of(0) | {"request": torch.zeros(6, 3)}, {})


@pytest.mark.parametrize("has_targets", [False, True])
def test_a_batch_is_asked_for_as_its_schema_says(monkeypatch: pytest.MonkeyPatch, has_targets: bool) -> None:
    """What the network requires is what arrow-schemas/batches/retriever.json has, to which Java's assembler is held."""
    model = over_scenarios()
    asked: dict[str, str] = {}

    def note(tensors: Any, **shapes: str) -> dict[str, int]:
        asked.update(shapes)
        return {"P": 0}

    monkeypatch.setattr("onemall.retriever.require", note)
    with pytest.raises(KeyError):  # there is no batch behind it
        model._batch({}, has_targets)
    sizes = model.config.code_sizes
    file = Path(__file__).parents[2] / "arrow-schemas" / "batches" / "retriever.json"
    described: dict[str, str] = {}
    for tensor in json.loads(file.read_text())["tensors"]:
        names = {tensor["name"]: {"K0": str(sizes[0])}}
        if tensor["name"].startswith("<behavior>"):
            behaviors = enumerate(model.config.behaviors)
            names = {tensor["name"].replace("<behavior>", name): {"T": f"T{place}"} for place, name in behaviors}
        elif tensor["name"].endswith("<level>"):
            levels = range(1, len(sizes))
            names = {tensor["name"].replace("<level>", str(level)): {"K": str(sizes[level])} for level in levels}
        if tensor["when"] != "targets" or has_targets:
            for name, own in names.items():
                known = {"L": str(len(sizes))} | own
                shape = " ".join(known.get(letter, letter) for letter in tensor["shape"].split())
                described[name] = f"{tensor['dtype']} {shape}"
    assert asked == described
