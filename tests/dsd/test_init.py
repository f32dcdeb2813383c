"""The public API: its names and their types."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import dsd


def test_the_stub_has_the_types_of_all_names():
    """`__init__.pyi` exports each name from the module that `__init__.py` imports it from."""
    stub = ast.parse(Path(dsd.__file__).with_suffix(".pyi").read_text())
    exported = {
        alias.asname: getattr(importlib.import_module(node.module), alias.name)
        for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert exported == {name: getattr(dsd, name) for name in dsd.__all__}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module `dsd` has no attribute `Trainor`"):
        _ = dsd.Trainor
