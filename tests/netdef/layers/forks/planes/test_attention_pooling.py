"""AttPooling against sums over the places of each window."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def padded(x, pad):
    return torch.nn.functional.pad(x, (pad,) * 4)


def test_local_windows():
    x, weights = draw(2, 3, 5, 7), draw(2, 9, 2, 3, seed=2)
    top = top_of("AttPooling", "att_pooling_param { kernel_size: 3 pad: 1 stride: 2 dilation: 2 }", x=x, w=weights)
    around = padded(x, 1)
    for row in range(2):
        for column in range(3):
            window = around[:, :, 2 * row:2 * row + 5:2, 2 * column:2 * column + 5:2].flatten(2)
            wanted = (window * weights[:, None, :, row, column]).sum(2)
            torch.testing.assert_close(top[:, :, row, column], wanted)


@pytest.mark.parametrize(("param", "side", "places"), [
    ("kernel_size: 3 dilation: 2", 3, range(0, 5, 2)), ("", 5, range(5)),
    ("kernel_size: 4 pad: 1 dilation: 2", 4, range(-1, 7, 2)),
])
def test_one_window_for_all_places(param, side, places):
    x, weights = draw(2, 3, 5, 5), draw(2, side * side, 4, 7, seed=2)
    top = top_of("AttPooling", f"att_pooling_param {{ att_mode: GLOBAL {param} }}", x=x, w=weights)
    columns = [place + 1 for place in places]
    window = padded(x, 1)[:, :, columns][:, :, :, columns].flatten(2)
    torch.testing.assert_close(top, torch.einsum("nck,nkhw->nchw", window, weights))


@pytest.mark.parametrize(("param", "x", "weights", "said"), [
    ("kernel_size: 3", (1, 2, 5, 6), (1, 9, 3, 5), "has 3 x 4 windows of 3 x 3 on planes of 5 x 6; the weights are for 3 x 5"),
    ("kernel_size: 3", (1, 2, 5, 6), (1, 4, 3, 4), "it wants 3 x 3 weights for each place"),
    ("att_mode: GLOBAL kernel_size: 3", (1, 2, 5, 5), (1, 9, 3, 4), "GLOBAL wants one"),
    ("att_mode: GLOBAL", (1, 2, 5, 6), (1, 25, 3, 4), "that takes squares, and a stride of 1"),
    ("", (1, 2, 5, 5), (1, 25, 3, 4), "needs a `kernel_size`"),
])
def test_shapes_that_do_not_fit_are_refused(param, x, weights, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("AttPooling", f"att_pooling_param {{ {param} }}", x=x, w=weights)
