"""Concat, Slice, Split: results and errors."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError


def build(layer: str, *shapes: str) -> torch.nn.Module:
    """A net of one layer with bottoms x0, x1, ... of ``shapes`` such as "2 3"."""
    inputs = "".join(
        f'layer {{ name: "x{i}" type: "Input" top: "x{i}" input_param {{ shape {{ '
        + " ".join(f"dim: {size}" for size in shape.split()) + " } } }" for i, shape in enumerate(shapes))
    bottoms = " ".join(f'bottom: "x{i}"' for i in range(len(shapes)))
    return netdef.loads(f'{inputs} layer {{ name: "l" {bottoms} {layer} }}')


def count_up(*shape: int) -> torch.Tensor:
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape)


@pytest.mark.parametrize("param", ["axis: 1", "axis: -2", "concat_dim: 1", ""])
def test_concat_joins_along_its_axis(param):
    net = build(f'type: "Concat" top: "y" concat_param {{ {param} }}', "2 3 5", "2 4 5")
    a, b = count_up(2, 3, 5), -count_up(2, 4, 5)
    y = net(x0=a, x1=b)["y"]
    assert net.shapes["y"] == (2, 7, 5)
    assert torch.equal(y[:, :3], a) and torch.equal(y[:, 3:], b)


@pytest.mark.parametrize("shapes, words", [
    (("2 3 5", "2 4 6"), r"\(2, 3, 5\) \(`x0`\) and \(2, 4, 6\) \(`x1`\); they may differ along axis 1 only"),
    (("2 3 5", "2 4"), r"\(2, 4\) \(`x1`\)"),
])
def test_concat_refuses_other_differences(shapes, words):
    with pytest.raises(SpecError, match=words):
        build('type: "Concat" top: "y"', *shapes)


def test_axis_and_its_old_name_are_refused_together():
    with pytest.raises(SpecError, match="has both `axis` and its old name `concat_dim`"):
        build('type: "Concat" top: "y" concat_param { axis: 1 concat_dim: 1 }', "2 3")
    with pytest.raises(SpecError, match="has both `axis` and its old name `slice_dim`"):
        build('type: "Slice" top: "y" slice_param { axis: 1 slice_dim: 1 }', "2 3")
    with pytest.raises(SpecError, match="wants axis 3, but its bottom has 3 axes"):
        build('type: "Concat" top: "y" concat_param { axis: 3 }', "2 3 5")


def test_slice_cuts_before_its_points():
    net = build('type: "Slice" top: "a" top: "b" top: "c" slice_param { slice_point: 1 slice_point: 5 }', "2 7 3")
    x = count_up(2, 7, 3)
    tops = net(x0=x)
    assert [net.shapes[top] for top in "abc"] == [(2, 1, 3), (2, 4, 3), (2, 2, 3)]
    assert torch.equal(tops["a"], x[:, :1]) and torch.equal(tops["b"], x[:, 1:5]) and torch.equal(tops["c"], x[:, 5:])


def test_slice_without_points_cuts_evenly_and_takes_other_batches():
    net = build('type: "Slice" top: "a" top: "b" slice_param { axis: 0 }', "4 3")
    x = count_up(6, 3)
    tops = net(x0=x)
    assert torch.equal(tops["a"], x[:3]) and torch.equal(tops["b"], x[3:])


def test_slice_of_one_top_is_the_bottom():
    assert torch.equal(build('type: "Slice" top: "a"', "2 3")(x0=count_up(2, 3))["a"], count_up(2, 3))


@pytest.mark.parametrize("param, words", [
    ("", "cuts axis 1 of size 7 into 3 tops"),
    ("slice_point: 2", "has 3 tops and 1 `slice_point`"),
    ("slice_point: 4 slice_point: 3", "has slice point 3 after 4 on an axis of size 7"),
    ("slice_point: 4 slice_point: 8", "has slice point 8 after 4 on an axis of size 7"),
    ("slice_point: 0 slice_point: 3", "has slice point 0 after 0"),
])
def test_slice_refuses_cuts_that_do_not_fit(param, words):
    with pytest.raises(SpecError, match=words):
        build(f'type: "Slice" top: "a" top: "b" top: "c" slice_param {{ {param} }}', "2 7 3")


def test_split_copies_and_adds_gradients():
    net = build('type: "Split" top: "a" top: "b"', "2 3")
    x = count_up(2, 3).requires_grad_()
    tops = net(x0=x)
    (tops["a"] + 2 * tops["b"]).sum().backward()
    assert x.grad.tolist() == [[3] * 3] * 2
