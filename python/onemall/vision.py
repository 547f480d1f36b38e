"""Pictures of items: decoding that no file can stop, a Swin that makes tokens of them, and what is kept of both."""

# Shapes: R = pictures, B = items, K = pictures of one item, P = tokens of one picture, W = width of a token,
# G = cells of Swin's last grid, C = colours, S = side in pixels.
# Departures from the paper: (1) `tokens` says how many tokens a picture has: Swin's last grid (49 cells at 224 x 224)
# is averaged down to a square of them. (2) A Swin without pretrained weights is trained with the rest, not frozen; or,
# with `shortcut`, trained first to know which of the items' texts goes with a picture, and frozen then.

import io
import json
import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

BUILT = "swin:"
OUTCOMES = ("read", "empty", "too_large", "broken")  # of a picture; Java's PictureOutcome has the same order
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LARGEST_SIDE, LARGEST_PIXELS = 16_384, 50_000_000
PICTURES_PER_PASS = 64
KEPT_PIXELS_BYTES = 1 << 30  # decoded pictures are kept up to here; the others are decoded each time
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(kw_only=True, slots=True)
class VisionConfig:
    """`backbone`: a folder with a Hugging Face Swin, or `swin:{...}`, JSON of SwinConfig's names to build one from."""

    backbone: str
    tokens: int  # of one picture: a square number
    frames: int = 1  # pictures of one item, at most
    shortcut: float | None = None  # pictures also reach the vector past the text model, with this weight at first
    augment: bool | None = None  # true: trained vision sees random crops, mirror images and brightness

    def __post_init__(self) -> None:
        if self.tokens < 1 or math.isqrt(self.tokens) ** 2 != self.tokens:
            raise ValueError(f"vision.tokens: expected a square number (1, 4, 9, ... 49), found {self.tokens}")
        if not 1 <= self.frames <= 6:
            raise ValueError(f"vision.frames: expected 1 to 6, found {self.frames}")
        if self.shortcut is not None and not 0 < self.shortcut <= 10:
            raise ValueError(f"vision.shortcut: expected above 0, at most 10, or null, found {self.shortcut}")

    @property
    def built(self) -> bool:
        """Whether it has no pretrained weights, and so is trained."""
        return self.backbone.startswith(BUILT)


def built_config(backbone: str, prefix: str, kind: Any, defaults: dict[str, Any]) -> Any:
    """A transformers config of class `kind` out of `prefix{...}`; names that the class doesn't have are refused."""
    try:
        values = json.loads(backbone.removeprefix(prefix))
    except json.JSONDecodeError as error:
        raise ValueError(f"backbone `{backbone}`: expected {prefix}{{...}} with JSON in it: {error}") from error
    known = kind().to_dict()
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(f"backbone `{backbone}`: {kind.__name__} has no {', '.join(unknown)}")
    return kind(**(defaults | values))


def swin_config(config: VisionConfig) -> Any:
    """The transformers config of the Swin, without its weights."""
    import transformers

    if config.built:
        swin = built_config(config.backbone, BUILT, transformers.SwinConfig, {"image_size": 224})
    else:
        folder = Path(config.backbone)
        missing = [name for name in ("config.json", "model.safetensors") if not (folder / name).is_file()]
        if missing:
            raise ValueError(
                f"vision.backbone `{config.backbone}`: expected a Swin's folder, or swin:{{...}} to build one, but "
                f"{folder} has no {', '.join(missing)}"
            )
        swin = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
        if not isinstance(swin, transformers.SwinConfig):
            raise ValueError(f"vision.backbone: expected a Swin in {folder}, found {type(swin).__name__}")
    grid = _grid(swin)
    if config.tokens > grid**2:
        raise ValueError(f"vision.tokens: expected at most Swin's {grid} x {grid} cells, found {config.tokens}")
    return swin


def _grid(swin: Any) -> int:
    """Cells along a side after the last stage: halved after each stage but the last, odd ones rounded up."""
    side: int = math.ceil(swin.image_size / swin.patch_size)
    for _ in swin.depths[1:]:
        side = math.ceil(side / 2)
    return side


class Vision(nn.Module):
    """Swin, its last grid averaged to P tokens. Pixels are bytes; they are scaled here."""

    pool_PG: Tensor
    mean_C: Tensor
    std_C: Tensor

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        import transformers

        swin = swin_config(config)
        self.folder = None if config.built else Path(config.backbone)
        self.width = int(swin.hidden_size)
        self.side = int(swin.image_size)
        self.resize: Any = None  # made for the first picture
        if self.folder is None:
            self.swin = transformers.SwinModel(swin, add_pooling_layer=False)
        else:
            self.swin = transformers.SwinModel.from_pretrained(
                self.folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, add_pooling_layer=False
            ).requires_grad_(False)
        scaling = self._processor_values()
        self.register_buffer("pool_PG", _pooling(_grid(swin), math.isqrt(config.tokens)), persistent=False)
        self.register_buffer("mean_C", 255 * torch.tensor(scaling.get("image_mean", [0.5] * 3)), persistent=False)
        self.register_buffer("std_C", 255 * torch.tensor(scaling.get("image_std", [0.5] * 3)), persistent=False)

    def _processor_values(self) -> dict[str, Any]:
        """What the folder says of how its pictures were prepared; nothing where there is none."""
        file = None if self.folder is None else self.folder / "preprocessor_config.json"
        return cast(dict[str, Any], json.loads(file.read_text())) if file is not None and file.is_file() else {}

    def forward(self, pixels_RCSS: Tensor) -> Tensor:  # (R, P, W)
        scaled_RCSS = (pixels_RCSS.float() - self.mean_C[:, None, None]) / self.std_C[:, None, None]
        hidden_RGW = self.swin(scaled_RCSS).last_hidden_state
        return cast(Tensor, self.pool_PG.to(hidden_RGW.dtype) @ hidden_RGW)

    def varied(self, pixels_CSS: Tensor) -> Tensor:  # (C, S, S)
        """A random crop of at least 60 % of each side, perhaps mirrored, 0.8 to 1.2 times as bright."""
        share, down, right, mirror, bright = torch.rand(5).tolist()
        side = round(self.side * (0.6 + 0.4 * share))
        top, left = int(down * (self.side - side + 1)), int(right * (self.side - side + 1))
        cut_CSS = pixels_CSS[:, top : top + side, left : left + side].float()
        cut_CSS = cut_CSS.flip(2) if mirror < 0.5 else cut_CSS
        whole_CSS = nn.functional.interpolate(cut_CSS[None], (self.side, self.side), mode="bilinear")[0]
        return cast(Tensor, (whole_CSS * (0.8 + 0.4 * bright)).clamp(0, 255))

    def read(self, encoded: bytes | None) -> tuple[Tensor | None, str]:
        """The picture as uint8 (C, S, S), or none; and one of OUTCOMES. No file raises, none is decoded that is huge.

        Sizes are checked in the header: 20,000 x 20,000 pixels would be 1.2 GB.
        """
        from PIL import Image

        if not encoded:
            return None, "empty"
        try:
            with Image.open(io.BytesIO(encoded), formats=FORMATS) as opened:
                width, height = opened.size
                if max(width, height) > LARGEST_SIDE or width * height > LARGEST_PIXELS:
                    return None, "too_large"
                opened.draft("RGB", (self.side, self.side))  # a JPEG is decoded no larger than needed
                picture = opened.convert("RGB")
                if picture.size == (self.side, self.side):
                    pixels_CSS = np.asarray(picture).transpose(2, 0, 1)
                else:
                    pixels_CSS = self._resizer()(images=picture, return_tensors="np")["pixel_values"][0]
        except Image.DecompressionBombError:
            return None, "too_large"
        except UNREADABLE:
            return None, "broken"
        return torch.from_numpy(np.ascontiguousarray(pixels_CSS, dtype=np.uint8)), "read"

    def _resizer(self) -> Any:
        if self.resize is None:
            import transformers

            resample = self._processor_values().get("resample")
            self.resize = transformers.ViTImageProcessorPil(
                size=self.side,
                do_rescale=False,
                do_normalize=False,
                **({} if resample is None else {"resample": resample}),
            )
        return self.resize


def _pooling(grid: int, side: int) -> Tensor:  # (P, G)
    """Averages a grid of cells to a square of tokens; cells that lie in two of them count in both."""
    pool_PG = torch.zeros(side, side, grid, grid)
    for row in range(side):
        for column in range(side):
            rows = slice(row * grid // side, -(-(row + 1) * grid // side))
            columns = slice(column * grid // side, -(-(column + 1) * grid // side))
            pool_PG[row, column, rows, columns] = 1
    pool_PG = pool_PG.reshape(side * side, grid * grid)
    return pool_PG / pool_PG.sum(1, keepdim=True)


class Pictures:
    """What is kept of the items' pictures: tokens where vision is frozen or done, else pixels for it to learn from."""

    def __init__(self, config: VisionConfig, width: int) -> None:
        self.frames = config.frames
        self.shape = (config.tokens, width)
        self.rows: dict[int, list[tuple[int, int]]] = {}  # item -> (place, row), in the order of places
        self.tokens: list[Tensor] = []  # by row, where they are known: (P, W) each
        self.pixels: list[Tensor | bytes] = []  # by row, where they are not
        self.kept_bytes = 0
        self.outcomes: list[int] = []  # of what was fed last

    @property
    def done(self) -> bool:
        """Whether tokens are known."""
        return not self.pixels

    def place(self, item: int, place: int, row: int) -> None:
        rows = self.rows.setdefault(item, [])
        if any(known == place for known, _ in rows):
            raise ValueError(f"pictures: item {item} has a picture at place {place} already")
        if len(rows) == self.frames:
            raise ValueError(f"pictures: item {item} has {self.frames} pictures already (vision.frames)")
        rows.append((place, row))
        rows.sort()

    def count(self, items_N: Tensor) -> Tensor:  # (N)
        return torch.tensor([len(self.rows.get(item, ())) for item in items_N.tolist()], dtype=torch.int64)

    def add_pixels(self, vision: Vision, items: Sequence[int], places: Sequence[int], encoded: Sequence[Any]) -> None:
        """Reads pictures (bytes or None each) and keeps those that can be read, to be learned from."""
        if self.tokens:
            raise ValueError("pictures: their features were fed already")
        self.outcomes = []
        for item, place, picture in zip(items, places, encoded, strict=True):
            pixels_CSS, outcome = vision.read(picture)
            self.outcomes.append(OUTCOMES.index(outcome))
            if pixels_CSS is not None:
                self.place(item, place, len(self.pixels))
                keep = self.kept_bytes + pixels_CSS.nbytes <= KEPT_PIXELS_BYTES
                self.kept_bytes += pixels_CSS.nbytes if keep else 0
                self.pixels.append(pixels_CSS if keep else picture)

    def add_frozen(
        self, vision: Vision, items: Sequence[int], places: Sequence[int], encoded: Sequence[Any], device: torch.device
    ) -> None:
        """Reads pictures and keeps the tokens that a frozen vision makes of them, once."""
        found = [vision.read(picture) for picture in encoded]
        self.outcomes = [OUTCOMES.index(outcome) for _, outcome in found]
        read = [row for row, (pixels, _) in enumerate(found) if pixels is not None]
        if read:
            pixels_RCSS = torch.stack([cast(Tensor, found[row][0]) for row in read]).to(device)
            with torch.inference_mode():
                tokens_RPW = vision(pixels_RCSS).float().cpu()
            self.add_tokens([items[row] for row in read], [places[row] for row in read], tokens_RPW)

    def add_tokens(self, items: Sequence[int], places: Sequence[int], tokens_RPW: Tensor) -> None:
        if self.pixels:
            raise ValueError("pictures: they were fed already, their features can't be fed too")
        if tuple(tokens_RPW.shape[1:]) != self.shape:
            raise ValueError(
                f"features: expected {self.shape} floats a picture, found {tuple(tokens_RPW.shape[1:])}: were they "
                "made with the same `vision`?"
            )
        for item, place, tokens_PW in zip(items, places, tokens_RPW, strict=True):
            self.place(item, place, len(self.tokens))
            self.tokens.append(tokens_PW.clone())

    @torch.inference_mode()
    def finish(self, vision: Vision, device: torch.device) -> None:
        """Vision has learned all it will: its tokens take the pixels' place."""
        for start in range(0, len(self.pixels), PICTURES_PER_PASS):
            rows = range(start, min(start + PICTURES_PER_PASS, len(self.pixels)))
            pixels_RCSS = torch.stack([self._pixels(vision, row) for row in rows])
            self.tokens += [each.clone() for each in vision(pixels_RCSS.to(device)).float().cpu()]
        self.pixels = []
        self.kept_bytes = 0

    def at(self, items_B: Tensor) -> tuple[list[int], Tensor]:
        """Rows of all pictures of some items, one after the other; and which of (B, K) they fill."""
        rows = [[row for _, row in self.rows.get(item, ())] for item in items_B.tolist()]
        counts_B1 = torch.tensor([len(each) for each in rows], dtype=torch.int64)[:, None]
        longest = int(counts_B1.max()) if len(rows) else 0
        return [row for each in rows for row in each], torch.arange(longest) < counts_B1

    def one_of(self, item: int) -> int:
        """The row of one of the item's pictures, drawn at random."""
        rows = self.rows[item]
        return rows[int(torch.randint(len(rows), ()))][1]

    def row_of(self, item: int, place: int) -> int:
        for known, row in self.rows.get(item, ()):
            if known == place:
                return row
        raise ValueError(f"item {item} has no picture at place {place} that could be read")

    def tokens_of(
        self, rows: Sequence[int], vision: Vision | None, device: torch.device, vary: bool
    ) -> Tensor:  # (R, P, W)
        if self.done:
            return torch.stack([self.tokens[row] for row in rows]).to(device)
        assert vision is not None
        pixels = [self._pixels(vision, row) for row in rows]
        pixels = [vision.varied(each) for each in pixels] if vary else pixels
        return cast(Tensor, vision(torch.stack(pixels).to(device)))

    def _pixels(self, vision: Vision, row: int) -> Tensor:  # (C, S, S)
        kept = self.pixels[row]
        if isinstance(kept, Tensor):
            return kept
        pixels_CSS, _ = vision.read(kept)
        assert pixels_CSS is not None
        return pixels_CSS
