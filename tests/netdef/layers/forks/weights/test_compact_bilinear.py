"""Sketches of outer products, signed roots and items of length 1, number by number."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef
from netdef.layers.core.glibc_rand import glibc_rand
from netdef.testing import check_layer


def products(a, b, outputs):
    """The outer products of the channels, counted one by one."""
    draws = glibc_rand(1)
    h, s, g, t = ([next(draws) % n for _ in range(count)]
                  for count, n in ((a.shape[1], outputs), (a.shape[1], 2), (b.shape[1], outputs), (b.shape[1], 2)))
    top = torch.zeros(len(a), outputs, *a.shape[2:]).double()
    for i in range(a.shape[1]):
        for j in range(b.shape[1]):
            top[:, (h[i] + g[j]) % outputs] += (2 * s[i] - 1) * (2 * t[j] - 1) * a[:, i] * b[:, j]
    return top


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("outputs", [7, 8])
def test_sketches_of_outer_products(phase, outputs):
    a, b = draw(2, 5, 3, 4), draw(2, 6, 3, 4, seed=2)
    expected = products(a, b, outputs)
    top = top_of("CompactBilinear", f"compact_bilinear_param {{ num_output: {outputs} sum_pool: false }}", phase, a=a, b=b)
    torch.testing.assert_close(top, expected)
    pooled = top_of("CompactBilinear", f"compact_bilinear_param {{ num_output: {outputs} }}", phase, a=a, b=b)
    torch.testing.assert_close(pooled, expected.sum((2, 3), keepdim=True))


def test_gradients_of_products():
    a, b = draw(1, 3, 2, 1).requires_grad_(), draw(1, 2, 2, 1, seed=2).requires_grad_()
    net = one_layer("CompactBilinear", "compact_bilinear_param { num_output: 4 }", "TRAIN", a=a, b=b)
    assert gradcheck(lambda a, b: net(a=a, b=b)["y0"], (a, b))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_signed_roots(phase):
    x = torch.tensor([[4.0, -9, 0, 0.25]]).double().requires_grad_()
    top = one_layer("SignedSqrt", "", phase, x=x)(x=x)["y0"]
    assert top.flatten().tolist() == [2, -3, 0, 0.5]
    (gradient,) = torch.autograd.grad((top * torch.tensor([1.0, 2, 3, 4])).sum(), x)
    assert gradient.flatten().tolist() == pytest.approx([1 / (2 * 2.03), 2 / (2 * 3.03), 3 / (2 * 0.03), 4 / (2 * 0.53)])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_items_of_length_one(phase):
    x = torch.tensor([[3.0, 0, 0, -4], [0, 1e-4, 0, 0]]).double().reshape(2, 2, 2)
    top = top_of("L2Normalize", "", phase, x=x)
    torch.testing.assert_close(top[0].flatten(), torch.tensor([0.6, 0, 0, -0.8]).double())
    assert top[1, 0, 1].item() == pytest.approx(1e-4 / (1e-8 + 1e-7) ** 0.5)
    check_layer('layer { name: "l" type: "L2Normalize" bottom: "x" top: "y" }', x=(2, 3, 4))


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("compact_bilinear_param { num_output: 4 }", {"a": (2, 3, 2, 2), "b": (2, 3, 2, 1)}, "may differ in their channels only"),
    ("", {"a": (2, 3, 2, 2), "b": (2, 4, 2, 2)}, "needs a `num_output` of at least 1"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("CompactBilinear", param, **shapes)
