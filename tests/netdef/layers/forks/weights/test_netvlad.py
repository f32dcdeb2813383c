"""Features summed by their assignment to clusters."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "netvlad_param { cluster_num: 3 local_dim: 2 vlad_dim: 6 weight_filler { type: 'gaussian' std: 1 } }"


def test_sums_of_features_moved_by_the_centres():
    assigned, x = draw(2, 3, 4, 5), draw(2, 2, 4, 5, seed=2)
    net = one_layer("Netvlad", PARAM, a=assigned, x=x)
    (centres,) = net.params["l"]
    top = net(a=assigned, x=x)["y0"]
    assert top.shape == (2, 6)
    for item in range(2):
        for cluster in range(3):
            for number in range(2):
                expected = (assigned[item, cluster] * (x[item, number] + centres[cluster, number])).sum()
                assert torch.allclose(top[item, 2 * cluster + number], expected)


def test_parts_of_length_1():
    x = draw(2, 6) * 1e-5
    top = top_of("Intranorm", "intranorm_param { cluster_num: 3 }", x=x)
    for part in range(3):
        own = x[:, 2 * part : 2 * part + 2]
        assert torch.allclose(top[:, 2 * part : 2 * part + 2], own / (own.square().sum(1, keepdim=True) + 1e-12).sqrt())


def test_gradients():
    assigned, x = draw(1, 3, 2, 2).requires_grad_(), draw(1, 2, 2, 2, seed=2).requires_grad_()
    net = one_layer("Netvlad", PARAM, "TRAIN", a=assigned, x=x)
    assert gradcheck(lambda a, x: net(a=a, x=x)["y0"], (assigned, x))
    y = draw(2, 6).requires_grad_()
    net = one_layer("Intranorm", "intranorm_param { cluster_num: 2 }", "TRAIN", y=y)
    assert gradcheck(lambda y: net(y=y)["y0"], (y,))


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("Netvlad", PARAM, ((2, 4, 4, 5), (2, 2, 4, 5)), "has `cluster_num` 3 and wants `a` of as many channels"),
    ("Netvlad", PARAM, ((2, 3, 4, 5), (2, 2, 5, 4)), "has `local_dim` 2 and wants `x` of as many channels"),
    ("Netvlad", PARAM.replace("vlad_dim: 6", "vlad_dim: 5"), ((2, 3, 4, 5), (2, 2, 4, 5)), "has `vlad_dim` 5"),
    ("Intranorm", "intranorm_param { cluster_num: 4 }", ((2, 6),), "cannot cut items of shape")])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, **dict(zip("ax", shapes)))
