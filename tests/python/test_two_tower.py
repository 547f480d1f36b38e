from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import CPU
from hypothesis import given, settings
from hypothesis import strategies as st

from onemall.two_tower import TwoTower, in_batch_loss

CONFIG = {"items": 20, "width": 8, "pool": "attention"}
RATE = {"learning_rate": 1e-2}


def batches(count: int, seed: int = 0, size: int = 32) -> list[dict[str, torch.Tensor]]:
    """A user whose latest items lie in one half of the catalogue goes on there."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        half = random.integers(0, 2, size)
        user_items = random.integers(0, 10, (size, 5)) + 10 * half[:, None]
        user_items[np.arange(5) >= random.integers(0, 6, size)[:, None]] = -1
        item = random.integers(0, 10, size) + 10 * half
        made.append(
            {
                "user_items": torch.tensor(user_items, dtype=torch.int32),
                "item": torch.tensor(item, dtype=torch.int32),
                "log_q": torch.full((size,), -3.0),
            }
        )
    return made


def vectors(model: TwoTower) -> torch.Tensor:
    vector = torch.zeros(20, 8)
    model.infer("items", {"item": torch.arange(20, dtype=torch.int32)}, {"vector": vector})
    return vector


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 12))
@settings(deadline=None, print_blob=True)
def test_loss_equals_numpy(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    scores, log_q = random.normal(size=(size, size)), random.normal(size=size)
    item = random.integers(0, max(2, size // 2), size)
    rows = []
    for i in range(size):
        corrected = [scores[i, j] - log_q[j] for j in range(size) if j == i or item[j] != item[i]]
        rows.append(np.log(np.sum(np.exp(corrected))) - (scores[i, i] - log_q[i]))
    found = in_batch_loss(torch.tensor(scores), torch.tensor(item), torch.tensor(log_q))
    assert found.item() == pytest.approx(np.mean(rows))


def test_correction_removes_the_bias_of_sampling() -> None:
    """Items drawn in proportion to q, the popular ones with higher scores: over many batches the corrected loss is the
    softmax over the whole catalogue, shifted by log(q batch) of the item; the plain one isn't, whatever its shift."""
    random = np.random.default_rng(3)
    items, batch = 2_000, 512
    q = random.uniform(0.2, 1.8, items)
    q /= q.sum()
    scores = random.normal(size=items) + 2 * np.log(q * items)
    full = np.log(np.exp(scores).sum())
    errors = []
    for _ in range(20):
        drawn = random.choice(items, batch, p=q)
        rows, item = torch.tensor(np.tile(scores[drawn], (batch, 1))), torch.tensor(drawn)
        corrected = in_batch_loss(rows, item, torch.tensor(np.log(q[drawn]))).item()
        plain = in_batch_loss(rows, item, torch.zeros(batch)).item()
        expected = full - scores[drawn].mean()
        shift = np.log(q[drawn]).mean() + np.log(batch)
        errors.append([corrected - shift - expected, plain - np.log(batch / items) - expected])
    corrected_error, plain_error = np.mean(errors, axis=0)
    assert abs(corrected_error) < 0.05 < 0.2 < abs(plain_error)


@pytest.mark.parametrize("pool", ["mean", "attention"])
@pytest.mark.parametrize("features", [0, 3])
def test_loss_falls_and_halves_part(pool: str, features: int) -> None:
    model = TwoTower.open(CONFIG | {"pool": pool, "features": features}, 0, CPU)
    if features:
        model.feed("items", {"features": torch.randn(20, 3, generator=torch.Generator().manual_seed(0))})
    losses = [model.step("next_item", batch, RATE)["loss"] for batch in batches(150)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) - 0.3
    similarity = vectors(model) @ vectors(model).T
    assert similarity[:10, :10].mean() > similarity[:10, 10:].mean() + 0.3
    torch.testing.assert_close(vectors(model).norm(dim=1), torch.ones(20))


def test_a_category_gives_an_unseen_item_the_place_of_its_like() -> None:
    """Items 8, 9 and 18, 19 are never trained: only their category tells which half they belong to."""
    model = TwoTower.open(CONFIG | {"categories": 2}, 0, CPU)
    category = (torch.arange(20, dtype=torch.int32) >= 10).int()
    category[9] = -1
    model.feed("items", {"category": category})
    for batch in batches(60):
        batch["user_items"] = torch.where(batch["user_items"] % 10 >= 8, -1, batch["user_items"])
        batch["item"] = batch["item"] % 10 % 8 + batch["item"] // 10 * 10
        model.step("next_item", batch, RATE)
    vector = vectors(model)
    halves = torch.stack([vector[:8].mean(0), vector[10:18].mean(0)])
    assert (vector[[8, 18, 19]] @ halves.T).argmax(1).tolist() == [0, 1, 1]
    with pytest.raises(ValueError, match="category: expected at most 1, found 2"):
        model.feed("items", {"category": category + 1})


def test_items_that_training_never_met_are_where_their_features_are() -> None:
    """The catalogue has 23 items, the network 20 ids, of which 9 and 19 are never met."""
    model = TwoTower.open(CONFIG | {"features": 2}, 0, CPU)
    features = torch.rand(23, 2, generator=torch.Generator().manual_seed(1))
    features[[19, 20, 22]] = features[9].clone()
    model.feed("items", {"features": features})
    for batch in batches(5):
        batch["user_items"] = torch.where(batch["user_items"] % 10 == 9, -1, batch["user_items"])
        batch["item"] = batch["item"] % 9 + batch["item"] // 10 * 10
        model.step("next_item", batch, RATE)
    vector = torch.zeros(23, 8)
    model.infer("items", {"item": torch.arange(23, dtype=torch.int32)}, {"vector": vector})
    assert (vector[[19, 20, 22]] == vector[9]).all()
    assert not vector[21].equal(vector[9]) and not vector[8].equal(vector[9])
    with pytest.raises(ValueError, match=r"item: expected 0..22, found 23..23"):
        model.infer("items", {"item": torch.full((1,), 23, dtype=torch.int32)}, {"vector": torch.zeros(1, 8)})
    with pytest.raises(ValueError, match="expected 20 items or more, found 19"):
        model.feed("items", {"features": features[:19]})


def test_an_item_of_which_nothing_is_known_is_the_zero_vector() -> None:
    model = TwoTower.open(CONFIG, 0, CPU)
    model.step("next_item", batches(1)[0] | {"item": torch.full((32,), 3, dtype=torch.int32)}, RATE)
    vector = torch.zeros(2, 8)
    model.infer("items", {"item": torch.tensor([3, 20], dtype=torch.int32)}, {"vector": vector})
    torch.testing.assert_close(vector.norm(dim=1), torch.tensor([1.0, 0.0]))


def test_resume_is_bit_exact(check_resume: Callable[..., None]) -> None:
    check_resume("next_item", lambda seed: TwoTower.open(CONFIG, seed, CPU), batches(6))


def test_same_seed_same_vectors_and_weights_reload(tmp_path: Path) -> None:
    one, same, other = (TwoTower.open(CONFIG, seed, CPU) for seed in (1, 1, 2))
    for batch in batches(3):
        one.step("next_item", batch, RATE)
        same.step("next_item", batch, RATE)
    assert torch.equal(vectors(one), vectors(same))
    assert not torch.equal(vectors(one), vectors(other))
    one.save(str(tmp_path / "weights"), training=False)
    other.load(str(tmp_path / "weights"), training=False)
    assert torch.equal(vectors(one), vectors(other))


def test_padding_changes_nothing_and_an_empty_user_is_finite() -> None:
    model = TwoTower.open(CONFIG, 0, CPU)
    model.step("next_item", batches(1)[0], RATE)
    short = torch.tensor([[3, 4], [-1, -1]], dtype=torch.int32)
    long = torch.tensor([[3, 4, -1, -1], [-1, -1, -1, -1]], dtype=torch.int32)
    found = [torch.zeros(2, 8), torch.zeros(2, 8)]
    for user_items, vector in zip((short, long), found, strict=True):
        model.infer("users", {"user_items": user_items}, {"vector": vector})
    torch.testing.assert_close(found[0], found[1])
    assert found[0].isfinite().all()


def test_wrong_use_is_explained() -> None:
    model = TwoTower.open(CONFIG, 0, CPU)
    batch = batches(1)[0]
    with pytest.raises(ValueError, match=r"item: expected 0..19, found 20..20"):
        model.step("next_item", batch | {"item": torch.full((32,), 20, dtype=torch.int32)}, RATE)
    with pytest.raises(ValueError, match="`log_q`: expected float32 B"):
        model.step("next_item", batch | {"log_q": torch.zeros(3)}, RATE)
    with pytest.raises(FloatingPointError, match="contrastive_loss"):
        model.step("next_item", batch | {"log_q": torch.full((32,), torch.nan)}, RATE)
    with pytest.raises(ValueError, match="missing key `items`"):
        TwoTower.open({"width": 8}, 0, CPU)
    with pytest.raises(ValueError, match="expected `items` of a config with features"):
        model.feed("items", {"features": torch.zeros(20, 3)})
    with pytest.raises(ValueError, match="feed `items` first"):
        TwoTower.open(CONFIG | {"features": 3}, 0, CPU).step("next_item", batch, RATE)
    with pytest.raises(ValueError, match="expected `items` or `users`"):
        model.infer("rooms", {}, {})
