"""The layers of SPN, place by place."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

SIDES = [(True, False), (True, True), (False, False), (False, True)]
X, GATES = draw(2, 3, 4, 5), draw(2, 3, 4, 5, seed=2).sigmoid()


def words(horizontal: bool, reverse: bool) -> str:
    return f"horizontal: {str(horizontal).lower()} reverse: {str(reverse).lower()}"


def upright(x: torch.Tensor, horizontal: bool, reverse: bool) -> torch.Tensor:
    """Planes that are passed row by row from above instead; done twice it changes nothing, but for the order of both steps."""
    x = x.mT if horizontal else x
    return x.flip(2) if reverse else x


def back(x: torch.Tensor, horizontal: bool, reverse: bool) -> torch.Tensor:
    x = x.flip(2) if reverse else x
    return x.mT if horizontal else x


@pytest.mark.parametrize(("horizontal", "reverse"), SIDES)
@pytest.mark.parametrize("fixed", [True, False])
def test_linear_propagation(horizontal: bool, reverse: bool, fixed: bool):
    """Without weights: h = (1 - g) x + g h_before, the form that SPN's nets use."""
    param = f"num_output: 3 use_wx: false use_wh: false use_bias: false use_new_fix: {str(fixed).lower()}"
    x, g = upright(X, horizontal, reverse), upright(GATES, horizontal, reverse)
    if fixed and reverse:  # A gate is between a place and the one above it in the plane, which comes after it here.
        g = torch.cat([g[:, :, -1:], g[:, :, :-1]], 2)
    rows, before = [], torch.zeros_like(x[:, :, 0])
    for i in range(x.shape[2]):
        gate = 0 if fixed and i == 0 else g[:, :, i]
        before = x[:, :, i] + gate * (before - x[:, :, i])
        rows.append(before)
    top = top_of("GateRecurrent", f"gaterecurrent_param {{ {param} {words(horizontal, reverse)} }}", x=X, g=GATES)
    torch.testing.assert_close(top, back(torch.stack(rows, 2), horizontal, reverse))


def test_weights_factors_and_activations():
    """Two columns; the second blob's gradient is that of one that is not transposed."""
    x, gates = draw(1, 2, 1, 2).requires_grad_(), draw(1, 3, 1, 2, seed=2).requires_grad_()
    param = "num_output: 3 use_new_fix: false restrict_g: 0.5 active: TANH restrict_w: 0.25"
    net = one_layer("GateRecurrent", f"gaterecurrent_param {{ {param} }}", "TRAIN", x=x, g=gates)
    wx, wh, bias = net.params["l"]
    assert wx.shape == (1, 1, 2, 3) and wh.shape == (1, 1, 3, 3) and bias.shape == (1, 1, 1, 3)
    with torch.no_grad():
        for seed, blob in enumerate((wx, wh, bias)):
            blob.copy_(draw(*blob.shape, seed=seed + 3))
    limited = wh.detach()[0, 0].clamp(-0.25, 0.25)
    top = net(x=x, g=gates)["y0"]
    assert torch.equal(wh.detach()[0, 0], limited)
    inputs = [x.detach()[0, :, 0, i] @ wx.detach()[0, 0] for i in range(2)]
    b, g = bias.detach().flatten(), gates.detach()[0, :, 0]
    first = torch.tanh(0.5 * g[:, 0] * (b - inputs[0]) + 0.5 * inputs[0])
    second = torch.tanh(0.5 * g[:, 1] * (b - inputs[1] + limited @ first) + 0.5 * inputs[1])
    torch.testing.assert_close(top.detach()[0, :, 0], torch.stack([first, second], 1))
    top[0, :, 0, 1].sum().backward()
    slope = (1 - second**2) * 0.5 * g[:, 1]
    torch.testing.assert_close(wh.grad[0, 0], first[:, None] * slope)
    torch.testing.assert_close(gates.grad[0, :, 0, 0], (limited @ slope) * (1 - first**2) * 0.5 * (b - inputs[0]))


def test_the_gradient_of_the_first_gate():
    """It has the value 0, and its gradient goes to the gate of the left column, in reverse, too."""
    for reverse, first in ((False, 0), (True, 4)):
        gates = GATES.clone().requires_grad_()
        param = f"num_output: 3 use_wx: false use_wh: false {words(True, reverse)}"
        top = top_of("GateRecurrent", f"gaterecurrent_param {{ {param} }}", "TRAIN", x=X, g=gates)
        top[..., first].sum().backward()
        torch.testing.assert_close(gates.grad[..., 0], -X[..., first])


@pytest.mark.parametrize(("horizontal", "reverse"), SIDES)
@pytest.mark.parametrize("gated", [True, False])
def test_recurrence_with_a_weight(horizontal: bool, reverse: bool, gated: bool):
    inputs = {"x": X} | ({"g": GATES} if gated else {})
    net = one_layer("SpatialRecurrent", f"spatialrecurrent_param {{ active: RELU {words(horizontal, reverse)} }}", **inputs)
    weight, bias = net.params["l"]
    with torch.no_grad():
        weight.copy_(draw(1, 1, 3, 3, seed=3))
        bias.copy_(draw(1, 1, 1, 3, seed=4))
    x, g = upright(X, horizontal, reverse), upright(GATES if gated else torch.ones_like(X), horizontal, reverse)
    rows, before = [], torch.zeros_like(x[:, :, 0])
    for i in range(x.shape[2]):
        inner = torch.einsum("ncl,co->nol", before, weight.detach()[0, 0]) + bias.detach().reshape(3, 1)
        before = (x[:, :, i] + g[:, :, i] * inner).clamp(min=0)
        rows.append(before)
    torch.testing.assert_close(net(**inputs)["y0"].detach(), back(torch.stack(rows, 2), horizontal, reverse))


@pytest.mark.parametrize(("horizontal", "reverse"), SIDES)
def test_three_places_before(horizontal: bool, reverse: bool):
    gates, shares = [draw(2, 3, 4, 5, seed=k).sigmoid() for k in range(3)], draw(2, 3, 4, 5, seed=5)
    x, i, *g = (upright(blob, horizontal, reverse) for blob in (X, shares, *gates))
    top = torch.zeros_like(x)
    for row in range(1, x.shape[2]):
        for column in range(x.shape[3]):
            for k in range(3):
                if 0 <= column + k - 1 < x.shape[3]:
                    gate, place = g[k][:, :, row, column], x[:, :, row, column]
                    top[:, :, row, column] += i[:, k : k + 1, row, column] * (
                        (1 - gate) * place + gate * top[:, :, row - 1, column + k - 1])
    inputs = {"x": X, "a": gates[0], "b": gates[1], "c": gates[2], "i": shares}
    found = top_of("GateRecurrent2d", f"gaterecurrent2d_param {{ {words(horizontal, reverse)} }}", **inputs)
    torch.testing.assert_close(found, back(top, horizontal, reverse))


@pytest.mark.parametrize("slash", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
def test_diagonals(slash: bool, reverse: bool):
    axes = [2] * slash + [3] * reverse
    x, g = X.flip(axes), 0.5 * GATES.flip(axes)
    top = x.clone()
    for column in range(1, 5):
        for row in range(1, 4):
            gate = g[:, :, row - 1, column - 1] if reverse else g[:, :, row, column]
            top[:, :, row, column] += gate * (top[:, :, row - 1, column - 1] - x[:, :, row, column])
    param = f"num_output: 3 restrict_g: 0.5 slash: {str(slash).lower()} reverse: {str(reverse).lower()}"
    net = one_layer("DiagonalGateRecurrent", f"gaterecurrent_param {{ {param} }}", x=X, g=GATES)
    torch.testing.assert_close(net(x=X, g=GATES)["y0"], top.flip(axes))
    assert gradcheck(lambda a, b: net(x=a, g=b)["y0"], (X.clone().requires_grad_(), GATES.clone().requires_grad_()))


@pytest.mark.parametrize(("kind", "param", "shapes", "message"), [
    ("GateRecurrent", "gaterecurrent_param { }", [(2, 3, 4, 5)] * 2, "needs a `num_output`"),
    ("GateRecurrent", "gaterecurrent_param { num_output: 4 use_wx: false }", [(2, 3, 4, 5)] * 2, "has 3 channels, and without"),
    ("GateRecurrent", "gaterecurrent_param { num_output: 4 }", [(2, 3, 4, 5)] * 2, "a gate for each of its 4 outputs"),
    ("GateRecurrent", "gaterecurrent_param { num_output: 3 }", [(2, 3, 4, 5), (2, 3, 5, 4)], "agree in batch, height and width"),
    ("SpatialRecurrent", "spatialrecurrent_param { bias_term: false }", [(2, 3, 4, 5)], "has no bias"),
    ("SpatialRecurrent", "", [(2, 3, 4, 5), (2, 2, 4, 5)], "a gate for each value"),
    ("GateRecurrent2d", "", [(2, 4, 4, 5)] * 5, "three gates of the first one's shape, and three shares"),
    ("DiagonalGateRecurrent", "gaterecurrent_param { num_output: 2 }", [(2, 3, 4, 5)] * 2, "wants `num_output` 3"),
])
def test_refusals(kind, param, shapes, message):
    with pytest.raises(netdef.SpecError, match=message):
        one_layer(kind, param, **dict(zip("abcde", shapes)))
