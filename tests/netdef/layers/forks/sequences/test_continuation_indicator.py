"""ContinuationIndicator in the forms of three forks."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError

INPUT = 'layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 5 dim: 4 } } }'
MARKERS = {n: torch.tensor([[0.0] * n, [1.0] * n, [1.0] * n]) for n in (2, 5, 6, 7)}


def build(param: str, bottom: str = 'bottom: "x"') -> netdef.Net:
    return netdef.loads(
        f'{INPUT} layer {{ name: "l" type: "ContinuationIndicator" {bottom} top: "y" '
        f'continuation_indicator_param {{ {param} }} }}')


@pytest.mark.parametrize(("param", "bottom", "n"), [
    ("time_step: 3 batch_size: 7", "", 7),
    ("time_step: 3 batch_size: 7", 'bottom: "x"', 7),
    ("time_step: 3", 'bottom: "x"', 2),
    ("time_step: 3 axis: 1", 'bottom: "x"', 5),
    ("time_step: 3 axis: -2", 'bottom: "x"', 5),
])
def test_zero_first_then_one(param, bottom, n):
    net = build(param, bottom)
    assert net.shapes["y"] == (3, n)
    assert net(x=torch.randn(2, 5, 4))["y"].equal(MARKERS[n])
    assert not net.params


def test_the_bottom_may_change_its_size():
    assert build("time_step: 3 axis: 1")(x=torch.randn(2, 6, 4))["y"].equal(MARKERS[6])


def test_it_feeds_a_recurrent_layer():
    net = netdef.loads(
        f'{INPUT} layer {{ name: "k" type: "ContinuationIndicator" bottom: "x" top: "k" '
        'continuation_indicator_param { time_step: 2 axis: 1 } }'
        'layer { name: "l" type: "LSTM" bottom: "x" bottom: "k" top: "y" recurrent_param { num_output: 3 '
        'weight_filler { type: "xavier" } } }')
    x = torch.randn(2, 5, 4)
    assert net(x=x)["y"].equal(net(x=x)["y"])  # no batch goes on from the one before


@pytest.mark.parametrize(("param", "bottom", "said"), [
    ("batch_size: 7", "", "needs a `time_step` of at least 1"),
    ("time_step: 3", "", "needs a `batch_size` of at least 1, or a bottom to take it from"),
    ("time_step: 3 axis: 3", 'bottom: "x"', "wants axis 3, but its bottom has 3 axes"),
    ("time_step: 4000000000 batch_size: 2", "", "a blob holds at most"),
])
def test_bad_parameters_are_refused(param, bottom, said):
    with pytest.raises(SpecError, match=said) as error:
        build(param, bottom)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize(("param", "rows"), [
    ("", ["0000", "1111", "1111"]),
    ("direction: BOTTOM2TOP", ["1111", "0000", "0000"]),
    ("masktype: HORIZONTAL direction: LEFT2RIGHT", ["0111"] * 3),
    ("masktype: HORIZONTAL direction: RIGHT2LEFT", ["0110"] * 3),
    ("masktype: HORIZONTAL", ["0000"] * 3),
])
def test_lstm_cfs_mask(param, rows):
    net = netdef.loads(f'{INPUT} layer {{ name: "l" type: "Mask" top: "y" mask_param {{ width: 4 height: 3 {param} }} }}')
    assert net(x=torch.randn(2, 5, 4))["y"].equal(torch.tensor([[float(c) for c in row] for row in rows]))
    assert not net.params


def test_lstm_cfs_mask_of_one_row_is_refused():
    with pytest.raises(SpecError, match="`height` of at least 2"):
        netdef.loads('layer { name: "l" type: "Mask" top: "y" mask_param { width: 4 height: 1 } }')
