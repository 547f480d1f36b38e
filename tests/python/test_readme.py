"""README's Python runs as printed."""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_python_example_runs(capsys):
    example = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert example is not None
    exec(compile(example.group(1), str(README), "exec"), {})
    loss, bits = capsys.readouterr().out.split(" ", 1)
    assert 0 < float(loss) < 1
    assert re.fullmatch(r"\[([01], ){5}[01]\]\n", bits)
