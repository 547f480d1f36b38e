from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from conftest import CPU
from hypothesis import given, settings
from hypothesis import strategies as st

from onemall.live_tower import LiveTower, symmetric_loss

ROOMS, PRODUCTS, KINDS = 12, 40, 4
CONFIG: dict[str, Any] = {
    "rooms": ROOMS,
    "products": PRODUCTS,
    "features": 6,
    "history": 3,
    "width": 8,
    "sizes": [4, 3],
    "dropout": 0.0,
}
RATE = {"learning_rate": 1e-2}


def catalogue() -> dict[str, torch.Tensor]:
    """Product p is of kind p % KINDS, which its features show noisily; every fifth has no Semantic ID."""
    noise = torch.randn(PRODUCTS, 6, generator=torch.Generator().manual_seed(1)) * 0.3
    kind = torch.arange(PRODUCTS) % KINDS
    code = torch.stack([kind, torch.arange(PRODUCTS) % 3], 1).int()
    code[::5] = -1
    return {"features": torch.nn.functional.one_hot(kind, 6).float() + noise, "code": code}


def opened(seed: int = 0, **changes: Any) -> LiveTower:
    model = LiveTower.open(CONFIG | changes, seed, CPU)
    model.feed("products", catalogue())
    return model


def of_kind(random: np.random.Generator, kind: np.ndarray, count: int) -> np.ndarray:
    return random.integers(0, PRODUCTS // KINDS, (len(kind), count)) * KINDS + kind[:, None]


def batches(count: int, seed: int = 0, size: int = 32) -> list[dict[str, torch.Tensor]]:
    """Whoever cared for a kind clicks any room that presents it now: who the author is says nothing."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        kind = random.integers(0, KINDS, size)
        products = np.concatenate([of_kind(random, kind, 1), random.integers(0, PRODUCTS, (size, 3))], 1)
        products[np.arange(4) >= random.integers(1, 5, size)[:, None]] = -1
        clicked = of_kind(random, kind, 3)
        clicked[np.arange(3) >= random.integers(1, 4, size)[:, None]] = -1
        ids = {"room": random.integers(0, ROOMS, size), "products": products, "clicked": clicked}
        made.append(
            {name: torch.tensor(each, dtype=torch.int32) for name, each in ids.items()}
            | {
                "user": torch.arange(size, dtype=torch.int32),
                "room_log_q": torch.full((size,), -2.0),
                "user_log_q": torch.full((size,), -3.0),
            }
        )
    return made


def vectors(model: LiveTower, what: str, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    names = {"rooms": ("room", "products"), "users": ("clicked",)}[what]
    vector = torch.zeros(len(batch["room"]), 8)
    model.infer(what, {name: batch[name] for name in names}, {"vector": vector})
    return vector


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 10))
@settings(deadline=None, print_blob=True)
def test_loss_equals_numpy(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(size=(size, size))
    room, user = random.integers(0, 4, size), random.integers(0, 4, size)
    room_q, user_q = random.normal(size=size), random.normal(size=size)
    losses = []
    for table, q in ((scores, room_q), (scores.T, user_q)):
        for i in range(size):
            others = [j for j in range(size) if j == i or (room[i] != room[j] and user[i] != user[j])]
            losses.append(np.log(sum(np.exp(table[i, j] - q[j]) for j in others)) - (table[i, i] - q[i]))
    found = symmetric_loss(*(torch.tensor(each) for each in (scores, room, user, room_q, user_q)))
    assert found.item() == pytest.approx(np.mean(losses))


@pytest.mark.parametrize("sizes", [[4, 3], []])
def test_learns_what_is_presented_now(sizes: list[int]) -> None:
    model = LiveTower.open(CONFIG | {"sizes": sizes, "item_learning_rate_share": 0.3}, 0, CPU)
    products = catalogue()
    model.feed("products", products | {"code": products["code"][:, : len(sizes)]})
    losses = [model.step("clicks", batch, RATE)["loss"] for batch in batches(250)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) - 0.4
    asked = batches(1, seed=9, size=200)[0]
    scores = vectors(model, "users", asked) @ vectors(model, "rooms", asked).T
    kind = asked["clicked"][:, 0] % KINDS
    right = asked["products"][scores.argmax(1), 0] % KINDS == kind
    assert right.float().mean() > 0.9
    torch.testing.assert_close(vectors(model, "rooms", asked).norm(dim=1), torch.ones(200))


def test_the_same_author_moves_with_what_is_sold_and_presented() -> None:
    model = opened(item_learning_rate_share=0.3)
    for batch in batches(100):
        model.step("clicks", batch, RATE)
    asked = {
        "room": torch.zeros(3, dtype=torch.int32),
        "products": torch.tensor([[1, 2, 3], [2, 1, 3], [1, 3, 2]], dtype=torch.int32),
    }
    vector = vectors(model, "rooms", asked)
    assert (vector[0] - vector[1]).norm() > 0.1, "another product presented"
    torch.testing.assert_close(vector[0], vector[2], msg="the order of the others means nothing")


def test_the_item_side_moves_less_with_a_lower_rate() -> None:
    def moved(share: float) -> tuple[float, float]:
        model = opened(item_learning_rate_share=share)
        before = {name: each.clone() for name, each in model.towers.named_parameters()}
        for batch in batches(30):
            model.step("clicks", batch, RATE)
        after = dict(model.towers.named_parameters())
        sides = [
            sum((after[name] - each).pow(2).sum().item() for name, each in before.items() if name.startswith(side))
            for side in ("item.", "user.")
        ]
        return sides[0], sides[1]

    full, tenth, none = moved(1.0), moved(0.1), moved(0.0)
    assert none[0] == 0 < tenth[0] < 0.05 * full[0]
    assert min(none[1], tenth[1]) > 0.2 * full[1]


def test_padding_changes_nothing_and_emptiness_is_finite() -> None:
    model = opened()
    model.step("clicks", batches(1)[0], RATE)
    short = torch.tensor([[3, 4], [-1, -1]], dtype=torch.int32)
    long = torch.tensor([[3, 4, -1, -1], [-1, -1, -1, -1]], dtype=torch.int32)
    room = torch.tensor([1, 2], dtype=torch.int32)
    found = [vectors(model, "rooms", {"room": room, "products": products}) for products in (short, long)]
    torch.testing.assert_close(found[0], found[1])
    nobody = vectors(model, "users", {"room": room, "clicked": torch.full((2, 3), -1, dtype=torch.int32)})
    assert found[0].isfinite().all()
    assert nobody.isfinite().all()


def test_rooms_that_training_never_met_are_what_they_sell() -> None:
    """Room 11 is never clicked, room 12 came after the network was opened for 12."""
    model = opened()
    for batch in batches(5):
        model.step("clicks", batch | {"room": batch["room"].clamp(max=10)}, RATE)
    products = torch.tensor([[3, 4]] * 3 + [[5, 6]], dtype=torch.int32)
    room = torch.tensor([10, 11, 12, 12], dtype=torch.int32)
    met, unmet, new, other = vectors(model, "rooms", {"room": room, "products": products})
    assert unmet.equal(new) and not met.equal(new) and not other.equal(new)


def test_resume_is_bit_exact(check_resume: Callable[..., None]) -> None:
    check_resume("clicks", lambda seed: opened(seed), batches(6))


def test_wrong_use_is_explained() -> None:
    batch = batches(1)[0]
    with pytest.raises(ValueError, match="feed `products` first"):
        LiveTower.open(CONFIG, 0, CPU).step("clicks", batch, RATE)
    model = opened()
    with pytest.raises(ValueError, match=r"room: expected 0..11, found 12..12"):
        model.step("clicks", batch | {"room": torch.full((32,), 12, dtype=torch.int32)}, RATE)
    with pytest.raises(ValueError, match=r"products: expected -1..39"):
        model.step("clicks", batch | {"products": torch.full((32, 2), 40, dtype=torch.int32)}, RATE)
    with pytest.raises(ValueError, match=r"code of level 1: expected -1..2"):
        model.feed("products", catalogue() | {"code": torch.full((PRODUCTS, 2), 3, dtype=torch.int32)})
    with pytest.raises(ValueError, match="expected `products`"):
        model.feed("rooms", {})
    with pytest.raises(ValueError, match="expected `rooms` or `users`"):
        model.infer("items", {}, {})
    with pytest.raises(ValueError, match="item_learning_rate_share: expected in"):
        LiveTower.open(CONFIG | {"item_learning_rate_share": 2.0}, 0, CPU)
