"""The Python half of the bridge on its own, with numpy's memory in the place of Java's."""

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from onemall import bridge
from onemall.training import SMALL_NETWORK, dense_weights, threads_for

DTYPES = st.sampled_from(["<f4", "<i4", "<i8", "|u1"])
SCALARS = st.none() | st.booleans() | st.integers() | st.text()


def call(name: str, **request: Any) -> Any:
    return json.loads(bridge.call(name, json.dumps(request)))


def memory(array: np.ndarray) -> list[Any]:
    return [array.ctypes.data, array.dtype.str, list(array.shape)]


@settings(deadline=None)  # the first call imports torch
@given(DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0))))
def test_every_bit_is_copied_in_place(sent: np.ndarray) -> None:
    returned = np.zeros_like(sent)
    assert call("echo", inputs={"x": memory(sent)}, outputs={"x": memory(returned)}) == {"value": None}
    assert returned.tobytes() == sent.tobytes()


@given(st.recursive(SCALARS, lambda each: st.lists(each, max_size=3)))
def test_scalars_come_back_as_they_were(sent: Any) -> None:
    assert call("echo", settings=sent) == {"value": sent}


def test_numbers_that_are_not_finite_pass() -> None:
    value = call("echo", settings=[math.nan, math.inf, -math.inf])["value"]
    assert math.isnan(value[0])
    assert value[1:] == [math.inf, -math.inf]


def test_errors_are_answers() -> None:
    assert call("step", handle=-1)["error"]["message"].startswith("no open model has handle -1")
    assert call("open", kind="none", device="cpu", threads=0)["error"]["kind"] == "ValueError"
    assert json.loads(bridge.call("echo", "no json"))["error"]["kind"] == "JSONDecodeError"


@pytest.fixture
def few_threads() -> Iterator[None]:
    """Afterwards torch has the threads that it had."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
    bridge.stop()


def opened(kind: str, threads: int, **config: Any) -> int:
    handle = call("open", kind=kind, config=config, seed=1, device="cpu", threads=threads)["value"]
    assert isinstance(handle, int)
    return handle


@pytest.mark.usefixtures("few_threads")
def test_small_networks_have_one_thread_and_large_ones_what_they_may_have() -> None:
    small = opened("fsq", threads=2, width=8, bits=2)
    large = opened("fsq", threads=2, width=SMALL_NETWORK // 512, bits=2)
    drawn = [torch.get_num_threads()]
    for handle in (large, small, large, small):
        weights = np.zeros((1, 8), dtype=np.float32)
        call("step", handle=handle, what="residuals", inputs={"residual": memory(weights)}, settings={})
        drawn.append(torch.get_num_threads())
    assert drawn == [1, 2, 1, 2, 1]


def test_rows_that_are_looked_up_count_as_no_work() -> None:
    network = torch.nn.Sequential(torch.nn.Embedding(10**5, 64), torch.nn.Linear(64, 8), torch.nn.LayerNorm(8))
    assert dense_weights(network) == 64 * 8
    assert [threads_for(weights, most=8) for weights in (0, SMALL_NETWORK - 1, SMALL_NETWORK)] == [1, 1, 8]
