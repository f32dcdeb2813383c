"""Importing the catalogue imports every module that registers a layer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import netdef.layers


def test_every_module_that_registers_a_layer_is_imported():
    (folder,) = netdef.layers.__path__
    registering = {
        ".".join(("netdef.layers", *path.relative_to(folder).with_suffix("").parts))
        for path in Path(folder).rglob("*.py") if "\n@register(" in path.read_text()}
    code = "import sys, netdef.layers.catalogue; print(*sys.modules)"  # in a process that has imported nothing else
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert len(registering) > 200 and registering <= set(imported)
