"""What every model shares: a checked config, checked batches, its own random state, one AdamW step, one state file."""

import dataclasses
import json
import os
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

Config = TypeVar("Config")
SMALL_NETWORK = 1_000_000  # dense weights
ADAMW_STATE = ("step", "exp_avg", "exp_avg_sq")
METADATA_KEY = "onemall"  # one key only: safetensors writes several in no fixed order


def read_config(kind: type[Config], values: Mapping[str, Any]) -> Config:
    """Fills the dataclass `kind` from JSON values; unknown and missing keys and wrong types are one ValueError."""
    problems: list[str] = []
    config = _value(kind, values, "", problems)
    if problems:
        raise ValueError(f"{kind.__name__}: " + "; ".join(problems))
    return typing.cast(Config, config)


def _value(kind: Any, value: Any, at: str, problems: list[str]) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(value, Mapping):
        return _fields(typing.cast(type, kind), value, at, problems)
    if origin in (typing.Union, types.UnionType):
        inner = [each for each in arguments if each is not type(None)]
        return None if value is None and len(inner) < len(arguments) else _value(inner[0], value, at, problems)
    if origin is typing.Literal and value in arguments:
        return value
    if origin is list and isinstance(value, list):
        return [_value(arguments[0], each, f"{at}[{i}]", problems) for i, each in enumerate(value)]
    if origin is dict and isinstance(value, Mapping):
        return {key: _value(arguments[1], each, f"{at}.{key}", problems) for key, each in value.items()}
    if kind is float and type(value) in (int, float):
        return float(value)
    if type(value) is not kind:
        expected = " | ".join(map(str, arguments)) if origin is typing.Literal else getattr(kind, "__name__", kind)
        problems.append(f"`{at}`: expected {expected}, found {value!r}")
    return value


def _fields(kind: type, values: Mapping[str, Any], at: str, problems: list[str]) -> Any:
    hints = typing.get_type_hints(kind)
    known = {field.name: field for field in dataclasses.fields(kind)}
    prefix = f"{at}." if at else ""
    problems += [f"unknown key `{prefix}{key}` (known: {', '.join(known)})" for key in values if key not in known]
    found = {}
    for name, field in known.items():
        if name in values:
            found[name] = _value(hints[name], values[name], prefix + name, problems)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            problems.append(f"missing key `{prefix}{name}`")
    return None if problems else kind(**found)


def require(tensors: Mapping[str, Tensor], **shapes: str) -> dict[str, int]:
    """Checks tensors against shapes like item="int32 B T" (a letter is one size everywhere); returns the sizes."""
    sizes: dict[str, int] = {}
    for name, text in shapes.items():
        dtype, *letters = text.split()
        if name not in tensors:
            raise ValueError(f"`{name}` ({text}) is missing, found only: {', '.join(sorted(tensors)) or 'nothing'}")
        tensor = tensors[name]
        expected = [sizes.get(letter, int(letter) if letter.isdigit() else -1) for letter in letters]
        fits = len(expected) == tensor.dim() and all(e in (-1, n) for e, n in zip(expected, tensor.shape, strict=True))
        if str(tensor.dtype) != f"torch.{dtype}" or not fits:
            raise ValueError(f"`{name}`: expected {text} with {sizes}, found {tensor.dtype} {tuple(tensor.shape)}")
        sizes |= {letter: size for letter, size in zip(letters, tensor.shape, strict=True) if not letter.isdigit()}
    return sizes


def dense_weights(module: nn.Module) -> int:
    """Weights that a forward pass multiplies with: those of matrices; an embedding's rows are looked up."""
    return sum(
        each.numel()
        for part in module.modules()
        if not isinstance(part, nn.Embedding | nn.EmbeddingBag)
        for each in part.parameters(recurse=False)
        if each.dim() >= 2
    )


def threads_for(weights: int, most: int) -> int:
    """Threads that torch gets for a network with so many dense weights, of `most` that it may have: 1 or all.

    Several threads wait for each other after every operation. A small network's are so short that on two idle cores
    the second is worth a factor of 1.2 to 1.8; with it, a busy process beside them costs one of 5 to 80 (LAB.md).
    """
    return 1 if weights < SMALL_NETWORK else most


def expect_step(what: str, *known: str) -> None:
    """Every model names its steps."""
    if what not in known:
        raise ValueError(f"step: expected {' or '.join(f'`{each}`' for each in known)}, found `{what}`")


def precision(device: torch.device) -> AbstractContextManager[Any]:
    """The arithmetic of a forward pass: bf16 autocast on a GPU, fp32 elsewhere."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if device.type == "cuda" else nullcontext()


class RandomState:
    """The random numbers of one model: `with random.lent():` makes them torch's, then gives torch's own back."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self.device = device
        self.state = {"cpu": torch.Generator().manual_seed(seed).get_state()}
        if device.type == "cuda":
            self.state["cuda"] = torch.Generator(device).manual_seed(seed).get_state()

    @contextmanager
    def lent(self) -> Iterator[None]:
        with torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else []):
            self.rewind(self.state)
            yield
            self.state = self.now()

    def now(self) -> dict[str, Tensor]:
        """The state inside `lent()`, for `rewind`: what is computed again draws the same numbers."""
        state = {"cpu": torch.get_rng_state()}
        if self.device.type == "cuda":
            state["cuda"] = torch.cuda.get_rng_state(self.device)
        return state

    def rewind(self, state: Mapping[str, Tensor]) -> None:
        torch.set_rng_state(state["cpu"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda"], self.device)


class Trainer:
    """A module with its optimizer (AdamW; matrices decay, vectors and scalars don't) and its random state."""

    def __init__(
        self,
        module: nn.Module,
        random: RandomState,
        *,
        weight_decay: float = 0.01,
        betas: tuple[float, float] = (0.9, 0.98),
        max_gradient_norm: float = 1.0,
        rate_shares: Mapping[str, float] = types.MappingProxyType({}),
    ) -> None:
        """`rate_shares`: what begins with such a name learns at that share of the learning rate."""
        self.module = module
        self.random = random
        self.max_gradient_norm = max_gradient_norm
        self.trained = {name: each for name, each in module.named_parameters() if each.requires_grad}
        share_of = {
            name: next((share for prefix, share in rate_shares.items() if name.startswith(prefix)), 1.0)
            for name in self.trained
        }
        groups = [
            {
                "params": [
                    each
                    for name, each in self.trained.items()
                    if share_of[name] == share and (each.dim() >= 2) == is_matrix
                ],
                "weight_decay": weight_decay if is_matrix else 0.0,
                "share": share,
            }
            for share in dict.fromkeys([1.0, *rate_shares.values()])
            for is_matrix in (True, False)
        ]
        self.optimizer = torch.optim.AdamW([group for group in groups if group["params"]], betas=betas, fused=True)

    def step(
        self,
        loss: Tensor,
        parts: Mapping[str, Tensor],
        learning_rate: float,
        go_on_backward: Callable[[], None] | None = None,
    ) -> dict[str, float]:
        """One step down `loss`; `parts` are what it consists of. Returns them as numbers, with `gradient_norm`.

        `go_on_backward` takes gradients from where the loss's graph ends to the parameters, where it ends before them.

        A loss or gradient that is not finite raises FloatingPointError before any weight changes.
        """
        found = torch.stack([loss.detach().float(), *(part.detach().float() for part in parts.values())]).tolist()
        figures = dict(zip(["loss", *parts], found, strict=True))
        if not torch.isfinite(loss):
            raise FloatingPointError(f"the loss is not finite: {figures}; no weight was changed")
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        if go_on_backward is not None:
            go_on_backward()
        norm = nn.utils.clip_grad_norm_(self.trained.values(), self.max_gradient_norm)
        figures["gradient_norm"] = norm.item()
        if not torch.isfinite(norm):
            self.optimizer.zero_grad(set_to_none=True)
            raise FloatingPointError(f"the gradient is not finite: {figures}; no weight was changed")
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate * group["share"]
        self.optimizer.step()
        return figures

    def save(self, path: str, training: bool, about: Mapping[str, Any]) -> None:
        """Writes the weights as one safetensors file, with `training` also optimizer and random state.

        `about` (JSON values) goes into the file's metadata. The file appears complete or not at all.
        """
        stepped = len(self.optimizer.state) > 0
        tensors = {name: each.detach().cpu().contiguous() for name, each in self._tensors(training, stepped).items()}
        metadata = {METADATA_KEY: json.dumps(about, sort_keys=True, ensure_ascii=False)}
        partial = f"{path}.partial"
        save_file(tensors, partial, metadata)
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)

    def load(self, path: str, training: bool) -> None:
        """Reads what `save` wrote with the same `training`. A file that doesn't fit is refused, and nothing changes."""
        with _opened(path) as file:
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
        stepped = any(name.startswith("optimizer.") for name in found)
        problems = _differences(self._tensors(training, stepped), found)
        if problems:
            hint = "was it written with the same config, and the same `training`?"
            raise ValueError(f"{path} doesn't fit: {'; '.join(problems)}; {hint}")
        with torch.no_grad():
            for name, tensor in self.module.state_dict().items():
                tensor.copy_(found["module." + name if training else name])
        if training:
            self.random.state = {name: found[f"random.{name}"] for name in self.random.state}
            self.optimizer.state.clear()
            for name, parameter in self.trained.items() if stepped else ():
                self.optimizer.state[parameter] = {
                    key: found[f"optimizer.{name}.{key}"].to(parameter.device) for key in ADAMW_STATE
                }

    def copy_from(self, other: "Trainer") -> None:
        """Takes the weights and buffers of a module of the same shapes; optimizer and random state stay."""
        own, found = self.module.state_dict(), other.module.state_dict()
        problems = _differences(own, found)
        if problems:
            raise ValueError(f"copy: expected a model of the same shapes, found {'; '.join(problems)}")
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(found[name])

    def _tensors(self, training: bool, stepped: bool) -> dict[str, Tensor]:
        """What a file holds, by name: the weights; with `training` also random state, and once `stepped` AdamW's."""
        weights = self.module.state_dict()
        if not training:
            return weights
        tensors = {f"module.{name}": each for name, each in weights.items()}
        tensors |= {f"random.{name}": state for name, state in self.random.state.items()}
        for name, parameter in self.trained.items() if stepped else ():
            blank = {"step": torch.zeros(()), "exp_avg": parameter.new_zeros(parameter.shape)}
            blank["exp_avg_sq"] = blank["exp_avg"].clone()
            state = self.optimizer.state.get(parameter) or blank
            tensors |= {f"optimizer.{name}.{key}": state[key] for key in ADAMW_STATE}
        return tensors


def read_about(path: str) -> dict[str, Any]:
    """What `Trainer.save` was told about the file."""
    with _opened(path) as file:
        return typing.cast(dict[str, Any], json.loads((file.metadata() or {}).get(METADATA_KEY, "{}")))


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except SafetensorError as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}): run the stage that made it again"
        ) from error


def _differences(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[str]:
    missing, unexpected = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
    problems = [f"missing {_some(missing)}"] if missing else []
    problems += [f"unexpected {_some(unexpected)}"] if unexpected else []
    for name in sorted(expected.keys() & found.keys()):
        wanted, given = expected[name], found[name]
        if wanted.shape != given.shape or wanted.dtype != given.dtype:
            problems.append(
                f"`{name}`: expected {wanted.dtype} {tuple(wanted.shape)}, found {given.dtype} {tuple(given.shape)}"
            )
    return problems


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
