"""The item encoder's pictures: where their tokens stand, what can't be read, what is computed once."""

import io
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
import transformers
from conftest import CPU
from PIL import Image

from onemall.item_encoder import ItemEncoder
from onemall.vision import OUTCOMES, Vision, VisionConfig, _pooling

SWIN = {"image_size": 32, "patch_size": 4, "embed_dim": 8, "depths": [1, 1], "num_heads": [1, 2], "window_size": 4}
VISION = {"backbone": "swin:" + json.dumps(SWIN), "tokens": 4, "frames": 3}
CONFIG = {
    "backbone": "tiny_bert",
    "attention": "bidirectional",
    "readout": "emb",
    "max_tokens": 12,
    "vision": VISION,
}
TITLES = ["red cup", "a blue lamp with a long name", "", "green spoon"]


def jpeg(colour: Sequence[int], size: tuple[int, int] = (32, 32), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, tuple(colour)).save(out, kind)
    return out.getvalue()


def pictures(rows: Sequence[tuple[int, int, bytes | None]]) -> pa.Table:
    item, place, picture = zip(*rows, strict=True)
    return pa.table(
        {"item": pa.array(item, pa.int32()), "place": pa.array(place, pa.int32()), "picture": pa.array(picture)}
    )


def texts(titles: Sequence[str]) -> pa.Table:
    return pa.table({"item": pa.array(range(len(titles)), pa.int32()), "text": pa.array(titles)})


FED = [(0, 0, jpeg((250, 0, 0))), (2, 1, jpeg((0, 0, 250))), (2, 4, jpeg((9, 99, 9))), (1, 0, jpeg((0, 250, 9)))]


def opened(seed: int = 0, rows: Sequence[tuple[int, int, bytes | None]] = FED, **config: object) -> ItemEncoder:
    model = ItemEncoder.open(CONFIG | config, seed, CPU)
    model.feed("texts", texts(TITLES))
    if rows and model.pictures is not None:
        model.feed("pictures", pictures(rows))
    return model


def embed(model: ItemEncoder, items: Sequence[int] = range(4)) -> torch.Tensor:
    vector = torch.zeros(len(items), int(model.infer("width", {}, {})["width"]))
    model.infer("embed", {"item": torch.tensor(items, dtype=torch.int32)}, {"vector": vector})
    return vector


def features(model: ItemEncoder, item: Sequence[int], place: Sequence[int]) -> dict[str, torch.Tensor]:
    shape = model.infer("shape", {}, {})
    found = {name: torch.tensor(each, dtype=torch.int32) for name, each in (("item", item), ("place", place))}
    feature = torch.zeros(len(item), int(shape["tokens"]), int(shape["width"]))
    model.infer("features", found, {"feature": feature})
    return found | {"feature": feature}


def outcomes(model: ItemEncoder, encoded: Sequence[bytes | None]) -> list[str]:
    model.feed("pictures", pictures([(row, 7, each) for row, each in enumerate(encoded)]))
    outcome = torch.zeros(len(encoded), dtype=torch.uint8)
    model.infer("outcomes", {}, {"outcome": outcome})
    return [OUTCOMES[each] for each in outcome.tolist()]


BATCH = {"anchor": torch.tensor([0, 2], dtype=torch.int32), "positive": torch.tensor([1, 3], dtype=torch.int32)}
RATE = {"learning_rate": 1e-2}


@pytest.fixture(scope="session")
def swin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a pretrained Swin looks like on the disk."""
    folder = tmp_path_factory.mktemp("swin")
    torch.manual_seed(5)
    transformers.SwinModel(transformers.SwinConfig(**SWIN)).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("backbone", ["tiny_bert", "tiny_qwen2"])
def test_picture_tokens_stand_between_text_and_emb(backbone: str) -> None:
    """What the language model is given for an item with two pictures, token by token."""
    model = opened(backbone=backbone, attention="causal")
    model.network.eval()
    given: list[dict[str, torch.Tensor]] = []
    model.network.language_model.register_forward_pre_hook(lambda _, __, kw: given.append(kw), with_kwargs=True)
    embed(model, [0, 2])
    network = model.network
    assert network.projector is not None
    assert model.pictures is not None
    row = 0 if int(model.length_N[0]) + 4 <= int(model.length_N[2]) + 8 else 1  # of the shorter, which comes first
    sequence = given[0]["inputs_embeds"]
    longest = int(model.length_N[[0, 2]].max())
    assert sequence.shape[1] == longest + 2 * 4 + 1
    projected = network.projector(model.pictures.tokens_of([0, 1, 2], network.vision, CPU, vary=False)).detach()
    text = network.token_table(model.tokens_NT[0, : model.length_N[0]]).detach()
    torch.testing.assert_close(sequence[row, : len(text)].detach(), text)
    torch.testing.assert_close(sequence[row, longest : longest + 4].detach(), projected[0])
    torch.testing.assert_close(sequence[1 - row, longest : longest + 8].detach(), projected[1:].flatten(0, 1))
    assert (sequence[:, -1] == network.emb_token_D).all()
    mask = given[0]["attention_mask"]
    assert not mask[row, 0, -1, longest + 4 : -1].any()  # no second picture
    assert mask[row, 0, -1, longest : longest + 4].all()
    positions = given[0]["position_ids"][row]
    assert positions[-1] == len(text) + 4  # padding takes no place


@pytest.mark.parametrize("use", [None, "text", "picture"])
@pytest.mark.parametrize("readout", ["emb", "emb_mean", "mean"])
def test_padding_and_order_change_no_vector(use: str | None, readout: str) -> None:
    model = opened(use=use, readout=readout)
    together = embed(model)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(4))
    for item in range(4):
        torch.testing.assert_close(embed(model, [item])[0], together[item])
    torch.testing.assert_close(embed(model, [3, 2, 1, 0]), together.flip(0))


def test_what_an_item_lacks_is_left_out() -> None:
    """Text alone, pictures alone, neither: each has its vector, and `use` says what counts."""
    both, blank = opened(), opened(rows=[])
    assert torch.equal(embed(both, [3]), embed(blank, [3]))  # item 3 has no picture
    assert not torch.allclose(embed(both, [0]), embed(blank, [0]))
    as_text = opened(use="text")
    torch.testing.assert_close(embed(as_text, [3]), embed(both, [3]))
    pictures_only = embed(opened(use="picture"))
    torch.testing.assert_close(pictures_only[2], embed(both, [2])[0])  # item 2 has no text
    emb_alone = pictures_only[3]
    assert emb_alone.isfinite().all()
    torch.testing.assert_close(emb_alone, embed(blank, [2])[0])  # nothing at all


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes whose header names side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("frozen", [True, False])
def test_no_file_stops_anything(frozen: bool, swin_folder: Path) -> None:
    config = {"vision": VISION | {"backbone": str(swin_folder)}} if frozen else {}
    whole = jpeg((1, 2, 3), (300, 200))
    random = np.random.default_rng(0)
    model = ItemEncoder.open(CONFIG | config, 0, CPU)
    found = outcomes(
        model,
        [
            whole,
            None,
            b"",
            whole[:200],
            b"\xff\xd8\xff" + random.bytes(500),
            b"GIF89a",
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            bomb(20_000),
            bomb(17_000),
            bomb(100),
            jpeg((5, 5, 5), (8, 900), "PNG"),
        ],
    )
    assert found[:3] == ["read", "empty", "empty"]
    assert found[3:8] == ["broken"] * 5
    assert found[8:10] == ["too_large"] * 2
    assert found[10] in ("read", "broken")
    assert found[11] == "read"
    for start in range(0, len(whole), 97):  # every kind of damage
        damaged = bytearray(whole)
        damaged[start : start + 3] = random.bytes(3)
        assert ItemEncoder.open(CONFIG, 0, CPU).network.vision.read(bytes(damaged))[1] in OUTCOMES  # type: ignore[union-attr]


def test_a_huge_picture_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_: object, **__: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", decoded)
    monkeypatch.setattr(Image.Image, "convert", decoded)
    assert Vision(VisionConfig(backbone=str(VISION["backbone"]), tokens=1)).read(bomb(20_000)) == (None, "too_large")


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (50, 40)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    pixels, outcome = Vision(VisionConfig(backbone=str(VISION["backbone"]), tokens=1)).read(out.getvalue())
    assert outcome == "read"
    assert pixels is not None
    assert pixels.shape == (3, 32, 32)


def test_frozen_vision_is_computed_once_and_fed_again(swin_folder: Path) -> None:
    """Vectors from kept features are those from pictures; no training moves frozen vision."""
    vision = VISION | {"backbone": str(swin_folder)}
    model = opened(vision=vision)
    calls: list[int] = []
    assert model.frozen is not None
    model.frozen.register_forward_hook(lambda *_: calls.append(1))
    model.step("pairs", BATCH, RATE)
    fed = features(model, [0, 2, 2, 1], [0, 1, 4, 0])
    vectors = embed(model)
    assert calls == []
    other = opened(vision=vision, rows=[])
    other.trainer.module.load_state_dict(model.network.state_dict())
    other.feed("features", fed)
    assert other.frozen is None
    assert torch.equal(embed(other), vectors)
    direct = model.frozen(torch.stack([model.frozen.read(FED[0][2])[0]]))  # type: ignore[list-item]
    torch.testing.assert_close(fed["feature"][0], direct[0])
    assert not any(name.startswith("vision.") for name in model.network.state_dict())
    assert model.infer("shape", {}, {})["trained"] == 0


def test_built_vision_is_trained_and_its_features_kept() -> None:
    model = opened()
    before = features(model, [0], [0])["feature"]
    for _ in range(3):
        model.step("pairs", BATCH, RATE)
    fed = features(model, [0, 2, 2, 1], [0, 1, 4, 0])
    assert not torch.allclose(before, fed["feature"][:1])
    assert model.infer("shape", {}, {})["trained"] == 1
    other = opened(rows=[])
    other.trainer.module.load_state_dict(model.network.state_dict())
    other.feed("features", fed)
    torch.testing.assert_close(embed(other), embed(model))


def test_colours_are_learned_from_pictures_alone() -> None:
    """Pairs of the same colour, without a word: after training, partners are nearest."""
    random = np.random.default_rng(1)
    colours = [(250, 20, 20), (20, 250, 20), (20, 20, 250), (250, 250, 20), (20, 250, 250), (250, 20, 250)]
    shades = [np.clip(np.array(colour) + random.integers(-19, 20, 3), 0, 255) for colour in colours for _ in range(4)]
    model = ItemEncoder.open(CONFIG | {"use": "picture"}, 0, CPU)
    model.feed("texts", texts([""] * 24))
    model.feed("pictures", pictures([(item, 0, jpeg(shade)) for item, shade in enumerate(shades)]))
    for _ in range(40):
        pick = np.array([random.permutation(4)[:2] for _ in colours]) + 4 * np.arange(6)[:, None]
        anchor, positive = torch.tensor(pick.T, dtype=torch.int32)
        model.step("pairs", {"anchor": anchor, "positive": positive}, {"learning_rate": 3e-3})
    vector = embed(model, range(24))
    nearest = (vector @ vector.T - 2 * torch.eye(24)).argmax(1)
    assert (nearest // 4 == torch.arange(24) // 4).float().mean() > 0.9


def test_averaging_cells_to_tokens() -> None:
    whole = _pooling(7, 1)
    torch.testing.assert_close(whole, torch.full((1, 49), 1 / 49))
    torch.testing.assert_close(_pooling(7, 7), torch.eye(49))
    quarters = _pooling(7, 2).reshape(4, 7, 7)
    assert (quarters[0] > 0).nonzero().max() == 3  # the middle row and column count on both sides
    torch.testing.assert_close(quarters.sum((1, 2)), torch.ones(4))


def test_variations_change_training_and_no_vector() -> None:
    plain, varied = opened(), opened(vision=VISION | {"augment": True})
    assert torch.equal(embed(varied), embed(plain))
    assert varied.step("pairs", BATCH, RATE)["loss"] != plain.step("pairs", BATCH, RATE)["loss"]
    assert torch.equal(embed(varied), embed(varied))
    vision = varied.network.vision
    assert vision is not None
    ramp = torch.arange(32).expand(3, 32, 32).to(torch.uint8) * 4
    with varied.random.lent():
        for _ in range(50):
            pixels = vision.varied(ramp)
            assert pixels.shape == ramp.shape
            assert pixels.min() >= 0
            assert pixels.max() <= 255
            rows = pixels[0, 0].diff()
            assert (rows >= -1e-3).all() or (rows <= 1e-3).all()  # a ramp stays one, or its mirror image


@pytest.mark.parametrize("dropout", [False, True])
@pytest.mark.parametrize("grad_cache", [None, 2])
def test_resume_is_bit_exact(check_resume: Callable[..., None], dropout: bool, grad_cache: int | None) -> None:
    check_resume(
        "pairs",
        lambda seed: opened(seed, dropout=dropout, grad_cache=grad_cache, vision=VISION | {"augment": dropout}),
        [BATCH] * 6,
    )


def test_wrong_use_is_explained(swin_folder: Path) -> None:
    with pytest.raises(ValueError, match="expected a square number"):
        opened(vision=VISION | {"tokens": 5})
    with pytest.raises(ValueError, match="at most Swin's 4 x 4 cells"):
        opened(vision=VISION | {"tokens": 25})
    with pytest.raises(ValueError, match=r"no config.json, model.safetensors"):
        opened(vision=VISION | {"backbone": "/nowhere"})
    with pytest.raises(ValueError, match="SwinConfig has no colour"):
        opened(vision=VISION | {"backbone": 'swin:{"colour": 1}'})
    with pytest.raises(ValueError, match="with JSON in it"):
        opened(vision=VISION | {"backbone": "swin:{patch}"})
    with pytest.raises(ValueError, match="already"):
        opened(rows=[FED[0], FED[0]])
    with pytest.raises(ValueError, match="has 3 pictures already"):
        opened(rows=[(0, place, FED[0][2]) for place in range(4)])
    with pytest.raises(ValueError, match="no picture at place 3"):
        features(opened(), [0], [3])
    with pytest.raises(ValueError, match="expected `texts`, found `pictures`"):
        opened(use="text").feed("pictures", pictures(FED))
    with pytest.raises(ValueError, match="expected `vision` with `picture`"):
        opened(use="picture", vision=None)
    with pytest.raises(ValueError, match=r"max_tokens: expected max_tokens \+ vision.frames"):
        opened(backbone="minilm", max_tokens=510)
    with pytest.raises(ValueError, match="same `vision`"):
        opened(rows=[]).feed("features", {k: v[..., :3] if k == "feature" else v for k, v in fed_features().items()})


def fed_features() -> dict[str, torch.Tensor]:
    return features(opened(), [0], [0])
