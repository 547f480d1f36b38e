"""Sparse mixture of experts with loss-free balancing (PAPER.md section 5; Wang et al., arXiv 2408.15664).

Shapes: N = tokens, E = experts, k = experts chosen by a token, D = width, F = hidden width of one expert.

A token takes the k experts with the highest `score + balance`; its gates are the scores alone, normalised over the
chosen. `balance` is a buffer: after each training step it moves by `balance_rate * sign(mean load - load)`, and it is
saved with the weights. Only `update_balance` moves it: evaluation and recomputed forward passes leave it as it is.

Tokens are sorted by expert and go through `torch._grouped_mm`: at width 64 this costs 1.5x a dense layer of the same
active size, a loop over the experts 3.2x. Sorting and unsorting are gathers in both directions, hence deterministic.
"""

from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ExpertType = Literal["mlp", "swiglu"]


def _permute(x_ND: Tensor, order_N: Tensor, inverse_N: Tensor) -> Tensor:
    permuted: Tensor = _Permute.apply(x_ND, order_N, inverse_N)  # type: ignore[no-untyped-call]
    return permuted


class _Permute(torch.autograd.Function):
    """Rows in another order. The gradient is a gather too; indexing would add atomically, in no fixed order."""

    @staticmethod
    def forward(ctx: Any, x_ND: Tensor, order_N: Tensor, inverse_N: Tensor) -> Tensor:
        ctx.save_for_backward(order_N, inverse_N)
        return x_ND.index_select(0, order_N)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        _, inverse_N = ctx.saved_tensors
        return gradients[0].index_select(0, inverse_N), None, None


class MixtureOfExperts(nn.Module):
    """k of E feed-forward experts per token. mlp: GELU, two matrices; swiglu: SiLU gate, three matrices."""

    balance_E: Tensor
    load_E: Tensor

    def __init__(
        self, width: int, hidden: int, experts: int, experts_active: int, expert_type: ExpertType, balance_rate: float
    ) -> None:
        super().__init__()
        self.experts_active = experts_active
        self.expert_type = expert_type
        self.balance_rate = balance_rate
        self.router = nn.Linear(width, experts, bias=False)
        up_columns = 2 * hidden if expert_type == "swiglu" else hidden
        self.up_EDF = nn.Parameter(torch.empty(experts, width, up_columns))
        self.down_EFD = nn.Parameter(torch.empty(experts, hidden, width))
        self.register_buffer("balance_E", torch.zeros(experts))
        self.register_buffer("load_E", torch.zeros(experts), persistent=False)

    def initialise(self) -> None:
        """Each expert like a pair of linear layers of its own."""
        for weight_EIO in (self.up_EDF, self.down_EFD):
            weight_EIO.normal_(std=weight_EIO.shape[1] ** -0.5)

    def forward(self, x: Tensor, is_counted: Tensor | None = None) -> Tensor:
        """(..., D) to (..., D). In training, tokens count as load where `is_counted` (...) is true (default: all)."""
        x_ND = x.flatten(0, -2)
        gate_Nk, expert_Nk = self.route(x_ND)
        if self.training:
            weight_N = None if is_counted is None else is_counted.flatten().float()
            self._count(expert_Nk, weight_N)
        expert_M, order_M = expert_Nk.flatten().sort(stable=True)  # M = N k
        inverse_M = torch.empty_like(order_M).scatter_(0, order_M, torch.arange(len(order_M), device=x.device))
        repeated_MD = x_ND.unsqueeze(1).expand(-1, self.experts_active, -1).flatten(0, 1)
        sorted_MD = _permute(repeated_MD, order_M, inverse_M)
        ends_E = torch.searchsorted(
            expert_M, torch.arange(len(self.balance_E), device=x.device, dtype=expert_M.dtype), right=True
        ).int()
        expert_out_MD = self._experts(sorted_MD, ends_E)
        out_MD = _permute(expert_out_MD, inverse_M, order_M)
        mixed_ND: Tensor = (out_MD.view(*gate_Nk.shape, -1) * gate_Nk.unsqueeze(-1).to(out_MD.dtype)).sum(1)
        return mixed_ND.view_as(x)

    def idle_parameters(self) -> int:
        """Parameters of the experts that a token does not meet."""
        experts = len(self.balance_E)
        return (experts - self.experts_active) * (self.up_EDF.numel() + self.down_EFD.numel()) // experts

    def route(self, x_ND: Tensor) -> tuple[Tensor, Tensor]:
        """Gates (N, k), which sum to 1, and the chosen experts (N, k). The balance has a say in the choice only."""
        score_NE = self.router(x_ND).float().sigmoid()
        expert_Nk = (score_NE.detach() + self.balance_E).topk(self.experts_active, dim=-1).indices
        chosen_Nk = score_NE.gather(1, expert_Nk)
        return chosen_Nk / chosen_Nk.sum(-1, keepdim=True).clamp(min=1e-9), expert_Nk

    @torch.no_grad()
    def update_balance(self) -> float:
        """Moves the balance by the load since the last call; returns that load's MaxVio = max load / mean load - 1."""
        mean = self.load_E.mean()
        self.balance_E += self.balance_rate * torch.sign(mean - self.load_E)
        max_violation = (self.load_E.max() / mean.clamp(min=1.0) - 1.0).item()
        self.load_E.zero_()
        return max_violation

    @torch.no_grad()
    def _count(self, expert_Nk: Tensor, weight_N: Tensor | None) -> None:
        chosen_NE = torch.zeros(expert_Nk.shape[0], len(self.load_E), device=expert_Nk.device)
        chosen_NE.scatter_(1, expert_Nk, 1.0)
        self.load_E += chosen_NE.sum(0) if weight_N is None else weight_N @ chosen_NE

    def _experts(self, sorted_MD: Tensor, ends_E: Tensor) -> Tensor:  # (M, D)
        dtype = torch.bfloat16 if sorted_MD.is_cuda else sorted_MD.dtype
        hidden_MF = torch._grouped_mm(sorted_MD.to(dtype), self.up_EDF.to(dtype), offs=ends_E)
        if self.expert_type == "swiglu":
            gate_MF, value_MF = hidden_MF.chunk(2, dim=-1)
            hidden_MF = F.silu(gate_MF) * value_MF
        else:
            hidden_MF = F.gelu(hidden_MF)
        return torch._grouped_mm(hidden_MF, self.down_EFD.to(dtype), offs=ends_E)
