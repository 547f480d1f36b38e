"""What lets the item encoder grow: gradient caching, adapters, text models built from a config."""

import json

import pytest
import torch
from conftest import CPU
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pictures import BATCH, CONFIG, FED, RATE, embed, opened, pictures, texts

from onemall.item_encoder import ItemEncoder

QWEN2 = {"vocab_size": 1024, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
QWEN2 |= {"num_key_value_heads": 2, "intermediate_size": 64}
BUILT = "qwen2:" + json.dumps(QWEN2)
LORA = {"rank": 2, "alpha": 4, "dropout": 0.1}


def many(seed: int, **config: object) -> ItemEncoder:
    """Eight items, some with pictures."""
    model = ItemEncoder.open(CONFIG | config, seed, CPU)
    model.feed("texts", texts([f"{colour} {thing}" for colour in ("red", "blue") for thing in ("a", "bb c", "d", "")]))
    model.feed("pictures", pictures(FED))
    return model


PAIRS = {
    "anchor": torch.tensor([0, 1, 2, 3], dtype=torch.int32),
    "positive": torch.tensor([4, 5, 6, 7], dtype=torch.int32),
    "known": torch.tensor([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=torch.uint8),
}


def gradients(model: ItemEncoder) -> dict[str, torch.Tensor]:
    """Those of one step; with the weights taken back, so that steps can be compared."""
    before = {name: each.clone() for name, each in model.network.state_dict().items()}
    figures = model.step("pairs", PAIRS, {"learning_rate": 1e-3})
    found = {n: p.grad.clone() for n, p in model.network.named_parameters() if p.grad is not None}
    model.network.load_state_dict(before)
    return found | {"loss": torch.tensor(figures["loss"])}


@given(seed=st.integers(0, 2**31), chunk=st.integers(1, 9), learn=st.booleans(), causal=st.booleans())
@settings(deadline=None, max_examples=15, print_blob=True)
def test_gradients_in_passes_equal_those_of_one_batch(seed: int, chunk: int, learn: bool, causal: bool) -> None:
    config = {"learn_temperature": learn, "attention": "causal" if causal else "bidirectional"}
    whole = gradients(many(seed, **config))
    cached = gradients(many(seed, grad_cache=chunk, **config))
    assert whole.keys() == cached.keys()
    assert "vision.swin.embeddings.patch_embeddings.projection.weight" in whole
    for name, gradient in whole.items():
        torch.testing.assert_close(cached[name], gradient, atol=1e-5, rtol=1e-4, msg=name)


def test_with_dropout_the_second_pass_draws_what_the_first_drew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference: the same passes, all of their graphs held at once."""
    cached = gradients(many(3, dropout=True, grad_cache=3))
    monkeypatch.setattr(ItemEncoder, "_encode_cached", lambda model, items: (model._encode(items), None))
    whole = gradients(many(3, dropout=True, grad_cache=3))
    for name, gradient in whole.items():
        torch.testing.assert_close(cached[name], gradient, atol=1e-5, rtol=1e-4, msg=name)
    other = gradients(many(4, dropout=True, grad_cache=3))
    assert not torch.allclose(other["loss"], whole["loss"])


def test_only_one_pass_is_held_at_a_time() -> None:
    """Of what autograd keeps for the backward pass beside the weights, measured by what is alive at once."""

    def peak(model: ItemEncoder) -> int:
        alive, most = 0, 0
        weights = {each.untyped_storage().data_ptr() for each in model.network.parameters()}

        class Kept:
            def __init__(self, tensor: torch.Tensor) -> None:
                nonlocal alive, most
                self.tensor = tensor
                self.bytes = 0 if tensor.untyped_storage().data_ptr() in weights else tensor.nbytes
                alive += self.bytes
                most = max(most, alive)

            def __del__(self) -> None:
                nonlocal alive
                alive -= self.bytes

        with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.tensor):
            model.step("pairs", PAIRS, RATE)
        return most

    assert peak(many(0, grad_cache=1)) < 0.45 * peak(many(0))


@pytest.mark.parametrize("backbone", ["tiny_bert", BUILT])
def test_adapters_train_and_the_text_model_does_not(backbone: str) -> None:
    model = opened(backbone=backbone, lora=LORA)
    trained = set(model.trainer.trained)
    assert not any(name.startswith("language_model.") and "lora_" not in name for name in trained)
    assert any("lora_A" in name for name in trained)
    assert {"emb_token_D", "projector.inner.weight"} <= trained
    start = embed(model)  # fits the projector to the pictures
    before = {name: each.clone() for name, each in model.network.state_dict().items()}
    for _ in range(3):
        model.step("pairs", BATCH, RATE)
    moved = {name for name, each in model.network.state_dict().items() if not torch.equal(each, before[name])}
    assert moved <= trained
    assert any("lora_B" in name for name in moved)
    assert not torch.allclose(embed(model), start)


def test_fresh_adapters_change_nothing() -> None:
    torch.testing.assert_close(embed(opened(lora=LORA, rows=[])), embed(opened(rows=[])))


def test_a_text_model_of_a_given_shape() -> None:
    model = opened(backbone=BUILT, attention="causal")
    assert embed(model).shape == (4, 32)
    assert model.network.token_table.weight.shape == (1024, 32)
    losses = [model.step("pairs", BATCH, {"learning_rate": 3e-3})["loss"] for _ in range(20)]
    assert losses[-1] < losses[0]


def test_wrong_use_is_explained() -> None:
    with pytest.raises(ValueError, match="Qwen2Config has no hidden"):
        opened(backbone='qwen2:{"hidden": 3}')
    with pytest.raises(ValueError, match="lora: expected without trainable_layers"):
        opened(lora=LORA, trainable_layers=1)
    with pytest.raises(ValueError, match="grad_cache: expected at least 1"):
        opened(grad_cache=0)
    with pytest.raises(ValueError, match=r"lora.rank: expected at least 1"):
        opened(lora=LORA | {"rank": 0})
