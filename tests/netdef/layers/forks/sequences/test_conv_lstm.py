"""An LSTM over planes, step by step."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch.autograd import gradcheck
from torch.nn.functional import conv2d

import netdef

CONV = 'lstm_conv_param { num_output: 2 kernel_h: 3 kernel_w: 1 pad_h: 1 weight_filler { type: "gaussian" std: 0.5 } %s }'
CONT = torch.tensor([[0.0, 1], [1, 1], [1, 0.5], [1, 0]]).double()


def unrolled(x, cont, h, c, wx, wh, bias, peepholes, static=0, squash=torch.tanh):
    """The equations, one step after the other. Peepholes are (1, ...) to broadcast over (N, num_output, H, W)."""
    outputs = []
    for t in range(len(x)):
        mark = cont[t][:, None, None, None]
        gates = (0 if wx is None else conv2d(x[t], wx, padding=(1, 0))) + conv2d(h * mark, wh, bias, padding=(1, 0)) + static
        i, f, o, g = gates.split(2, 1)
        i, f, o = (gate + p * c for gate, p in zip((i, f, o), peepholes))
        c = torch.sigmoid(f) * mark * c + torch.sigmoid(i) * squash(g)
        h = torch.sigmoid(o) * squash(c)
        outputs.append(h)
    return torch.stack(outputs), h, c


def fill(net):
    """Set all blobs to numbers of their own; returns them."""
    blobs = [blob.detach() for blob in net.params["l"]]
    for i, blob in enumerate(blobs):
        blob.copy_(draw(*blob.shape, seed=10 + i))
    return blobs


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("kind", "squash"), [("ConvLSTM", torch.tanh), ("ConvLSTMReLU", torch.relu)])
def test_steps_and_a_state_that_is_carried(phase, kind, squash):
    x, zeros = draw(4, 2, 3, 5, 4), torch.zeros(2, 2, 5, 4).double()
    net = one_layer(kind, CONV % "", phase, x=x, m=CONT)
    wx, wh, bias, *peepholes = fill(net)
    assert [blob.shape for blob in (wx, wh, bias, *peepholes)] == [(8, 3, 3, 1), (8, 2, 3, 1), (8,), (5, 4), (5, 4), (5, 4)]
    expected, h, c = unrolled(x, CONT, zeros, zeros, wx, wh, bias, peepholes, squash=squash)
    torch.testing.assert_close(net(x=x, m=CONT)["y0"].detach(), expected)
    again, *_ = unrolled(x, CONT, h, c, wx, wh, bias, peepholes, squash=squash)
    torch.testing.assert_close(net(x=x, m=CONT)["y0"].detach(), again)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_states_as_bottoms_and_tops_and_an_input_of_every_step(phase):
    x, s, h, c = draw(4, 2, 3, 5, 4), draw(1, 2, 6, 5, 4, seed=2), draw(1, 2, 2, 5, 4, seed=3), draw(1, 2, 2, 5, 4, seed=4)
    param = CONV % "bias_term: false" + "recurrent_param { expose_hidden: true } lstm_debug_param { axis_hadamard: 2 }"
    net = one_layer("ConvLSTM", param + " ", phase, tops=3, x=x, m=CONT, s=s, h=h, c=c)
    wx, ws, wh, *peepholes = fill(net)
    assert ws.shape == (8, 6, 3, 1) and {blob.shape for blob in peepholes} == {(2, 5)}
    static = conv2d(s[0], ws, padding=(1, 0))
    expected = unrolled(x, CONT, h[0], c[0], wx, wh, None, [p[:, :, None] for p in peepholes], static)
    tops = net(x=x, m=CONT, s=s, h=h, c=c)
    for top, wanted in zip(tops.values(), (expected[0], expected[1][None], expected[2][None])):
        torch.testing.assert_close(top.detach(), wanted)


def test_without_products_with_c_and_without_x():
    x, zeros = draw(4, 2, 3, 5, 4), torch.zeros(2, 2, 5, 4).double()
    net = one_layer("ConvLSTM", CONV % "" + "lstm_debug_param { disable_hadamard: true }", x=x, m=CONT)
    wx, wh, bias = fill(net)
    expected = unrolled(x, CONT, zeros, zeros, wx, wh, bias, (0, 0, 0))[0]
    torch.testing.assert_close(net(x=x, m=CONT)["y0"].detach(), expected)
    net = one_layer("ConvLSTM", CONV % "" + "lstm_debug_param { disable_hadamard: true ignore_x: true }", x=x, m=CONT)
    wh, bias = fill(net)
    expected = unrolled(x, CONT, zeros, zeros, None, wh, bias, (0, 0, 0))[0]
    torch.testing.assert_close(net(x=x, m=CONT)["y0"].detach(), expected)


def test_a_convolution_for_each():
    """The one of the hidden state first, with another kernel."""
    hidden = 'lstm_conv_param { num_output: 2 kernel_size: 1 type: "hidden" bias_term: false }'
    net = one_layer("ConvLSTM", hidden + CONV % 'type: "input"', x=(4, 2, 3, 5, 4), m=(4, 2))
    assert [tuple(blob.shape) for blob in net.params["l"]][:3] == [(8, 3, 3, 1), (8, 2, 1, 1), (5, 4)]


def test_gradients_through_time_and_states():
    shapes = (3, 1, 2, 3, 1), (1, 1, 2, 3, 1), (1, 1, 2, 3, 1)
    x, h, c = (draw(*shape, seed=i).requires_grad_() for i, shape in enumerate(shapes))
    net = one_layer("ConvLSTM", CONV % "" + "recurrent_param { expose_hidden: true }", "TRAIN", tops=3, x=x, m=(3, 1), h=h, c=c)
    fill(net)
    blobs = tuple(net.params["l"])
    assert gradcheck(lambda x, h, c, *blobs: tuple(net(x=x, m=CONT[1:, :1], h=h, c=c).values()), (x, h, c, *blobs))


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("", {"x": (4, 2, 3, 5, 4), "m": (4, 2)}, "has 0 `lstm_conv_param`; it wants one, or two"),
    (CONV % "", {"x": (4, 2, 3, 5, 4), "m": (4, 3)}, r"continuation markers have shape \(4, 2\)"),
    (CONV % "", {"x": (4, 2, 3, 5, 4), "m": (4, 2), "h": (1, 2, 2, 5, 4), "c": (1, 2, 2, 5, 4)}, "has 4 bottoms and 1 tops"),
    (CONV % "pad_w: 1", {"x": (4, 2, 3, 5, 4), "m": (4, 2)}, r"makes planes of \(5, 6\) of those of \(5, 4\)"),
    (CONV % "" + 'lstm_debug_param { expose: "c_t=5" }', {"x": (4, 2, 3, 5, 4), "m": (4, 2)}, "blobs of single steps"),
    (CONV % "" + "lstm_debug_param { axis_hadamard: 4 }", {"x": (4, 2, 3, 5, 4), "m": (4, 2)}, "a state has 5 axes"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("ConvLSTM", param, **shapes)


def test_a_unit_of_planes_is_a_unit_of_their_numbers():
    c, gates, cont = draw(1, 3, 2, 4, 5), draw(1, 3, 8, 4, 5, seed=2), torch.tensor([[0.0, 1, 1]]).double()
    new, h = tops_of("ConvLSTMUnit", "", 2, c=c, g=gates, t=cont)
    i, f, o, g = gates[0, 1].chunk(4)
    wanted = f.sigmoid() * c[0, 1] + i.sigmoid() * g.tanh()
    assert torch.allclose(new[0, 1], wanted) and torch.allclose(h[0, 1], o.sigmoid() * wanted.tanh())
    i, _, _, g = gates[0, 0].chunk(4)
    assert torch.allclose(new[0, 0], i.sigmoid() * g.tanh())
    with pytest.raises(netdef.SpecError, match="channels, height, width"):
        one_layer("ConvLSTMUnit", tops=2, c=(1, 3, 2), g=(1, 3, 8), t=(1, 3))
