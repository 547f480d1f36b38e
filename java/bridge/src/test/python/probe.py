# ruff: noqa: T201 (what it prints is part of the test)
"""A model of the boundary tests: does on request what a network should never do."""

import ctypes
import os
import sys
import threading
from types import SimpleNamespace

import torch


class Probe:
    def __init__(self, config, seed):
        self.config, self.seed, self.fed = config, seed, {}
        self.trainer = SimpleNamespace(module=torch.nn.Module())

    @classmethod
    def open(cls, config, seed, device):
        return cls(config, seed)

    def feed(self, what, tensors):
        if what == "fail":
            raise ValueError(f"refused {tensors.num_rows} rows")
        self.fed = tensors.to_pylist() if what == "table" else {name: each.tolist() for name, each in tensors.items()}

    def step(self, what, batch, settings):
        return {"loss": float("nan"), "floor": float("-inf"), "learning_rate": settings["learning_rate"]}

    def copy_from(self, other):
        self.seed = other.seed

    def infer(self, what, inputs, outputs):
        return getattr(self, what)(inputs, outputs)

    def add_one(self, inputs, outputs):
        for name, each in inputs.items():
            each += 1
            outputs[name].copy_(each)
        return {name: float(each.data_ptr()) for name, each in inputs.items()}

    def chain(self, inputs, outputs):
        try:
            {}["no such key"]
        except KeyError as error:
            raise ValueError("the outer error: \u00e4\u20ac\U0001f6d2") from error

    def leave(self, inputs, outputs):
        sys.exit(3)

    def interrupt(self, inputs, outputs):
        raise KeyboardInterrupt

    def recurse_forever(self, inputs, outputs):
        return max([0], key=lambda _: self.recurse_forever(inputs, outputs))

    def recurse_deeply(self, inputs, outputs):
        """Recursion through C code, which needs the C stack, unlike recursion in Python."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(100_000)
        try:
            return {"depth": float(self._depth(int(inputs["depth"].item())))}
        finally:
            sys.setrecursionlimit(limit)

    def _depth(self, depth):
        return 0 if depth == 0 else 1 + next(map(self._depth, [depth - 1]))

    def say(self, inputs, outputs):
        print("first line\nsecond", end=" ")
        print("line")
        thread = threading.Thread(target=print, args=("from another thread",))
        thread.start()
        thread.join()
        print("a warning", file=sys.stderr)
        print("begun", end="")
        return {}

    def kept(self, inputs, outputs):
        return {"config": float(len(repr(self.config))), "seed": float(self.seed), "fed": float(len(self.fed))}

    def count(self, inputs, outputs):
        """Not atomic on purpose: calls that overlap lose increments."""
        before = inputs["count"].clone()
        for _ in range(100):
            os.sched_yield()
        inputs["count"].copy_(before + 1)
        return {}

    def abort_at_exit(self, inputs, outputs):
        libc = ctypes.CDLL(None)
        libc.on_exit(libc.abort, None)
        return {}

    def freeze(self, inputs, outputs):
        print("frozen", file=sys.__stdout__, flush=True)
        while True:
            pass
