"""The handwritten nets have the parameters of the nets in ``models/``."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import netdef

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name, kind", [("lenet", "LeNet"), ("cifar10_quick", "Cifar10Quick"), ("alexnet", "AlexNet")])
def test_parameters_are_those_of_the_model(name: str, kind: str):
    net = netdef.load(ROOT / "models" / name / "deploy.prototxt", device="meta")
    hand = runpy.run_path(str(ROOT / "tools" / "handwritten.py"))[kind]()
    ours = [blob.shape for blobs in net.params.values() for blob in blobs]
    assert [parameter.shape for parameter in hand.parameters()] == ours
