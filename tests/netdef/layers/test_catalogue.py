"""Importing the catalogue registers every layer."""

from __future__ import annotations

import ast
from pathlib import Path

from netdef.layers import catalogue


def test_every_module_that_registers_a_layer_is_imported():
    folder = Path(catalogue.__file__).parent
    registering = {
        ".".join(("netdef.layers", *path.relative_to(folder).with_suffix("").parts))
        for path in folder.rglob("*.py") if "\n@register(" in path.read_text()
    }
    imported = {
        f"{node.module}.{alias.name}" for node in ast.walk(ast.parse(Path(catalogue.__file__).read_text()))
        if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported == registering
