"""Pictures that learn which text goes with them, before pairs of items are tuned on; the loss is that of the pairs."""

# Shapes: B = pairs or items, R = pictures, P = tokens of a picture, W = their width in vision, D = width.

from collections.abc import Callable
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.training import Trainer

KEPT_TEXT_VECTORS = 1 << 18


class Projector(nn.Module):
    """From the width of vision to the width of the text model.

    What all pictures have in common is most of what a Swin says, above all one without pretrained weights (mean cosine
    of two pictures' tokens .84). Uncorrected, the first steps amplify it until all vectors are one. So `look` at some
    pictures fixes, before the first step, what is taken off, and scales the output like the tokens of text.
    """

    mean_W: Tensor
    deviation_W: Tensor
    has_looked: Tensor

    def __init__(self, vision_width: int, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(vision_width, width)
        self.outer = nn.Linear(width, width)
        self.register_buffer("mean_W", torch.zeros(vision_width))
        self.register_buffer("deviation_W", torch.ones(vision_width))
        self.register_buffer("has_looked", torch.zeros(1, dtype=torch.uint8))

    def forward(self, tokens_RPW: Tensor) -> Tensor:  # (R, P, D)
        standard_RPW = (tokens_RPW - self.mean_W) / self.deviation_W
        return cast(Tensor, self.outer(F.gelu(self.inner(standard_RPW))))

    @torch.no_grad()
    def look(self, tokens_RPW: Tensor, deviation: float) -> None:
        """Makes the output over these tokens have mean 0 and this deviation, in every position."""
        tokens_NW = tokens_RPW.float().flatten(0, 1)
        self.mean_W.copy_(tokens_NW.mean(0))
        self.deviation_W.copy_(tokens_NW.std(0, correction=0).clamp(min=1e-4))
        found_ND = self(tokens_NW[:, None])[:, 0].float()
        scale_D = deviation / found_ND.std(0, correction=0).clamp(min=1e-4)
        self.outer.weight.mul_(scale_D[:, None])
        self.outer.bias.copy_((self.outer.bias - found_ND.mean(0)) * scale_D)
        self.has_looked.fill_(1)


class Shortcut(nn.Module):
    """A vector of an item's pictures that is added to what the text model reads, with a weight that is learned.

    Before pairs are tuned on, `align` steps teach it, and vision where that is trained, to come near the vector of the
    item's own text (as CLIP does, with a text model that is not moved).
    """

    def __init__(self, vision_width: int, width: int, weight: float) -> None:
        super().__init__()
        self.projector = Projector(vision_width, width)
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, tokens_RPW: Tensor) -> Tensor:  # (R, D), of length 1
        return F.normalize(self.projector(tokens_RPW).float().mean(1), dim=-1)


def info_nce(
    anchor_BD: Tensor, positive_BD: Tensor, anchor_B: Tensor, positive_B: Tensor, temperature: Tensor,
    known_BB: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Symmetric InfoNCE: pair i's anchor against every positive, and back.

    No negative is the row's own item, its partner again, the partner of a pair with the same item, or a pair that
    `known_BB` (anchor, positive) marks.
    """
    scores_BB = anchor_BD @ positive_BD.T / temperature
    same_anchor_BB = anchor_B[:, None] == anchor_B
    same_positive_BB = positive_B[:, None] == positive_B
    false_BB = same_anchor_BB | same_positive_BB | (anchor_B[:, None] == positive_B)
    if known_BB is not None:
        false_BB = false_BB | known_BB.bool()
    false_BB = false_BB & ~torch.eye(len(anchor_B), dtype=torch.bool, device=anchor_B.device)
    scores_BB = scores_BB.masked_fill(false_BB, -torch.inf)
    own_B = torch.arange(len(anchor_B), device=anchor_B.device)
    return (F.cross_entropy(scores_BB, own_B) + F.cross_entropy(scores_BB.T, own_B)) / 2


class Alignment:
    """Steps of a shortcut, and of vision where that is trained; the rest of the network stands still meanwhile.

    One step is symmetric InfoNCE of pictures against their items' texts: unit vectors of the text model, taken off
    their mean. Equal texts are no negatives of each other.
    """

    def __init__(self, shortcut: Shortcut, trainer: Trainer) -> None:
        self.shortcut = shortcut
        self.trainer = trainer
        self.text_vectors: dict[int, Tensor] = {}  # by item: they don't change before pairs are tuned on

    def texts(self, items: list[int], embed: Callable[[list[int]], Tensor]) -> Tensor:  # (B, D), of length 1
        """Vectors of the items' texts, centred; `embed` is asked for those that are not kept."""
        fresh = [item for item in items if item not in self.text_vectors]
        if fresh:
            if len(self.text_vectors) + len(fresh) > KEPT_TEXT_VECTORS:
                self.text_vectors.clear()
                fresh = items
            self.text_vectors.update(zip(fresh, embed(fresh), strict=True))
        text_BD = torch.stack([self.text_vectors[item] for item in items])
        return F.normalize(text_BD - text_BD.mean(0), dim=-1)

    def step(
        self, look: Callable[[], Tensor], text_BD: Tensor, temperature: Tensor, learning_rate: float
    ) -> dict[str, float]:
        """`look` computes the pictures' vectors (B, D), a graph through which gradients flow."""
        standing = [
            each for name, each in self.trainer.trained.items() if not name.startswith(("vision.", "shortcut."))
        ]
        for weight in standing:
            weight.requires_grad_(False)
        try:
            picture_BD = look()
            equal_BB = text_BD @ text_BD.T > 1 - 1e-4
            own_B = torch.arange(len(text_BD), device=text_BD.device)
            loss = info_nce(picture_BD, text_BD, own_B, own_B, temperature, equal_BB)
            return self.trainer.step(loss, {"alignment_loss": loss}, learning_rate)
        finally:
            for weight in standing:
                weight.requires_grad_(True)
