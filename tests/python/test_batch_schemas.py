"""What each network requires of its tensors is what arrow-schemas/batches says, call by call; Java's fakes of networks
hold what is sent to them to the same files."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import CPU
from test_alignment import SHORTCUT
from test_fsq import CONFIG as FSQ
from test_live_tower import CONFIG as LIVE_TOWER
from test_pictures import CONFIG as ITEM_ENCODER
from test_two_tower import CONFIG as TWO_TOWER

from onemall.fsq import Fsq
from onemall.item_encoder import ItemEncoder
from onemall.live_tower import LiveTower
from onemall.two_tower import TwoTower

SCHEMAS = Path(__file__).parents[2] / "arrow-schemas" / "batches"

Network = Fsq | ItemEncoder | LiveTower | TwoTower


# Sizes that a config has, by the letters of its network's schema; no pictures were fed to the item encoder.
SIZES = {
    "two_tower": {"F": 2, "D": 8},
    "live_tower": {"P": 40, "F": 6, "L": 2, "T": 3, "D": 8},
    "fsq": {"D": 6, "L": 4},
    "item_encoder": {"R": 0},
}


def opened(name: str) -> Network:
    if name == "two_tower":
        return TwoTower.open(TWO_TOWER | {"features": 2, "categories": 3}, 0, CPU)
    if name == "live_tower":
        return LiveTower.open(LIVE_TOWER, 0, CPU)
    return Fsq.open(FSQ, 0, CPU) if name == "fsq" else ItemEncoder.open(ITEM_ENCODER | SHORTCUT, 0, CPU)


def sizes_of(name: str, model: Network) -> dict[str, int]:
    if not isinstance(model, ItemEncoder):
        return SIZES[name]
    assert model.pictures is not None
    tokens, width = model.pictures.shape
    return SIZES[name] | {
        "D": model.network.emb_token_D.shape[0],
        "P": tokens,
        "W": width,
    }


def asked(monkeypatch: pytest.MonkeyPatch, model: Network, call: str) -> dict[str, str]:
    """The shapes that a call requires, in order of names."""
    found: dict[str, str] = {}

    def note(tensors: Any, **shapes: str) -> dict[str, int]:
        found.update(shapes)
        return dict.fromkeys("BNPRT", 10**6)

    monkeypatch.setattr(f"{type(model).__module__}.require", note)
    kind, what = call.split()
    arguments: dict[str, list[Any]] = {
        "feed": [{}],
        "step": [{"known": torch.zeros(1)}, {}],
        "infer": [{}, {}],
    }
    with contextlib.suppress(KeyError, ValueError):  # there is nothing behind the shapes
        getattr(model, kind)(what, *arguments[kind])
    return dict(sorted(found.items()))


def with_letters(asked_for: str, letters: list[str], sizes: dict[str, int]) -> str:
    """The shape as the schema writes it: a size that the config has may be asked for by its letter or as a number."""
    dtype, *found = asked_for.split()
    same = len(found) == len(letters)
    shape = [
        letter if found_letter in (letter, str(sizes.get(letter))) else found_letter
        for letter, found_letter in zip(letters, found, strict=same)
    ]
    return " ".join([dtype, *shape]) if same else asked_for


@pytest.mark.parametrize("name", list(SIZES))
def test_a_network_asks_for_what_its_schema_says(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    assert schema["calls"]
    for call in schema["calls"]:
        model = opened(name)
        found = asked(monkeypatch, model, call["call"])
        tensors = {tensor["name"]: tensor for tensor in call["in"] + call["out"]}
        assert set(found) == set(tensors), call["call"]
        for of, tensor in tensors.items():
            letters = tensor["shape"].split()
            assert set(letters) <= set(schema["sizes"])
            assert tensor["description"].endswith(".")
            as_described = with_letters(found[of], letters, sizes_of(name, model))
            assert as_described == f"{tensor['dtype']} {tensor['shape']}", (
                call["call"],
                of,
            )


def test_every_network_of_the_bridge_has_a_schema() -> None:
    from onemall.bridge import MODELS

    assert {file.stem for file in SCHEMAS.glob("*.json")} == set(MODELS)
