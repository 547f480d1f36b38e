import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from conftest import CPU
from hypothesis import given, settings
from hypothesis import strategies as st

from onemall.alignment import info_nce
from onemall.item_encoder import ItemEncoder

COLOURS = ["red", "blue", "green", "white"]
THINGS = ["teapot", "lantern", "apron", "doormat", "spoon", "clock"]
TITLES = [f"{colour} {thing} number {n}" for n, thing in enumerate(THINGS) for colour in COLOURS]
CONFIG = {"backbone": "tiny_bert", "attention": "bidirectional", "readout": "emb", "max_tokens": 12}
RATE = {"learning_rate": 1e-2}
BACKBONES = [("tiny_bert", "bidirectional"), ("tiny_bert", "causal"), ("tiny_qwen2", "causal")]


def texts(titles: Sequence[str | None], first: int = 0) -> pa.Table:
    return pa.table({"item": pa.array(range(first, first + len(titles)), pa.int32()), "text": pa.array(titles)})


def opened(seed: int = 0, **config: object) -> ItemEncoder:
    model = ItemEncoder.open(CONFIG | config, seed, CPU)
    model.feed("texts", texts(TITLES))
    return model


def embed(model: ItemEncoder, items: list[int]) -> torch.Tensor:
    vector = torch.zeros(len(items), 64 if model.config.backbone.startswith("tiny") else 384)
    model.infer("embed", {"item": torch.tensor(items, dtype=torch.int32)}, {"vector": vector})
    return vector


def batches(count: int, size: int = 6) -> list[dict[str, torch.Tensor]]:
    """Pairs are the same thing in two colours."""
    random = np.random.default_rng(0)
    made = []
    for _ in range(count):
        thing = random.permutation(6)[:size] * 4
        colours = np.array([random.permutation(4)[:2] for _ in thing])
        made.append(
            {
                name: torch.tensor(thing + colours[:, i], dtype=torch.int32)
                for i, name in enumerate(("anchor", "positive"))
            }
        )
    return made


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 10), known=st.booleans())
@settings(deadline=None, print_blob=True)
def test_info_nce_equals_numpy(seed: int, size: int, known: bool) -> None:
    random = np.random.default_rng(seed)
    anchor_vector, positive_vector = random.normal(size=(2, size, 4))
    anchor, positive = random.integers(0, 8, (2, size))
    mask = random.random((size, size)) < 0.2 if known else np.zeros((size, size), bool)

    def is_negative(i: int, j: int) -> bool:
        return not (anchor[i] == anchor[j] or positive[i] == positive[j] or anchor[i] == positive[j] or mask[i, j])

    scores = anchor_vector @ positive_vector.T / 0.2
    losses = []
    for i in range(size):
        row = [scores[i, j] for j in range(size) if j == i or is_negative(i, j)]
        column = [scores[j, i] for j in range(size) if j == i or is_negative(j, i)]
        losses += [np.log(np.exp(row).sum()) - scores[i, i], np.log(np.exp(column).sum()) - scores[i, i]]
    found = info_nce(
        torch.tensor(anchor_vector),
        torch.tensor(positive_vector),
        torch.tensor(anchor),
        torch.tensor(positive),
        torch.tensor(0.2, dtype=torch.float64),
        torch.tensor(mask, dtype=torch.uint8) if known else None,
    )
    assert found.item() == pytest.approx(np.mean(losses))


@pytest.mark.parametrize(("backbone", "attention"), BACKBONES)
@pytest.mark.parametrize("readout", ["emb", "emb_mean", "mean"])
def test_loss_falls_and_pairs_meet(backbone: str, attention: str, readout: str) -> None:
    model = opened(backbone=backbone, attention=attention, readout=readout)
    losses = [model.step("pairs", batch, {"learning_rate": 3e-3})["loss"] for batch in batches(40)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    vector = embed(model, list(range(24)))
    torch.testing.assert_close(vector.norm(dim=1), torch.ones(24))
    similarity = vector @ vector.T - 2 * torch.eye(24)
    assert (similarity.argmax(1) // 4 == torch.arange(24) // 4).float().mean() > 0.9


@pytest.mark.parametrize("backbone", ["tiny_bert", "tiny_qwen2"])
@pytest.mark.parametrize("attention", ["causal", "bidirectional"])
def test_causal_positions_see_nothing_later(backbone: str, attention: str) -> None:
    model = opened(backbone=backbone, attention=attention).network.eval()
    text = torch.randint(0, 200, (1, 5), generator=torch.Generator().manual_seed(0))
    changed = text.clone()
    changed[0, 4] += 1
    hidden: list[torch.Tensor] = []
    model.language_model.register_forward_hook(lambda _, __, output: hidden.append(output.last_hidden_state))
    for each in (text, changed):
        model(each, torch.ones(1, 5, dtype=torch.bool))
    same = [torch.equal(hidden[0][0, t], hidden[1][0, t]) for t in range(6)]
    assert same == ([True] * 4 + [False] * 2 if attention == "causal" else [False] * 6)


@pytest.mark.parametrize(("backbone", "attention"), BACKBONES)
def test_order_is_text_then_pictures_then_emb(backbone: str, attention: str) -> None:
    """Picture tokens that say what text tokens say stand for them, and padding between changes nothing."""
    encoder = opened(backbone=backbone, attention=attention).network.eval()
    text = torch.tensor([[5, 6, 7, 8]])
    padded = torch.tensor([[5, 6, 0, 0]])
    table = encoder.token_table
    whole = encoder(text, torch.ones(1, 4, dtype=torch.bool))
    pictured = encoder(padded, torch.tensor([[True, True, False, False]]), table(text[:, 2:]))
    torch.testing.assert_close(whole, pictured)
    swapped = encoder(padded, torch.tensor([[True, True, False, False]]), table(text[:, 2:].flip(1)))
    assert (whole - swapped).abs().max() > 1e-4


def test_batching_and_order_do_not_change_a_vector() -> None:
    model = opened()
    together = embed(model, list(range(24)))
    torch.testing.assert_close(embed(model, [23, 0, 7, 7]), together[[23, 0, 7, 7]])
    assert torch.equal(embed(model, list(range(24))), together)


HOSTILE = [
    "",
    " \t\n",
    "\0\0nul\0",
    "שלום ‮RTL‬ مرحبا",
    "<EMB> [SEP] [CLS] </s>",
    "🫖" * 50,
    "x" * 3_000_000,
    None,
    "\ufffe\u200b",
]


@pytest.mark.parametrize("backbone", ["tiny_bert", "tiny_qwen2", "minilm"])
def test_hostile_texts(backbone: str) -> None:
    model = ItemEncoder.open(CONFIG | {"backbone": backbone}, 0, CPU)
    model.feed("texts", texts(HOSTILE))
    model.feed("texts", texts(TITLES, first=len(HOSTILE)))
    vector = embed(model, list(range(len(HOSTILE) + len(TITLES))))
    torch.testing.assert_close(vector.norm(dim=1), torch.ones(len(vector)))
    assert model.length_N.max() <= 12


def test_bytes_that_are_no_utf8_survive() -> None:
    model = opened()
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, 3], np.int32).tobytes()), pa.py_buffer(b"a\xff\xc3")]
    )
    model.feed("texts", pa.table({"item": pa.array([24], pa.int32()), "text": broken}))
    assert embed(model, [24]).isfinite().all()


def test_special_tokens_in_a_text_are_text() -> None:
    model = ItemEncoder.open(CONFIG | {"backbone": "minilm"}, 0, CPU)
    model.feed("texts", texts(["[SEP] [PAD]"]))
    length = int(model.length_N[0])
    assert model.tokens_NT[0, :length].tolist().count(102) == 1  # the closing one only
    assert length > 4


def test_only_the_top_layers_train() -> None:
    model = opened(trainable_layers=1)
    before = {name: each.clone() for name, each in model.network.state_dict().items()}
    model.step("pairs", batches(1)[0], RATE)
    changed = {name for name, each in model.network.state_dict().items() if not torch.equal(each, before[name])}
    assert changed
    assert all(name.startswith("language_model.encoder.layer.1.") for name in changed)


def test_learned_temperature_moves_and_a_fixed_one_stays() -> None:
    for learn in (False, True):
        model = opened(learn_temperature=learn)
        temperatures = [model.step("pairs", batch, RATE)["temperature"] for batch in batches(3)]
        assert temperatures[0] == pytest.approx(0.05)
        assert (temperatures[-1] != temperatures[0]) == learn


@pytest.mark.parametrize("dropout", [False, True])
def test_resume_is_bit_exact(check_resume: Callable[..., None], dropout: bool) -> None:
    check_resume("pairs", lambda seed: opened(seed, dropout=dropout), batches(6))


def test_weights_reload_with_their_text_tokenizer(tmp_path: Path) -> None:
    path = str(tmp_path / "tokenizer.safetensors")
    model = opened()
    model.step("pairs", batches(1)[0], RATE)
    model.save(path, training=False)
    other = ItemEncoder.open(CONFIG, 9, CPU)
    other.load(path, training=False)
    other.feed("texts", texts(TITLES))
    assert torch.equal(embed(model, list(range(24))), embed(other, list(range(24))))
    stranger = ItemEncoder.open(CONFIG, 9, CPU)
    stranger.feed("texts", texts(["something quite different"]))
    with pytest.raises(ValueError, match="another text tokenizer"):
        stranger.load(path, training=False)


def test_a_folder_of_a_hugging_face_model(tmp_path: Path) -> None:
    model = opened(backbone="tiny_qwen2", attention="causal")
    model.network.language_model.save_pretrained(tmp_path)  # type: ignore[operator]
    model.tokenizer.save(str(tmp_path / "tokenizer.json"))
    other = opened(backbone=str(tmp_path), attention="causal")
    other.config.backbone = "tiny_qwen2"
    torch.testing.assert_close(embed(other, [0, 5]), embed(model, [0, 5]))


SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1]); import test_item_encoder as t, torch
torch.set_num_threads(1); m = t.opened(3)
[m.step("pairs", b, t.RATE) for b in t.batches(2)]
m.save(sys.argv[2], training=True)
"""


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    """It trains the tokenizer too, and hashes strings differently."""
    here, there = tmp_path / "here", tmp_path / "there"
    model = opened(3)
    for batch in batches(2):
        model.step("pairs", batch, RATE)
    model.save(str(here), training=True)
    subprocess.run([sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(there)], check=True)
    assert here.read_bytes() == there.read_bytes()


def test_wrong_use_is_explained() -> None:
    model = opened()
    batch = batches(1)[0]
    with pytest.raises(ValueError, match="item 24 has no text: feed `texts`"):
        embed(model, [0, 24])
    with pytest.raises(ValueError, match="item -1 has no text"):
        embed(model, [-1])
    with pytest.raises(ValueError, match="expected `texts`"):
        model.feed("pictures", texts([]))
    with pytest.raises(ValueError, match="expected `embed`"):
        model.infer("vectors", {}, {})
    with pytest.raises(ValueError, match="`known`: expected uint8 B B"):
        model.step("pairs", batch | {"known": torch.zeros(2, 2, dtype=torch.uint8)}, RATE)
    with pytest.raises(ValueError, match="`vector`: expected float32 N 64"):
        model.infer("embed", {"item": batch["anchor"]}, {"vector": torch.zeros(6, 32)})
    with pytest.raises(ValueError, match=r"no config.json, tokenizer.json, model.safetensors"):
        opened(backbone="/nowhere")
    with pytest.raises(ValueError, match=r"`attention`: expected causal \| bidirectional, found 'both'"):
        opened(attention="both")
    with pytest.raises(ValueError, match=r"expected columns `item` \(int32\)"):
        model.feed("texts", pa.table({"item": ["a"], "text": ["b"]}))
