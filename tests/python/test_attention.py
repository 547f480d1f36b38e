"""First weights, and the Query-Former and the decoder layer against the paper's equations, computed naively."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from onemall.attention import Attention, DecoderLayer, FeedForward, Norm, QueryFormer, initialise


class Forgetful(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(3, 3)
        self.offset_D = nn.Parameter(torch.empty(3))


def test_a_module_that_leaves_a_parameter_unset_is_named() -> None:
    with pytest.raises(TypeError, match=r"Forgetful: expected a method `initialise` that sets \['offset_D'\]"):
        initialise(nn.Sequential(Forgetful()))


def test_weights_are_drawn_once_each_a_module_before_its_children() -> None:
    """The Query-Former's own tokens, then its layers: the draws are those of one pass over `named_parameters()`."""
    module = QueryFormer(64, 2, 3, 128)
    for parameter in module.parameters():
        parameter.data.fill_(torch.nan)
    torch.manual_seed(5)
    initialise(module)
    torch.manual_seed(5)
    drawn: dict[str, Tensor] = {}
    for name, parameter in module.named_parameters():
        if parameter.dim() == 2 or name == "empty_D":
            scale = 0.1 if name in ("queries_QD", "empty_D") else parameter.shape[1] ** -0.5
            drawn[name] = torch.empty(parameter.shape).normal_(std=scale)
        else:
            drawn[name] = torch.full(parameter.shape, float("norm" in name))
    for name, parameter in module.named_parameters():
        assert parameter.equal(drawn[name]), name


def normed(norm: Norm, x_D: Tensor) -> Tensor:
    return (x_D - x_D.mean()) / ((x_D - x_D.mean()) ** 2).mean().add(norm.eps).sqrt() * norm.weight


def attended(attention: Attention, x_D: Tensor, seen: list[Tensor]) -> Tensor:
    """softmax(q k / sqrt(d)) v head by head, for one token and the tokens that it sees."""
    width = len(x_D) // attention.heads
    key_value = [attention.key_value.weight @ each for each in seen]
    query_D = attention.query.weight @ x_D
    mixed = []
    for head in range(attention.heads):
        own = slice(head * width, (head + 1) * width)
        values = [each[len(x_D) :][own] for each in key_value]
        scores = [float(query_D[own] @ each[own]) / math.sqrt(width) for each in key_value]
        total = sum(math.exp(score) for score in scores)
        mixed.append(sum(math.exp(score) / total * value for score, value in zip(scores, values, strict=True)))
    return attention.output.weight @ torch.cat(mixed)


def fed(feed: FeedForward, x_D: Tensor) -> Tensor:
    hidden = feed.up.weight @ x_D + feed.up.bias
    gelu = hidden * (1 + torch.erf(hidden / math.sqrt(2))) / 2
    return feed.down.weight @ gelu + feed.down.bias


def shaken(module: nn.Module, seed: int) -> nn.Module:
    """Drawn weights, with norms and biases moved off what would hide them."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        initialise(module)
        for parameter in module.parameters():
            parameter.data.add_(torch.randn(parameter.shape) * 0.2)
    return module


@given(seed=st.integers(0, 2**31), length=st.integers(0, 4), padding=st.integers(0, 2))
@settings(max_examples=15, deadline=None)
@torch.no_grad()
def test_the_query_former_is_equation_3(seed: int, length: int, padding: int) -> None:
    """F = QFormer(Q, H, H): each query looks at the whole history (and a token that is always there), then a MLP."""
    module = shaken(QueryFormer(8, 2, 3, 16), seed)
    assert isinstance(module, QueryFormer)
    random = torch.Generator().manual_seed(seed)
    history_TD = torch.randn(length + padding, 8, generator=random)
    is_real_T = torch.arange(length + padding) < length
    found_QD = module(history_TD.unsqueeze(0), is_real_T.unsqueeze(0))[0]
    seen = [normed(module.source_norm, each) for each in [module.empty_D, *history_TD[:length]]]
    for query_D, found_D in zip(module.queries_QD, found_QD, strict=True):
        x_D = query_D + attended(module.attention, normed(module.query_norm, query_D), seen)
        x_D = x_D + fed(module.feed_forward, normed(module.feed_norm, x_D))
        torch.testing.assert_close(found_D, x_D, rtol=1e-4, atol=1e-4)


@given(seed=st.integers(0, 2**31), tokens=st.integers(1, 4), context=st.integers(1, 4), is_standard=st.booleans())
@settings(max_examples=20, deadline=None)
@torch.no_grad()
def test_a_decoder_layer_is_equation_6_and_with_residuals_per_block_the_usual_one(
    seed: int, tokens: int, context: int, is_standard: bool
) -> None:
    """Eq. 6: x + MoE(CausalSelfAttention(CrossAttention(x))), one residual around the whole; norms are ours."""
    layer = shaken(DecoderLayer(8, 2, FeedForward(8, 16), nn.Identity(), is_standard), seed)
    assert isinstance(layer, DecoderLayer) and isinstance(layer.feed_forward, FeedForward)
    random = torch.Generator().manual_seed(seed)
    x_AD, context_XD = torch.randn(tokens, 8, generator=random), torch.randn(context, 8, generator=random)
    causal_AA = torch.ones(tokens, tokens, dtype=torch.bool).tril()
    source = layer.cross_attention.project(context_XD.unsqueeze(0))
    sees_all = torch.ones(1, 1, context, dtype=torch.bool)
    found_AD = layer(x_AD.unsqueeze(0), source, sees_all, causal_AA.unsqueeze(0))[0][0]
    crossed = [attended(layer.cross_attention, normed(layer.cross_norm, x_D), list(context_XD)) for x_D in x_AD]
    if is_standard:
        crossed = [x_D + each for x_D, each in zip(x_AD, crossed, strict=True)]
    before = [normed(layer.self_norm, each) for each in crossed]
    for place, x_D in enumerate(x_AD):
        own = attended(layer.self_attention, before[place], before[: place + 1])
        own = crossed[place] + own if is_standard else own
        out = fed(layer.feed_forward, normed(layer.feed_norm, own))
        expected_D = own + out if is_standard else x_D + out
        torch.testing.assert_close(found_AD[place], expected_D, rtol=1e-4, atol=1e-4)
