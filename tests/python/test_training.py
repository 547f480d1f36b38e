from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
import torch
from conftest import CPU
from torch import nn

from onemall.training import RandomState, Trainer, read_about, read_config, require


@dataclass(kw_only=True, slots=True)
class Inner:
    depth: int


@dataclass(kw_only=True, slots=True)
class Example:
    width: int
    rate: float
    pool: Literal["mean", "attention"]
    inner: Inner
    sizes: list[int]
    weights: dict[str, float]
    folder: str | None = None


GOOD = {
    "width": 3,
    "rate": 1,
    "pool": "mean",
    "inner": {"depth": 1},
    "sizes": [1, 2],
    "weights": {"a": 1.5},
    "folder": None,
}


def trainer(seed: int = 0, width: int = 2) -> Trainer:
    random = RandomState(seed, CPU)
    with random.lent():
        module = nn.Sequential(nn.Linear(3, width), nn.Dropout(0.5), nn.Linear(width, 1))
    return Trainer(module, random)


def test_config_takes_what_fits() -> None:
    config = read_config(Example, GOOD)
    assert config == Example(
        width=3, rate=1.0, pool="mean", inner=Inner(depth=1), sizes=[1, 2], weights={"a": 1.5}, folder=None
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("width", True, "`width`: expected int, found True"),
        ("width", 2.0, "`width`: expected int, found 2.0"),
        ("pool", "max", "`pool`: expected mean | attention, found 'max'"),
        ("inner", {"deep": 1}, "unknown key `inner.deep` (known: depth); missing key `inner.depth`"),
        ("sizes", [1, "2"], "`sizes[1]`: expected int, found '2'"),
        ("weights", {"a": None}, "`weights.a`: expected float, found None"),
        ("witdh", 3, "unknown key `witdh` (known: width, rate,"),
    ],
)
def test_config_names_what_does_not_fit(key: str, value: object, message: str) -> None:
    with pytest.raises(ValueError) as error:
        read_config(Example, GOOD | {key: value})
    assert message in str(error.value)


def test_config_reports_all_problems_at_once() -> None:
    with pytest.raises(ValueError, match=r"unknown key `a`.*missing key `width`.*missing key `weights`"):
        read_config(Example, {"a": 1})


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"a": torch.zeros(2, 3)}, r"`b` \(int32 B\) is missing, found only: a"),
        ({"a": torch.zeros(2, 3), "b": torch.zeros(2)}, r"`b`: expected int32 B .*found torch.float32 \(2,\)"),
        ({"a": torch.zeros(2, 3), "b": torch.zeros(3, dtype=torch.int32)}, r"`b`: expected int32 B .*'B': 2.*\(3,\)"),
        ({"a": torch.zeros(2), "b": torch.zeros(2, dtype=torch.int32)}, r"`a`: expected float32 B T .*\(2,\)"),
    ],
)
def test_batches_are_checked(tensors: dict[str, torch.Tensor], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        require(tensors, a="float32 B T", b="int32 B")


def test_batch_sizes() -> None:
    assert require({"a": torch.zeros(2, 3, 4)}, a="float32 B T 4") == {"B": 2, "T": 3}


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_loss_that_is_not_finite_changes_nothing(bad: float) -> None:
    model = trainer()
    before = {name: each.clone() for name, each in model.module.state_dict().items()}
    loss = model.module(torch.ones(1, 3)).sum() * bad
    with pytest.raises(FloatingPointError, match=r"ntp_loss.*no weight was changed"):
        model.step(loss, {"ntp_loss": loss}, 1e-2)
    assert all(torch.equal(each, before[name]) for name, each in model.module.state_dict().items())


def test_gradient_that_is_not_finite_changes_nothing() -> None:
    model = trainer()
    before = {name: each.clone() for name, each in model.module.state_dict().items()}
    loss = (model.module(torch.ones(1, 3)) * 0).abs().sqrt().sum()  # 0 with an infinite slope
    with pytest.raises(FloatingPointError, match="gradient is not finite"):
        model.step(loss, {}, 1e-2)
    assert all(torch.equal(each, before[name]) for name, each in model.module.state_dict().items())


def test_random_state_is_the_models_own() -> None:
    torch.manual_seed(5)
    undisturbed = torch.rand(3)
    torch.manual_seed(5)
    one, other = RandomState(1, CPU), RandomState(1, CPU)
    with one.lent():
        first = torch.rand(3)
    assert torch.equal(torch.rand(3), undisturbed)
    with other.lent():
        assert torch.equal(torch.rand(3), first)
    with one.lent():
        assert not torch.equal(torch.rand(3), first)


def test_files_that_do_not_fit_are_refused_by_name(tmp_path: Path) -> None:
    path = str(tmp_path / "weights")
    trainer(width=2).save(path, training=False, about={"kind": "example", "config": {"width": 2}})
    assert read_about(path) == {"kind": "example", "config": {"width": 2}}
    other = trainer(seed=1, width=4)
    before = other.module.state_dict()["0.weight"].clone()
    with pytest.raises(ValueError, match=r"`0.weight`: expected torch.float32 \(4, 3\), found torch.float32 \(2, 3\)"):
        other.load(path, training=False)
    with pytest.raises(ValueError, match=r"missing module.0.bias.* unexpected 0.bias, .*the same `training`\?"):
        other.load(path, training=True)
    assert torch.equal(other.module.state_dict()["0.weight"], before)


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    model = trainer()
    model.save(str(path), training=True, about={})
    assert [each.name for each in tmp_path.iterdir()] == ["weights"]  # nothing half-written lies beside it
    whole = path.read_bytes()
    for size in (0, 7, 100, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match="is not a whole safetensors file"):
            model.load(str(path), training=True)


def test_state_before_the_first_step_loads_too(tmp_path: Path) -> None:
    path = str(tmp_path / "fresh")
    fresh, stepped = trainer(), trainer(seed=1)
    fresh.save(path, training=True, about={})
    loss = stepped.module(torch.ones(1, 3)).sum()
    stepped.step(loss, {}, 1e-2)
    stepped.load(path, training=True)
    stepped.save(path + "2", training=True, about={})
    assert Path(path).read_bytes() == Path(path + "2").read_bytes()
