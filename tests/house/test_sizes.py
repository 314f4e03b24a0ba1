"""Files and functions stay small enough to be read at one go."""

import ast
from pathlib import Path

import pytest

from tests.house.python_files import FOLDERS, python_files, shown

FILE_LINES = 400
FUNCTION_LINES = 40


def long_functions(source: str) -> list[str]:
    """Name the functions that are too long; the docstring and decorators are not counted."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = (node.end_lineno or node.lineno) - body[0].lineno + 1
            if lines > FUNCTION_LINES:
                found.append(f"{node.name} has {lines} lines")
    return found


@pytest.mark.parametrize("file", [pytest.param(f, id=shown(f)) for f in python_files(*FOLDERS)])
def test_size(file: Path) -> None:
    source = file.read_text()
    assert len(source.splitlines()) <= FILE_LINES
    assert not long_functions(source)


def test_a_long_function_is_found() -> None:
    just_fits = 'def f():\n    """Say."""\n' + "    x = 1\n" * FUNCTION_LINES
    assert not long_functions(just_fits)
    assert long_functions(just_fits + "    x = 2\n") == [f"f has {FUNCTION_LINES + 1} lines"]
