"""FarthestPointSample, QueryBallPoint, GroupPoint, ThreeNN and ThreeInterpolate."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef

LINE = torch.zeros(2, 5, 3).double()  # points on a line, in two items
LINE[0, :, 0] = torch.tensor([0.0, 1, 5, 9, 4])
LINE[1, :, 2] = torch.tensor([2.0, 3, -4, 2, 8])


def test_the_farthest_points():
    top = top_of("FarthestPointSample", "point_net_param { n_sample_point: 4 }", x=LINE)
    assert top.tolist() == [[0, 3, 2, 1], [0, 2, 4, 1]]  # 5 is 4 from 9 and 5 from 0; 4 is as far, and 1 from 5


def test_of_points_as_far_the_least_index_modulo_512_is_first():
    x = torch.zeros(1, 600, 3).double()
    x[0, [2, 513], 1] = 1
    assert top_of("FarthestPointSample", "point_net_param { n_sample_point: 2 }", x=x).tolist() == [[0, 513]]


def test_points_in_balls():
    centres = torch.tensor([[[1.0, 0, 0], [20, 0, 0]], [[0, 0, 2.5], [0, 0, 8]]]).double()
    top = top_of("QueryBallPoint", "point_net_param { n_sample_point: 3 radius: 3 }", x=LINE, c=centres)
    assert top.tolist() == [[[0, 1, 4], [0, 0, 0]], [[0, 1, 3], [4, 4, 4]]]
    more = top_of("QueryBallPoint", "point_net_param { n_sample_point: 7 radius: 3 }", x=LINE, c=centres)
    assert more[1, 0].tolist() == [0, 1, 3, 0, 0, 0, 0]


def test_groups_of_points():
    x, indices = draw(2, 5, 4), torch.tensor([[[4, 0, 1], [2, 2, 2]], [[0, 3, 3], [1, 4, 0]]]).double()
    top = top_of("GroupPoint", x=x, i=indices)
    assert top.shape == (2, 2, 3, 4) and torch.equal(top[1, 0, 1], x[1, 3]) and torch.equal(top[0, 1, 2], x[0, 2])
    assert torch.equal(top_of("GroupPoint", x=x, i=indices[:, 0]), top[:, 0])


def test_the_three_nearest_points():
    others = LINE[:, [1, 2, 3, 4]]
    distances, indices = tops_of("ThreeNN", "", 2, x=LINE[:, :2], o=others)
    assert distances.tolist() == [[[1, 16, 25], [0, 9, 16]], [[0, 1, 36], [0, 1, 25]]]
    assert indices.tolist() == [[[0, 3, 1], [0, 3, 1]], [[2, 0, 1], [0, 2, 3]]]


def test_values_between_three_points():
    x, weights = draw(2, 5, 4), draw(2, 2, 3, seed=2)
    indices = torch.tensor([[[4, 0, 1], [2, 2, 3]], [[0, 3, 3], [1, 4, 0]]]).double()
    top = top_of("ThreeInterpolate", x=x, i=indices, w=weights)
    wanted = sum(weights[1, 1, k] * x[1, (1, 4, 0)[k]] for k in range(3))
    assert top.shape == (2, 2, 4)
    torch.testing.assert_close(top[1, 1], wanted)


@pytest.mark.parametrize("kind, param, shapes, said", [
    ("FarthestPointSample", "", {"x": (2, 5, 3)}, "needs a `n_sample_point`"),
    ("FarthestPointSample", "point_net_param { n_sample_point: 2 }", {"x": (2, 5, 4)}, "wants points .N, P, 3."),
    ("QueryBallPoint", "point_net_param { n_sample_point: 2 }", {"x": (2, 5, 3), "c": (2, 4, 3)}, "`radius` 0"),
    ("QueryBallPoint", "point_net_param { n_sample_point: 2 radius: 1 }", {"x": (2, 5, 3), "c": (1, 4, 3)}, "`c` has shape"),
    ("GroupPoint", "", {"x": (2, 5, 3), "i": (2,)}, "wants .N, P, C. and"),
    ("ThreeInterpolate", "", {"x": (2, 5, 3), "i": (2, 4, 3), "w": (2, 4, 2)}, "`w` has shape"),
])
def test_shapes_that_do_not_fit_are_refused(kind, param, shapes, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(kind, param, **shapes)


def test_fewer_than_three_points_are_refused():
    with pytest.raises(netdef.SpecError, match="at least 3 other points"):
        one_layer("ThreeNN", "", tops=2, x=(2, 5, 3), o=(2, 2, 3))
