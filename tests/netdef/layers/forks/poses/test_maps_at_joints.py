"""Maps at joints by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of, tops_of

from netdef.errors import SpecError

INFOS = torch.tensor([[0.0, 14, 10, 0.5, 0], [1, 8, 10, 0.5, 0]]).double()[..., None, None]  # of 7 x 5 and 4 x 5
IMAGES = torch.zeros(2, 3, 5, 7).double()
JOINTS = torch.tensor([[1.5, 0.25, 5, 3], [3.75, 2, 5, 2]]).double()[..., None, None]


def maps(param: str, tops: int = 2, phase: str = "TRAIN") -> list[torch.Tensor]:
    text = f"heat_maps_from_coords_origin_param {{ is_binary: true gau_mean: 0 gau_stds: 1.5 {param} }}"
    return tops_of("HeatMapsFromCoordsOrigin", text, tops, phase, c=JOINTS, i=INFOS, x=IMAGES)


def drawn(plane: torch.Tensor) -> set[tuple[int, int]]:
    """x and y of the places that are not 0."""
    return {(int(x), int(y)) for y, x in plane.nonzero()}


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_places_around_joints(phase: str):
    places, inside, size = maps("radius_str: '1,2'", 3, phase)
    assert places.shape == (2, 2, 5, 7) and set(places.unique().tolist()) == {0, 1}
    assert drawn(places[0, 0]) == {(1, 0), (0, 0), (2, 0), (1, 1)}
    assert drawn(places[0, 1]) == {(5, 3), (4, 3), (3, 3), (6, 3), (5, 2), (4, 2), (6, 2), (5, 1), (5, 4), (4, 4), (6, 4)}
    assert drawn(places[1, 0]) == {(3, 2), (2, 2), (3, 1), (3, 3)}  # x of 4.75 is outside of 4
    assert not places[1, 1].any()  # the joint is
    assert inside.shape == (2, 2, 1, 1) and inside.flatten(1).tolist() == [[1, 1], [1, 0]]
    assert size.flatten().tolist() == [7, 5, 1, 0]


def test_one_radius_for_all():
    assert torch.equal(maps("radius: 2")[0], maps("radius_str: '2,2'")[0])


@pytest.mark.parametrize(("param", "complaint"), [
    ("", "wants one of `radius` and `radius_str`"),
    ("radius: 1 radius_str: '1,2'", "wants one of `radius` and `radius_str`"),
    ("radius_str: '1,a'", "it wants whole numbers with commas"),
    ("radius_str: '1'", "has 1 radii for 2 joints"),
    ("radius: 0", "has radii"),
])
def test_bad_radii_are_refused(param: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        maps(param)


def test_a_gaussian_is_refused():
    with pytest.raises(SpecError, match="has no `is_binary: true`"):
        one_layer("HeatMapsFromCoordsOrigin", "heat_maps_from_coords_origin_param { radius: 2 }", tops=2,
                  c=JOINTS, i=INFOS, x=IMAGES)


def mask(ids: str, joints: torch.Tensor = JOINTS) -> torch.Tensor:
    top = top_of("CoordsToBboxesMasks", f"coord_to_bbox_masks_param {{ {ids} value: 255 }}", c=joints, i=INFOS, x=IMAGES)
    assert set(top.unique().tolist()) <= {0, 255} and top.shape == (2, 1, 5, 7)
    return top[:, 0]


TWO = "top_id: 0 bottom_id: 1 top_id2: 1 bottom_id2: 0"


def test_a_box_between_two_joints():
    """From 1.5, 0.25 to 5, 3; and from 3.75, 2 to 5, 2: sides are cut to whole numbers."""
    planes = mask(TWO)
    assert drawn(planes[0]) == {(x, y) for x in range(1, 6) for y in range(4)}
    assert drawn(planes[1]) == {(3, 2), (4, 2), (5, 2)}


def test_a_box_around_all_joints():
    three = torch.tensor([[1.0, 1, 4, 2, 2, 4], [0, 0, 1, 1, 2, 0]]).double()[..., None, None]
    planes = mask("top_id: -1 bottom_id: 1 top_id2: 1 bottom_id2: 2", three)
    assert drawn(planes[0]) == {(x, y) for x in range(1, 5) for y in range(1, 5)}
    assert drawn(planes[1]) == {(x, y) for x in range(3) for y in range(2)}


def test_a_box_that_is_not_inside_is_left_out():
    joints = torch.tensor([[1.0, 1, 7, 2], [-1, 0, 0, 0]]).double()[..., None, None]
    assert not mask(TWO, joints).any()


def test_joints_at_0_are_unknown_but_in_torsos():
    joints = torch.tensor([[0.0, 0, 0, 0]] * 2).double()[..., None, None]
    assert not mask(TWO, joints).any()
    torsos = top_of("TorsoMaskFromCoords", f"torso_mask_from_coords_param {{ {TWO} value: 9 }}", c=joints, i=INFOS, x=IMAGES)
    assert drawn(torsos[0, 0]) == {(0, 0)}


def test_a_pair_is_drawn():
    """Joints 0 and 1, or 2 and 3, for each item."""
    joints = torch.tensor([[0.0, 0, 1, 0, 4, 4, 5, 4]] * 2).double()[..., None, None]
    ids = "top_id: 0 bottom_id: 1 top_id2: 2 bottom_id2: 3"
    net = one_layer("CoordsToBboxesMasks", f"coord_to_bbox_masks_param {{ {ids} value: 1 }}", c=joints, i=INFOS, x=IMAGES)
    seen = set()
    for _ in range(40):
        planes = net(c=joints, i=INFOS, x=IMAGES)["y0"][:, 0]
        seen |= {tuple(sorted(drawn(plane))) for plane in planes}
    assert seen == {((0, 0), (1, 0)), ((4, 4), (5, 4))}


def test_bad_ids_are_refused():
    with pytest.raises(SpecError, match="needs `top_id2`"):
        mask("top_id: 0 bottom_id: 1")
    with pytest.raises(SpecError, match="names joint 2; there are 2"):
        mask("top_id: 0 bottom_id: 1 top_id2: 2 bottom_id2: 0")
    with pytest.raises(SpecError, match="has `perturb_num`"):
        mask(f"{TWO} perturb_num: 2")


def test_corners_of_torsos_are_moved():
    """From 3, 3 and 5, 3 by up to 2 in each direction: those that leave the 7 x 5 image are left out."""
    joints = torch.tensor([[3.0, 3, 5, 3]] * 2).double()[..., None, None]
    param = "torso_mask_from_coords_param { top_id: 0 bottom_id: 1 top_id2: 1 bottom_id2: 0 value: 9 perb_num: 2 }"
    net = one_layer("TorsoMaskFromCoords", param, c=joints, i=INFOS, x=IMAGES)
    seen, left_out = set(), 0
    for _ in range(200):
        for plane in net(c=joints, i=INFOS, x=IMAGES)["y0"][:, 0]:
            places = drawn(plane)
            left_out += not places
            if places:
                xs, ys = zip(*places)
                seen.add((min(xs), max(xs), min(ys), max(ys)))
    assert {min_x for min_x, *_ in seen} == {1, 2, 3, 4, 5} and {box[1] for box in seen} <= {3, 4, 5, 6}
    assert {box[2] for box in seen} == {1, 2, 3, 4} and {box[3] for box in seen} <= {1, 2, 3, 4} and left_out > 20
    still = param.replace("perb_num: 2", "perb_num: 1")
    assert drawn(top_of("TorsoMaskFromCoords", still, c=joints, i=INFOS, x=IMAGES)[0, 0]) == {(3, 3), (4, 3), (5, 3)}
