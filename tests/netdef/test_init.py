"""The public API: its names, their types, and import paths that users were promised."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import netdef


def test_the_stub_has_the_types_of_all_names():
    """`__init__.pyi` exports each name from the module that `__init__.py` imports it from."""
    stub = ast.parse(Path(netdef.__file__).with_suffix(".pyi").read_text())
    exported = {
        alias.asname: getattr(importlib.import_module(node.module), alias.name)
        for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert exported == {name: getattr(netdef, name) for name in netdef.__all__}


def test_the_version_is_that_of_the_package():
    assert netdef.__version__ == version("netdef-dsd") and "__version__" in dir(netdef)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module `netdef` has no attribute `lod`"):
        _ = netdef.lod


def test_importing_netdef_does_not_import_torch():
    code = "import sys, netdef; netdef.SpecError; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_paths_of_model_builders():
    from netdef.coord_map import coord_map_from_to, crop
    from netdef.netspec import NetSpec, layers, params, to_proto
    from netdef.schema.messages import TRAIN, NetParameter

    n = NetSpec("tiny")
    n.data = layers.Input(shape=dict(dim=[1, 3, 9, 8]))
    n.pool = layers.Pooling(n.data, pool=params.Pooling.MAX, kernel_size=3, stride=1)
    n.cropped = crop(n.data, n.pool)
    message = to_proto(n.cropped)
    assert isinstance(message, NetParameter) and message.state.phase == TRAIN + 1
    assert message.layer[-1].type == "Crop" and list(message.layer[-1].crop_param.offset) == [1]
    assert coord_map_from_to(n.pool, n.data).shift == (1,)
    assert netdef.from_proto(n.to_proto()).shapes == {"data": (1, 3, 9, 8), "pool": (1, 3, 7, 6), "cropped": (1, 3, 7, 6)}
