"""The networks of onemall: one file a model, usable without Java. Only `bridge` knows that there may be a JVM."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onemall.finished_run import FinishedRun


def load(run: str | Path) -> "FinishedRun":
    """Opens the folder of a finished run."""
    from onemall.finished_run import FinishedRun

    return FinishedRun(run)
