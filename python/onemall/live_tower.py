"""Live tower: a room as what it sells now, against what a user lately cared for. Its room vectors are quantised."""

# Shapes: B = batch, N = rows asked for, S = products of a room, T = latest products of a user, P = products in all,
# F = features of a product, L = levels of a Semantic ID, D = width.
# OneMall (3.1.3): a room's Semantic ID comes from the item side of a two-tower model whose inputs hold the Semantic IDs
# of the products on sale, trained with a lower learning rate on the item side so that codes don't churn.
# Our choices: (1) the features of products are frozen. (2) The user side projects them by a copy of the room side's
# first weights: the two sides begin aligned, then part. (3) In-batch softmax both ways with log-Q correction.

import typing
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.ids import MetIds
from onemall.training import RandomState, Trainer, expect_step, precision, read_config, require


@dataclass(kw_only=True, slots=True)
class LiveTowerConfig:
    """`rooms` that training may meet, `products` in all, `features` of a product.

    `sizes` are those of the levels of a product's Semantic ID; there may be none.
    """

    rooms: int
    products: int
    features: int
    history: int
    width: int
    sizes: list[int] = field(default_factory=list)
    temperature: float = 0.07
    dropout: float = 0.1
    weight_decay: float = 0.01
    item_learning_rate_share: float = 0.1

    def __post_init__(self) -> None:
        for name in ("rooms", "products", "features", "history", "width"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, found {getattr(self, name)}")
        if not 0 < self.temperature <= 1:
            raise ValueError(f"temperature: expected in (0, 1], found {self.temperature}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout: expected in [0, 1), found {self.dropout}")
        if not 0 <= self.item_learning_rate_share <= 1:
            raise ValueError(f"item_learning_rate_share: expected in [0, 1], found {self.item_learning_rate_share}")


def _pool(tokens_BSD: Tensor, scores_BS: Tensor, is_padding_BS: Tensor) -> Tensor:  # (B, D)
    """Mean weighted by the softmax of the scores; a row of padding alone gives zeros."""
    weights_BS = scores_BS.masked_fill(is_padding_BS, -1e9).softmax(-1).masked_fill(is_padding_BS, 0)
    return (weights_BS.unsqueeze(-1) * tokens_BSD).sum(1)


def _layers(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))


class RoomSide(nn.Module):
    """The author, and the products on sale with their Semantic IDs; the first product is the presented one."""

    def __init__(self, config: LiveTowerConfig) -> None:
        super().__init__()
        scale = config.width**-0.5
        self.room_table = MetIds(config.rooms, config.width)
        code_tables = [nn.Embedding(size + 1, config.width, padding_idx=0) for size in config.sizes]  # 0: no code
        self.code_tables = nn.ModuleList(code_tables)
        for table in code_tables:
            nn.init.normal_(table.weight[1:], std=scale)
        self.project = nn.Linear(config.features, config.width)
        self.presented_D = nn.Parameter(torch.randn(config.width) * scale)
        self.query = nn.Linear(config.width, config.width)
        self.layers = _layers(config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, room_B: Tensor, features_BSF: Tensor, codes_BSL: Tensor, is_padding_BS: Tensor) -> Tensor:
        tokens_BSD = self.project(features_BSF)
        for level, table in enumerate(self.code_tables):
            tokens_BSD = tokens_BSD + table(codes_BSL[..., level] + 1)
        marked_BSD = torch.cat([tokens_BSD[:, :1] + self.presented_D, tokens_BSD[:, 1:]], 1)
        room_BD = self.room_table(room_B)
        scores_BS = (marked_BSD * self.query(room_BD).unsqueeze(1)).sum(-1) / marked_BSD.shape[-1] ** 0.5
        pooled_BD = self.dropout(room_BD + _pool(marked_BSD, scores_BS, is_padding_BS))
        return F.normalize((pooled_BD + self.layers(pooled_BD)).float(), dim=-1)  # (B, D)


class UserSide(nn.Module):
    """The products that the user's latest clicks were about, the latest first; a user without any gets one vector."""

    def __init__(self, config: LiveTowerConfig, project: nn.Linear) -> None:
        super().__init__()
        self.project = nn.Linear(config.features, config.width)
        self.project.load_state_dict(project.state_dict())
        self.place_TD = nn.Parameter(torch.randn(config.history, config.width) * config.width**-0.5)
        self.query_D = nn.Parameter(torch.randn(config.width) * config.width**-0.5)
        self.layers = _layers(config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, features_BTF: Tensor, is_padding_BT: Tensor) -> Tensor:  # (B, D)
        tokens_BTD = self.project(features_BTF)
        keys_BTD = tokens_BTD + self.place_TD[: tokens_BTD.shape[1]]
        scores_BT = (keys_BTD * self.query_D).sum(-1)
        pooled_BD = self.dropout(_pool(tokens_BTD, scores_BT, is_padding_BT))
        return F.normalize((pooled_BD + self.layers(pooled_BD)).float(), dim=-1)


class LiveTowers(nn.Module):
    def __init__(self, config: LiveTowerConfig) -> None:
        super().__init__()
        self.item = RoomSide(config)
        self.user = UserSide(config, self.item.project)


def symmetric_loss(
    scores_BB: Tensor, room_B: Tensor, user_B: Tensor, room_log_q_B: Tensor, user_log_q_B: Tensor
) -> Tensor:
    """In-batch softmax over rooms and over users, each corrected by how likely it is to be in the batch.

    `scores_BB` has a user a row. Other examples of the same room, or of the same user, are no wrong answers: masked.
    """
    own_BB = torch.eye(len(room_B), dtype=torch.bool, device=scores_BB.device)
    masked_BB = ((room_B[:, None] == room_B) | (user_B[:, None] == user_B)) & ~own_BB
    target_B = torch.arange(len(room_B), device=scores_BB.device)
    to_rooms = F.cross_entropy((scores_BB - room_log_q_B).masked_fill(masked_BB, -torch.inf), target_B)
    to_users = F.cross_entropy((scores_BB.T - user_log_q_B).masked_fill(masked_BB, -torch.inf), target_B)
    return (to_rooms + to_users) / 2


class LiveTower:
    """Feed "products", step on clicks on rooms, infer "rooms" and "users"."""

    def __init__(self, config: LiveTowerConfig, seed: int, device: torch.device) -> None:
        self.config = config
        self.device = device
        random = RandomState(seed, device)
        with random.lent():
            self.towers = LiveTowers(config).to(device)
        shares = {"item.": config.item_learning_rate_share}
        self.trainer = Trainer(self.towers, random, weight_decay=config.weight_decay, rate_shares=shares)
        self.features_PF: Tensor | None = None
        self.code_PL: Tensor | None = None

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: torch.device) -> Self:
        return cls(read_config(LiveTowerConfig, config), seed, device)

    def feed(self, what: str, tensors: dict[str, Tensor]) -> None:
        """ "products": `features` float32 (P, F), `code` int32 (P, L; -1 where a product has no Semantic ID)."""
        if what != "products":
            raise ValueError(f"feed: expected `products`, found `{what}`")
        products, levels = self.config.products, len(self.config.sizes)
        require(tensors, features=f"float32 {products} {self.config.features}", code=f"int32 {products} {levels}")
        for level, size in enumerate(self.config.sizes):
            _check(f"code of level {level}", tensors["code"][:, level], -1, size)
        self.features_PF = tensors["features"].to(self.device, copy=True)
        self.code_PL = tensors["code"].to(self.device, copy=True)

    def step(self, what: str, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """`clicks`: one step on clicks.

        `room` int32 (B), `products` int32 (B, S; the presented one first, -1 padding), `clicked` int32 (B, T; the
        latest first, -1 padding), `user` int32 (B), `room_log_q` and `user_log_q` float32 (B).
        """
        expect_step(what, "clicks")
        require(batch, user="int32 B", room_log_q="float32 B", user_log_q="float32 B")
        require(batch, **self._room_shapes("B"), **self._user_shapes("B"))
        _check("room", batch["room"], 0, self.config.rooms)
        self.towers.item.room_table.meet(batch["room"])
        self.towers.train()
        with self.trainer.random.lent():
            with precision(self.device):
                room_BD, user_BD = self._rooms(batch), self._users(batch)
            scores_BB = user_BD @ room_BD.T / self.config.temperature
            ids = (batch[name].to(self.device) for name in ("room", "user", "room_log_q", "user_log_q"))
            loss = symmetric_loss(scores_BB, *ids)
            return self.trainer.step(loss, {"contrastive_loss": loss}, settings["learning_rate"])

    def infer(self, what: str, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> dict[str, float]:
        """Unit vectors into `vector` (N, D): "rooms" of `room` and `products`, "users" of `clicked`, as in a step."""
        shapes = {"rooms": self._room_shapes("N"), "users": self._user_shapes("N")}
        if what not in shapes:
            raise ValueError(f"infer: expected `rooms` or `users`, found `{what}`")
        require(inputs | outputs, **shapes[what], vector=f"float32 N {self.config.width}")
        self.towers.eval()
        with torch.inference_mode(), precision(self.device):
            outputs["vector"].copy_(self._rooms(inputs) if what == "rooms" else self._users(inputs))
        return {}

    def copy_from(self, other: Self) -> None:
        self.trainer.copy_from(other.trainer)

    def save(self, path: str, training: bool) -> None:
        self.trainer.save(path, training, {"kind": "live_tower", "config": asdict(self.config)})

    def load(self, path: str, training: bool) -> None:
        self.trainer.load(path, training)

    def _room_shapes(self, rows: str) -> dict[str, str]:
        return {"room": f"int32 {rows}", "products": f"int32 {rows} S"}

    def _user_shapes(self, rows: str) -> dict[str, str]:
        return {"clicked": f"int32 {rows} {self.config.history}"}

    def _rooms(self, tensors: dict[str, Tensor]) -> Tensor:
        products_BS, features_BSF, codes_BSL = self._products("products", tensors)
        room_B = tensors["room"].to(self.device)
        return typing.cast(Tensor, self.towers.item(room_B, features_BSF, codes_BSL, products_BS < 0))

    def _users(self, tensors: dict[str, Tensor]) -> Tensor:
        clicked_BT, features_BTF, _ = self._products("clicked", tensors)
        return typing.cast(Tensor, self.towers.user(features_BTF, clicked_BT < 0))

    def _products(self, name: str, tensors: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        if self.features_PF is None or self.code_PL is None:
            raise ValueError("feed `products` first")
        _check(name, tensors[name], -1, self.config.products)
        products_BS = tensors[name].to(self.device)
        at_BS = products_BS.clamp(min=0)
        return products_BS, self.features_PF[at_BS], self.code_PL[at_BS]


def _check(name: str, values: Tensor, lowest: int, end: int) -> None:
    if values.numel() and (int(values.min()) < lowest or int(values.max()) >= end):
        raise ValueError(f"{name}: expected {lowest}..{end - 1}, found {int(values.min())}..{int(values.max())}")
