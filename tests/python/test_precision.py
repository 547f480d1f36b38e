"""What stays fp32 where a forward pass computes in bf16: by the CPU's autocast, and on a GPU where there is one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import torch
from test_moe import moe
from test_retriever import ITEMS, SMALL, batch_of, codes_of, next_logits, of_three_scenarios, retriever, start

from onemall.retriever import Retriever

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="compares a GPU with the CPU: torch finds no GPU")


def autocast(_: torch.device | None = None) -> AbstractContextManager[Any]:
    return torch.autocast("cpu", dtype=torch.bfloat16)


@pytest.fixture
def in_bf16(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A retriever computes on the CPU as it does on a GPU."""
    monkeypatch.setattr("onemall.retriever.precision", autocast)
    yield


def test_the_router_chooses_as_in_fp32_and_counts_every_token() -> None:
    module = moe(8)
    module.train()
    x_AD = torch.randn(870, 8, generator=torch.Generator().manual_seed(1))
    expected_Ak, expected = module.route(x_AD)
    with autocast():
        found_Ak, chosen = module.route(x_AD)
        module(x_AD, torch.ones(870, dtype=torch.bool))
    assert found_Ak.equal(expected_Ak) and chosen.equal(expected)
    assert module.load_E.equal(expected.flatten().bincount(minlength=8).float())


@pytest.mark.usefixtures("in_bf16")
@pytest.mark.parametrize("change", [{}, {"tied_codes": True}, {"tied_codes": True, "recall": True}])
def test_beams_do_not_tie(change: dict[str, Any]) -> None:
    """768 codes after different prefixes: bf16 has 256 values between two powers of 2."""
    model = retriever(code_sizes=[4, 64, 3], **change)
    batch = {name: each for name, each in batch_of(3).items() if not name.startswith("prior_")}
    requests = len(batch["request"])
    start(model, batch)
    rows = requests * 4
    out = {"logits_1": torch.empty(rows * 64)}
    code = torch.arange(4, dtype=torch.int32).expand(requests, -1).contiguous()
    legal = {"offset": torch.arange(rows + 1).int() * 64, "child": torch.arange(64).repeat(rows).int()}
    model.infer("next", {"parent": torch.zeros_like(code), "code": code, **legal}, out)
    for logits in out["logits_1"].view(requests, -1):
        assert len(logits.unique()) >= 250


@pytest.mark.usefixtures("in_bf16")
@pytest.mark.parametrize("change", [{}, {"recall": True, "scenarios": 3, "subject": True}])
def test_cosines_are_those_of_fp32_vectors(change: dict[str, Any]) -> None:
    model = retriever(**change)
    item = torch.arange(ITEMS, dtype=torch.int32)
    found, expected = torch.empty(2, ITEMS, 16)
    model.infer("tower", {"item": item, "code": codes_of(item)}, {"vector": found})
    with torch.no_grad():
        rows = model.network.items.rows(item)
        expected = model.network.item_tower(model.network.items.parts(rows, item, codes_of(item)))
    assert found.equal(expected)
    batch = batch_of(3)
    batch = of_three_scenarios(batch) if change else batch
    out, _ = start(model, batch)
    torch.testing.assert_close(out["user"].norm(dim=1), torch.ones(len(out["user"])), rtol=0, atol=1e-6)


@pytest.mark.usefixtures("in_bf16")
def test_copies_do_not_tie() -> None:
    copy_BT = start(retriever(), batch_of(3, longest=30))[0]["copy_history"]
    shown = copy_BT[copy_BT.isfinite()]
    assert len(shown) > 50 and len(shown.unique()) == len(shown)


@pytest.mark.usefixtures("in_bf16")
def test_the_contrastive_loss_is_that_of_its_vectors_in_fp32() -> None:
    model = retriever()
    model.network.eval()
    batch = batch_of(11)
    with torch.no_grad(), autocast():
        outputs = model.network(batch)
    assert outputs.query_BSD is not None and outputs.candidate_CD is not None
    score_BC = outputs.query_BSD.squeeze(1) @ outputs.candidate_CD.T / 0.07
    score_BC = score_BC + batch["candidate_popularity"] @ outputs.popularity_2.detach() - batch["candidate_log_q"]
    for b, items in enumerate(batch["buy_item"].tolist()):
        for c, item in enumerate(batch["candidate_item"].tolist()):
            if item in items:
                score_BC[b, c] += outputs.pointed.tower_copy_BT[b, items.index(item)]
    total = 0.0
    for b, s in (batch["target_item"] >= 0).nonzero().tolist():
        own = batch["target_candidate"][b, s].item()
        kept = [c for c in range(score_BC.shape[1]) if c == own or not batch["candidate_known"][b, c]]
        total -= float(batch["target_weight"][b, s] * (score_BC[b, own] - score_BC[b, kept].logsumexp(0)))
    weight = float(batch["target_weight"].sum())
    with torch.no_grad(), autocast():
        _, parts = model.network.losses(batch)
    assert parts["contrastive_loss"].item() == pytest.approx(total / weight, rel=1e-5)


@pytest.mark.parametrize(("change", "message"), [
    ({"width": 20}, "width: expected a multiple of 8 on a GPU, found 20"),
    ({"hidden": 12}, "hidden: expected a multiple of 8 on a GPU, found 12"),
])  # fmt: skip
def test_widths_that_a_gpu_cannot_group_are_named_before_anything_is_moved_there(
    change: dict[str, Any], message: str
) -> None:
    """Its grouped product reads rows of 16 bytes; on the CPU any width will do."""
    retriever(**change)
    with pytest.raises(ValueError, match=message):
        Retriever.open(SMALL | change, 0, torch.device("cuda"))


@needs_gpu
@pytest.mark.parametrize("expert_type", ["mlp", "swiglu"])
def test_a_gpu_agrees_with_the_cpu(expert_type: str) -> None:
    """The same seed is the same network on both; bf16 moves losses by less than 2 %, and counts nothing twice."""
    change = {"expert_type": expert_type, "dropout": 0.0, "token_drop": 0.0}
    models = [retriever(**change), retriever(**change, device=torch.device("cuda"))]
    batch = batch_of(3)
    measured = [model.infer("measure", batch, {}) for model in models]
    for name in ("loss", "ntp_loss", "mixture_loss", "contrastive_loss"):
        assert measured[1][name] == pytest.approx(measured[0][name], rel=0.02)
    assert measured[1]["targets"] == measured[0]["targets"]
    parent = torch.zeros(6, 4)
    code = torch.arange(4).expand(6, -1)
    beams = []
    for model in models:
        first = start(model, batch)[0]["logits_0"]
        beams.append(torch.cat([first.flatten(), next_logits(model, 1, parent, code).flatten()]))
    torch.testing.assert_close(beams[1], beams[0], rtol=0.05, atol=0.05)
    losses = [[model.step("pretrain", batch, {"learning_rate": 1e-2})["loss"] for _ in range(10)] for model in models]
    assert losses[1] == pytest.approx(losses[0], rel=0.1) and losses[1][-1] < losses[1][0]
