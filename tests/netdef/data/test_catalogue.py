"""Importing the catalogue registers every data layer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import netdef.data.layers
from netdef.data import catalogue  # noqa: F401
from netdef.data.feeding.feed import Feed


def test_every_module_that_registers_a_layer_is_imported():
    (folder,) = netdef.data.layers.__path__
    registering = {f"netdef.data.layers.{path.stem}" for path in Path(folder).glob("*.py") if "\n@register(" in path.read_text()}
    code = "import sys, netdef.data.catalogue; print(*sys.modules)"  # in a process that has imported nothing else
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert len(registering) > 20 and registering <= set(imported)


def test_data_layers_are_feeds():
    assert {cls.type_name for cls in Feed.__subclasses__() if "type_name" in vars(cls)} >= {"HDF5Data", "ImageData", "MemoryData"}
