"""The Python half of the bridge on its own, with numpy's memory in the place of Java's."""

import json
import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from onemall import bridge

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
