"""Devices by name."""

import pytest
import torch

import netdef
from netdef.errors import NetdefError
from netdef.graph.device import find_device


@pytest.mark.parametrize("name", ["cpu", "meta", torch.device("cpu")])
def test_devices_of_every_machine_are_found(name):
    assert find_device(name) == torch.device(name)


@pytest.mark.parametrize(
    "name, said",
    [
        ("gpu", "`gpu` is no device; write cpu, cuda,"),
        ("", "`` is no device"),
        (3.5, "`3.5` is no device"),
        ("cuda:77", "there is no device `cuda:77`; of its kind this machine has"),
        ("xpu:77", "there is no device `xpu:77`"),
        ("fpga", "there is no device `fpga`; of its kind this machine has none"),
    ],
)
def test_missing_devices_are_refused(name, said):
    with pytest.raises(NetdefError, match=said):
        find_device(name)
    with pytest.raises(NetdefError, match=said):
        netdef.loads('layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 } } }', device=name)


def test_a_gpu_beyond_the_last_is_refused(monkeypatch):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    assert find_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(NetdefError, match="there is no device `cuda:2`; of its kind this machine has 2"):
        find_device("cuda:2")
