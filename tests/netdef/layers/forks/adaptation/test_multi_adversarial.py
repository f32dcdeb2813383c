"""Layers of MAF."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef


def test_a_silent_gradient_is_0():
    x = draw(2, 3).requires_grad_()
    net = one_layer("GradientSilent", "", "TRAIN", x=x, unread=(5,))
    top = net(x=x, unread=draw(5))["y0"]
    assert torch.equal(top, x)
    top.square().sum().backward()
    assert x.grad.abs().max() == 0


def test_squares_of_pixels_become_channels():
    x = draw(1, 2, 5, 6)
    top = top_of("Enlarge", "enlarge_param { scale: 2 }", x=x)
    assert top.shape == (1, 8, 2, 3)
    for channel in range(8):
        for row in range(2):
            for column in range(3):
                own, inside = divmod(channel, 4)
                assert top[0, channel, row, column] == x[0, own, 2 * row + inside // 2, 2 * column + inside % 2]


def test_a_product_and_its_weight():
    x = draw(2, 3, 2).requires_grad_()
    param = "inner_product_param { num_output: 4 weight_filler { type: 'xavier' } }"
    net = one_layer("InnerProductCLS", param, "TRAIN", tops=2, x=x)
    weight, bias = net.params["l"]
    tops = net(x=x)
    assert torch.equal(tops["y1"], weight) and torch.allclose(tops["y0"], x.flatten(1) @ weight.t() + bias)
    (tops["y0"].sum() + 3 * tops["y1"].sum()).backward()
    assert torch.allclose(weight.grad, x.flatten(1).sum(0).expand(4, -1) + 3)


def test_products_of_two_domains_and_a_dictionary():
    a, b, words = draw(2, 3), draw(2, 3, seed=2), draw(4, 3, seed=3)
    top, labels = tops_of("CosineDis", "", 2, a=a, b=b, words=words)
    assert top.shape == (4, 5) and labels.tolist() == [0] * 4
    for row in range(2):
        assert top[row].tolist() == pytest.approx([float(a[row] @ other) for other in (b[row], *words)])
        assert top[2 + row].tolist() == pytest.approx([float(b[row] @ other) for other in (a[row], *words)])


def test_gradients_of_each_domain_come_from_its_own_rows():
    a, b, words = draw(2, 3).requires_grad_(), draw(2, 3, seed=2).requires_grad_(), draw(4, 3, seed=3)
    net = one_layer("CosineDis", "", "TRAIN", tops=2, a=a, b=b, words=words)
    assert gradcheck(lambda a: net(a=a, b=b.detach(), words=words)["y0"][:2], (a,))
    assert gradcheck(lambda b: net(a=a.detach(), b=b, words=words)["y0"][2:], (b,))
    net(a=a, b=b, words=words)["y0"][:2].sum().backward()
    assert b.grad.abs().max() == 0 and a.grad.abs().max() > 0


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("Enlarge", "enlarge_param { scale: 0 }", {"x": (1, 2, 4, 4)}, "has `scale` 0"),
    ("CosineDis", "", {"a": (2, 3), "b": (2, 4), "c": (5, 3)}, "both have a row of features for each item"),
    ("CosineDis", "", {"a": (2, 3), "b": (2, 3), "c": (5, 4)}, "a row of the dictionary is as long")])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes: dict[str, tuple[int, ...]], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, tops=2 if kind == "CosineDis" else 1, **shapes)


def test_blocked_gradients_are_zeros():
    a, b = draw(2, 3).requires_grad_(), draw(4, 5).requires_grad_()
    tops = tops_of("GradientBlock", "", 2, "TRAIN", a=a, b=b)
    assert torch.equal(tops[0], a) and torch.equal(tops[1], b)
    sum(top.sum() for top in tops).backward()
    assert not a.grad.any() and not b.grad.any()
