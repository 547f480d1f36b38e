"""First weights, and the Query-Former and the decoder layer against the paper's equations, computed naively."""

import pytest
import torch
from torch import Tensor, nn

from onemall.attention import QueryFormer, initialise


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
