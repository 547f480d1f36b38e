"""Every test runs on one thread, so that sums have one order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

CPU = torch.device("cpu")


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def check_resume(tmp_path: Path) -> Callable[..., None]:
    """Six steps give the same losses and the same file as three, a save, a load into a fresh model, and three more.

    A copy in memory takes the same weights as a file, and what it is a copy of goes on alone.
    """

    def check(what: str, open_model: Callable[[int], Any], batches: list[dict[str, torch.Tensor]]) -> None:
        settings = {"learning_rate": 1e-2}
        whole, first, second = open_model(1), open_model(1), open_model(2)
        expected = [whole.step(what, batch, settings) for batch in batches[:6]]
        found = [first.step(what, batch, settings) for batch in batches[:3]]
        first.save(str(tmp_path / "half"), training=True)
        second.load(str(tmp_path / "half"), training=True)
        found += [second.step(what, batch, settings) for batch in batches[3:6]]
        assert found == expected
        whole.save(str(tmp_path / "whole"), training=True)
        second.save(str(tmp_path / "resumed"), training=True)
        assert (tmp_path / "whole").read_bytes() == (tmp_path / "resumed").read_bytes()
        copied = open_model(3)
        copied.copy_from(whole)
        whole.save(str(tmp_path / "weights"), training=False)
        whole.step(what, batches[0], settings)
        copied.save(str(tmp_path / "copied"), training=False)
        assert (tmp_path / "weights").read_bytes() == (tmp_path / "copied").read_bytes()

    return check
