"""Importing the catalogue registers every data layer."""

from __future__ import annotations

import ast
from pathlib import Path

import netdef.data.layers
from netdef.data import catalogue
from netdef.data.feeding.feed import Feed
from netdef.layers.core.registry import known_types


def test_every_data_layer_is_registered():
    (folder,) = netdef.data.layers.__path__
    for path in Path(folder).glob("*.py"):
        types = [
            decorator.args[0].value
            for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)
            for decorator in node.decorator_list if isinstance(decorator, ast.Call)
        ]
        assert not types or hasattr(catalogue, path.stem)
        assert set(types) <= set(known_types())
    assert {cls.type_name for cls in Feed.__subclasses__() if "type_name" in vars(cls)} >= {"HDF5Data", "ImageData", "MemoryData"}
