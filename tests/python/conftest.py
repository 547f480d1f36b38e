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
    """Six steps give the same losses and the same file as three, a save, a load into a fresh model, and three more."""

    def check(open_model: Callable[[int], Any], batches: list[dict[str, torch.Tensor]]) -> None:
        settings = {"learning_rate": 1e-2}
        whole, first, second = open_model(1), open_model(1), open_model(2)
        expected = [whole.step(batch, settings) for batch in batches[:6]]
        found = [first.step(batch, settings) for batch in batches[:3]]
        first.save(str(tmp_path / "half"), training=True)
        second.load(str(tmp_path / "half"), training=True)
        found += [second.step(batch, settings) for batch in batches[3:6]]
        assert found == expected
        whole.save(str(tmp_path / "whole"), training=True)
        second.save(str(tmp_path / "resumed"), training=True)
        assert (tmp_path / "whole").read_bytes() == (tmp_path / "resumed").read_bytes()

    return check
