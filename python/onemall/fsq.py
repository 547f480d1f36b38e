"""The last level of a Semantic ID: finite scalar quantisation (FSQ) of the residual to bits (OneMall, 3.1.3)."""

# Shapes: B = batch, N = items asked for, D = width of the residual, L = bits.
# Departures from the paper:
# (1) The cut is the sign. The usual FSQ `bound()` is off-centre for two levels: it cuts near -3.8.
# (2) tanh before the cut keeps the straight-through gradient of a number that is far from it small.

from dataclasses import asdict, dataclass
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.training import RandomState, Trainer, expect_step, read_config, require


@dataclass(kw_only=True, slots=True)
class FsqConfig:
    """`width` of the residual, `bits` of the code, `hidden` units of encoder and decoder."""

    width: int
    bits: int
    hidden: int = 256
    balance_weight: float = 0.1
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        for name in ("width", "bits", "hidden"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, found {getattr(self, name)}")
        if self.balance_weight < 0:
            raise ValueError(f"balance_weight: expected 0 or more, found {self.balance_weight}")


class BitQuantiser(nn.Module):
    """Residual -> bits -> residual; the residual is standardised by `mean_D` and one `scale` for all its numbers."""

    mean_D: Tensor
    scale: Tensor

    def __init__(self, config: FsqConfig) -> None:
        super().__init__()
        self.encoder = _mlp(config.width, config.hidden, config.bits)
        self.decoder = _mlp(config.bits, config.hidden, config.width)
        self.register_buffer("mean_D", torch.zeros(config.width))
        self.register_buffer("scale", torch.tensor(0.0))  # 0: nothing seen yet

    def standardise(self, residual_BD: Tensor) -> Tensor:  # (B, D)
        return (residual_BD - self.mean_D) / self.scale

    def original(self, standard_BD: Tensor) -> Tensor:  # (B, D), undoes `standardise`
        return standard_BD * self.scale + self.mean_D

    def observe(self, residual_BD: Tensor) -> None:
        """Takes mean and scale from these residuals."""
        self.mean_D.copy_(residual_BD.mean(0))
        self.scale.copy_((residual_BD - self.mean_D).pow(2).mean().sqrt().clamp(min=1e-12))

    def forward(self, standard_BD: Tensor) -> Tensor:  # (B, L) in (-1, 1); its sign is the bit
        return torch.tanh(self.encoder(standard_BD))


def cut(soft_BL: Tensor) -> Tensor:
    """Each number to -1 or 1 (0 to 1), with the gradient of the number itself (straight-through estimator)."""
    hard_BL = torch.where(soft_BL >= 0, 1.0, -1.0)
    return soft_BL + (hard_BL - soft_BL).detach()


def imbalance(soft_BL: Tensor) -> Tensor:
    """Mean square of the off-diagonal and of the mean of the bits: 0 when each bit halves the items, on its own.

    Differentiable through `cut`; sum over bits of mean^2 + sum over pairs of covariance^2, per bit.
    """
    bits_BL = cut(soft_BL)
    mean_L = bits_BL.mean(0)
    centred_BL = bits_BL - mean_L
    covariance_LL = centred_BL.T @ centred_BL / len(bits_BL)
    off_diagonal_LL = covariance_LL - covariance_LL.diag().diag()
    return mean_L.pow(2).mean() + off_diagonal_LL.pow(2).sum() / bits_BL.shape[1]


class Fsq:
    """Feed "residuals" for their scale (else the first batch gives it), step on them, infer "bits" or "reconstruct"."""

    def __init__(self, config: FsqConfig, seed: int, device: torch.device) -> None:
        self.config = config
        self.device = device
        random = RandomState(seed, device)
        with random.lent():
            self.quantiser = BitQuantiser(config).to(device)
        self.trainer = Trainer(self.quantiser, random, weight_decay=config.weight_decay)

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: torch.device) -> Self:
        return cls(read_config(FsqConfig, config), seed, device)

    def feed(self, what: str, tensors: dict[str, Tensor]) -> None:
        """ "residuals": `residual` float32 (N, D), all or a sample; sets the scale."""
        if what != "residuals":
            raise ValueError(f"feed: expected `residuals`, found `{what}`")
        self.quantiser.observe(self._residual(tensors))

    def step(self, what: str, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """`residuals`: one step on `residual` float32 (B, D): reconstruction error (1 = the mean's), bit imbalance."""
        expect_step(what, "residuals")
        residual_BD = self._residual(batch)
        if self.quantiser.scale == 0:
            self.quantiser.observe(residual_BD)
        self.quantiser.train()
        standard_BD = self.quantiser.standardise(residual_BD)
        soft_BL = self.quantiser(standard_BD)
        reconstruction_loss = F.mse_loss(self.quantiser.decoder(cut(soft_BL)), standard_BD)
        balance_loss = imbalance(soft_BL)
        loss = reconstruction_loss + self.config.balance_weight * balance_loss
        parts = {"reconstruction_loss": reconstruction_loss, "balance_loss": balance_loss}
        return self.trainer.step(loss, parts, settings["learning_rate"])

    def infer(self, what: str, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> dict[str, float]:
        """Residuals to bits and back.

        "bits": `residual` float32 (N, D) -> `bits` uint8 (N, L), 0 or 1, most significant first; returns the
        reconstruction error of these residuals (1 = the mean vector's). "reconstruct": `bits` -> `residual`.
        """
        if what not in ("bits", "reconstruct"):
            raise ValueError(f"infer: expected `bits` or `reconstruct`, found `{what}`")
        require(inputs | outputs, residual=f"float32 N {self.config.width}", bits=f"uint8 N {self.config.bits}")
        if self.quantiser.scale == 0:
            raise ValueError("infer: the quantiser has seen no residuals: feed, step or load first")
        self.quantiser.eval()
        if what == "reconstruct":
            with torch.inference_mode():
                bits_NL = inputs["bits"].to(self.device).float() * 2 - 1
                outputs["residual"].copy_(self.quantiser.original(self.quantiser.decoder(bits_NL)))
            return {}
        residual_ND = self._residual(inputs)
        with torch.inference_mode():
            standard_ND = self.quantiser.standardise(residual_ND)
            soft_NL = self.quantiser(standard_ND)
            outputs["bits"].copy_(soft_NL >= 0)
            error = F.mse_loss(self.quantiser.decoder(cut(soft_NL)), standard_ND)
        return {"reconstruction_loss": error.item()}

    def copy_from(self, other: Self) -> None:
        self.trainer.copy_from(other.trainer)

    def save(self, path: str, training: bool) -> None:
        self.trainer.save(path, training, {"kind": "fsq", "config": asdict(self.config)})

    def load(self, path: str, training: bool) -> None:
        self.trainer.load(path, training)

    def _residual(self, tensors: dict[str, Tensor]) -> Tensor:
        require(tensors, residual=f"float32 B {self.config.width}")
        residual_BD = tensors["residual"].to(self.device)
        if not len(residual_BD) or not residual_BD.isfinite().all():
            raise ValueError(
                f"residual: expected finite numbers, found {tuple(residual_BD.shape)} with others or empty"
            )
        return residual_BD


def _mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, outputs))
