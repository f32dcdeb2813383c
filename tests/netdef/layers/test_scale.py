"""Scale and Bias: axes, with one bottom and with two."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef
from netdef.errors import SpecError

SHAPE = (2, 3, 4, 5)


def build(kind: str, param: str, second: tuple[int, ...] | None = None) -> netdef.Net:
    text, bottoms = "", ""
    for blob, shape in (("x", SHAPE), ("s", second)):
        if shape is not None:
            dims = " ".join(f"dim: {size}" for size in shape)
            text += f'layer {{ name: "{blob}" type: "Input" top: "{blob}" input_param {{ shape {{ {dims} }} }} }}'
            bottoms += f' bottom: "{blob}"'
    layer = f'name: "l" type: "{kind}"{bottoms} top: "y" {kind.lower()}_param {{ {param} }}'
    return netdef.loads(f"{text} layer {{ {layer} }}")


COVERED = [
    ("", (3,), (3, 1, 1)),
    ("axis: 0", (2,), (2, 1, 1, 1)),
    ("axis: -1", (5,), (5,)),
    ("axis: 1 num_axes: 2", (3, 4), (3, 4, 1)),
    ("axis: 2 num_axes: -1", (4, 5), (4, 5)),
    ("axis: 0 num_axes: -1", SHAPE, SHAPE),
    ("num_axes: 0", (), ()),
]


@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize(("param", "shape", "spread"), COVERED)
def test_learned_blobs_cover_the_named_axes(param, shape, spread, memory):
    x = torch.randn(SHAPE).contiguous(memory_format=memory)
    net = build("Scale", f"{param} bias_term: true")
    scale, bias = net.params["l"]
    assert scale.shape == bias.shape == shape
    assert net(x=x)["y"].equal(x)  # filled with 1 and 0 unless the text says otherwise
    scale.data.normal_()
    bias.data.normal_()
    torch.testing.assert_close(net(x=x)["y"], x * scale.reshape(spread) + bias.reshape(spread))
    net = build("Bias", param)
    (bias,) = net.params["l"]
    assert bias.shape == shape and net(x=x)["y"].equal(x)
    bias.data.normal_()
    torch.testing.assert_close(net(x=x)["y"], x + bias.reshape(spread))


@pytest.mark.parametrize(("param", "shape", "spread"), COVERED)
def test_second_bottom_covers_as_many_axes_as_it_has(param, shape, spread):
    axis = param.split(" num_axes")[0] if "axis" in param.split("num_axes")[0] else ""
    x, s = torch.randn(SHAPE), torch.randn(shape)
    net = build("Scale", f"{axis} bias_term: true", shape)
    (bias,) = net.params["l"]  # the scale is no blob then
    bias.data.normal_()
    torch.testing.assert_close(net(x=x, s=s)["y"], x * s.reshape(spread) + bias.reshape(spread))
    net = build("Bias", axis, shape)
    assert "l" not in net.params
    torch.testing.assert_close(net(x=x, s=s)["y"], x + s.reshape(spread))


def test_other_batch_size_than_in_the_text():
    assert build("Scale", "")(x=torch.ones(7, 3, 4, 5))["y"].shape == (7, 3, 4, 5)


@pytest.mark.parametrize("kind", ["Scale", "Bias"])
@pytest.mark.parametrize(
    ("param", "second", "words"),
    [
        ("axis: 4", None, "axis 4"),
        ("axis: 2 num_axes: 3", None, "3 axes from axis 2"),
        ("num_axes: -2", None, "-2 axes"),
        ("", (4,), r"`s` of shape \(4,\) from axis 1"),
        ("axis: -1", (5, 1), r"\(5, 1\) from axis 3"),
    ],
)
def test_axes_that_do_not_fit_are_refused(kind, param, second, words):
    with pytest.raises(SpecError, match=words):
        build(kind, param, second)


def test_a_scale_is_limited_in_the_blob_before_a_training_pass():
    x = torch.randn(2, 3, 4, 5, dtype=torch.float64)
    net = one_layer("Scale", "scale_param { min_value: 0.5 max_value: 2 }", "TRAIN", x=x)
    scale = net.params["l"][0]
    with torch.no_grad():
        scale.copy_(torch.tensor([-1.0, 1.5, 3.0]))
    limited = torch.tensor([0.5, 1.5, 2.0]).double()
    top = net(x=x)["y0"]
    torch.testing.assert_close(top, x * limited[:, None, None])
    torch.testing.assert_close(scale.detach(), limited)
    top.sum().backward()
    torch.testing.assert_close(scale.grad, x.sum((0, 2, 3)))


@pytest.mark.parametrize("axis", [1, 2])
def test_a_test_pass_limits_the_scale_and_leaves_the_blob(axis: int):
    x = torch.randn(SHAPE, dtype=torch.float64)
    net = one_layer("Scale", f"scale_param {{ axis: {axis} min_value: 0.5 }}", x=x)
    with torch.no_grad():
        net.params["l"][0].fill_(0.25)
    torch.testing.assert_close(net(x=x)["y0"].detach(), x / 2)
    assert net.params["l"][0].unique().tolist() == [0.25]


def test_a_scale_that_is_given_is_limited_and_keeps_its_gradient():
    x, s = torch.randn(2, 3, 4, dtype=torch.float64), torch.tensor([[0.1, 1, 3]] * 2, dtype=torch.float64, requires_grad=True)
    top = one_layer("Scale", "scale_param { axis: 0 min_value: 0.5 max_value: 2 }", x=x, s=s)(x=x, s=s)["y0"]
    torch.testing.assert_close(top.detach(), x * torch.tensor([0.5, 1, 2]).double()[:, None])
    top.sum().backward()
    torch.testing.assert_close(s.grad, x.sum(2))
