"""MergeCrop: joined with the middle of a larger blob."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_the_second_is_cut_about_its_middle():
    a, b = draw(2, 3, 4, 5), draw(2, 7, 7, 6, seed=2)
    torch.testing.assert_close(top_of("MergeCrop", a=a, b=b), torch.cat((a, b[:, :, 1:5, 0:5]), 1))
    c = draw(2, 3, 6, 5, seed=3)
    torch.testing.assert_close(top_of("MergeCrop", "mergecrop_param { operation: ADD }", a=a, b=c), a + c[:, :, 1:5])


def test_volumes():
    a, b = draw(1, 2, 3, 4, 5), draw(1, 3, 5, 6, 9, seed=2)
    torch.testing.assert_close(top_of("MergeCrop", a=a, b=b), torch.cat((a, b[:, :, 1:4, 1:5, 2:7]), 1))


@pytest.mark.parametrize(("param", "counts", "learns"), [
    ("", (1, 1), (1, 0)), ("backward: false backward: true", (1, 1), (0, 1)), ("forward: false", (0, 1), (1, 0)),
    ("backward: true backward: true forward: true forward: false", (1, 0), (1, 1)),
])
def test_bottoms_that_count_and_that_learn(param, counts, learns):
    a, b = draw(2, 3, 4).requires_grad_(), draw(2, 3, 6, seed=2).requires_grad_()
    weight = draw(2, 3, 4, seed=3)
    top = one_layer("MergeCrop", f"mergecrop_param {{ operation: ADD {param} }}", "TRAIN", a=a, b=b)(a=a, b=b)["y0"]
    torch.testing.assert_close(top, counts[0] * a + counts[1] * b[:, :, 1:5])
    (top * weight).sum().backward()
    for blob, wanted, learned in ((a, weight, learns[0]), (b, torch.nn.functional.pad(weight, (1, 1)), learns[1])):
        torch.testing.assert_close(torch.zeros_like(blob) if blob.grad is None else blob.grad, learned * wanted)


@pytest.mark.parametrize(("param", "other", "said"), [
    ("", (2, 3, 3), "it cuts the second to the size of the first"), ("", (3, 3, 4), "it wants planes or volumes of one batch"),
    ("operation: ADD", (2, 5, 4), "ADD wants equal channels"),
    ("forward: [true, true, true]", (2, 3, 4), "gives `forward` 3 times for 2 bottoms"),
])
def test_bottoms_that_do_not_fit_are_refused(param, other, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("MergeCrop", f"mergecrop_param {{ {param} }}", a=(2, 3, 4), b=other)
