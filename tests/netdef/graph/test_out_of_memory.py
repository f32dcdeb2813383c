"""Memory that runs out in a layer: which one, how much it takes, what batch would fit."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.graph import memory, out_of_memory
from netdef.graph.out_of_memory import OutOfMemory

MIB = 2**20


# For each item of a batch `x` has 1024 values, 4 KiB; `ip` 512, 2 KiB; `out` as many. Weights: 2 MiB.
NET = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 4 dim: 1024 } } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 512 bias_term: false } }
layer { name: "last" type: "AbsVal" bottom: "ip" top: "out" }
"""


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> netdef.Net:
    """The net whose last layer raises an error."""
    net = netdef.loads(NET, phase="TRAIN")

    def forward(x: torch.Tensor) -> torch.Tensor:
        raise error

    monkeypatch.setattr(net.layers["last"], "forward", forward)
    return net


def complaint(monkeypatch: pytest.MonkeyPatch, memory_there: float, batch: int, learns: bool) -> str:
    monkeypatch.setattr(out_of_memory, "memory_of_device", lambda device: memory_there)
    net = failing(monkeypatch, torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"))
    with pytest.raises(OutOfMemory) as error, torch.set_grad_enabled(learns):
        net(torch.zeros(batch, 1024))
    assert isinstance(error.value, torch.OutOfMemoryError) and isinstance(error.value.__cause__, torch.OutOfMemoryError)
    return str(error.value)


def test_training_keeps_all_blobs_gradients_and_histories(monkeypatch: pytest.MonkeyPatch):
    """At a batch of 1024 blobs take 4 + 2 + 2 MiB. Nine tenths of 10 MiB, less 3 times 2, leave 3 MiB: 384 items."""
    said = complaint(monkeypatch, 10 * MIB, 1024, learns=True)
    assert said.startswith("<text>:4:1: memory ran out in layer `last` (AbsVal), whose tops take 2.0 MiB at a batch of 1,024. ")
    assert ("A pass of the net takes 8.0 MiB, its weights, their gradients and histories 6.0 MiB, and cpu has 10.0 MiB: "
            "a batch of about 384 would fit. torch said: CUDA out of memory. Tried to allocate 20.00 MiB") in said


def test_without_gradients_blobs_are_released(monkeypatch: pytest.MonkeyPatch):
    """The largest layer reads 4 MiB and makes 2. Nine tenths of 5 MiB, less 2, leave 2.5 MiB: 426 items."""
    said = complaint(monkeypatch, 5 * MIB, 1024, learns=False)
    assert "A pass of the net takes 6.0 MiB, its weights 2.0 MiB, and cpu has 5.0 MiB: a batch of about 426 would fit" in said


def test_the_error_says_if_no_batch_would_fit_or_this_one_should(monkeypatch: pytest.MonkeyPatch):
    assert "not even a batch of 1 would fit" in complaint(monkeypatch, 6 * MIB, 2, learns=True)
    assert "that should fit; perhaps another process has the memory" in complaint(monkeypatch, 2**33, 2, learns=True)
    assert "and cpu has 8.0 GiB: " in complaint(monkeypatch, 2**33, 2, learns=True)


def test_the_error_of_the_cpu_is_recognised(monkeypatch: pytest.MonkeyPatch):
    net = failing(monkeypatch, RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"))
    with pytest.raises(OutOfMemory, match="memory ran out in layer `last`"):
        net(torch.zeros(2, 1024))
    assert memory.memory_of_device(torch.device("cpu")) > 2**28
