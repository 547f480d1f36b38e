from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import CPU
from hypothesis import given, settings
from hypothesis import strategies as st

from onemall.fsq import Fsq, cut, imbalance

CONFIG = {"width": 6, "bits": 4, "hidden": 32}
RATE = {"learning_rate": 3e-3}


def residuals(count: int, seed: int = 0, scale: float = 1e-3) -> torch.Tensor:
    """Points around 16 corners of a skew box, far from the origin compared with their size."""
    random = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 2, (count, 4), generator=random) * 2.0 - 1
    noise = 0.1 * torch.randn(count, 6, generator=random)
    return scale * (corners @ torch.randn(4, 6, generator=torch.Generator().manual_seed(7)) + noise + 3)


def bits(model: Fsq, residual: torch.Tensor) -> torch.Tensor:
    found = torch.full((len(residual), 4), 9, dtype=torch.uint8)
    model.infer("bits", {"residual": residual}, {"bits": found})
    return found


def trained(steps: int, **config: float) -> tuple[Fsq, list[dict[str, float]]]:
    model = Fsq.open(CONFIG | config, 0, CPU)
    model.feed("residuals", {"residual": residuals(1024)})
    return model, [model.step("residuals", {"residual": residuals(256, seed)}, RATE) for seed in range(steps)]


def test_cut_is_the_sign_and_its_gradient_is_straight_through() -> None:
    soft = torch.tensor([0.7, -0.2, 0.3, 0.0, -1e-30], requires_grad=True)
    hard = cut(soft)
    assert hard.tolist() == [1, -1, 1, 1, -1]
    (hard * torch.arange(5.0)).sum().backward()
    assert soft.grad is not None and soft.grad.tolist() == [0, 1, 2, 3, 4]


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 40), width=st.integers(1, 5))
@settings(deadline=None, print_blob=True)
def test_imbalance_equals_numpy(seed: int, size: int, width: int) -> None:
    soft = np.random.default_rng(seed).normal(size=(size, width))
    hard = np.where(soft >= 0, 1.0, -1.0)
    covariance = np.atleast_2d(np.cov(hard.T, bias=True))
    expected = np.mean(hard.mean(0) ** 2) + (np.sum(covariance**2) - np.sum(np.diag(covariance) ** 2)) / width
    assert imbalance(torch.tensor(soft)).item() == pytest.approx(expected, abs=1e-6)


def test_all_codes_in_use_and_the_corners_are_found() -> None:
    model, figures = trained(300)
    assert figures[-1]["reconstruction_loss"] < 0.5 * figures[0]["reconstruction_loss"]
    found = bits(model, residuals(512, seed=1000))
    assert set(found.unique().tolist()) <= {0, 1}
    assert len(found.unique(dim=0)) >= 12
    assert (found.float().mean(0) - 0.5).abs().max() < 0.3


def test_balance_term_balances() -> None:
    skewed = torch.randn(1024, 6, generator=torch.Generator().manual_seed(0)).mul(2).exp()  # mean far above median
    figures = []
    for weight in (0.0, 1.0):
        model = Fsq.open(CONFIG | {"balance_weight": weight}, 0, CPU)
        figures.append([model.step("residuals", {"residual": skewed}, RATE) for _ in range(100)][-1]["balance_loss"])
    assert figures[1] < 0.5 * figures[0]


def test_scale_does_not_matter() -> None:
    codes = []
    for scale in (1.0, 2.0**-20):
        model = Fsq.open(CONFIG, 0, CPU)
        for seed in range(20):
            model.step("residuals", {"residual": residuals(256, seed, scale)}, RATE)
        codes.append(bits(model, residuals(256, 99, scale)))
    assert torch.equal(codes[0], codes[1])


def test_resume_is_bit_exact(check_resume: Callable[..., None]) -> None:
    check_resume(
        "residuals", lambda seed: Fsq.open(CONFIG, seed, CPU), [{"residual": residuals(64, seed)} for seed in range(6)]
    )


def test_weights_reload_with_their_scale(tmp_path: Path) -> None:
    model, _ = trained(20)
    other = Fsq.open(CONFIG, 5, CPU)
    model.save(str(tmp_path / "fsq"), training=False)
    other.load(str(tmp_path / "fsq"), training=False)
    assert torch.equal(bits(model, residuals(100)), bits(other, residuals(100)))


def test_reconstruct_is_the_decoder_of_bits() -> None:
    model, _ = trained(20)
    residual, rebuilt = residuals(100), torch.zeros(100, 6)
    found = torch.zeros(100, 4, dtype=torch.uint8)
    error = model.infer("bits", {"residual": residual}, {"bits": found})["reconstruction_loss"]
    model.infer("reconstruct", {"bits": found}, {"residual": rebuilt})
    scale = model.quantiser.scale
    assert ((rebuilt - residual) / scale).pow(2).mean().item() == pytest.approx(error, rel=1e-4)


def test_residuals_that_are_all_equal_stay_finite() -> None:
    model = Fsq.open(CONFIG, 0, CPU)
    assert np.isfinite(model.step("residuals", {"residual": torch.full((8, 6), 2.0)}, RATE)["loss"])


def test_wrong_use_is_explained() -> None:
    model = Fsq.open(CONFIG, 0, CPU)
    with pytest.raises(ValueError, match="has seen no residuals"):
        bits(model, residuals(3))
    with pytest.raises(ValueError, match="expected finite numbers"):
        model.step("residuals", {"residual": torch.full((3, 6), torch.nan)}, RATE)
    with pytest.raises(ValueError, match="`residual`: expected float32 B 6"):
        model.step("residuals", {"residual": torch.zeros(3, 5)}, RATE)
    with pytest.raises(ValueError, match="bits: expected at least 1, found 0"):
        Fsq.open(CONFIG | {"bits": 0}, 0, CPU)
    with pytest.raises(ValueError, match="expected `residuals`"):
        model.feed("items", {})
    with pytest.raises(ValueError, match="expected `bits`"):
        model.infer("codes", {}, {})
