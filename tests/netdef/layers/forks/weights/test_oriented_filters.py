"""Convolution with turned filters, and ORPooling: by arithmetic, gradients, and settings that are refused."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

from netdef.errors import SpecError


def oriented(count: int, kernel: int = 3, phase: str = "TEST", **inputs: object) -> torch.nn.Module:
    param = f"num_output: {2 * count} kernel_size: {kernel} weight_filler {{ type: 'msra' }} bias_filler {{ type: 'uniform' }}"
    return one_layer("Convolution", f"convolution_param {{ {param} }} orn_param {{ orientations: {count} }}", phase, **inputs)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_4_orientations_are_quarters_of_a_turn(phase):
    x = draw(2, 12, 5, 6)
    net = oriented(4, phase=phase, x=x)
    weight, bias = net.params["l"]
    first = weight.detach().reshape(2, 4, 3, 4, 3, 3)[:, 0]  # outputs, inputs, orientations, 3, 3
    turned = [torch.rot90(first.roll(turn, 2), -turn, (3, 4)).reshape(2, 12, 3, 3) for turn in range(4)]
    wanted = F.conv2d(x, torch.stack(turned, 1).reshape(8, 12, 3, 3), bias)
    torch.testing.assert_close(net(x=x)["y0"], wanted)


def test_8_orientations_are_steps_around_the_middle():
    """A filter of which one number is not 0, of orientation 2 and place 3, in row 1: turned 3 steps it is 5 and place 2."""
    x = draw(1, 8, 3, 3)
    net = oriented(8, x=x)
    weight, bias = net.params["l"]
    with torch.no_grad():
        weight.zero_()
        bias.zero_()
        weight[0, 2, 1, 0] = 3
    top = net(x=x)["y0"].flatten()
    clockwise = [(1, 0), (0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0)]
    torch.testing.assert_close(top[:8], torch.stack([3 * x[0, (2 + k) % 8][place] for k, place in enumerate(clockwise)]))
    assert top[8:].eq(0).all()


def test_kernels_of_one_place_move_among_the_orientations():
    x = draw(2, 8, 2, 3)
    net = oriented(4, kernel=1, x=x)
    weight, bias = net.params["l"]
    first = weight.detach().reshape(2, 4, 2, 4)[:, 0]
    wanted = torch.stack([first.roll(turn, 2) for turn in range(4)], 1).reshape(8, 8, 1, 1)
    torch.testing.assert_close(net(x=x)["y0"], F.conv2d(x, wanted, bias))


def test_gradients_reach_first_filters_alone():
    x = draw(2, 8, 3, 4).requires_grad_()
    net = oriented(4, phase="TRAIN", x=x)
    assert gradcheck(lambda x, *_: net(x=x)["y0"], (x, *net.parameters()))
    net(x=x)["y0"].square().sum().backward()
    of_turned = net.get_parameter("l.weight").grad.reshape(2, 4, -1).abs().sum(2)
    assert of_turned[:, 0].gt(0).all() and of_turned[:, 1:].eq(0).all()


def test_the_maximum_over_orientations():
    x = draw(2, 12, 3, 5).requires_grad_()
    top = top_of("ORPooling", "orn_param { orientations: 4 }", x=x)
    assert top.equal(torch.stack([x[:, first : first + 4].amax(1) for first in (0, 4, 8)], 1))
    net = one_layer("ORPooling", "orn_param { orientations: 4 }", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], x)


@pytest.mark.parametrize("kind, param, channels, words", [
    ("Convolution", "convolution_param { num_output: 6 kernel_size: 3 } orn_param { orientations: 3 }", 6, "`orientations` 3"),
    ("Convolution", "convolution_param { num_output: 8 kernel_size: 2 } orn_param { orientations: 4 }", 8, r"kernel of \(2, 2\)"),
    ("Convolution", "convolution_param { num_output: 8 kernel_size: 3 } orn_param { orientations: 4 }", 6, "6 input channels"),
    ("ORPooling", "", 6, "at least 2"), ("ORPooling", "orn_param { orientations: 4 }", 6, "a multiple of its 4"),
])
def test_settings_that_are_refused(kind, param, channels, words):
    with pytest.raises(SpecError, match=words):
        one_layer(kind, param, x=(2, channels, 5, 7))
