"""A blob that is looked at is one array; what is written there arrives, whatever the view."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import netdef
from netdef.pycaffe.memory import BlobMemory
from netdef.pycaffe.net import Net

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 7 dim: 6 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 5 kernel_size: 3 weight_filler { type: "gaussian" } } }
layer { name: "conv2" type: "Convolution" bottom: "conv" top: "conv2"
        convolution_param { num_output: 4 kernel_size: 2 weight_filler { type: "gaussian" } } }
layer { name: "relu" type: "ReLU" bottom: "conv2" top: "conv2" }
layer { name: "ip" type: "InnerProduct" bottom: "conv2" top: "ip"
        inner_product_param { num_output: 2 weight_filler { type: "gaussian" } } }
"""


def make(text=TEXT, phase="TEST"):
    return Net.of(netdef.loads(text, phase=phase))


def noise(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def test_an_array_is_zeros_before_any_pass_and_float32_in_c_order_always():
    net = make()
    for blob in net.blobs.values():
        assert blob.data.dtype == np.float32 and blob.data.flags.c_contiguous and not blob.data.any()
        assert blob.diff.shape == blob.data.shape and not blob.diff.any()
    net.forward(data=noise(2, 3, 7, 6))
    assert net.blobs["conv"].data.flags.c_contiguous and net.blobs["conv"].data.any()


def test_an_array_once_looked_at_is_refreshed_by_every_pass():
    net = make()
    held = {name: blob.data for name, blob in net.blobs.items()}
    for seed in (1, 2):
        held["data"][...] = noise(2, 3, 7, 6) * seed
        net.forward()
        with torch.no_grad():
            wanted = net.module.activations(data=torch.from_numpy(held["data"].copy()))
        for name, array in held.items():
            np.testing.assert_allclose(array, wanted[name].numpy(), rtol=1e-5, atol=1e-5)
            assert np.shares_memory(array, net.blobs[name].data)


def test_arrays_are_made_only_for_blobs_that_are_looked_at():
    net = make()
    net.forward(data=noise(2, 3, 7, 6))
    seen = {name for name, blob in net.blobs.items() if blob.data_memory.view is not None}
    assert seen == {"data", "ip"}  # the input was written, the output is returned


WRITES = {
    "whole": lambda data: data.__setitem__(..., 7),
    "flat": lambda data: data.flat.__setitem__(slice(None), 7),
    "reshaped": lambda data: data.reshape(5, -1).__setitem__(..., 7),
    "ravelled": lambda data: data.ravel().__setitem__(slice(None), 7),
    "transposed": lambda data: data.T.__setitem__(..., 7),
    "in place": lambda data: np.copyto(data, 7),
    "arithmetic": lambda data: (data.__imul__(0), data.__iadd__(7)),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_is_written_to_weights_arrives_whatever_the_view(write):
    net = make()
    net.forward(data=noise(2, 3, 7, 6))
    write(net.params["conv"][0].data)
    net.params["conv"][1].data[...] = 0
    found = net.forward(["conv"], data=noise(2, 3, 7, 6))["conv"]
    windows = np.lib.stride_tricks.sliding_window_view(noise(2, 3, 7, 6), (3, 3), (2, 3)).sum((1, 4, 5))
    np.testing.assert_allclose(found, np.repeat(7 * windows[:, None], 5, axis=1), rtol=1e-4, atol=1e-4)


def test_weights_that_are_looked_at_keep_their_layout_and_the_bits_of_a_pass():
    """Convolutions compute with weights in the order NHWC, whose last bits are not those of C order."""
    seen, unseen = make(), make()
    unseen.module.load_state_dict(seen.module.state_dict())
    for blobs in seen.params.values():
        for blob in blobs:
            assert blob.data.flags.c_contiguous
            blob.data[...] = blob.data * 1
    assert not any(seen.module.layers[name].weight.is_contiguous() for name in ("conv", "conv2"))
    for one, other in zip(*(net.forward(["conv2"], data=noise(2, 3, 7, 6)).values() for net in (seen, unseen))):
        assert np.array_equal(one, other)


def test_an_array_of_weights_shows_what_torch_does_to_them():
    net = make()
    weight, array = net.module.layers["conv"].weight, net.params["conv"][0].data
    with torch.no_grad():
        weight.fill_(3)
    assert (net.params["conv"][0].data == 3).all() and np.shares_memory(array, net.params["conv"][0].data)
    with torch.no_grad():
        weight.fill_(4)
    net.forward()
    assert (weight == 4).all() and (array == 4).all()


def test_weights_that_a_hook_writes_count_from_the_next_layer_on():
    net = make()
    net.forward()
    weight = net.params["conv2"][0].data
    net.before_forward(lambda index: weight.fill(0) if net._layer_names[index] == "conv2" else None)
    net.params["conv2"][1].data[...] = 6
    assert (net.forward(["conv2"], data=noise(2, 3, 7, 6))["conv2"] == 6).all()


def test_a_blob_in_the_place_of_another_is_what_the_layer_computes_with():
    source, dest = make(), make()
    index = dest._layer_names.index("conv")
    dest.layers[index].blobs[0] = source.layers[index].blobs[0]
    dest.params["conv"][1] = source.params["conv"][1]
    source.params["conv"][0].data[0] = 3
    x = noise(2, 3, 7, 6)
    assert np.array_equal(dest.forward(["conv"], data=x)["conv"], source.forward(["conv"], data=x)["conv"])
    dest.layers[index].blobs[:] = make().layers[index].blobs
    assert not np.array_equal(dest.forward(["conv"], data=x)["conv"], source.forward(["conv"], data=x)["conv"])


def test_a_blob_takes_another_shape():
    blob = make().blobs["data"]
    blob.data[...] = noise(2, 3, 7, 6)
    blob.reshape(1, 6, 7, 6)
    assert np.array_equal(blob.data.ravel(), noise(2, 3, 7, 6).ravel()) and blob.diff.shape == (1, 6, 7, 6)
    blob.reshape(np.int64(1), 3, 5, 5)
    assert blob.shape == (1, 3, 5, 5) and not blob.data.any()
    blob.reshape(1, 2, 3, 4, 5)
    with pytest.raises(ValueError, match="5 axes"):
        _ = blob.num


def test_weights_take_another_shape():
    net = make()
    net.params["conv"][0].reshape(8, 3, 3, 3)
    net.params["conv"][1].reshape(8)
    net.params["conv"][0].data[...] = 1
    assert net.forward(end="conv")["conv"].shape == (2, 8, 5, 4)


@pytest.fixture
def copies(monkeypatch, elsewhere):
    """Where numpy shares no memory with tensors: the memories that were copied, as ("down" or "up", memory)."""
    found = []

    def counted(way, copy):
        return lambda memory, *args: (found.append((way, memory)), copy(memory, *args))[1]

    monkeypatch.setattr(BlobMemory, "_download", counted("down", BlobMemory._download))
    monkeypatch.setattr(BlobMemory, "_upload", counted("up", BlobMemory._upload))
    return found


def test_elsewhere_than_on_the_cpu_reading_downloads_once_and_writing_uploads(copies):
    cpu, blob = torch.device("cpu"), BlobMemory((2, 3))
    blob.put(torch.full((2, 3), 1.0))
    blob.refresh()
    assert copies == []  # nobody asks
    array = blob.array
    assert array[0, 0] == 1 and blob.array[1, 1] == 1 and copies == [("down", blob)]
    array[0, 0] = 5
    first = blob.tensor(cpu)
    assert first[0, 0] == 5 and blob.tensor(cpu) is first and copies == [("down", blob), ("up", blob)]
    array[0, 0] = 6  # without asking again: as in Caffe the GPU's copy counts
    assert blob.tensor(cpu)[0, 0] == 5
    blob.put(torch.full((2, 3), 2.0))
    assert blob.array is not None and array[0, 0] == 2 and copies == [("down", blob), ("up", blob), ("down", blob)]


def test_passes_elsewhere_copy_only_what_a_script_looks_at_and_once(copies):
    net = make(f"force_backward: true {TEXT}")
    names = {id(memory): f"{name}.{side}" for name, blob in net.blobs.items()
             for side, memory in (("data", blob.data_memory), ("diff", blob.diff_memory))}

    def copied(*, by) -> list[str]:
        copies.clear()
        by()
        return [f"{way} {names[id(memory)]}" for way, memory in copies]

    def write(name: str, side: str = "data") -> None:
        getattr(net.blobs[name], side)[...] = noise(*net.blobs[name].shape)

    last = len(net.layers) - 1
    assert copied(by=lambda: net.passes.forward(0, last)) == []
    assert copied(by=lambda: write("data")) == ["down data.data"]
    assert copied(by=net.forward) == ["up data.data", "down ip.data"]
    assert copied(by=net.forward) == ["down ip.data"]
    assert copied(by=lambda: [net.blobs["conv"].data, net.blobs["conv"].data]) == ["down conv.data"]
    assert copied(by=lambda: net.passes.forward(2, last)) == ["up conv.data"]  # it may have been written to
    assert copied(by=lambda: net.passes.forward(0, last)) == []
    assert copied(by=lambda: write("ip", "diff")) == ["down ip.diff"]
    assert copied(by=net.backward) == ["up ip.diff", "down data.diff"]
    assert copied(by=lambda: net.passes.backward(last, 0)) == []
