"""Errors of torch inside a layer, named."""

from __future__ import annotations

import pytest
import torch
from small_nets import WITH_LABELS

import netdef
from netdef.errors import NetdefError
from netdef.graph.layer_errors import LayerError


@pytest.mark.parametrize("tensor, layer, note", [
    (torch.zeros(2, 4, 5, 7), "3:1: layer `c` (Convolution) cannot work on `x` (2, 4, 5, 7) float32 on cpu: ",
     "(2, 4, 5, 7) float32 on cpu"),
    (torch.zeros(2, 3, 5, 7, dtype=torch.float64), "3:1: layer `c` (Convolution) cannot work on `x` (2, 3, 5, 7) float64 on cpu",
     "(2, 3, 5, 7) float64 on cpu"),
    (torch.zeros(2, 3, 5, 7, dtype=torch.uint8), "3:1: layer `c` (Convolution) cannot work on `x` (2, 3, 5, 7) uint8 on cpu",
     "(2, 3, 5, 7) uint8 on cpu"),
    (torch.zeros(2, 3, 6, 7), "5:1: layer `ip` (InnerProduct) cannot work on `c` (2, 4, 4, 5) float32 on cpu: ",
     "(2, 3, 6, 7) float32 on cpu"),
    (torch.zeros(2, 3, 5, 7, device="meta"), "5:1: layer `ip` (InnerProduct) cannot work on `c` (2, 4, 3, 5) float32 on meta",
     "(2, 3, 5, 7) float32 on meta"),
], ids=["channels", "type", "integers", "size", "device"])
def test_an_error_names_the_layer_its_place_and_the_input(net: netdef.Net, tensor: torch.Tensor, layer: str, note: str):
    for run in (net, net.activations):
        with pytest.raises(LayerError) as caught:
            run(tensor)
        assert str(caught.value).startswith(f"<text>:{layer}")
        assert f"note: input `x` is {note}; the net has (2, 3, 5, 7) float32 on cpu" in str(caught.value)
    assert isinstance(caught.value, NetdefError) and isinstance(caught.value, RuntimeError)


def test_inputs_as_they_should_be_are_not_noted():
    net = netdef.loads(WITH_LABELS)
    with pytest.raises(LayerError) as caught:
        net(x=torch.zeros(2, 3), t=torch.zeros(5, 4, dtype=torch.int64))
    assert "layer `loss` (SoftmaxWithLoss) cannot work on `x` (2, 3) float32 on cpu and `t` (5, 4) int64" in str(caught.value)
    assert str(caught.value).count("note:") == 1 and "input `t` is (5, 4) int64" in str(caught.value)


def test_a_compiled_net_is_one_graph(net: netdef.Net):
    x = torch.randn(3, 3, 5, 7)
    compiled = torch.compile(net, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(x)["ip"], net(x)["ip"])
