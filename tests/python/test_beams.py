"""Beams and given SIDs with children as lists, against the dense teacher; and how much memory they take."""

import weakref
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_retriever import ITEMS, SIZES, batch_of, codes_of, log_prior, next_logits, retriever, start, trained
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from onemall import retriever as module
from onemall.beams import Children
from onemall.retriever import Retriever

GIB = 1 << 30


def legal_of(prefix: Tensor, level: int) -> dict[str, Tensor]:
    """Children of prefixes (R, l), among the SIDs of all items, with their log shares."""
    prior = log_prior(prefix if level else None, level).view(len(prefix) if level else 1, -1).expand(len(prefix), -1)
    is_child = prior > float("-inf")
    offset = torch.cat([torch.zeros(1, dtype=torch.long), is_child.sum(1).cumsum(0)])
    return {"offset": offset.int(), "child": is_child.nonzero()[:, 1].int(), "share": prior[is_child]}


def score(model: Retriever, code: Tensor) -> Tensor:
    requests, _, levels = code.shape
    inputs = {"code": code}
    for level in range(levels):
        prefix = code[..., :level].flatten(0, 1) if level else torch.empty(requests, 0)
        inputs |= {f"{name}_{level}": each for name, each in legal_of(prefix, level).items()}
    out = {"log_p": torch.empty(code.shape)}
    model.infer("score", inputs, out)
    return out["log_p"]


@given(
    seed=st.integers(0, 2**31),
    change=st.sampled_from([{}, {"recall": True, "tied_codes": True}, {"residual": "paper"}]),
)
@settings(max_examples=8, deadline=None)
def test_given_sids_score_as_the_teacher_scores_them(seed: int, change: dict[str, Any]) -> None:
    model = retriever(seed % 1000, layers=2, **change)
    trained(model, 3)
    batch = batch_of(seed)
    start(model, batch)
    code = batch["target_code"]
    found = score(model, code)
    model.network.eval()
    with torch.no_grad():
        outputs = model.network(batch)
    for level, log_p in enumerate(outputs.log_p):
        expected = log_p.expand(-1, code.shape[1], -1).gather(-1, code[..., level, None].long()).squeeze(-1)
        is_target = batch["target_item"] >= 0
        torch.testing.assert_close(found[..., level][is_target], expected[is_target], rtol=1e-4, atol=1e-5)


def test_all_sids_of_a_request_add_up_to_one_and_others_are_impossible() -> None:
    model = retriever()
    trained(model)
    start(model, batch_of(3))
    sids = codes_of(torch.arange(ITEMS)).unique(dim=0)
    log_p = score(model, sids.expand(6, -1, -1).contiguous())
    torch.testing.assert_close(log_p.sum(-1).exp().sum(1), torch.ones(6))
    missing = torch.tensor([SIZES[0] - 1, SIZES[1] - 1, SIZES[2] - 1], dtype=torch.int32)
    assert not (sids == missing).all(1).any()
    assert (score(model, missing.expand(6, 1, 3).contiguous()).sum(-1) == float("-inf")).all()


def test_few_requests_at_a_time_give_the_same_and_beams_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    model = retriever(recall=True)
    batch = batch_of(3)
    start(model, batch)
    code = batch["target_code"]
    whole = score(model, code)
    first = next_logits(model, 1, torch.zeros(6, 3), code[..., 0])
    monkeypatch.setattr(module, "SEEN_AT_ONCE", 1)
    monkeypatch.setattr(module, "LOGITS_AT_ONCE", 1)
    torch.testing.assert_close(score(model, code), whole)
    start(model, batch)
    torch.testing.assert_close(next_logits(model, 1, torch.zeros(6, 3), code[..., 0]), first)
    assert next_logits(model, 2, torch.zeros(6, 2), code[:, :2, 1]).isfinite().all()


@given(seed=st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_children_get_the_logits_that_all_codes_would_get(seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    model = retriever()
    batch = batch_of(seed)
    start(model, batch)
    code = torch.randint(0, SIZES[0], (6, 4), generator=random)
    parent = torch.zeros(6, 4)
    dense = next_logits(model, 1, parent, code).flatten(0, 1)
    is_child = torch.rand(24, SIZES[1], generator=random) < 0.4
    is_child[3] = False  # a beam that pads has none
    offset = torch.cat([torch.zeros(1, dtype=torch.long), is_child.sum(1).cumsum(0)]).int()
    child = is_child.nonzero()[:, 1].int()
    start(model, batch)
    out = {"logits_1": torch.empty(len(child))}
    model.infer("next", {"parent": parent.int(), "code": code.int(), "offset": offset, "child": child}, out)
    assert out["logits_1"].equal(dense[is_child])


@pytest.mark.parametrize(("offset", "code", "message"), [
    ([0, 2], [1, 1], "to rise"), ([0, 2], [3, 1], "to rise"), ([0, 1], [4], "codes from 0 to 3, found 4"),
    ([0, 1], [-1], "codes from 0 to 3"), ([0, 3], [1, 2], "from 0 to 2"), ([1, 2], [1, 2], "from 0 to 2"),
    ([0, 2, 1, 2], [1, 2], "from 0 to 2"),
])  # fmt: skip
def test_lists_that_are_none_are_refused(offset: list[int], code: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Children.of(torch.tensor(offset), torch.tensor(code), 4)


class Memory(TorchDispatchMode):
    """How many bytes the tensors that operations make hold at once, at most, and the largest one."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[int, int] = {}
        self.now = self.peak = self.largest = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(out):
            if isinstance(tensor, Tensor):
                self._note(tensor.untyped_storage())
        return out

    def _note(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        if key not in self.held:
            self.held[key] = storage.nbytes()
            self.now += storage.nbytes()
            self.peak, self.largest = max(self.peak, self.now), max(self.largest, storage.nbytes())
            weakref.finalize(storage, self._free, key)

    def _free(self, key: int) -> None:
        self.now -= self.held.pop(key, 0)


def test_768_candidates_at_3_x_4096_codes_fit_into_2_gib() -> None:
    """At a narrow width, and what the paper's adds: the layers keep keys and values of 768 SIDs, all else is alike."""
    width, layers, beams, levels, size = 16, 4, 768, 3, 4096
    model = retriever(code_sizes=[size] * levels, layers=layers, experts=1, items=ITEMS)
    batch = {name: each[:1] for name, each in batch_of(3).items() if not name.startswith(("prior", "target", "cand"))}
    out = {"logits_0": torch.empty(1, size), "gate": torch.empty(1, 3), "user": torch.empty(1, width)}
    out |= {f"copy_{name}": torch.empty(1, batch[f"{key}_item"].shape[1]) for name, key in
            (("history", "buy"), ("neighbour", "neighbour"))}  # fmt: skip
    model.infer("start", batch, out | {"tower_copy": torch.empty(1, batch["buy_item"].shape[1])})
    inputs = {"code": torch.randint(0, size, (1, beams, levels), generator=torch.Generator().manual_seed(1)).int()}
    for level in range(levels):
        rows = beams if level else 1
        count = rows * (size if level == 0 else 244)  # a million items: 244 of 4096 go on after a code
        child = torch.arange(count // rows).repeat(rows).int()
        inputs |= {f"offset_{level}": (torch.arange(rows + 1) * (count // rows)).int(), f"child_{level}": child}
        inputs[f"share_{level}"] = torch.zeros(count)
    with Memory() as memory:
        model.infer("score", inputs, {"log_p": torch.empty(1, beams, levels)})
    assert memory.largest <= beams * size * 4  # no row of all codes but the one level's, never (B, S, K) of each
    of_width = beams * 4 * (2 * layers * levels * 2 + 12)  # keys and values before and after; what one layer computes
    hidden = beams * 4096 * 4 * 2
    assert memory.peak < 64 << 20
    assert memory.peak + of_width * 1024 + hidden < GIB // 2
