"""The item tokenizer's embedding model (OneMall, section 3.1.2): text and pictures read at `<EMB>`, tuned on pairs."""

# Shapes: B = pairs or items, T = text tokens, K = pictures of an item, P = tokens of a picture, W = their width in
# vision, R = pictures of a pass, S = T + K * P + 1, D = width, N = items asked for, V = vocabulary.
# Departures from the paper:
# (1) `<EMB>` is one row beside the token table, not in it: no text can spell it, and the table keeps its size. It
#     starts as `[MASK]` where the model has one (already a position that gathers context), else as the mean token.
# (2) Small backbones beside Qwen2.5, bidirectional ones too. They differ in a mask, so one class serves all.
# (3) `readout`: at `<EMB>` (the paper); there plus the mean of the other tokens, for models that were pretrained with a
#     mean and never saw `<EMB>`; or that mean alone, without `<EMB>`. MiniLM after 60 steps on co-bought products,
#     held-out pairs among the nearest 10: .384, .397, .407; pairs with products new to the training: .343, .364, .356.
# (4) The projector is fitted to some pictures before the first step (see there).
# (5) Vision is frozen only where it was pretrained or aligned (see vision.py); then its tokens are computed once.
# (6) `vision.shortcut` (see Shortcut): one picture token among ten of text, in a text model that is frozen up to its
#     top layers, says nothing at first, and the pairs' weak liking for one colour doesn't change that. On the mall,
#     held-out partners among the nearest 10 after 300 steps of 64 pairs: .216 with text alone, .216 with pictures too.

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from onemall.alignment import Alignment, Projector, Shortcut, info_nce
from onemall.text_backbone import LoraConfig, adapt, open_backbone, train_tokenizer, train_top_layers
from onemall.training import RandomState, Trainer, expect_step, precision, read_about, read_config, require
from onemall.vision import PICTURES_PER_PASS, Pictures, Vision, VisionConfig, swin_config

if TYPE_CHECKING:
    import pyarrow as pa

BYTES_PER_TOKEN = 64  # a text is cut here before it is tokenised; longer words are one token or noise
ITEMS_PER_PASS = 64  # neighbours in length share a pass, so that little is padded
PICTURES_LOOKED_AT = 256


@dataclass(kw_only=True, slots=True)
class ItemEncoderConfig:
    """`backbone`: minilm | tiny_qwen2 | tiny_bert | a folder with a Hugging Face text model and its tokenizer.json |
    `qwen2:{...}`, JSON of Qwen2Config's names, to build one without pretrained weights.
    """

    backbone: str
    attention: Literal["causal", "bidirectional"]
    readout: Literal["emb", "emb_mean", "mean"]
    max_tokens: int  # of text
    use: Literal["both", "text", "picture"] | None = None  # what of an item is read; null: both
    vision: VisionConfig | None = None  # null: text only
    trainable_layers: int | None = None  # only the top ones; null: everything, tokens included
    lora: LoraConfig | None = None  # instead of training the text model itself
    grad_cache: int | None = None  # items whose graph is held at a time; null: all of the batch
    temperature: float = 0.05
    learn_temperature: bool = False
    dropout: bool = False  # the backbone's own
    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        if self.max_tokens < 3:
            raise ValueError(f"max_tokens: expected at least 3 (a word between two marks), found {self.max_tokens}")
        if not 0 < self.temperature <= 1:
            raise ValueError(f"temperature: expected in (0, 1], found {self.temperature}")
        if self.trainable_layers is not None and self.trainable_layers < 1:
            raise ValueError(f"trainable_layers: expected at least 1, or null for all, found {self.trainable_layers}")
        if self.trainable_layers is not None and self.lora is not None:
            raise ValueError("lora: expected without trainable_layers: adapters replace training the layers themselves")
        if self.grad_cache is not None and self.grad_cache < 1:
            raise ValueError(f"grad_cache: expected at least 1 item, or null, found {self.grad_cache}")
        if self.use == "picture" and self.vision is None:
            raise ValueError("use: expected `vision` with `picture`, found none")

    @property
    def longest(self) -> int:
        """Tokens of an item at most."""
        return self.max_tokens + (0 if self.vision is None else self.vision.frames * self.vision.tokens) + 1


class ItemNetwork(nn.Module):
    """Text tokens, picture tokens, `<EMB>` -> a unit vector per item."""

    def __init__(self, config: ItemEncoderConfig, language_model: nn.Module, mask_token: int | None) -> None:
        super().__init__()
        self.causal = config.attention == "causal"
        self.readout = config.readout
        self.language_model = language_model
        table_VD = self.token_table.weight.detach().float()
        row_D = table_VD.mean(0) if mask_token is None else table_VD[mask_token].clone()
        self.emb_token_D = nn.Parameter(row_D, requires_grad=config.trainable_layers is None)
        self.log_temperature = nn.Parameter(torch.tensor(config.temperature).log(), config.learn_temperature)
        if config.trainable_layers is not None:
            train_top_layers(language_model, config.trainable_layers)
        if config.lora is not None:
            adapt(language_model, config.lora)
        self.projector: Projector | None = None
        self.vision: Vision | None = None  # here only if it is trained
        self.shortcut: Shortcut | None = None
        if config.vision is not None:
            vision_width = int(swin_config(config.vision).hidden_size)
            self.projector = Projector(vision_width, len(row_D))
            self.vision = Vision(config.vision) if config.vision.built else None
            if config.vision.shortcut is not None:
                self.shortcut = Shortcut(vision_width, len(row_D), config.vision.shortcut)

    @property
    def token_table(self) -> nn.Embedding:
        return cast(nn.Embedding, cast(Any, self.language_model).get_input_embeddings())

    def forward(
        self,
        text_BT: Tensor,
        is_text_BT: Tensor,
        pictures_BPD: Tensor | None = None,
        is_picture_BP: Tensor | None = None,
        shortcut_BD: Tensor | None = None,
    ) -> Tensor:  # (B, D)
        """Here P counts the tokens of all of an item's pictures; without `is_picture_BP` none is padding."""
        read_BD = self._read(text_BT, is_text_BT, pictures_BPD, is_picture_BP)
        if shortcut_BD is None or self.shortcut is None:
            return read_BD
        return F.normalize(read_BD + self.shortcut.weight * shortcut_BD, dim=-1)

    def _read(
        self, text_BT: Tensor, is_text_BT: Tensor, pictures_BPD: Tensor | None, is_picture_BP: Tensor | None
    ) -> Tensor:  # (B, D)
        parts, masks = [self.token_table(text_BT)], [is_text_BT]
        if pictures_BPD is not None:
            parts.append(pictures_BPD.to(parts[0].dtype))
            masks.append(is_text_BT.new_ones(pictures_BPD.shape[:2]) if is_picture_BP is None else is_picture_BP)
        if self.readout != "mean":
            parts.append(self.emb_token_D.expand(len(text_BT), 1, -1))
            masks.append(is_text_BT.new_ones(len(text_BT), 1))
        sequence_BSD = torch.cat(parts, 1)
        is_token_BS = torch.cat(masks, 1)
        if not sequence_BSD.shape[1]:
            return self._blank(len(text_BT))
        hidden_BSD = self.language_model(
            inputs_embeds=sequence_BSD,
            attention_mask=self._may_attend(is_token_BS),
            position_ids=(is_token_BS.cumsum(1) - 1).clamp(min=0),
        ).last_hidden_state
        hidden_BSD = hidden_BSD.float()
        if self.readout == "emb":
            return F.normalize(hidden_BSD[:, -1], dim=-1)
        if self.readout == "mean":
            mean_BD = F.normalize(_mean(hidden_BSD, is_token_BS), dim=-1)
            return torch.where(is_token_BS.any(1, keepdim=True), mean_BD, self._blank(len(text_BT)))
        return F.normalize(hidden_BSD[:, -1] + _mean(hidden_BSD[:, :-1], is_token_BS[:, :-1]), dim=-1)

    def _blank(self, size: int) -> Tensor:
        """What stands for an item without any token, where there is no `<EMB>` to read."""
        return F.normalize(self.emb_token_D, dim=0).expand(size, -1)

    def _may_attend(self, is_token_BS: Tensor) -> Tensor:  # (B, 1, S, S)
        """Everything but padding, and nothing later if causal; padding sees itself, so that its rows stay finite."""
        size = is_token_BS.shape[1]
        may_BSS = is_token_BS.unsqueeze(1).expand(-1, size, -1)
        itself_SS = torch.eye(size, dtype=torch.bool, device=is_token_BS.device)
        return ((may_BSS.tril() if self.causal else may_BSS) | itself_SS).unsqueeze(1)


def _mean(hidden_BSD: Tensor, is_token_BS: Tensor) -> Tensor:  # (B, D)
    """Over tokens; zero where there are none."""
    weights_BS1 = is_token_BS.unsqueeze(-1).float()
    return (hidden_BSD * weights_BS1).sum(1) / weights_BS1.sum(1).clamp(min=1)


class ItemEncoder:
    """Feed "texts", then "pictures" or "features"; step on pairs; infer "embed".

    An item without picture has its text tokens alone, one without text its picture tokens, one with neither `<EMB>`.
    """

    def __init__(self, config: ItemEncoderConfig, seed: int, device: torch.device) -> None:
        self.config = config
        self.device = device
        self.random = RandomState(seed, device)
        with self.random.lent():
            language_model, self.tokenizer = open_backbone(config.backbone, config.longest)
            if config.lora is not None and device.type == "cuda":
                for weight in language_model.parameters():  # frozen: no small update gets lost; buffers stay exact
                    weight.data = weight.data.bfloat16()
            self.network = ItemNetwork(config, language_model, self.tokenizer.token_to_id("[MASK]")).to(device)
        self.trainer = Trainer(self.network, self.random, weight_decay=config.weight_decay)
        self.tokens_NT = torch.zeros((0, config.max_tokens), dtype=torch.int32)
        self.length_N = torch.zeros(0, dtype=torch.int64)  # -1: no text was fed for this item
        self.stepping = False  # inside `step`: pictures may be varied
        self.frozen: Vision | None = None  # opened when pictures come
        self.pictures: Pictures | None = None
        if config.vision is not None and config.use != "text":
            self.pictures = Pictures(config.vision, cast(Projector, self.network.projector).inner.in_features)
        self.alignment: Alignment | None = None
        if self.network.shortcut is not None:
            self.alignment = Alignment(self.network.shortcut, self.trainer)

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: torch.device) -> Self:
        return cls(read_config(ItemEncoderConfig, config), seed, device)

    def feed(self, what: str, tensors: "pa.Table | dict[str, Tensor]") -> None:
        """ "texts": table of `item` (dense int32) and `text`, tokenised here, once.

        "pictures": table of `item`, `place` (int32) and `picture` (binary; a file's content, or null). "features":
        tensors `item` int32 (R), `place` int32 (R), `feature` float32 (R, P, W), as "features" of `infer` gave them.
        All may come in several parts.
        """
        if what == "texts":
            self._feed_texts(cast("pa.Table", tensors))
        elif what == "pictures" and self.pictures is not None:
            self._feed_pictures(self.pictures, cast("pa.Table", tensors))
        elif what == "features" and self.pictures is not None:
            batch = cast(dict[str, Tensor], tensors)
            require(batch, item="int32 R", place="int32 R", feature="float32 R P W")
            self.pictures.add_tokens(batch["item"].tolist(), batch["place"].tolist(), batch["feature"])
        else:
            expected = "`texts`" if self.pictures is None else "`texts`, `pictures` or `features`"
            raise ValueError(f"feed: expected {expected}, found `{what}`")

    def _feed_texts(self, table: "pa.Table") -> None:
        import pyarrow as pa

        _check_columns("texts", table, item=pa.int32(), text=pa.utf8())
        item = torch.tensor(table["item"].to_pylist(), dtype=torch.int64)
        longest = BYTES_PER_TOKEN * self.config.max_tokens
        texts = [
            (value or b"")[:longest].decode(errors="replace") for value in table["text"].cast(pa.binary()).to_pylist()
        ]
        if self.tokenizer.get_vocab_size() == 0:
            self.tokenizer = train_tokenizer(texts)
        self.tokenizer.enable_truncation(self.config.max_tokens)
        self.tokenizer.no_padding()
        self.tokenizer.encode_special_tokens = True  # a title that says [SEP] is text
        ids = [encoded.ids for encoded in self.tokenizer.encode_batch_fast(texts)]
        if self.config.use == "picture":
            ids = [[] for _ in ids]
        grow = max(0, int(item.max()) + 1 - len(self.length_N)) if len(item) else 0
        self.tokens_NT = F.pad(self.tokens_NT, (0, 0, 0, grow))
        self.length_N = F.pad(self.length_N, (0, grow), value=-1)
        for row, tokens in zip(item.tolist(), ids, strict=True):
            self.tokens_NT[row, : len(tokens)] = torch.tensor(tokens, dtype=torch.int32)
        self.length_N[item] = torch.tensor([len(tokens) for tokens in ids], dtype=torch.int64)

    def _feed_pictures(self, pictures: Pictures, table: "pa.Table") -> None:
        import pyarrow as pa

        _check_columns("pictures", table, item=pa.int32(), place=pa.int32(), picture=pa.binary())
        items, places, encoded = (table[name].to_pylist() for name in ("item", "place", "picture"))
        if self.network.vision is not None:
            pictures.add_pixels(self.network.vision, items, places, encoded)
            return
        if self.frozen is None:
            self.frozen = Vision(cast(VisionConfig, self.config.vision)).to(self.device).eval()
        pictures.add_frozen(self.frozen, items, places, encoded, self.device)

    def step(self, what: str, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """`pairs`: one InfoNCE step on `anchor` int32 (B), `positive` int32 (B), and perhaps `known` uint8 (B, B).

        `align`, with `vision.shortcut` and before any pairs: one on `item` int32 (B), distinct, pictures against the
        items' own texts. Items that lack one of the two don't count.
        """
        expect_step(what, "pairs", "align")
        if what == "align":
            return self._align(batch, settings)
        require(batch, anchor="int32 B", positive="int32 B", **({"known": "uint8 B B"} if "known" in batch else {}))
        pair_2B = torch.stack([batch["anchor"], batch["positive"]]).long()
        items, place_2B = pair_2B.unique(return_inverse=True)
        self._settle()
        self.network.train(self.config.dropout)
        self.stepping = True
        with self.random.lent():
            if self.config.grad_cache is None:
                vector_ND, go_on_backward = self._encode(items), None
            else:
                vector_ND, go_on_backward = self._encode_cached(items)
            vector_2BD = vector_ND[place_2B.to(self.device)]
            temperature = self.network.log_temperature.exp()
            anchor_B, positive_B = pair_2B.to(self.device)
            known_BB = batch["known"].to(self.device) if "known" in batch else None
            loss = info_nce(vector_2BD[0], vector_2BD[1], anchor_B, positive_B, temperature, known_BB)
            parts = {"contrastive_loss": loss}
            figures = self.trainer.step(loss, parts, settings["learning_rate"], go_on_backward)
        return figures | {"temperature": temperature.item()}

    def infer(self, what: str, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> dict[str, float]:
        """ "embed": `item` int32 (N) -> `vector` float32 (N, D), of length 1. "width": returns D as `width`.

        "outcomes": `outcome` uint8 (R) of the pictures that were fed last, as numbers of vision.OUTCOMES. "features":
        `item`, `place` int32 (R) -> `feature` float32 (R, P, W), vision's tokens of pictures that could be read; their
        P and W are returned by "shape" as `tokens` and `width`, with `trained`: 1 where vision is.
        """
        width = self.network.emb_token_D.shape[0]
        self.network.eval()
        self.stepping = False
        if what == "width":
            return {"width": float(width)}
        if what == "embed":
            require(inputs, item="int32 N")
            require(inputs | outputs, item="int32 N", vector=f"float32 N {width}")
            self._settle()
            with torch.inference_mode():
                outputs["vector"].copy_(self._encode(inputs["item"].long()))
            return {}
        if self.pictures is None or what not in ("outcomes", "features", "shape"):
            more = "" if self.pictures is None else ", `outcomes`, `features`, `shape`"
            raise ValueError(f"infer: expected `embed`, `width`{more}, found `{what}`")
        tokens, vision_width = self.pictures.shape
        if what == "shape":
            trained = self.network.vision is not None
            return {"tokens": float(tokens), "width": float(vision_width), "trained": float(trained)}
        if what == "outcomes":
            require(outputs, outcome=f"uint8 {len(self.pictures.outcomes)}")
            outputs["outcome"].copy_(torch.tensor(self.pictures.outcomes, dtype=torch.uint8))
            return {}
        require(inputs, item="int32 R", place="int32 R")
        require(inputs | outputs, item="int32 R", place="int32 R", feature=f"float32 R {tokens} {vision_width}")
        asked = zip(inputs["item"].tolist(), inputs["place"].tolist(), strict=True)
        rows = [self.pictures.row_of(item, place) for item, place in asked]
        self._settle()
        with torch.inference_mode():
            outputs["feature"].copy_(self._vision_tokens(self.pictures, rows))
        return {}

    def copy_from(self, other: Self) -> None:
        """Weights, and the text tokenizer; a model that has read texts by another one refuses it."""
        self._check_tokenizer(other.tokenizer, "the other model")
        self.trainer.copy_from(other.trainer)
        self.tokenizer = other.tokenizer

    def save(self, path: str, training: bool) -> None:
        about = {
            "kind": "item_encoder",
            "config": asdict(self.config),
            "tokenizer": json.loads(self.tokenizer.to_str()),
        }
        self.trainer.save(path, training, about)

    def load(self, path: str, training: bool) -> None:
        """Restores weights and text tokenizer. Texts that were tokenised differently before are refused."""
        tokenizer = Tokenizer.from_str(json.dumps(read_about(path)["tokenizer"]))
        self._check_tokenizer(tokenizer, path)
        self.trainer.load(path, training)
        self.tokenizer = tokenizer

    def _check_tokenizer(self, tokenizer: Tokenizer, of: str) -> None:
        if len(self.length_N) and tokenizer.get_vocab() != self.tokenizer.get_vocab():
            raise ValueError(
                f"{of} has another text tokenizer than the texts were fed to: load or copy first, then feed"
            )

    def _align(self, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """One step of pictures against texts, of the items that have both; one picture of each, drawn anew."""
        require(batch, item="int32 B")
        alignment, pictures = self.alignment, self.pictures
        if alignment is None or pictures is None:
            raise ValueError("step: expected a model with pictures and `vision.shortcut` for `align`")
        if self.network.vision is not None and pictures.done:
            raise ValueError("step: expected `align` before any pairs or vectors: vision is frozen by now")
        _, (items_B,) = self._passes(batch["item"].long(), len(batch["item"]))
        items_B = items_B[(self.length_N[items_B] > 0) & (pictures.count(items_B) > 0)]
        if len(items_B) < 2:
            raise ValueError(f"step: expected at least 2 items with text and picture, found {len(items_B)}")
        self._look(alignment.shortcut.projector)
        self.network.eval()
        text_BD = alignment.texts(items_B.tolist(), self._text_vectors)
        self.network.train(self.config.dropout)
        self.stepping = True
        with self.random.lent():
            rows = [pictures.one_of(item) for item in items_B.tolist()]
            temperature = self.network.log_temperature.exp().detach()

            def look() -> Tensor:
                with precision(self.device):
                    picture_BD: Tensor = alignment.shortcut(self._vision_tokens(pictures, rows))
                return picture_BD

            return alignment.step(look, text_BD, temperature, settings["learning_rate"])

    @torch.no_grad()
    def _text_vectors(self, items: list[int]) -> Tensor:  # (B, D)
        """What the text model makes of items' texts alone."""
        with precision(self.device):
            found_BD: Tensor = self.network(*self._text(torch.tensor(items)))
        return found_BD.float()

    def _settle(self) -> None:
        """Before the first pairs or vectors: vision that was aligned is done, and the projectors look at pictures."""
        if self.pictures is None or not self.pictures.rows:
            return
        shortcut = self.network.shortcut
        if shortcut is not None and self.network.vision is not None and not self.pictures.done:
            self.network.eval()
            self.pictures.finish(self.network.vision, self.device)
        if self.alignment is not None:
            self.alignment.text_vectors.clear()
        self._look(cast(Projector, self.network.projector))
        if shortcut is not None:
            self._look(shortcut.projector)

    def _look(self, projector: Projector) -> None:
        """Fits a projector to some pictures of all that were fed, once in its life."""
        assert self.pictures is not None
        if not projector.has_looked:
            self.network.eval()
            self.stepping = False
            count = sum(map(len, self.pictures.rows.values()))
            rows = torch.arange(count)[:: max(1, count // PICTURES_LOOKED_AT)].tolist()
            with torch.no_grad():
                tokens_RPW = self._vision_tokens(self.pictures, rows)
            projector.look(tokens_RPW, self.network.token_table.weight.std().item())

    def _encode(self, items_N: Tensor) -> Tensor:  # (N, D)
        """Vectors of items in their order; inside, items of like length share a pass."""
        order_N, passes = self._passes(items_N, self.config.grad_cache or ITEMS_PER_PASS)
        return torch.cat([self._pass(items_B) for items_B in passes])[order_N.argsort().to(self.device)]

    def _encode_cached(self, items_N: Tensor) -> tuple[Tensor, Callable[[], None]]:
        """The same vectors without their graph, and what takes their gradients on to the weights (GradCache).

        Each pass is computed twice, first without a graph, then with one for as long as its own gradients need it: a
        batch costs the memory of one pass, and every pair of it still sees all of the batch's negatives.
        """
        order_N, passes = self._passes(items_N, self.config.grad_cache or ITEMS_PER_PASS)
        before, vectors = [], []
        with torch.no_grad():
            for items_B in passes:
                before.append(self.random.now())
                vectors.append(self._pass(items_B))
        vector_ND = torch.cat(vectors).requires_grad_()

        def go_on_backward() -> None:
            after = self.random.now()
            gradients = cast(Tensor, vector_ND.grad).split([len(items_B) for items_B in passes])
            for state, items_B, gradient_BD in zip(before, passes, gradients, strict=True):
                self.random.rewind(state)
                torch.autograd.backward(self._pass(items_B), gradient_BD)
            self.random.rewind(after)

        return vector_ND[order_N.argsort().to(self.device)], go_on_backward

    def _passes(self, items_N: Tensor, size: int) -> tuple[Tensor, list[Tensor]]:
        """The order by length, and the items of each pass."""
        unknown = items_N[(items_N < 0) | (items_N >= len(self.length_N))]
        unknown = unknown if len(unknown) else items_N[self.length_N[items_N] < 0]
        if len(unknown):
            raise ValueError(f"item {int(unknown[0])} has no text: feed `texts` with it first")
        length_N = self.length_N[items_N]
        if self.pictures is not None:
            length_N = length_N + self.pictures.shape[0] * self.pictures.count(items_N)
        order_N = length_N.argsort(stable=True)
        return order_N, list(items_N[order_N].split(size))

    def _pass(self, items_B: Tensor) -> Tensor:  # (B, D)
        with precision(self.device):
            return cast(Tensor, self.network(*self._text(items_B), *self._seen(items_B)))

    def _text(self, items_B: Tensor) -> tuple[Tensor, Tensor]:
        """Text tokens (B, T) of some items, and which of them are no padding (B, T)."""
        length_B = self.length_N[items_B]
        longest = int(length_B.max())
        is_text_BT = torch.arange(longest) < length_B[:, None]
        return self.tokens_NT[items_B, :longest].to(self.device), is_text_BT.to(self.device)

    def _seen(self, items_B: Tensor) -> tuple[Tensor, Tensor, Tensor | None] | tuple[()]:
        """Of all pictures of some items: projected tokens (B, K * P, D), which of them are no padding (B, K * P), and
        the shortcut's vectors (B, D), zero where an item has no picture.
        """
        rows, is_there_BK = ([], None) if self.pictures is None else self.pictures.at(items_B)
        if self.pictures is None or is_there_BK is None or not rows:
            return ()
        is_there_BK = is_there_BK.to(self.device)
        tokens_RPW = self._vision_tokens(self.pictures, rows)
        tokens_BKPD = _padded(cast(Projector, self.network.projector)(tokens_RPW), is_there_BK)
        shortcut_BD = None
        if self.network.shortcut is not None:
            shortcut_BD = _padded(self.network.shortcut(tokens_RPW), is_there_BK).sum(1)
            shortcut_BD = shortcut_BD / is_there_BK.sum(1, keepdim=True).clamp(min=1)
        is_token_BP = is_there_BK.repeat_interleave(tokens_RPW.shape[1], 1)
        return tokens_BKPD.flatten(1, 2), is_token_BP, shortcut_BD

    def _vision_tokens(self, pictures: Pictures, rows: list[int]) -> Tensor:  # (R, P, W)
        parts = [rows[start : start + PICTURES_PER_PASS] for start in range(0, len(rows), PICTURES_PER_PASS)]
        vary = self.stepping and bool(cast(VisionConfig, self.config.vision).augment)
        return torch.cat([pictures.tokens_of(part, self.network.vision, self.device, vary) for part in parts])


def _padded(found_R: Tensor, is_there_BK: Tensor) -> Tensor:  # (B, K, ...)
    """What was found for each picture in its item's row; zeros where there is none."""
    padded_BK = found_R.new_zeros(*is_there_BK.shape, *found_R.shape[1:])
    return padded_BK.index_put((is_there_BK,), found_R)


def _check_columns(name: str, table: "pa.Table", **columns: "pa.DataType") -> None:
    found = {field.name: field.type for field in table.schema}
    if not all(found.get(column) == kind for column, kind in columns.items()):
        expected = ", ".join(f"`{column}` ({kind})" for column, kind in columns.items())
        raise ValueError(f"{name}: expected columns {expected}, found {table.schema}")
