"""The Python half of the room where the languages meet: `call` is the only way in.

One call = a name of `CALLS` and one JSON request of scalars, in which tensors are [address, dtype, shape] of memory
that Java owns and tables are addresses of Arrow C structures. One JSON answer comes back: {"value": ...}, or
{"error": ...} with the kind, the message and the whole traceback. Nothing that was sent is ever executed, and no
exception of any kind leaves `call`.
"""

import collections
import ctypes
import functools
import importlib
import importlib.metadata
import io
import itertools
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

if TYPE_CHECKING:  # imports of seconds: each call imports what it needs
    import pyarrow
    import torch
    from torch import Tensor

    from onemall.training import Trainer

MODELS = {
    "two_tower": "onemall.two_tower:TwoTower",
    "item_encoder": "onemall.item_encoder:ItemEncoder",
    "live_tower": "onemall.live_tower:LiveTower",
    "fsq": "onemall.fsq:Fsq",
    "retriever": "onemall.retriever:Retriever",
}
VERSIONED = ("torch", "transformers", "numpy", "pyarrow", "safetensors", "tokenizers", "jep")
ENVIRONMENT = {  # read by torch when it is imported or first used
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
}
ARROW_SCHEMA, ARROW_ARRAY = b"arrow_schema", b"arrow_array"  # a capsule keeps its name's address, not its bytes

Request = dict[str, Any]


class Model(Protocol):
    """What every network offers. Tensors and tables are lent for the call: a model copies what it keeps."""

    trainer: "Trainer"

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: "torch.device") -> Self: ...
    def feed(self, what: str, tensors: "dict[str, Tensor] | pyarrow.Table") -> None: ...
    def step(self, what: str, batch: "dict[str, Tensor]", settings: dict[str, Any]) -> dict[str, float]: ...
    def infer(self, what: str, inputs: "dict[str, Tensor]", outputs: "dict[str, Tensor]") -> dict[str, float]: ...
    def save(self, path: str, training: bool) -> None: ...
    def load(self, path: str, training: bool) -> None: ...
    def copy_from(self, other: Self) -> None: ...


class Opened(NamedTuple):
    model: Model
    threads: int  # of torch, while it works


_opened: dict[int, Opened] = {}
_handles = itertools.count(1)


def start(accept_output: Callable[[str], object], accept_error: Callable[[str], object]) -> None:
    """Makes the interpreter the JVM's: standard output and error go there line by line; torch is told how to behave."""
    sys.stdout, sys.stderr = _Lines(accept_output), _Lines(accept_error)
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def stop() -> None:
    """Forgets every open model and the streams: the interpreter's state outlives the JVM's hold on it."""
    _opened.clear()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def call(name: str, request: str) -> str:
    """Answers one request; the guard around every entry."""
    try:
        answer = {"value": CALLS[name](json.loads(request))}
        return json.dumps(answer)
    except BaseException as error:  # noqa: BLE001 (SystemExit would end the JVM without a word)
        failure = {
            "kind": type(error).__name__,
            "message": str(error),
            "traceback": "".join(traceback.format_exception(error)),
        }
        return json.dumps({"error": failure})
    finally:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, _Lines):
                stream.end()


def _versions(request: Request) -> dict[str, str]:
    """Versions of what can change a result, and the device that `device` stands for."""
    versions = {"python": sys.version.split()[0]} | {name: importlib.metadata.version(name) for name in VERSIONED}
    device = _device(request["device"])
    if device.type == "cuda":
        import torch

        versions["gpu"] = torch.cuda.get_device_name(device)
        versions["cuda"] = str(torch.version.cuda)
    return versions | {"device": device.type}


def _echo(request: Request) -> Any:
    """Sends everything back: settings; tensors copied to the outputs of their names; a table without a copy."""
    inputs, outputs = _tensors(request, "inputs"), _tensors(request, "outputs")
    for name, output in outputs.items():
        output.copy_(inputs[name])
    if "returned_table" in request:
        _batch(request)._export_to_c(*request["returned_table"])
    return request.get("settings")


def _open(request: Request) -> int:
    import torch

    from onemall.training import dense_weights, threads_for

    all_threads = _all_threads()
    device = _device(request["device"])
    # A GPU has no deterministic form of some operations (attention's backward pass): there it warns.
    torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
    kind = request["kind"]
    if kind not in MODELS:
        raise ValueError(f"no model of kind '{kind}', there are {', '.join(MODELS)}")
    module, name = MODELS[kind].split(":")
    opened: type[Model] = getattr(importlib.import_module(module), name)
    handle = next(_handles)
    torch.set_num_threads(1)  # first weights are the same, whichever network worked last
    model = opened.open(request["config"], request["seed"], device)
    threads = threads_for(dense_weights(model.trainer.module), request["threads"] or all_threads)
    _opened[handle] = Opened(model, threads)
    return handle


def _feed(request: Request) -> None:
    data = _table(request) if "table" in request else _tensors(request, "inputs")
    _model(request).feed(request["what"], data)


def _step(request: Request) -> dict[str, float]:
    return _model(request).step(request["what"], _tensors(request, "inputs"), request["settings"])


def _infer(request: Request) -> dict[str, float]:
    return _model(request).infer(request["what"], _tensors(request, "inputs"), _tensors(request, "outputs"))


def _save(request: Request) -> None:
    _model(request).save(request["path"], request["training"])


def _load(request: Request) -> None:
    _model(request).load(request["path"], request["training"])


def _copy(request: Request) -> None:
    """Weights from one open model to another of its kind, in memory."""
    model, source = _model(request), _model({"handle": request["source"]})
    if type(model) is not type(source):
        raise ValueError(f"copy: expected a {type(model).__name__}, found a {type(source).__name__}")
    model.copy_from(source)


def _close(request: Request) -> None:
    _model(request)
    del _opened[request["handle"]]


CALLS: Mapping[str, Callable[[Request], Any]] = {
    "versions": _versions,
    "echo": _echo,
    "open": _open,
    "feed": _feed,
    "step": _step,
    "infer": _infer,
    "save": _save,
    "load": _load,
    "copy": _copy,
    "close": _close,
}


def _model(request: Request) -> Model:
    handle = request["handle"]
    if handle not in _opened:
        raise ValueError(f"no open model has handle {handle}: it was closed, or never opened")
    import torch

    model, threads = _opened[handle]
    torch.set_num_threads(threads)
    return model


@functools.cache
def _all_threads() -> int:
    """What torch takes of this machine by itself; asked before any model has set it."""
    import torch

    return torch.get_num_threads()


def _device(wanted: str) -> "torch.device":
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "device: cuda, but torch finds no GPU here: set `device: auto` or `cpu`, or look at nvidia-smi"
        )
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


class _Memory:
    """Memory that Java owns, as numpy's array interface describes it: writable, and valid only inside the call."""

    def __init__(self, address: int, dtype: str, shape: list[int]) -> None:
        self.__array_interface__ = {"data": (address, False), "typestr": dtype, "shape": tuple(shape), "version": 3}


def _tensors(request: Request, part: str) -> "dict[str, Tensor]":
    """Views of Java's memory as CPU tensors, without a copy."""
    import numpy as np
    import torch

    return {name: torch.from_numpy(np.asarray(_Memory(*memory))) for name, memory in request.get(part, {}).items()}


def _batch(request: Request) -> "pyarrow.RecordBatch":
    """The table that Java exported, without a copy. Java gets its buffers back with the last reference here."""
    import pyarrow

    return pyarrow.record_batch(_ArrowBatch(*request["table"]))


def _table(request: Request) -> "pyarrow.Table":
    import pyarrow

    return pyarrow.Table.from_batches([_batch(request)])


class _ArrowBatch:
    """An ArrowArray and an ArrowSchema by address, offered as PyCapsules (pyarrow's protocol).

    Whoever imports them moves what they own out of them; the structures themselves stay Java's, so the capsules have
    no destructor.
    """

    def __init__(self, array: int, schema: int) -> None:
        self.array, self.schema = array, schema

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return new(self.schema, ARROW_SCHEMA, None), new(self.array, ARROW_ARRAY, None)


class _Lines(io.TextIOBase):
    """A text stream that hands whole lines to Java.

    Only the thread that owns the interpreter may call Java: what other threads write waits for its next write or flush.
    """

    encoding = "utf-8"

    def __init__(self, accept: Callable[[str], object]) -> None:
        self.accept = accept
        self.owner = threading.get_ident()
        self.lock = threading.Lock()
        self.waiting: collections.deque[str] = collections.deque()
        self.rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self.lock:
            *lines, self.rest = (self.rest + text.replace("\r", "\n")).split("\n")
            self.waiting.extend(line for line in lines if line)
        self._hand_over()
        return len(text)

    def end(self) -> None:
        """Ends the line that is begun, and hands over what waits."""
        with self.lock:
            begun = self.rest
        if begun:
            self.write("\n")
        self._hand_over()

    def _hand_over(self) -> None:
        while threading.get_ident() == self.owner and self.waiting:
            self.accept(self.waiting.popleft())
