"""Sparse mixture of experts with loss-free balancing (PAPER.md section 5; Wang et al., arXiv 2408.15664).

Shapes: A = tokens, E = experts, k = experts chosen by a token, R = A k, D = width, F = hidden width of one expert.

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

from onemall.attention import full_precision

ExpertType = Literal["mlp", "swiglu"]
ALIGNED = 8


def _permute(x_RD: Tensor, order_R: Tensor, inverse_R: Tensor) -> Tensor:
    permuted: Tensor = _Permute.apply(x_RD, order_R, inverse_R)  # type: ignore[no-untyped-call]
    return permuted


class _Permute(torch.autograd.Function):
    """Rows in another order. The gradient is a gather too; indexing would add atomically, in no fixed order."""

    @staticmethod
    def forward(ctx: Any, x_RD: Tensor, order_R: Tensor, inverse_R: Tensor) -> Tensor:
        ctx.save_for_backward(order_R, inverse_R)
        return x_RD.index_select(0, order_R)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        _, inverse_R = ctx.saved_tensors
        return gradients[0].index_select(0, inverse_R), None, None


def check_widths(device: torch.device, **widths: int) -> None:
    """A GPU's grouped product reads rows of 16 bytes, which are 8 numbers of bf16; anything else is a ValueError."""
    for name, width in widths.items():
        if device.type == "cuda" and width % ALIGNED:
            raise ValueError(
                f"{name}: expected a multiple of {ALIGNED} on a GPU, found {width}: change it, or use a CPU"
            )


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
        for weight in (self.up_EDF, self.down_EFD):
            weight.normal_(std=weight.shape[1] ** -0.5)

    def forward(self, x: Tensor, is_counted: Tensor | None = None) -> Tensor:
        """(..., D) to (..., D). In training, tokens count as load where `is_counted` (...) is true (default: all)."""
        x_AD = x.flatten(0, -2)
        gate_Ak, expert_Ak = self.route(x_AD)
        if self.training:
            weight_A = None if is_counted is None else is_counted.flatten().float()
            self._count(expert_Ak, weight_A)
        expert_R, order_R = expert_Ak.flatten().sort(stable=True)  # R = A k
        inverse_R = torch.empty_like(order_R).scatter_(0, order_R, torch.arange(len(order_R), device=x.device))
        repeated_RD = x_AD.unsqueeze(1).expand(-1, self.experts_active, -1).flatten(0, 1)
        sorted_RD = _permute(repeated_RD, order_R, inverse_R)
        ends_E = torch.searchsorted(
            expert_R, torch.arange(len(self.balance_E), device=x.device, dtype=expert_R.dtype), right=True
        ).int()
        expert_out_RD = self._experts(sorted_RD, ends_E)
        out_RD = _permute(expert_out_RD, inverse_R, order_R)
        mixed_AD: Tensor = (out_RD.view(*gate_Ak.shape, -1) * gate_Ak.unsqueeze(-1).to(out_RD.dtype)).sum(1)
        return mixed_AD.view_as(x)

    def idle_parameters(self) -> int:
        """Parameters of the experts that a token does not meet."""
        experts = len(self.balance_E)
        return (experts - self.experts_active) * (self.up_EDF.numel() + self.down_EFD.numel()) // experts

    def route(self, x_AD: Tensor) -> tuple[Tensor, Tensor]:
        """Gates (A, k), which sum to 1, and the chosen experts (A, k). The balance has a say in the choice only."""
        with full_precision(x_AD):
            score_AE = self.router(x_AD.float()).sigmoid()
        expert_Ak = (score_AE.detach() + self.balance_E).topk(self.experts_active, dim=-1).indices
        chosen_Ak = score_AE.gather(1, expert_Ak)
        return chosen_Ak / chosen_Ak.sum(-1, keepdim=True).clamp(min=1e-9), expert_Ak

    @torch.no_grad()
    def update_balance(self) -> float:
        """Moves the balance by the load since the last call; returns that load's MaxVio = max load / mean load - 1."""
        mean = self.load_E.mean()
        self.balance_E += self.balance_rate * torch.sign(mean - self.load_E)
        max_violation = (self.load_E.max() / mean.clamp(min=1.0) - 1.0).item()
        self.load_E.zero_()
        return max_violation

    @torch.no_grad()
    def _count(self, expert_Ak: Tensor, weight_A: Tensor | None) -> None:
        chosen_AE = torch.zeros(expert_Ak.shape[0], len(self.load_E), device=expert_Ak.device)
        chosen_AE.scatter_(1, expert_Ak, 1.0)
        with full_precision(chosen_AE):  # a product in bf16 counts to 256
            self.load_E += chosen_AE.sum(0) if weight_A is None else weight_A @ chosen_AE

    def _experts(self, sorted_RD: Tensor, ends_E: Tensor) -> Tensor:  # (R, D)
        dtype = torch.bfloat16 if sorted_RD.is_cuda else sorted_RD.dtype
        hidden_RF = torch._grouped_mm(sorted_RD.to(dtype), self.up_EDF.to(dtype), offs=ends_E)
        if self.expert_type == "swiglu":
            gate_RF, value_RF = hidden_RF.chunk(2, dim=-1)
            hidden_RF = F.silu(gate_RF) * value_RF
        else:
            hidden_RF = F.gelu(hidden_RF)
        return torch._grouped_mm(hidden_RF, self.down_EFD.to(dtype), offs=ends_E)
