"""Each filler against what the original Caffe drew: the numbers where they are certain, else their distribution."""

from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pytest
import torch
from google.protobuf import text_format
from oracle import TESTS

import netdef
from netdef.errors import SpecError
from netdef.layers.core.fillers import constant, fill_of
from netdef.schema.messages import FillerParameter

FOLDER = TESTS / "golden" / "fillers"
RECORDED = json.loads((FOLDER / "fillers.json").read_text())
ARRAYS = dict(np.load(FOLDER / "fillers.npz"))


def filled(text: str, shape: tuple[int, ...]) -> torch.Tensor:
    torch.manual_seed(1)
    blob = torch.full(shape, math.nan)
    fill_of(text_format.Parse(text, FillerParameter()), None)(blob)
    return blob


@pytest.mark.parametrize("name", [name for name in RECORDED if name.startswith(("constant", "bilinear"))])
def test_certain_fillers_give_caffes_numbers(name):
    expected = torch.from_numpy(ARRAYS[name])
    torch.testing.assert_close(filled(RECORDED[name]["filler"], tuple(expected.shape)), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", [name for name in RECORDED if not name.startswith(("constant", "bilinear"))])
def test_random_fillers_draw_from_caffes_distribution(name):
    expected = ARRAYS[name].astype(np.float64).ravel()
    blob = filled(RECORDED[name]["filler"], ARRAYS[name].shape).double().numpy().ravel()
    spread, error = expected.std(), expected.std() / math.sqrt(expected.size)
    assert abs(blob.mean() - expected.mean()) < 6 * error
    assert abs(blob.std() / spread - 1) < 0.12
    for quantile in (0.1, 0.25, 0.75, 0.9):
        assert abs(np.quantile(blob, quantile) - np.quantile(expected, quantile)) < 0.12 * spread + 1e-12
    if not name.startswith(("gaussian", "msra")):  # bounded
        assert expected.min() - 0.05 * spread < blob.min() and blob.max() < expected.max() + 0.6 * spread


def test_unitball_slices_of_the_first_axis_sum_to_one():
    torch.testing.assert_close(filled('type: "positive_unitball"', (4, 3, 5)).sum((1, 2)), torch.ones(4))


def test_gaussian_unitball_slices_of_the_first_axis_have_length_one():
    blob = filled('type: "gaussian_unitball"', (4, 3, 5))
    torch.testing.assert_close(blob.square().sum((1, 2)), torch.ones(4))
    assert (blob < 0).any() and blob.unique().numel() == 60
    assert filled('type: "gaussian_unitball"', (6,)).abs().tolist() == [1] * 6


def test_sparse_gaussian_keeps_so_many_of_the_first_axis():
    blob = filled('type: "gaussian" std: 1 sparse: 5', (40, 500))
    kept = (blob != 0).double().mean()
    assert abs(kept - 5 / 40) < 6 * math.sqrt(5 / 40 * 35 / 40 / blob.numel())


@pytest.mark.parametrize(("norm", "fan"), [("FAN_IN", 3 * 5), ("FAN_OUT", 400 * 5), ("AVERAGE", (15 + 2000) / 2)])
def test_xavier_and_msra_count_over_the_first_and_second_axis(norm, fan):
    assert filled(f'type: "xavier" variance_norm: {norm}', (400, 3, 5)).abs().max() == pytest.approx(
        math.sqrt(3 / fan), rel=0.01)
    assert filled(f'type: "msra" variance_norm: {norm}', (400, 3, 5)).std() == pytest.approx(
        math.sqrt(2 / fan), rel=0.05)


@pytest.mark.parametrize("name", ["alpha", "negative_slope"])
def test_msra_may_be_for_a_rectifier_with_a_slope_below_0(name):
    assert filled(f'type: "msra" {name}: 3', (400, 3, 5)).std() == pytest.approx(math.sqrt(2 / 15 / 10), rel=0.05)


def test_intels_msra_has_a_scale():
    assert filled('type: "msra" scale: 0.5', (400, 3, 5)).std() == pytest.approx(0.5 * math.sqrt(2 / 15), rel=0.05)


@pytest.mark.parametrize("kind", ["xavier", "msra", "positive_unitball", "gaussian", "uniform", "constant"])
def test_blobs_of_one_or_no_axis_can_be_filled(kind):
    assert filled(f'type: "{kind}"', (7,)).isfinite().all()
    assert filled(f'type: "{kind}"', ()).isfinite()


def test_a_fill_can_be_pickled():
    blob = torch.zeros(2, 3)
    pickle.loads(pickle.dumps(constant(4.0)))(blob)
    assert blob.tolist() == [[4, 4, 4], [4, 4, 4]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('type: "xaver"', ("`xaver`", "did you mean `xavier`?")),
        ('type: "zzz"', ("`zzz`", "`msra`")),
        ('type: "uniform" min: 2 max: 1', ("from 2 to 1",)),
        ('type: "uniform" min: -3e38 max: 3e38', ("from -3e+38 to 3e+38", "finite")),
        ('type: "uniform" max: inf', ("from 0 to inf", "finite")),
        ('type: "uniform" min: nan', ("from nan to 1", "finite")),
        ('type: "gaussian" std: -1', ("std -1",)),
        ('type: "gaussian" std: nan', ("std nan",)),
        ('type: "xavier" sparse: 3', ("sparse 3", "gaussian")),
        ('type: "bilinear"', ("(4, 3, 2, 5)", "square")),
        ('type: "thrlinear"', ("(4, 3, 2, 5)", "cube")),
        ('type: "xy"', ("(4, 3, 2, 5)", "2 channels")),
        ('type: "flowBorderMask"', ("(4, 3, 2, 5)", "2 channels")),
        ('type: "borderMask"', ("`border_ratio` from 0 to 1",)),
        ('type: "borderMask" border_ratio: 1.5', ("`border_ratio` from 0 to 1",)),
    ],
)
def test_bad_fillers_are_refused_with_a_place(text, words):
    net = f"""
        layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ dim: 2 dim: 3 dim: 6 dim: 7 }} }} }}
        layer {{ name: "l" type: "Convolution" bottom: "x" top: "y"
          convolution_param {{ num_output: 4 kernel_h: 2 kernel_w: 5
            weight_filler {{ {text} }} }} }}"""
    with pytest.raises(SpecError) as error:
        netdef.loads(net)
    (problem,) = error.value.problems
    assert all(word in problem.message for word in words)
    assert str(problem.span).split(":")[1] == "5"
