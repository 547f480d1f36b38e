"""What is too long to be read in one go: files, functions and parameter lists of the Python package."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "python" / "onemall"
FILE_LINES = 600
FUNCTION_LINES = 60
PARAMETERS = 7


def smells(name: str, source: str) -> list[str]:
    """Every alarm of a source, in the order of its lines; a function counts from its first decorator on."""
    found = []
    if (lines := len(source.splitlines())) > FILE_LINES:
        found.append(f"{name}: {lines} lines, at most {FILE_LINES}")
    functions = [
        node
        for node in ast.walk(ast.parse(source, name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    for node in sorted(functions, key=lambda node: node.lineno):
        called = getattr(node, "name", "lambda")
        start = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        length = (node.end_lineno or node.lineno) - start + 1
        if length > FUNCTION_LINES:
            found.append(f"{name}:{start}: {called} has {length} lines, at most {FUNCTION_LINES}")
        taken = parameters(node.args)
        if len(taken) > PARAMETERS:
            found.append(f"{name}:{start}: {called} has {len(taken)} parameters, at most {PARAMETERS}")
    return found


def parameters(arguments: ast.arguments) -> list[str]:
    """Names of all parameters that a caller gives: neither self nor cls."""
    taken = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    names = [argument.arg for argument in taken if argument is not None]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def source_with_function(lines: int) -> str:
    """Code as ruff wraps it, with a method of so many lines (20 and a multiple of 3) in a class."""
    body = "        total = add(\n            total,\n        )\n" * ((lines - 20) // 3)
    return f'''
class Retriever(nn.Module):
    """Of a run."""

    @torch.no_grad()
    @cached(
        size=3,
    )
    async def search(
        self,
        tokens_BT: Tensor,
        *,
        width: int = 3,
    ) -> dict[str, Tensor]:
        """One line.

        def not_a_function():
        """
        def score(
            logits_BK: Tensor,
        ) -> Tensor:
            return logits_BK.softmax(-1)

{body}        return score(total)


def after() -> None:
    pass
'''


def test_every_file_of_the_package_can_be_read_in_one_go() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 10
    assert [found for file in files for found in smells(file.name, file.read_text(encoding="utf-8"))] == []


def test_a_long_function_is_found_however_it_is_wrapped() -> None:
    assert smells("retriever.py", source_with_function(59)) == []
    assert smells("retriever.py", source_with_function(62)) == ["retriever.py:5: search has 62 lines, at most 60"]


def test_a_long_function_in_a_function_is_found_with_the_outer_one() -> None:
    inner = "    def inner():\n" + "        step()\n" * 60
    assert smells("f.py", f"def outer():\n{inner}    return inner\n") == [
        "f.py:1: outer has 63 lines, at most 60",
        "f.py:2: inner has 61 lines, at most 60",
    ]


@pytest.mark.parametrize(
    ("signature", "count"),
    [
        ("self, a, b, c, d, e, f, g", 7),
        ("a, b, /, c, *, d, e, f, g, h", 8),
        ("self, a, b, c, d, e, f, *rest, **more", 8),
        ("cls, a: int = 1, b: tuple[int, int] = (1, 2), *, c, d, e, f, g", 7),
    ],
)
def test_parameters_of_every_kind_are_counted(signature: str, count: int) -> None:
    expected = [] if count == 7 else [f"f.py:1: f has {count} parameters, at most 7"]
    assert smells("f.py", f"def f({signature}):\n    pass\n") == expected


def test_a_lambda_is_a_function() -> None:
    assert smells("f.py", "f = lambda a, b, c, d, e, f, g, h: a\n") == ["f.py:1: lambda has 8 parameters, at most 7"]


def test_a_long_file_is_found() -> None:
    assert smells("f.py", "a = 1\n" * 600) == []
    assert smells("f.py", "a = 1\n" * 601) == ["f.py: 601 lines, at most 600"]
