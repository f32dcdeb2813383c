"""Every source file has its tests where one looks for them: ``netdef/x/y.py`` in ``tests/netdef/x/test_y.py``."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
WITHOUT = {
    "dsd/engine/state.py": "a protocol: names and types, no code",
    "dsd/pycaffe/__main__.py": "tests/dsd/pycaffe/test_main.py",
}
"""Files without tests of their name, and why."""


def has_code(path: Path) -> bool:
    """Whether a file defines functions or classes; one that only imports has nothing to test."""
    return any(isinstance(node, ast.ClassDef | ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text())))


def test_every_source_file_has_a_test_file_of_its_name():
    missing = []
    for path in [*ROOT.glob("netdef/**/*.py"), *ROOT.glob("dsd/**/*.py"), *ROOT.glob("tools/*.py")]:
        name = path.relative_to(ROOT)
        tests = Path("tests") / name.parent / f"test_{name.name}"
        if not (ROOT / tests).exists() and name.name != "__init__.py" and str(name) not in WITHOUT and has_code(path):
            missing.append(f"{name} has no {tests}")
    assert missing == []


def test_exceptions_are_files_that_exist_and_have_no_test_file():
    for name in WITHOUT:
        path = Path(name)
        assert (ROOT / path).exists() and not (ROOT / "tests" / path.parent / f"test_{path.name}").exists(), name
