"""The public API: its names and their types."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import dsd
from netdef.errors import NetdefError


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


def test_importing_dsd_imports_nothing_else():
    script = "import sys, dsd; print([name for name in ('torch', 'netdef', 'numpy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_lightning_without_its_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightning.pytorch", None)
    with pytest.raises(NetdefError, match=r"dsd.lightning needs lightning; .*pip install 'netdef-dsd\[lightning\]'"):
        dsd.lightning([dsd.Dense(3)])
