"""MLQuant and DecoderQuant of CCN: learned levels."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

PARAM = "mlquant_param { groups: 4 }"


def quantiser(phase: str = "TEST", tops: int = 2, lowest: float = -1.0, steps: tuple = (0.5, 1, 2)) -> netdef.Net:
    """Channel 0 has levels -1, -0.5, 0.5, 2.5; channel 1 those 10 higher."""
    net = one_layer("MLQuant", PARAM, phase, tops=tops, x=(2, 2, 1, 3))
    with torch.no_grad():
        for channel in (0, 1):
            net.layers["l"].steps[0, channel, 0] = torch.tensor([lowest + 10 * channel, *(math.log(s) for s in steps)])
    return net


X = torch.tensor([[[[-7.0, -0.7, 0]], [[9.2, 11.4, 11.6]]], [[[1.6, 99, -0.5]], [[9.25, 9.24, 10]]]]).double()
NUMBERS = [0, 1, 2, 0, 2, 3, 3, 3, 1, 1, 0, 2]
LEVELS = [-1, -0.5, 0.5, 9, 10.5, 12.5, 2.5, 2.5, -0.5, 9.5, 9, 10.5]


def test_values_take_the_nearest_level():
    """Half way, at 0, 1.5 and -0.75 and in channel 1 10 higher, it is the upper."""
    top, number = quantiser()(x=X).values()
    assert top.flatten().tolist() == pytest.approx(LEVELS) and number.flatten().tolist() == NUMBERS


def test_levels_of_numbers():
    net = quantiser()
    decoder = one_layer("DecoderQuant", PARAM, x=X)
    for mine, theirs in zip(decoder.layers["l"].blobs, net.layers["l"].blobs):
        mine.data.copy_(theirs)
    assert decoder(x=torch.tensor(NUMBERS).reshape(X.shape).double())["y0"].flatten().tolist() == pytest.approx(LEVELS)


def test_levels_begin_evenly():
    layer = one_layer("MLQuant", PARAM, tops=2, x=X).layers["l"]
    assert layer.levels()[1].tolist() == [pytest.approx([0.125, 0.375, 0.625, 0.875])] * 2
    assert layer.settings.flatten().tolist() == pytest.approx([1, 0.999, 0, 200, 0]) and not layer.counts.any()


def test_gradients_pass_through_and_steps_learn_by_the_rounding():
    """Each step of a channel: the sum over values whose level is at or above it of level minus value, times the step itself."""
    net, x = quantiser("TRAIN"), X.clone()
    x[1, 0, 0, 2] = net.layers["l"].levels()[1].detach()[0, 1]  # to the last bit
    x.requires_grad_()
    top, number = net(x=x).values()
    outer, of_number = draw(*X.shape), draw(*X.shape, seed=2)
    gradient, steps = torch.autograd.grad([top, number], [x, net.layers["l"].steps], [outer, of_number])
    # The step towards a value: up from the level if the value is above it, else down; beyond the ends it is 10,000. On a level
    # between two it is their mean: the second item's -0.5 has 0.5 below and 1 above.
    towards = torch.tensor([1e4, 0.5, 1, 0.5, 2, 2, 2, 1e4, 0.75, 0.5, 0.5, 1]).double().reshape(X.shape)
    torch.testing.assert_close(gradient, outer + of_number / towards)
    added = (torch.tensor(LEVELS).double().reshape(X.shape) - X)
    numbers = torch.tensor(NUMBERS).reshape(X.shape)
    for channel in (0, 1):
        for j, factor in enumerate((1, 0.5, 1, 2)):
            wanted = added[:, channel][numbers[:, channel] >= j].sum() * factor
            assert steps[0, channel, 0, j].item() == pytest.approx(wanted.item())


def test_levels_are_counted_in_training():
    net = quantiser("TRAIN", tops=1)
    net(x=X), net(x=X)
    counts = torch.tensor([[1.0, 2, 1, 2], [2, 1, 2, 1]]).double()
    torch.testing.assert_close(net.layers["l"].counts[0, :, 0], 1.999 * counts)
    assert net.layers["l"].settings[2] == 2
    test = quantiser(tops=1)
    test(x=X)
    assert not test.layers["l"].counts.any()


def test_levels_without_values_move_at_a_turn():
    """In channel 0 only level 1 has values: its step is shared by three, and level 0, which has none, rises by the first.

    In channel 1 level 0 has none: it becomes level 1, and steps 1 and 2 are their mean.
    """
    net = quantiser("TRAIN", tops=1)
    layer = net.layers["l"]
    layer.counts[0, 0, 0] = torch.tensor([0.0, 3, 0, 0]).double()
    layer.counts[0, 1, 0] = torch.tensor([0.0, 3, 1, 2]).double()
    layer.settings[2], layer.settings[3] = 6, 3
    net(x=X)
    third = 0.5 / 3
    wanted = [[-1 + third, third, third, third], [9.5, 0.75, 0.75, 2]]
    assert layer.levels()[0].tolist() == [pytest.approx(row) for row in wanted]
    before = layer.steps.detach().clone()
    net(x=X)  # pass 7 is no turn
    assert torch.equal(layer.steps, before)


@pytest.mark.parametrize(("param", "complaint"), [
    ("mlquant_param { groups: 2 }", "groups"), ("mlquant_param { groups: 4 method: NEIGHBOR }", "neighbouring codes")])
def test_what_is_not_there_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        tops_of("MLQuant", param, 1, x=X)
