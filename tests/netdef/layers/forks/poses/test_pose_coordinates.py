"""Coordinates of joints by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of, tops_of

from netdef.errors import SpecError

MAPS = torch.tensor([[[[0.0, 1, 0, 7], [2, 9, 8, 0], [0, 3, 0, 9]]], [[[5.0, 0, 0, 0], [0, 0, 0, 4], [0, 0, 6, 0]]]]).double()
PARAM = "pose_coords_from_heat_maps_param"
INFOS = torch.tensor([[0.0, 20, 10, 0.5, 0], [1, 20, 10, 0.5, 1]]).double()[..., None, None]


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_first_largest_place(phase: str):
    places, values = tops_of("CoordsFromHeatMaps", f"{PARAM} {{ heat_map_a: 4 heat_map_b: 3 }}", 2, phase, x=MAPS)
    assert places.shape == (2, 2, 1, 1) and places.flatten(1).tolist() == [[7, 7], [11, 11]]
    assert values.flatten().tolist() == [9, 6]


def test_the_mean_of_the_largest_places():
    """Of the first: 9 at x 3, y 2; 9 at 1, 1; 8 at 2, 1: means of 2 and 4 / 3, cut to 1."""
    places, values = tops_of("CoordsFromHeatMaps", f"{PARAM} {{ top_k: 3 }}", 2, x=MAPS)
    assert places.flatten(1).tolist() == [[2, 1], [1, 1]]  # the second: 2, 0, 3 over 3; 2, 0, 1 over 3
    assert values.flatten().tolist() == pytest.approx([26 / 3, 5])


def test_of_equal_values_the_later_place_comes_first():
    assert top_of("CoordsFromHeatMaps", f"{PARAM} {{ top_k: 1 }}", x=MAPS[:1]).flatten().tolist() == [3, 2]


def test_more_places_than_there_are():
    every = top_of("CoordsFromHeatMaps", f"{PARAM} {{ top_k: 100 }}", x=MAPS)
    assert every.flatten(1).tolist() == [[1, 1], [1, 1]]  # the means of 0 to 3 and of 0 to 2


def test_coordinates_of_the_images_before():
    """Over the scale of 0.5; the second image is mirrored, 20 wide; x of 24 and y of 10 are outside of 20 x 10."""
    coordinates = torch.tensor([[3.0, 4, 12, 5], [3, 4, 2, 1]]).double()[..., None, None]
    top = top_of("RescaledPoseCoords", x=coordinates, i=INFOS)
    assert top.shape == (2, 4, 1, 1) and top.flatten(1).tolist() == [[6, 8, -1, -1], [13, 8, 15, 2]]


@pytest.mark.parametrize(("kind", "param"), [("PosePDJAccuracy", "pose_pdj_accuracy_param"),
                                             ("PoseEuDistAccuracy", "pose_eudist_accuracy_param")])
def test_the_score_is_the_sum_of_squares_of_an_item(kind: str, param: str):
    a, b = torch.tensor([[1.0, 2], [3, 4]]).double(), torch.tensor([[1.0, 4], [0, 8]]).double()
    top = top_of(kind, f"{param} {{ images_num: 9 acc_path: 'nowhere' }}", a=a, b=b)
    assert top.shape == (1, 1, 1, 1) and top.item() == (4 + 9 + 16) / 2


def test_what_is_refused():
    with pytest.raises(SpecError, match="has `top_k` -1"):
        one_layer("CoordsFromHeatMaps", f"{PARAM} {{ top_k: -1 }}", x=MAPS)
    with pytest.raises(SpecError, match="wants an x and a y for each joint"):
        one_layer("RescaledPoseCoords", x=(2, 3, 1, 1), i=INFOS)
    with pytest.raises(SpecError, match="the second has 5 numbers an item"):
        one_layer("RescaledPoseCoords", x=(3, 4, 1, 1), i=INFOS)
