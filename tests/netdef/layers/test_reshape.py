"""Flatten and Reshape: axes, sizes, errors."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from one_layer import draw, top_of

import netdef
from netdef.errors import SpecError


def build(layer: str) -> torch.nn.Module:
    return netdef.loads('layer { name: "i" type: "Input" top: "x" '
                        "input_param { shape { dim: 2 dim: 3 dim: 4 dim: 5 } } }"
                        f'layer {{ name: "l" bottom: "x" top: "y" {layer} }}')


def dims(text: str) -> str:
    return "shape { " + " ".join(f"dim: {d}" for d in text.split()) + " }"


@pytest.mark.parametrize("param, shape", [
    ("", (2, 60)),
    ("axis: 0", (120,)),
    ("axis: 2", (2, 3, 20)),
    ("end_axis: -2", (2, 12, 5)),
    ("axis: -3 end_axis: 2", (2, 12, 5)),
    ("axis: 1 end_axis: 1", (2, 3, 4, 5)),
])
def test_flatten(param, shape):
    net = build(f'type: "Flatten" flatten_param {{ {param} }}')
    assert net.shapes["y"] == shape
    x = torch.arange(120.0).reshape(2, 3, 4, 5)
    assert torch.equal(net(x=x)["y"], x.reshape(shape))


def test_rows_are_in_logical_order():
    x = torch.arange(120.0).reshape(2, 3, 4, 5)
    scattered = x.contiguous(memory_format=torch.channels_last)
    for layer in 'type: "Flatten"', f'type: "Reshape" reshape_param {{ {dims("0 -1")} }}':
        assert torch.equal(build(layer)(x=scattered)["y"], x.reshape(2, 60))


@pytest.mark.parametrize("param, words", [
    ("axis: 4", "wants axis 4, but its bottom has 4 axes"),
    ("axis: 3 end_axis: 1", "from axis 3 to axis 1"),
])
def test_bad_axes_of_flatten_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        build(f'type: "Flatten" flatten_param {{ {param} }}')


@pytest.mark.parametrize("param, shape", [
    (dims("0 0 -1"), (2, 3, 20)),
    (dims("0 -1 2"), (2, 30, 2)),
    (dims("6 20"), (6, 20)),
    (dims("-1 0 2"), (20, 3, 2)),
    (dims("12") + "axis: 1 num_axes: 2", (2, 12, 5)),
    (dims("1") + "axis: 1 num_axes: 0", (2, 1, 3, 4, 5)),
    (dims("1 1") + "axis: -1", (2, 3, 4, 5, 1, 1)),
    (dims("2 2") + "axis: -3 num_axes: 1", (2, 3, 2, 2, 5)),
    ("axis: 3 num_axes: 0", (2, 3, 4, 5)),
])
def test_reshape(param, shape):
    net = build(f'type: "Reshape" reshape_param {{ {param} }}')
    assert net.shapes["y"] == shape
    x = torch.arange(120.0).reshape(2, 3, 4, 5)
    assert torch.equal(net(x=x)["y"], x.reshape(shape))


def test_copied_and_inferred_sizes_follow_the_input():
    net = build(f'type: "Reshape" reshape_param {{ {dims("0 0 -1")} }}')
    assert net(x=torch.zeros(7, 3, 6, 5))["y"].shape == (7, 3, 30)


@pytest.mark.parametrize("param, words", [
    (dims("7 -1"), r"cannot make a bottom of shape \(2, 3, 4, 5\), 120 elements, into \(7, -1\)"),
    (dims("7 5"), r"120 elements, into \(7, 5\)"),
    (dims("-1 -1"), r"reshapes to \[-1, -1\]"),
    (dims("-2"), r"reshapes to \[-2\]"),
    (dims("1 1 1 1 0"), "copies axis 4, but its bottom has 4 axes"),
    (dims("1") + "axis: 5", "reshapes from axis 5"),
    (dims("1") + "axis: -6", "reshapes from axis -6"),
    (dims("1") + "axis: 3 num_axes: 2", "reshapes 2 axes from axis 3"),
    (dims("1") + "num_axes: -2", "reshapes -2 axes"),
])
def test_bad_parameters_of_reshape_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        build(f'type: "Reshape" reshape_param {{ {param} }}')


def test_channels_become_planes():
    x = draw(2, 12, 5, 7)
    top = top_of("Reshape", "reshape_param { pixelshuffler: 2 shape { dim: 3 } }", x=x)
    assert top.shape == (2, 3, 10, 14)
    for c, h, i, w, j in np.ndindex(3, 5, 2, 7, 2):
        assert torch.equal(top[:, c, 2 * h + i, 2 * w + j], x[:, 4 * c + 2 * i + j, h, w])
    with pytest.raises(netdef.SpecError, match="in multiples of `pixelshuffler` squared, 25"):
        top_of("Reshape", "reshape_param { pixelshuffler: 5 }", x=x)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_channels_become_patches(phase):
    """Channels of a patch go down its columns; of a place all channels come first."""
    x, param = draw(2, 12, 5, 7), "new_channel: 2 new_height: 10 new_width: 21 new_patch_width: 3 new_patch_height: 2"
    top = top_of("Reshape", f"reshape_param {{ {param} }}", phase, x=x)
    assert top.shape == (2, 2, 10, 21)
    for c, h, i, w, j in np.ndindex(2, 5, 2, 7, 3):
        assert torch.equal(top[:, c, 2 * h + i, 3 * w + j], x[:, (j * 2 + i) * 2 + c, h, w])
    flat = top_of("Reshape", "reshape_param { new_channel: 2 new_height: 2 new_width: 3 new_patch_width: 3 new_patch_height: 2 }",
                  x=x[:, :, 0, 0])
    assert torch.equal(flat, top[:, :, :2, :3])
    with pytest.raises(SpecError, match="channels for 3 x 2 x 2"):
        top_of("Reshape", f"reshape_param {{ {param} }}", x=x[:, 1:])
    with pytest.raises(SpecError, match="its top is of 8 x 21"):
        top_of("Reshape", f"reshape_param {{ {param} }}", x=x[:, :, 1:])


def test_reshape_in_place_keeps_the_name_for_the_new_shape():
    text = ('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 4 } } }'
            'layer { name: "s" type: "Power" bottom: "x" top: "before" power_param { scale: 2 } }'
            f'layer {{ name: "r" type: "Reshape" bottom: "x" top: "x" reshape_param {{ {dims("0 -1")} }} }}'
            'layer { name: "t" type: "Power" bottom: "x" top: "after" power_param { scale: 3 } }')
    x = draw(2, 3, 4)
    tops = netdef.loads(text).double()(x=x)
    assert torch.equal(tops["before"], 2 * x)
    assert torch.equal(tops["after"], 3 * x.flatten(1))
