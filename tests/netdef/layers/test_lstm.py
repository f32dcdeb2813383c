"""LSTM and LSTMUnit against their equations written out."""

from __future__ import annotations

import pytest
import torch
from lstm_nets import RESTARTS, D, H, N, S, T, build, text, written_out

import netdef
from netdef.errors import SpecError


@pytest.mark.parametrize("static", [False, True])
@pytest.mark.parametrize("cont", RESTARTS.values(), ids=RESTARTS)
def test_two_batches_match_the_equations(cont, static):
    net = build(**({"s": (N, S)} if static else {}))
    s = {"s": torch.randn(N, S)} if static else {}
    h = c = 0.0
    for _ in range(2):
        x = torch.randn(T, N, D)
        expected, h, c = written_out(net, x, cont, h=h, c=c, **s)
        torch.testing.assert_close(net(x=x, cont=cont, **s)["y"], expected)
    layer = net.layers["l"]
    torch.testing.assert_close([layer.h, layer.c], [h[None].detach(), c[None].detach()])
    assert not layer.h.requires_grad and layer.h.shape == (1, N, H)


def test_gradients_match_the_equations_and_stop_at_the_batch():
    net = build()
    first, x = torch.randn(T, N, D, requires_grad=True), torch.randn(T, N, D, requires_grad=True)
    cont, gradient = RESTARTS["in a run"], torch.randn(T, N, H)
    net(x=first, cont=cont)
    y = net(x=x, cont=cont)["y"]
    layer = net.layers["l"]
    _, h, c = written_out(net, first, cont)
    expected = written_out(net, x, cont, h=h.detach(), c=c.detach())[0]
    sources = [x, *net.parameters()]
    torch.testing.assert_close(
        torch.autograd.grad(y, sources, gradient, retain_graph=True), torch.autograd.grad(expected, sources, gradient))
    assert torch.autograd.grad(y, [first], gradient, allow_unused=True) == (None,)
    assert layer.carried == ("h", "c")


@pytest.mark.parametrize("cont", ["none", "in part"])  # torch's kernel, and step by step
def test_a_bias_of_the_forget_gates(cont):
    net = build(param="lstm_additional_forget_bias: 0.75")  # DSCLRCN's name of `forget_bias`
    x, cont = torch.randn(T, N, D), RESTARTS[cont]
    top = net(x=x, cont=cont)["y"]
    with torch.no_grad():
        net.params["l"][1][H : 2 * H] += 0.75
    torch.testing.assert_close(top, written_out(net, x, cont)[0])


@pytest.mark.parametrize("cont", ["none", "in a run", "in part"])  # torch's kernel, also cut in two, and step by step
@pytest.mark.parametrize("size", [S, 5])  # fewer features than sequences, and more
def test_a_static_input_of_the_first_step_alone(cont, size):
    """It is as in the first step of a net that reads it in each, and after that as in a net that reads none."""
    net = build(param="static_input_only_start: true", s=(N, size))
    x, cont, s = torch.randn(T, N, D), RESTARTS[cont], torch.randn(N, size, requires_grad=True)
    top = net(x=x, cont=cont, s=s)["y"]
    first, h, c = written_out(net, x[:1], cont[:1], s)
    rest = written_out(net, x[1:], cont[1:], torch.zeros(N, size), h, c)[0]
    expected, slope = torch.cat((first, rest)), torch.randn(T, N, H)
    torch.testing.assert_close(top, expected)
    sources = [s, *net.parameters()]
    torch.testing.assert_close(torch.autograd.grad(top, sources, slope), torch.autograd.grad(expected, sources, slope))


def test_a_unit_is_one_step():
    c, gates, cont = torch.randn(1, N, H), torch.randn(1, N, 4 * H), torch.tensor([[1.0, 0.0, 0.5]])
    net = netdef.loads(text("LSTMUnit", tops=("c2", "h2"), c=(1, N, H), g=(1, N, 4 * H), cont=(1, N)))
    tops = net(c=c, g=gates, cont=cont)
    i, f, o, g = gates.unflatten(2, (4, H)).unbind(2)
    new = f.sigmoid() * cont[..., None] * c + i.sigmoid() * g.tanh()
    torch.testing.assert_close([tops["c2"], tops["h2"]], [new, o.sigmoid() * new.tanh()])


@pytest.mark.parametrize(("shapes", "said"), [
    (((2, N, H), (1, N, 4 * H), (1, N)), r"wants a cell state of shape \(1, .*; its shape is \(2, 3, 4\)"),
    (((1, N, H), (1, N, 3 * H), (1, N)), r"wants gates of shape \(1, 3, 16\) .* their shape is \(1, 3, 12\)"),
    (((1, N, H), (1, N, 4 * H), (N, 1)), r"wants markers of shape \(1, 3\) .* their shape is \(3, 1\)"),
])
def test_a_unit_of_parts_that_do_not_fit_is_refused(shapes, said):
    with pytest.raises(SpecError, match=said):
        netdef.loads(text("LSTMUnit", tops=("c2", "h2"), **dict(zip(("c", "g", "cont"), shapes))))
