"""Two-tower retrieval model: a user's latest items against the next one. Its item vectors give item pairs."""

# Shapes: B = batch, T = latest items, N = items asked for, D = width, F = features of an item.
# In-batch softmax with log-Q correction: Yi et al., Sampling-Bias-Corrected Neural Modeling (RecSys 2019).

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.ids import MetIds
from onemall.training import RandomState, Trainer, expect_step, precision, read_config, require


@dataclass(kw_only=True, slots=True)
class TwoTowerConfig:
    """`items` that training may meet, `width` of the vectors; fed per item: `features` numbers, one of `categories`."""

    items: int
    width: int
    features: int = 0
    categories: int = 0
    pool: Literal["mean", "attention"] = "attention"
    temperature: float = 0.07
    dropout: float = 0.1
    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        for name in ("items", "width"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, found {getattr(self, name)}")
        for name in ("features", "categories"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: expected 0 or more, found {getattr(self, name)}")
        if not 0 < self.temperature <= 1:
            raise ValueError(f"temperature: expected in (0, 1], found {self.temperature}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout: expected in [0, 1), found {self.dropout}")


class Towers(nn.Module):
    """Both towers share the item vectors, so that a user lies where the items of like users do."""

    def __init__(self, config: TwoTowerConfig) -> None:
        super().__init__()
        self.item_table = MetIds(config.items, config.width)
        self.project_features = nn.Linear(config.features, config.width) if config.features else None
        self.attention_query_D = nn.Parameter(torch.zeros(config.width)) if config.pool == "attention" else None
        self.user_layers = nn.Sequential(
            nn.Linear(config.width, 2 * config.width), nn.GELU(), nn.Linear(2 * config.width, config.width)
        )
        self.dropout = nn.Dropout(config.dropout)
        self.category_table = nn.Embedding(config.categories, config.width) if config.categories else None
        if self.category_table is not None:
            nn.init.normal_(self.category_table.weight, std=config.width**-0.5)

    def item_vector(
        self, item_N: Tensor, features_NF: Tensor | None, category_N: Tensor | None
    ) -> Tensor:  # (N, D), of length 1 or 0
        """What an item is: its id, its features, its category (-1: none). All zeros where nothing is known of it."""
        vector_ND = self.item_table(item_N)
        if self.project_features is not None:
            vector_ND = vector_ND + self.project_features(features_NF)
        if self.category_table is not None and category_N is not None:
            category_ND = self.category_table(category_N.clamp(min=0))
            vector_ND = vector_ND + category_ND.masked_fill((category_N < 0).unsqueeze(-1), 0)
        return F.normalize(vector_ND.float(), dim=-1)

    def user_vector(self, items_BTD: Tensor, is_padding_BT: Tensor) -> Tensor:  # (B, D), of length 1
        """Items pooled over time; a user without any is the zero vector before the last layers."""
        scores_BT = torch.zeros_like(is_padding_BT, dtype=items_BTD.dtype)
        if self.attention_query_D is not None:
            scores_BT = items_BTD @ self.attention_query_D
        weights_BT = scores_BT.masked_fill(is_padding_BT, -1e9).softmax(-1).masked_fill(is_padding_BT, 0)
        pooled_BD = self.dropout((weights_BT.unsqueeze(-1) * items_BTD).sum(1))
        return F.normalize((pooled_BD + self.user_layers(pooled_BD)).float(), dim=-1)


def in_batch_loss(scores_BB: Tensor, item_B: Tensor, log_q_B: Tensor) -> Tensor:
    """Softmax over the batch's items, corrected by how likely each is to be there; copies of the own are masked."""
    duplicate_BB = (item_B[:, None] == item_B) & ~torch.eye(len(item_B), dtype=torch.bool, device=item_B.device)
    corrected_BB = (scores_BB - log_q_B).masked_fill(duplicate_BB, -torch.inf)
    return F.cross_entropy(corrected_BB, torch.arange(len(item_B), device=item_B.device))


class TwoTower:
    """Feed "items" if more than ids, step on (`user_items`, `item`, `log_q`), infer "items" and "users"."""

    def __init__(self, config: TwoTowerConfig, seed: int, device: torch.device) -> None:
        self.config = config
        self.device = device
        random = RandomState(seed, device)
        with random.lent():
            self.towers = Towers(config).to(device)
        self.trainer = Trainer(self.towers, random, weight_decay=config.weight_decay)
        self.features_NF: Tensor | None = None
        self.category_N: Tensor | None = None

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: torch.device) -> Self:
        return cls(read_config(TwoTowerConfig, config), seed, device)

    def feed(self, what: str, tensors: dict[str, Tensor]) -> None:
        """ "items": `features` float32 (N, F) and `category` int32 (N; -1: none), each if the config has it.

        The catalogue may have grown: N is `items` or more.
        """
        shapes = {}
        if self.config.features:
            shapes["features"] = f"float32 N {self.config.features}"
        if self.config.categories:
            shapes["category"] = "int32 N"
        if what != "items" or not shapes:
            raise ValueError(f"feed: expected `items` of a config with features or categories, found `{what}`")
        fed = require(tensors, **shapes)["N"]
        if fed < self.config.items:
            raise ValueError(f"feed: expected {self.config.items} items or more, found {fed}")
        if self.config.features:
            self.features_NF = tensors["features"].to(self.device, copy=True)
        if self.config.categories:
            highest = int(tensors["category"].max())
            if highest >= self.config.categories:
                raise ValueError(f"category: expected at most {self.config.categories - 1}, found {highest}")
            self.category_N = tensors["category"].to(self.device, copy=True)

    def step(self, what: str, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """`next_item`: one step on `user_items` int32 (B, T; -1 padding), `item` int32 (B), `log_q` float32 (B)."""
        expect_step(what, "next_item")
        require(batch, user_items="int32 B T", item="int32 B", log_q="float32 B")
        user_items_BT, item_B = batch["user_items"].to(self.device), batch["item"].to(self.device)
        self._check(item_B, 0, self.config.items)
        self._check(user_items_BT, -1, self.config.items)
        self.towers.item_table.meet(item_B)
        self.towers.item_table.meet(user_items_BT)
        self.towers.train()
        with self.trainer.random.lent():
            with precision(self.device):
                user_BD = self._user(user_items_BT)
                item_BD = self._item(item_B)
            scores_BB = user_BD @ item_BD.T / self.config.temperature
            loss = in_batch_loss(scores_BB, item_B, batch["log_q"].to(self.device))
            return self.trainer.step(loss, {"contrastive_loss": loss}, settings["learning_rate"])

    def infer(self, what: str, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> dict[str, float]:
        """Unit vectors: "items" of `item` int32 (N), "users" of `user_items` int32 (N, T), into `vector` (N, D)."""
        shapes = {"items": {"item": "int32 N"}, "users": {"user_items": "int32 N T"}}
        if what not in shapes:
            raise ValueError(f"infer: expected `items` or `users`, found `{what}`")
        require(inputs | outputs, **shapes[what], vector=f"float32 N {self.config.width}")
        self.towers.eval()
        with torch.inference_mode(), precision(self.device):
            if what == "items":
                self._check(inputs["item"], 0, self._fed())
                vector_ND = self._item(inputs["item"].to(self.device))
            else:
                self._check(inputs["user_items"], -1, self._fed())
                vector_ND = self._user(inputs["user_items"].to(self.device))
            outputs["vector"].copy_(vector_ND)
        return {}

    def copy_from(self, other: Self) -> None:
        self.trainer.copy_from(other.trainer)

    def save(self, path: str, training: bool) -> None:
        self.trainer.save(path, training, {"kind": "two_tower", "config": asdict(self.config)})

    def load(self, path: str, training: bool) -> None:
        self.trainer.load(path, training)

    def _item(self, item_N: Tensor) -> Tensor:
        if (self.config.features and self.features_NF is None) or (self.config.categories and self.category_N is None):
            raise ValueError("the config has item features: feed `items` first")
        features_NF = None if self.features_NF is None else self.features_NF[item_N]
        return self.towers.item_vector(
            item_N, features_NF, None if self.category_N is None else self.category_N[item_N]
        )

    def _user(self, user_items_BT: Tensor) -> Tensor:
        items_BTD = self._item(user_items_BT.clamp(min=0).flatten()).unflatten(0, user_items_BT.shape)
        return self.towers.user_vector(items_BTD, user_items_BT < 0)

    def _fed(self) -> float:
        """How many items there are; no matter how many where nothing but their ids is known."""
        fed = [len(each) for each in (self.features_NF, self.category_N) if each is not None]
        return min(fed, default=math.inf)

    @staticmethod
    def _check(item: Tensor, lowest: int, end: float) -> None:
        if item.numel() and (int(item.min()) < lowest or int(item.max()) >= end):
            raise ValueError(f"item: expected {lowest}..{end - 1}, found {int(item.min())}..{int(item.max())}")
