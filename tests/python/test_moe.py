"""The mixture of experts against a dense loop, and what the balance may touch."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from onemall.moe import ExpertType, MixtureOfExperts


def moe(experts: int = 5, active: int = 2, expert_type: ExpertType = "mlp", seed: int = 0) -> MixtureOfExperts:
    module = MixtureOfExperts(8, 16, experts, active, expert_type, balance_rate=0.01)
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(std=0.5, generator=random)
        module.balance_E.uniform_(-0.2, 0.2, generator=random)
    return module


def dense_loop(module: MixtureOfExperts, x_ND: Tensor) -> Tensor:
    score_NE = torch.sigmoid(x_ND @ module.router.weight.T)
    rows = []
    for x_D, score_E in zip(x_ND, score_NE, strict=True):
        chosen = (score_E + module.balance_E).topk(module.experts_active).indices.tolist()
        total = sum(score_E[e] for e in chosen)
        row = torch.zeros_like(x_D)
        for e in chosen:
            hidden_F = x_D @ module.up_EDF[e]
            if module.expert_type == "swiglu":
                gate_F, value_F = hidden_F.chunk(2)
                hidden_F = F.silu(gate_F) * value_F
            else:
                hidden_F = F.gelu(hidden_F)
            row = row + score_E[e] / total * (hidden_F @ module.down_EFD[e])
        rows.append(row)
    return torch.stack(rows)


@settings(max_examples=25, deadline=None)
@given(
    tokens=st.integers(1, 40),
    experts=st.integers(1, 7),
    active=st.integers(1, 7),
    expert_type=st.sampled_from(["mlp", "swiglu"]),
    seed=st.integers(0, 2**31),
)
def test_equals_a_dense_loop_over_the_experts(
    tokens: int, experts: int, active: int, expert_type: ExpertType, seed: int
) -> None:
    module = moe(experts, min(active, experts), expert_type, seed)
    x_ND = torch.randn(tokens, 8, generator=torch.Generator().manual_seed(seed)).requires_grad_()
    out_ND, expected_ND = module(x_ND), dense_loop(module, x_ND)
    torch.testing.assert_close(out_ND, expected_ND, rtol=1e-4, atol=1e-5)
    inputs = (x_ND, *module.parameters())
    pull_ND = torch.linspace(-1, 1, out_ND.numel()).view_as(out_ND)
    ours = torch.autograd.grad(out_ND, inputs, pull_ND)
    theirs = torch.autograd.grad(expected_ND, inputs, pull_ND, allow_unused=True, materialize_grads=True)
    for our, their in zip(ours, theirs, strict=True):
        torch.testing.assert_close(our, their, rtol=1e-3, atol=1e-4)


def test_balance_decides_the_choice_and_leaves_the_gates_alone() -> None:
    module = moe()
    x_ND = torch.randn(30, 8, generator=torch.Generator().manual_seed(1))
    module.balance_E.zero_()
    _, plain_Nk = module.route(x_ND)
    module.balance_E[3] = 10.0
    gate_Nk, chosen_Nk = module.route(x_ND)
    assert (chosen_Nk == 3).any(1).all() and not (plain_Nk == 3).any(1).all()
    score_NE = module.router(x_ND).sigmoid()
    expected_Nk = score_NE.gather(1, chosen_Nk)
    torch.testing.assert_close(gate_Nk, expected_Nk / expected_Nk.sum(1, keepdim=True))


def test_balance_moves_by_the_sign_of_the_load_and_only_when_told() -> None:
    module = moe()
    before_E = module.balance_E.clone()
    x_ND = torch.randn(30, 8, generator=torch.Generator().manual_seed(1))
    module.eval()
    module(x_ND)
    assert module.load_E.sum() == 0
    module.train()
    is_counted_N = torch.arange(30) < 20
    module(x_ND, is_counted_N)
    load_E = module.load_E.clone()
    assert load_E.sum() == 20 * module.experts_active
    assert torch.equal(module.balance_E, before_E)
    violation = module.update_balance()
    assert violation == pytest.approx((load_E.max() / load_E.mean() - 1).item())
    torch.testing.assert_close(module.balance_E, before_E + 0.01 * torch.sign(load_E.mean() - load_E))
    assert module.load_E.sum() == 0
    assert "balance_E" in module.state_dict() and not module.balance_E.requires_grad


def test_loads_even_out() -> None:
    module = moe(experts=4)
    x_ND = torch.randn(256, 8, generator=torch.Generator().manual_seed(2)) + 1.0
    module.train()
    violations = []
    for _ in range(200):
        module(x_ND)
        violations.append(module.update_balance())
    assert min(violations[-20:]) < 0.2 < violations[0]
