"""The Python of README and ARCHITECTURE runs as printed."""

import re
from pathlib import Path

import pytest
from test_finished_run import run  # noqa: F401 (a fixture)

from onemall.finished_run import FinishedRun

ROOT = Path(__file__).parents[2]


def example_of(paper: str) -> str:
    found = re.search(r"```python\n(.*?)```", (ROOT / paper).read_text(), re.DOTALL)
    assert found is not None
    return found.group(1)


def execute(example: str) -> None:
    exec(compile(example, "example", "exec"), {})


def test_the_example_of_a_network_runs(capsys: pytest.CaptureFixture[str]) -> None:
    execute(example_of("ARCHITECTURE.md"))
    loss, bits = capsys.readouterr().out.split(" ", 1)
    assert 0 < float(loss) < 1
    assert re.fullmatch(r"\[([01], ){5}[01]\]\n", bits)


def test_the_example_of_a_finished_run_runs(run: FinishedRun, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    example = example_of("README.md")
    for shown, here in (("runs/online_retail", str(run.folder)), ("17850", "bob")):
        assert shown in example
        example = example.replace(shown, here)
    execute(example)
    lines = capsys.readouterr().out.splitlines()
    assert 1 < len(lines) <= 20
    assert all(re.fullmatch(r"sku-\d+ \(\d+, \d+, \d+\) -\d+\.\d+", line) for line in lines)
