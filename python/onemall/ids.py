"""Vectors of ids in a catalogue that grows: an id that training never met is at zero, which says nothing.

Shapes: N = ids of the table, D = width.
"""

import torch
from torch import Tensor, nn


class Ids(nn.Embedding):
    """A vector an id, at zero until it is trained; ids from N on came later, and are at zero, too."""

    def initialise(self) -> None:
        self.weight.zero_()

    def forward(self, id: Tensor) -> Tensor:  # (...) to (..., D)
        return super().forward(id.clamp(max=self.num_embeddings - 1)) * (id < self.num_embeddings).unsqueeze(-1)


class MetIds(Ids):
    """Likewise, but drawn at random, so that a network that knows nothing but ids can tell them apart.

    An id counts as zero all the same until `meet` is told of it. What was met is saved with the weights.
    """

    is_met_N: Tensor

    def __init__(self, count: int, width: int) -> None:
        super().__init__(count, width)
        nn.init.normal_(self.weight, std=width**-0.5)
        self.register_buffer("is_met_N", torch.zeros(count, dtype=torch.bool))

    def meet(self, id: Tensor) -> None:
        """Ids of a training batch; negative ones are padding."""
        self.is_met_N[id[id >= 0].long().to(self.is_met_N.device)] = True

    def forward(self, id: Tensor) -> Tensor:  # (...) to (..., D)
        return super().forward(id) * self.is_met_N[id.clamp(max=self.num_embeddings - 1)].unsqueeze(-1)
