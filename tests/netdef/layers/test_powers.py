"""AbsVal, Power, Exp, Log by arithmetic, under their own name and in place."""

from __future__ import annotations

import math

import pytest
import torch

import netdef
from netdef.errors import SpecError

X = (0.5, 1.0, 4.0)


def run(layer: str, top: str = "y", x: tuple[float, ...] = X) -> tuple[list[float], list[float]]:
    net = netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ dim: {len(x)} }} }} }}'
                       f'layer {{ name: "l" bottom: "x" top: "{top}" {layer} }}')
    bottom = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = net(x=bottom)[top]
    y.sum().backward()
    return y.tolist(), bottom.grad.tolist()


CURVES = {
    'type: "Power"': (lambda x: x, lambda x: 1),
    'type: "Power" power_param { power: 0 scale: 3 }': (lambda x: 1, lambda x: 0),
    'type: "Power" power_param { scale: 3 shift: 2 }': (lambda x: 3 * x + 2, lambda x: 3),
    'type: "Power" power_param { shift: -0.25 }': (lambda x: x - 0.25, lambda x: 1),
    'type: "Power" power_param { power: 2 scale: 3 shift: 2 }': (lambda x: (3 * x + 2) ** 2, lambda x: 6 * (3 * x + 2)),
    'type: "Power" power_param { power: -0.5 }': (lambda x: x**-0.5, lambda x: -0.5 * x**-1.5),
    'type: "Exp"': (math.exp, math.exp),
    'type: "Exp" exp_param { base: 2 }': (lambda x: 2**x, lambda x: 2**x * math.log(2)),
    'type: "Exp" exp_param { base: 2 scale: 3 shift: 0.5 }':
        (lambda x: 2 ** (3 * x + 0.5), lambda x: 3 * math.log(2) * 2 ** (3 * x + 0.5)),
    'type: "Exp" exp_param { shift: 0.5 }': (lambda x: math.exp(x + 0.5), lambda x: math.exp(x + 0.5)),
    'type: "Log"': (math.log, lambda x: 1 / x),
    'type: "Log" log_param { base: 2 scale: 3 shift: 0.5 }':
        (lambda x: math.log2(3 * x + 0.5), lambda x: 3 / (3 * x + 0.5) / math.log(2)),
}


@pytest.mark.parametrize("top", ["x", "y"])
@pytest.mark.parametrize("layer", CURVES)
def test_value_and_derivative(layer, top):
    value, slope = CURVES[layer]
    y, grad = run(layer, top)
    assert y == pytest.approx([value(x) for x in X], rel=1e-12)
    assert grad == pytest.approx([slope(x) for x in X], rel=1e-12)


def test_absolute_value_is_flat_at_zero():
    assert run('type: "AbsVal"', x=(-2, 0, 3, -0.5)) == ([2, 0, 3, 0.5], [-1, 0, 1, -1])


@pytest.mark.parametrize("base", ["0", "-2", "inf", "nan"])
@pytest.mark.parametrize("kind", ["Exp", "Log"])
def test_base_must_have_a_logarithm(kind, base):
    with pytest.raises(SpecError, match=f"has base {base}; it must be above 0 and finite"):
        run(f'type: "{kind}" {kind.lower()}_param {{ base: {base} }}')


def test_base_one():
    assert run('type: "Exp" exp_param { base: 1 }') == ([1] * 3, [0] * 3)
    with pytest.raises(SpecError, match="has base 1"):
        run('type: "Log" log_param { base: 1 }')
