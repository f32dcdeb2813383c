"""Unpooling: places by index, by corner, spread and tiled; sizes of both forks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

from netdef.errors import SpecError


def test_values_return_to_their_indices():
    x = draw(2, 3, 6, 8)
    pooled, index = tops_of("Pooling", "pooling_param { kernel_size: 2 stride: 2 }", 2, x=x)
    top = top_of("Unpooling", "unpooling_param { kernel_size: 2 stride: 2 unpool_h: 6 unpool_w: 8 }", v=pooled, i=index)
    assert torch.equal(top, x.where(torch.isin(x, pooled), 0))


def test_the_last_of_several_values_at_one_index_counts():
    x = torch.tensor([1.0, 2, 3, 4]).double().reshape(1, 1, 2, 2).requires_grad_()
    index = torch.tensor([2.0, 7, 2, 0]).reshape(1, 1, 2, 2).double()
    net = one_layer("Unpooling", "unpooling_param { kernel_size: 2 unpool_h: 2 unpool_w: 3 }", x=x, i=index)
    top = net(x=x, i=index)["y0"]  # 7 is beyond a plane of 6
    assert top.tolist() == [[[[4, 0, 3], [0, 0, 0]]]]
    (top * 10).sum().backward()
    assert x.grad.flatten().tolist() == [0, 0, 10, 10]


def test_without_indices_in_the_upper_left_corners():
    """Of a plane of 2 x 3, windows 3 and 2 apart; without a size it is max(1 * 3 + 3, 2 * 3 + 1) by max(2 * 2 + 2, 3 * 2 + 1)."""
    x = draw(2, 3, 2, 3)
    top = top_of("Unpooling", "unpooling_param { kernel_h: 3 kernel_w: 2 stride_h: 3 stride_w: 2 }", x=x)
    assert top.shape == (2, 3, 7, 7)
    assert torch.equal(top[:, :, :6:3, :6:2], x) and int((top != 0).sum()) == x.numel()


@pytest.mark.parametrize("method", ["AVE", "TILE"])
def test_spread_over_windows_that_overlap(method):
    """Windows of 3 x 2, steps of 2 x 1, on a plane of 4 x 5: the lower ones are cut to 2 rows."""
    x = draw(2, 3, 2, 3)
    param = f"unpooling_param {{ unpool: {method} kernel_h: 3 kernel_w: 2 stride_h: 2 stride_w: 1 unpool_h: 4 unpool_w: 5 }}"
    top = top_of("Unpooling", param, x=x)
    expected = torch.zeros(2, 3, 4, 5).double()
    for i, j in np.ndindex(2, 3):
        window = expected[:, :, 2 * i : 2 * i + 3, j : j + 2]
        window += x[:, :, i, j, None, None] / (window.shape[2] * window.shape[3] if method == "AVE" else 1)
    torch.testing.assert_close(top, expected)


@pytest.mark.parametrize("message", ["pooling_param", "unpooling_param"])
def test_the_size_is_computed_for_indices(message):
    """(5 - 1) 2 + 3 - 2 = 9, and (4 - 1) 2 + 3 - 2 = 7, in the pull request and in C2SNet's fork."""
    x, index = draw(2, 3, 5, 4), torch.arange(120.0).reshape(2, 3, 5, 4).double() % 63
    top = top_of("Unpooling", f"{message} {{ kernel_size: 3 stride: 2 pad: 1 }}", x=x, i=index)
    assert top.shape == (2, 3, 9, 7)
    for n, c, h, w in np.ndindex(2, 3, 5, 4):
        assert top[n, c].flatten()[int(index[n, c, h, w])] == x[n, c, h, w]


@pytest.mark.parametrize(
    ("param", "names", "words"),
    [
        ("unpooling_param { unpool: AVE kernel_size: 2 }", "xi", "which only MAX takes, not AVE"),
        ("unpooling_param { kernel_size: 2 pad: 1 }", "x", "which is there only with indices"),
        ("unpooling_param { stride: 2 }", "x", "needs a `kernel_size`"),
        ("unpooling_param { kernel_size: 2 kernel_h: 3 kernel_w: 3 }", "x", "both `kernel_size` and `kernel_h`"),
        ("unpooling_param { kernel_size: 2 unpool_h: 3 }", "x", "`unpool_h` without `unpool_w`"),
        ("unpooling_param { kernel_size: 2 stride: 0 }", "x", "must be at least 1"),
        ("unpooling_param { kernel_size: 2 } pooling_param { kernel_size: 2 }", "xi", "both `pooling_param`"),
        ("pooling_param { kernel_size: 2 }", "x", "MAX with indices only"),
        ("pooling_param { kernel_size: 2 pool: AVE }", "xi", "MAX with indices only"),
    ],
)
def test_bad_parameters_are_refused(param, names, words):
    with pytest.raises(SpecError, match=words):
        one_layer("Unpooling", param, **{name: draw(2, 3, 5, 4) for name in names})
    with pytest.raises(SpecError, match="must be of one shape"):
        one_layer("Unpooling", "unpooling_param { kernel_size: 2 }", x=draw(2, 3, 5, 4), i=draw(2, 3, 4, 5))


def test_indices_under_the_name_of_later_forks():
    param = "unpooling_param { unpool: MAX kernel_size: 2 stride: 2 unpool_h: 4 unpool_w: 6 }"
    x = torch.tensor([[3.0, 5, 7], [2, 4, 6]]).double().reshape(1, 1, 2, 3)
    index = torch.tensor([[7.0, 2, 5], [12, 21, 16]]).double().reshape(1, 1, 2, 3)
    expected = torch.zeros(24).double()
    expected[index.flatten().long()] = x.flatten()
    assert torch.equal(top_of("UnPooling", param, x=x, i=index).flatten(), expected)
    more = torch.cat((index, index.flip(3)), 1)
    assert torch.equal(top_of("UnPooling", param, x=x, i=more).flatten(), expected)
    with pytest.raises(SpecError, match="as many channels or more"):
        one_layer("UnPooling", param, x=(1, 2, 2, 3), i=(1, 1, 2, 3))
    with pytest.raises(SpecError, match="agree on MAX of `unpooling_param` with indices"):
        one_layer("UnPooling", param, x=(1, 1, 2, 3))
    with pytest.raises(SpecError, match="agree on MAX of `unpooling_param` with indices"):
        one_layer("UnPooling", "pooling_param { kernel_size: 2 stride: 2 }", x=(1, 1, 2, 3), i=(1, 1, 2, 3))


def test_indices_of_one_item_count_for_all():
    """With padding, which changes no place: a pooling of 3 x 3 with steps of 1 keeps the size."""
    x = draw(1, 3, 4, 5)
    pooled, index = tops_of("Pooling", "pooling_param { kernel_size: 3 stride: 1 pad: 1 }", 2, x=x)
    several = torch.cat((pooled, 2 * pooled))
    param = "unpooling_param { kernel_size: 3 stride: 1 pad: 1 unpool_h: 4 unpool_w: 5 }"
    wanted = x.where(torch.isin(x, pooled), 0)
    assert torch.equal(top_of("Unpooling", param, v=several, i=index), torch.cat((wanted, 2 * wanted)))
    with pytest.raises(SpecError, match="which is there only with indices"):
        one_layer("Unpooling", param, v=several)
    with pytest.raises(SpecError, match="must be of one shape"):
        one_layer("Unpooling", param, v=several, i=index[:, :2])
