"""Measures the item encoder on a GPU, with random weights: samples a second, MFU, memory; a JSON line for each part.

    PYTHONPATH=python python3 tests/python/bench_item_encoder.py [--dry-run] [--lora 16] [--grad-cache 64] ...

Needs torch and transformers (and peft with --lora), no data. Vision is frozen, as in the paper: the training reads its
tokens, and its own speed is measured apart. MFU counts the FLOPs that the step needs: 2 a weight and token forward,
twice that backward (once where the text model is frozen), and attention; what gradient caching computes again is no
gain, so it is not counted. With --dry-run nothing is allocated: parameters, memory and FLOPs are worked out.
"""

import argparse
import json
import sys
import time
from typing import Any

import torch

from onemall.item_encoder import ItemEncoder, ItemEncoderConfig, ItemNetwork
from onemall.text_backbone import open_backbone
from onemall.training import read_config
from onemall.vision import Vision

QWEN2_1_5B = {
    "vocab_size": 151_936, "hidden_size": 1536, "num_hidden_layers": 28, "num_attention_heads": 12,
    "num_key_value_heads": 2, "intermediate_size": 8960, "max_position_embeddings": 32_768,
}  # fmt: skip
SWIN_B = {"embed_dim": 128, "depths": [2, 2, 18, 2], "num_heads": [4, 8, 16, 32], "window_size": 7, "patch_size": 4}
PEAK_TFLOPS = {"H200": 989, "H100": 989, "A100": 312, "L40S": 362, "A10": 125, "L4": 121}  # bf16, dense, SXM
GIB = 2**30


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--text-model", default="qwen2:" + json.dumps(QWEN2_1_5B))
    parser.add_argument("--vision", default="swin:" + json.dumps(SWIN_B))
    parser.add_argument("--picture-tokens", type=int, default=49)
    parser.add_argument("--frames", type=int, default=1)
    parser.add_argument("--text-tokens", type=int, default=64)
    parser.add_argument("--pairs", type=int, default=128)
    parser.add_argument("--grad-cache", type=int, default=64, help="items a pass; 0: the whole batch at once")
    parser.add_argument("--lora", type=int, default=0, help="rank; 0: the whole text model is trained")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--swin-batch", type=int, default=256)
    parser.add_argument("--compile", action="store_true", help="the text model and Swin by torch.compile")
    return parser.parse_args()


def encoder_config(wanted: argparse.Namespace) -> ItemEncoderConfig:
    return read_config(
        ItemEncoderConfig,
        {
            "backbone": wanted.text_model,
            "attention": "causal",
            "readout": "emb",
            "max_tokens": wanted.text_tokens,
            "vision": {"backbone": wanted.vision, "tokens": wanted.picture_tokens, "frames": wanted.frames},
            "lora": {"rank": wanted.lora, "alpha": 2 * wanted.lora} if wanted.lora else None,
            "grad_cache": wanted.grad_cache or None,
        },
    )


def count(module: torch.nn.Module) -> int:
    return sum(each.numel() for each in module.parameters())


def sizes(config: ItemEncoderConfig) -> dict[str, Any]:
    """Everything that shapes say, without memory for a single weight."""
    with torch.device("meta"):
        language_model, _ = open_backbone(config.backbone, config.longest)
        network = ItemNetwork(config, language_model, None)
    vision, projector = network.vision, network.projector
    assert vision is not None
    assert projector is not None
    table = count(network.token_table)
    text = count(language_model)
    trained = {name: p for name, p in network.named_parameters() if p.requires_grad and not name.startswith("vision.")}
    text_trained = sum(p.numel() for n, p in trained.items() if n.startswith("language_model."))
    vision_weights = count(vision)
    shape = language_model.config
    tokens = config.longest
    # causal attention looks at half of all pairs of positions: 2 products of 2 FLOPs a pair and width
    width = getattr(shape, "head_dim", None) or shape.hidden_size // shape.num_attention_heads
    attention = 2 * tokens * tokens * shape.num_hidden_layers * shape.num_attention_heads * width
    forward = 2 * tokens * (text - table) + attention
    backward = 2 * forward if config.lora is None else forward
    held = config.grad_cache or 0
    return {
        "text_parameters": text,
        "text_parameters_trained": text_trained,
        "token_table": table,
        "vision_parameters": vision_weights,
        "projector_parameters": count(projector),
        "tokens_per_item": tokens,
        "forward_gflops_per_item": forward / 1e9,
        "training_gflops_per_item": (forward + backward) / 1e9,
        "items_held": held,
        "weights_gib": (text if config.lora is None else text / 2 + text_trained) * 4 / GIB,
        "gradients_and_adamw_gib": sum(p.numel() for p in trained.values()) * 12 / GIB,
    }


def opened(config: ItemEncoderConfig, items: int, device: torch.device) -> ItemEncoder:
    """An encoder with random weights, texts and vision tokens."""
    model = ItemEncoder(config, 0, device)
    random = torch.Generator().manual_seed(1)
    model.tokens_NT = torch.randint(0, 1000, (items, config.max_tokens), dtype=torch.int32, generator=random)
    model.length_N = torch.full((items,), config.max_tokens)
    pictures = model.pictures
    assert pictures is not None
    assert config.vision is not None
    for place in range(config.vision.frames):
        tokens = torch.randn(items, *pictures.shape, generator=random)
        pictures.add_tokens(range(items), [place] * items, tokens)
    return model


def training(wanted: argparse.Namespace, model: ItemEncoder, facts: dict[str, Any]) -> dict[str, Any]:
    items = 2 * wanted.pairs
    order = torch.arange(items, dtype=torch.int32)
    batch = {"anchor": order[: wanted.pairs], "positive": order[wanted.pairs :]}
    torch.cuda.reset_peak_memory_stats()
    seconds, losses = [], []
    for _ in range(wanted.warmup + wanted.steps):
        torch.cuda.synchronize()
        start = time.perf_counter()
        losses.append(model.step("pairs", batch, {"learning_rate": 1e-5})["loss"])
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    measured = sorted(seconds[wanted.warmup :])
    median = measured[len(measured) // 2]
    flops = items * facts["training_gflops_per_item"] * 1e9
    return {
        "step_s": median,
        "step_s_range": [measured[0], measured[-1]],
        "first_step_s": seconds[0],
        "pairs_per_s": wanted.pairs / median,
        "items_per_s": items / median,
        "tokens_per_s": items * facts["tokens_per_item"] / median,
        "tflops": flops / median / 1e12,
        "mfu": mfu(flops / median),
        "peak_gib": torch.cuda.max_memory_allocated() / GIB,
        "losses": losses,
    }


def mfu(flops_per_s: float) -> float | None:
    name = torch.cuda.get_device_name()
    peak = next((peak for part, peak in PEAK_TFLOPS.items() if part in name), None)
    return None if peak is None else flops_per_s / (peak * 1e12)


def embedding(model: ItemEncoder, facts: dict[str, Any]) -> dict[str, Any]:
    items = len(model.length_N)
    inputs = {"item": torch.arange(items, dtype=torch.int32)}
    outputs = {"vector": torch.zeros(items, int(model.infer("width", {}, {})["width"]))}
    model.infer("embed", inputs, outputs)
    start = time.perf_counter()
    model.infer("embed", inputs, outputs)
    seconds = time.perf_counter() - start
    flops = items * facts["forward_gflops_per_item"] * 1e9
    return {"items_per_s": items / seconds, "mfu": mfu(flops / seconds)}


def swin(wanted: argparse.Namespace, config: ItemEncoderConfig) -> dict[str, Any]:
    """Vision's forward pass, as the frozen one is used."""
    assert config.vision is not None
    vision: Any = Vision(config.vision).cuda().eval()
    if wanted.compile:
        vision.swin = torch.compile(vision.swin)
    pixels = torch.zeros(wanted.swin_batch, 3, vision.side, vision.side, dtype=torch.uint8, device="cuda")
    torch.cuda.reset_peak_memory_stats()
    with torch.inference_mode(), torch.autocast("cuda", dtype=torch.bfloat16):
        for _ in range(3):
            vision(pixels)
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(10):
            vision(pixels)
        torch.cuda.synchronize()
    seconds = (time.perf_counter() - start) / 10
    return {"pictures_per_s": wanted.swin_batch / seconds, "peak_gib": torch.cuda.max_memory_allocated() / GIB}


def main() -> None:
    wanted = arguments()
    config = encoder_config(wanted)
    facts = sizes(config)
    tell("sizes", facts | {"settings": vars(wanted)})
    if wanted.dry_run:
        return
    torch.use_deterministic_algorithms(True, warn_only=True)  # as bridge.py has it
    tell("machine", {"gpu": torch.cuda.get_device_name(), "torch": torch.__version__, "cuda": torch.version.cuda})
    model = opened(config, max(2 * wanted.pairs, 1024), torch.device("cuda"))
    assert model.network.vision is not None
    model.network.vision.cpu()  # frozen here: its tokens are known
    if wanted.compile:
        model.network.language_model = torch.compile(model.network.language_model)  # type: ignore[assignment]
    tell("training", training(wanted, model, facts))
    tell("embedding", embedding(model, facts))
    del model
    torch.cuda.empty_cache()
    tell("swin", swin(wanted, config))


def tell(part: str, figures: dict[str, Any]) -> None:
    """One line as soon as it is known."""
    sys.stdout.write(json.dumps({"part": part} | figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
