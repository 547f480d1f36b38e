"""The shortcut: pictures that first learn which text goes with them, then count beside the text model."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from conftest import CPU
from test_pictures import BATCH, CONFIG, RATE, TITLES, VISION, embed, features, jpeg, pictures, texts

from onemall.item_encoder import ItemEncoder

COLOURS = {"red": (250, 0, 0), "blue": (0, 0, 250), "green": (0, 200, 0), "white": (250, 250, 250)}
NAMES = [f"{colour} {thing}" for thing in ("cup", "lamp", "spoon") for colour in COLOURS]
ROWS = [(row, 0, jpeg(COLOURS[name.split()[0]])) for row, name in enumerate(NAMES)]
SHORTCUT = {"vision": VISION | {"shortcut": 0.5}}
ALL = {"item": torch.arange(4, dtype=torch.int32)}  # one of each colour


def opened(seed: int = 0, **config: object) -> ItemEncoder:
    model = ItemEncoder.open(CONFIG | SHORTCUT | config, seed, CPU)
    model.feed("texts", texts(NAMES))
    if config.get("use") != "text":
        model.feed("pictures", pictures(ROWS))
    return model


def weights(model: ItemEncoder, *parts: str) -> dict[str, torch.Tensor]:
    return {name: each.clone() for name, each in model.network.state_dict().items() if name.startswith(parts)}


def changed(model: ItemEncoder, before: dict[str, torch.Tensor]) -> set[str]:
    return {
        name for name, each in model.network.state_dict().items() if name in before and (each != before[name]).any()
    }


def test_pictures_learn_which_text_goes_with_them_and_nothing_else_moves() -> None:
    model = opened()
    before = weights(model, "")
    losses = [model.step("align", ALL, RATE)["alignment_loss"] for _ in range(40)]
    assert losses[-1] < 0.5 * losses[0]
    moved = changed(model, before)
    assert {name.split(".")[0] for name in moved} == {"vision", "shortcut"}
    assert "shortcut.weight" not in moved
    assert all(each.requires_grad == (name in model.trainer.trained) for name, each in model.network.named_parameters())
    shortcut, found = model.network.shortcut, model.pictures
    assert shortcut is not None
    assert found is not None
    model.network.eval()
    with torch.no_grad():
        picture = shortcut(found.tokens_of(range(4), model.network.vision, CPU, vary=False))
        text = model.network(*model._text(torch.arange(4)))
    nearest = (picture @ F.normalize(text - text.mean(0), dim=-1).T).argmax(1)
    assert nearest.tolist() == [0, 1, 2, 3]


def test_after_that_vision_stands_still_and_is_computed_once() -> None:
    model = opened()
    model.step("align", ALL, RATE)
    model.step("pairs", BATCH, RATE)
    before = weights(model, "vision.", "shortcut.")
    calls: list[int] = []
    assert model.network.vision is not None
    model.network.vision.register_forward_hook(lambda *_: calls.append(1))
    model.step("pairs", BATCH, RATE)
    assert not calls
    assert {name.split(".")[0] for name in changed(model, before)} == {"shortcut"}
    with pytest.raises(ValueError, match="before any pairs or vectors"):
        model.step("align", ALL, RATE)


def test_the_vector_is_what_was_read_plus_the_shortcut() -> None:
    model = opened()
    model.step("align", ALL, RATE)
    with_shortcut = embed(model, range(12))
    shortcut = model.network.shortcut
    assert shortcut is not None
    with torch.no_grad():
        picture = shortcut(features(model, range(12), [0] * 12)["feature"])
        shortcut.weight.zero_()
    read = embed(model, range(12))
    torch.testing.assert_close(F.normalize(read + 0.5 * picture, dim=-1), with_shortcut)


@pytest.mark.parametrize("use", ["both", "picture", "text"])
def test_each_use_of_an_item_embeds_after_alignment(use: str, tmp_path: Path) -> None:
    aligned = opened()
    aligned.step("align", ALL, RATE)
    aligned.save(str(tmp_path / "aligned"), training=False)
    model = ItemEncoder.open(CONFIG | SHORTCUT | {"use": use}, 1, CPU)
    model.load(str(tmp_path / "aligned"), training=False)
    model.feed("texts", texts(NAMES))
    if use != "text":
        model.feed("pictures", pictures(ROWS))
    model.step("pairs", BATCH, RATE)
    vectors = embed(model, range(12))
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(12))
    same_picture = torch.allclose(vectors[0], vectors[4], atol=1e-5)  # a red cup, a red lamp
    assert same_picture == (use == "picture")


def test_training_goes_on_where_it_was_saved(tmp_path: Path) -> None:
    model = opened()
    for _ in range(2):
        model.step("align", ALL, RATE)
    model.save(str(tmp_path / "state"), training=True)
    other = opened(seed=9)
    other.load(str(tmp_path / "state"), training=True)
    for each in (model, other):
        each.step("align", ALL, RATE)
        each.step("pairs", BATCH, RATE)
    assert torch.equal(embed(model), embed(other))


def test_items_without_text_or_picture_do_not_count() -> None:
    model = ItemEncoder.open(CONFIG | SHORTCUT, 0, CPU)
    model.feed("texts", texts(TITLES))  # item 2 has none
    model.feed("pictures", pictures([(0, 0, ROWS[0][2]), (1, 0, ROWS[1][2]), (2, 0, ROWS[2][2])]))  # item 3 has none
    model.step("align", ALL, RATE)
    with pytest.raises(ValueError, match="at least 2 items with text and picture, found 1"):
        model.step("align", {"item": torch.tensor([0, 2, 3], dtype=torch.int32)}, RATE)


def test_equal_texts_are_no_negatives() -> None:
    """Two items with one text and one picture: nothing is left to be told apart."""
    model = ItemEncoder.open(CONFIG | SHORTCUT, 0, CPU)
    model.feed("texts", texts(["red cup", "red cup", "blue lamp"]))
    model.feed("pictures", pictures([(0, 0, ROWS[0][2]), (1, 0, ROWS[0][2]), (2, 0, ROWS[1][2])]))
    batch = {"item": torch.arange(3, dtype=torch.int32)}
    losses = [model.step("align", batch, RATE)["alignment_loss"] for _ in range(60)]
    assert losses[-1] < 0.1


@pytest.mark.parametrize("shortcut", [0, -1, 11])
def test_a_weight_that_makes_no_sense_is_refused(shortcut: float) -> None:
    with pytest.raises(ValueError, match=r"vision\.shortcut: expected above 0"):
        ItemEncoder.open(CONFIG | {"vision": VISION | {"shortcut": shortcut}}, 0, CPU)


def test_without_a_shortcut_there_is_nothing_to_align() -> None:
    model = ItemEncoder.open(CONFIG, 0, CPU)
    model.feed("texts", texts(NAMES))
    model.feed("pictures", pictures(ROWS))
    with pytest.raises(ValueError, match=r"vision\.shortcut"):
        model.step("align", ALL, RATE)
