"""Lstm of CTPN: steps by hand, resets by markers, bounded gradients."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError


def layer(param: str = "", size: int = 2, **inputs: torch.Tensor):
    net = one_layer("Lstm", f"lstm_param {{ num_output: {size} {param} }}", "TRAIN", **inputs)
    with torch.no_grad():
        for i, blob in enumerate(net.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i) / 2)
    return net, [blob.detach() for blob in net.params["l"]]


def by_hand(x, blobs, marks=None, h=0.0, c=0.0):
    """h of every step of one sequence (T, I)."""
    w, u, b = blobs
    size, outputs = len(b) // 4, []
    h, c = torch.zeros(size).double() + h, torch.zeros(size).double() + c
    for step, features in enumerate(x):
        if marks is not None and marks[step] == 0:
            h, c = torch.zeros_like(h), torch.zeros_like(c)
        i, f, o, g = (w @ features + u @ h + b).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs), c


def test_a_single_number():
    """All weights 1: i = f = o = s(1), g = tanh 1."""
    net, _ = layer(size=1, x=torch.ones(1, 1, 1))
    with torch.no_grad():
        for blob, value in zip(net.params["l"], (1, 1, 0)):
            blob.fill_(value)
    gate = 1 / (1 + math.exp(-1))
    assert net(x=torch.ones(1, 1, 1).double())["y0"].item() == pytest.approx(gate * math.tanh(gate * math.tanh(1)))


@pytest.mark.parametrize("param", ["", "clipping_threshold: 100"])
def test_every_batch_begins_with_zeros(param):
    x = draw(5, 3, 4)
    net, blobs = layer(param, x=x)
    assert [tuple(blob.shape) for blob in blobs] == [(8, 4), (8, 2), (8,)]
    for _ in range(2):
        top = net(x=x)["y0"]
        for n in range(3):
            torch.testing.assert_close(top[:, n], by_hand(x[:, n], blobs)[0])


def test_the_state_is_carried_and_reset_by_markers():
    x, clip = draw(5, 3, 4), torch.ones(5, 3).double()
    clip[0], clip[2, 1] = 0, 0
    net, blobs = layer(x=x, clip=clip)
    first = net(x=x, clip=clip)["y0"]
    going = torch.ones(5, 3).double()
    second = net(x=x, clip=going)["y0"]
    for n in range(3):
        one, c = by_hand(x[:, n], blobs, clip[:, n])
        torch.testing.assert_close(first[:, n], one)
        torch.testing.assert_close(second[:, n], by_hand(x[:, n], blobs, h=one[-1], c=c)[0])
    fewer = net(x=x[:, :2], clip=going[:, :2])["y0"]
    torch.testing.assert_close(fewer[:, 1], by_hand(x[:, 1], blobs)[0])


def test_gradients_of_gates_are_bounded():
    """Of one step the bias gets exactly the bounded gradients of the gates."""
    x = draw(1, 1, 4)
    free, _ = layer(x=x)
    free(x=x)["y0"].sum().backward()
    slopes = free.params["l"][2].grad
    bound = float(slopes.abs().median())
    net, _ = layer(f"clipping_threshold: {bound}", x=x)
    net(x=x)["y0"].sum().backward()
    torch.testing.assert_close(net.params["l"][2].grad, slopes.clamp(-bound, bound), rtol=1e-6, atol=1e-9)


def test_bad_parameters_are_refused():
    with pytest.raises(SpecError, match="the second wants 5 x 3 numbers"):
        one_layer("Lstm", "lstm_param { num_output: 2 }", x=(5, 3, 4), clip=(5, 4))
    with pytest.raises(SpecError, match="at least 2 axes"):
        one_layer("Lstm", "lstm_param { num_output: 2 }", x=(5,))


def test_a_bottom_of_two_axes_holds_the_sequences_of_junhyukohs_fork():
    x, clip = draw(10, 4), torch.ones(10, 1).double()
    clip[0], clip[5] = 0, 0
    net, blobs = layer("batch_size: 2", x=x, clip=clip)
    assert net.params["l"][0].shape == (8, 4)
    top = net(x=x, clip=clip)["y0"]
    assert top.shape == (10, 2)
    for n in range(2):
        marks = clip.flatten()[n::2].clone()
        torch.testing.assert_close(top[n::2], by_hand(x[n::2], blobs, marks)[0])
    alone, blobs = layer(x=x)
    torch.testing.assert_close(alone(x=x)["y0"], by_hand(x, blobs)[0])
    with pytest.raises(SpecError, match="has a `batch_size` of 3, which does not divide the 10 rows of `x`"):
        layer("batch_size: 3", x=x)


def test_lstm_new_is_the_same_of_three_axes():
    x = draw(4, 3, 5)
    net, blobs = layer(x=x)
    new = one_layer("LstmNew", "lstm_param { num_output: 2 }", "TRAIN", x=x)
    with torch.no_grad():
        for mine, given in zip(new.params["l"], blobs):
            mine.copy_(given)
    assert torch.equal(new(x=x)["y0"], net(x=x)["y0"])
    with pytest.raises(SpecError, match="3 axes"):
        one_layer("LstmNew", "lstm_param { num_output: 2 batch_size: 3 }", x=(6, 5))
