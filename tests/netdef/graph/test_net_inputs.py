"""The inputs that a net takes: their names, arrays and tensors."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from small_nets import WITH_LABELS

import netdef
from netdef.graph.net_inputs import dtype_and_device


@pytest.mark.parametrize("array", [
    np.linspace(-1, 1, 4 * 3 * 5 * 7).reshape(4, 3, 5, 7),
    np.arange(4 * 3 * 5 * 7, dtype=np.uint8).reshape(4, 3, 5, 7),
    np.linspace(-1, 1, 4 * 3 * 5 * 7, dtype=np.float32).reshape(5, 7, 4, 3).transpose(2, 3, 0, 1)[::-1],
], ids=["float64", "uint8", "reversed and transposed"])
def test_a_numpy_array_is_an_input(net: netdef.Net, array: np.ndarray):
    array.flags.writeable = False
    wanted = net(torch.tensor(array.astype(np.float32)))["ip"]
    assert torch.equal(net(array)["ip"], wanted) and torch.equal(net.activations(x=array)["ip"], wanted)


def test_labels_may_be_an_array_of_integers_or_a_tensor_of_them():
    net = netdef.loads(WITH_LABELS)
    x, labels = torch.randn(2, 3), np.array([2, 0])
    wanted = torch.nn.functional.cross_entropy(x, torch.from_numpy(labels))
    for given in (labels, torch.from_numpy(labels)):
        torch.testing.assert_close(net(x=x, t=given)["loss"], wanted)


@pytest.mark.parametrize("value, said", [
    ([1.0, 2.0], "input `x` is of type list; a tensor or a numpy array is wanted"),
    (None, "input `x` is of type NoneType; a tensor or a numpy array is wanted"),
    (np.array(["a"]), "input `x` is an array of <U1, not of numbers"),
])
def test_other_inputs_are_refused_by_name(net: netdef.Net, value: object, said: str):
    with pytest.raises(TypeError, match=said):
        net(value)  # type: ignore[arg-type]  # that is the test


@pytest.mark.parametrize(("args", "inputs", "said"), [
    (1, {}, "the net takes x, t: missing t"),
    (0, {"x": 0, "y": 0}, "the net takes x, t: missing t, unknown y"),
    (3, {}, "the net takes x, t; 3 inputs are given"),
    (1, {"x": 0, "t": 0}, "input `x` is given twice"),
])
def test_wrong_inputs_are_type_errors(args, inputs, said):
    net = netdef.loads(WITH_LABELS)
    with pytest.raises(TypeError, match=said):
        net(*[torch.zeros(2, 3)] * args, **{k: torch.zeros(2) for k in inputs})


def test_the_error_for_missing_batches_names_the_feeds():
    net = netdef.loads('layer { name: "d" type: "DummyData" top: "d" dummy_data_param { shape { dim: 2 } } }'
                       'layer { name: "m" type: "MemoryData" top: "x" top: "t" memory_data_param { batch_size: 1 channels: 3 '
                       "height: 4 width: 5 } }")
    with pytest.raises(TypeError, match="the net takes x, t: missing x, t; data layers' batches come from net.feeds"):
        net()


def test_arrays_become_the_type_of_the_weights(net: netdef.Net):
    assert dtype_and_device(net) == (torch.float32, torch.device("cpu"))
    assert net.double()(np.zeros((1, 3, 5, 7), np.float32))["ip"].dtype == torch.float64
    assert dtype_and_device(torch.nn.ReLU()) == (torch.float32, torch.device("cpu"))
