"""Numbers that change images: how they are drawn, kept in a blob, and what places they map to."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer

import netdef
from netdef.layers.forks.flow.augmentation_draws import UNCHANGED, Draw, affine, from_blob, moved, to_blob, unchanged
from netdef.layers.forks.flow.data_augmentation import DataAugmentation
from netdef.schema.messages import RandomGeneratorParameter

LIKE = torch.zeros(4000, dtype=torch.float64)


def draw_of(**fields) -> Draw:
    return Draw.of(RandomGeneratorParameter(**fields))


def draws_of(param: str, schedule: str = ""):
    """The draws of a layer for crops of 8 x 12 of images of 10 x 16."""
    text = f"augmentation_param {{ crop_height: 8 crop_width: 12 {param} }} {schedule}"
    layer = one_layer("DataAugmentation", text, "TRAIN", x=(2, 3, 10, 16)).get_submodule("l")
    assert isinstance(layer, DataAugmentation)
    return layer.draws


def test_uniform_numbers_lie_within_their_spread():
    x = draw_of(mean=2, spread=0.5).numbers(LIKE, 1)
    assert 1.5 <= x.min() < 1.51 and 2.49 < x.max() <= 2.5
    halved = draw_of(mean=2, spread=0.5).numbers(LIKE, 0.5)
    assert 1.75 <= halved.min() < 1.76
    assert draw_of(mean=2, spread=0.5, apply_schedule=False).numbers(LIKE, 0.5).min() < 1.6


def test_normal_numbers_have_their_mean_and_deviation():
    x = draw_of(rand_type="gaussian", mean=2, spread=0.5, exp=True).numbers(LIKE, 1).log()
    assert x.mean().item() == pytest.approx(2, abs=0.05) and x.std().item() == pytest.approx(0.5, abs=0.05)


def test_numbers_that_are_drawn_with_a_probability():
    ones = draw_of(rand_type="bernoulli", prob=0.25).numbers(LIKE, 1)
    assert set(ones.tolist()) == {0, 1} and ones.mean().item() == pytest.approx(0.25, abs=0.05)
    some = draw_of(rand_type="uniform_bernoulli", mean=3, prob=0.25, exp=True)
    assert some.numbers(LIKE, 1).unique().tolist() == pytest.approx([1, math.exp(3)])
    assert some.numbers(LIKE, 1, 0.5).unique().tolist() == pytest.approx([0.5, math.exp(3)])


def test_numbers_are_rounded_and_multiplied():
    x = draw_of(mean=1, spread=1.4, discretize=True, multiplier=0.5).numbers(LIKE, 1)
    assert x.unique().tolist() == [0, 0.5, 1]


def test_a_blob_has_logarithms_of_factors():
    numbers = unchanged(torch.zeros(2, dtype=torch.float64))
    assert to_blob(numbers).shape == (2, 42, 1, 1) and not to_blob(numbers).any()
    numbers |= {"dx": torch.tensor([0.5, -1.0]).double(), "zoom_y": torch.tensor([1.0, 2.0]).double()}
    blob = to_blob(numbers)
    assert blob[1, 1] == -1 and blob[1, 5].item() == pytest.approx(math.log(2)) and blob.count_nonzero() == 3
    again = from_blob(blob)
    assert all(torch.allclose(again[name], numbers[name]) for name in UNCHANGED)


def test_the_order_of_a_blob():
    """That of FlowNet 2's message, which is not the order of its numbers."""
    names = list(UNCHANGED)
    assert [names.index(name) for name in ("mirror", "zoom_y", "gamma", "color3", "pow_nomean0", "mult_nomean2", "pow_withmean0",
                                           "mult_withmean2", "lmult_pow", "lmult_add", "col_angle", "fog_amount", "noise")] == [
        0, 5, 6, 11, 12, 20, 21, 29, 30, 31, 33, 34, 41]


def placed(**given: float):
    numbers = unchanged(torch.zeros(1, dtype=torch.float64))
    return numbers | {name: torch.full((1,), value).double() for name, value in given.items()}


@pytest.mark.parametrize("numbers, x, y, expected", [
    ({}, 0, 0, (2, 1)), ({}, 11, 7, (13, 8)),
    ({"mirror": 1}, 0, 3, (14, 4)),
    ({"dx": 0.25, "dy": -0.125}, 0, 0, (2 + 3, 1 - 1)),
    ({"zoom_x": 2, "zoom_y": 0.5}, 4, 6, (8 - 1, 5 + 4)),
    ({"angle": math.pi / 2}, 10, 6, (8 - 2, 5 + 4)),
    ({"angle": math.pi / 2, "mirror": 1, "dx": 0.5, "zoom_x": 2}, 10, 6, (8 + (6 - 2) / 2, 5 - 4)),
])
def test_places_of_a_crop_in_the_image(numbers, x, y, expected):
    """The crop's middle is at (6, 4), the image's at (8, 5)."""
    matrix = affine(placed(**numbers), (10, 16), (8, 12))
    found = moved(matrix, torch.tensor([[float(x)]]).double(), torch.tensor([[float(y)]]).double())
    assert [a.item() for a in found] == pytest.approx(expected)


def test_drawn_places_keep_the_crop_in_the_image():
    draws = draws_of("translate { spread: 0.4 } rotate { spread: 1 } zoom { spread: 0.4 exp: true } "
                     "squeeze { spread: 0.2 exp: true } mirror { rand_type: 'bernoulli' prob: 0.5 }")
    found = draws.places(unchanged(LIKE), 1, (10, 16), (8, 12))
    changed = (found["zoom_x"] != 1) | (found["dx"] != 0)
    assert changed.float().mean() > 0.9
    corners = torch.tensor([[0.0, 11, 0, 11], [0, 0, 7, 7]]).double()
    x, y = moved(affine(found, (10, 16), (8, 12)), corners[:1], corners[1:])
    inside = (x >= 0) & (x < 15) & (y >= 0) & (y < 9)
    assert inside.all()
    assert set(found["mirror"].tolist()) == {0, 1}
    assert ((found["zoom_x"] * found["zoom_y"]).log().abs() <= 0.8 + 1e-9).all()


def test_a_crop_that_never_fits_stays_in_the_middle():
    found = draws_of("translate_x { mean: 9 }").places(unchanged(LIKE[:3]), 1, (10, 16), (8, 12))
    assert not to_blob(found).any()


def test_colours_share_what_is_drawn_once():
    draws = draws_of("color { mean: 1 spread: 0.5 } sat_mult { mean: 2 spread: 1 } chromatic_eigvec: [1, 0, 0, 0, 1, 0, 0, 0, 1]")
    found = draws.colours(LIKE, 1)
    assert set(found) == {"color1", "color2", "color3", "mult_withmean1", "mult_withmean2"}
    assert torch.equal(found["mult_withmean1"], found["mult_withmean2"])
    assert not torch.equal(found["color1"], found["color2"])


def test_spreads_grow_to_their_end():
    """After the half-life 0.5 of the way is gone: 2 / (1 + 1/3) - 1."""
    draws = draws_of("noise { spread: 1 }", "coeff_schedule_param { half_life: 100 initial_coeff: 0.2 final_coeff: 1 }")
    assert [draws.discount(n) for n in (0, 100, 10**6)] == pytest.approx([0.2, 0.6, 1], abs=1e-4)


def test_an_unknown_kind_is_refused():
    with pytest.raises(netdef.SpecError, match='draws `zoom` by `rand_type` "poisson"'):
        draws_of("zoom { rand_type: 'poisson' }")
