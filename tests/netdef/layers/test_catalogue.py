"""The modules of layers are known by the catalogues, and are imported for the types that are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import netdef.data.layers
import netdef.layers


def run(code: str) -> list[str]:
    """What a process prints that has imported nothing else, in words."""
    code = f"import sys, netdef.data.catalogue, netdef.layers.catalogue\n{code}"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()


def test_all_types_are_those_of_every_module_that_registers_one():
    registering = {
        ".".join((package.__name__, *path.relative_to(folder).with_suffix("").parts))
        for package in (netdef.layers, netdef.data.layers) for folder in package.__path__
        for path in Path(folder).rglob("*.py") if "\n@register(" in path.read_text()}
    imported = run("from netdef.layers.core.registry import known_types; known_types(); print(*sys.modules)")
    assert len(registering) > 300 and registering <= set(imported)


def test_a_type_needs_its_own_modules():
    imported = run("from netdef.layers.core.registry import registered; registered('PReLU'); print(*sys.modules)")
    assert "netdef.layers.activations" in imported and "netdef.layers.pooling" not in imported


def test_classes_with_a_condition_come_with_their_type():
    imported = run("from netdef.layers.core.registry import registered; registered('Concat'); print(*sys.modules)")
    assert "netdef.layers.forks.arrays.flattened_concat" in imported
