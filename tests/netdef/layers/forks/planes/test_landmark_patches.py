"""Patches about landmarks."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

PARAM = "multi_roi_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 top_num: 3 }"
# Of a 4 x 6 map: within it; over the corner at the upper left; beyond it.
LANDMARKS = torch.tensor([[5.0, 5, 0, 0, 40, 2]])


def test_patches():
    """Patch 0 begins at x = round(2.5 - 1) = 2, y = round(2.5 - 1) = 2; patch 1 at -1, -1; patch 2 at 19, 0."""
    x = draw(1, 2, 4, 6)
    net = one_layer("MultiROIPooling", PARAM, tops=3, x=x, l=LANDMARKS)
    tops = net(x=x, l=LANDMARKS)
    assert torch.equal(tops["y0"], x[:, :, 2:4, 2:5])
    corner = torch.zeros(1, 2, 2, 3).double()
    corner[:, :, 1:, 1:] = x[:, :, :1, :2]
    assert torch.equal(tops["y1"], corner)
    assert not tops["y2"].any()


def test_each_item_has_its_own_landmarks_and_gradient():
    x = draw(2, 3, 4, 6).requires_grad_()
    landmarks = torch.cat((LANDMARKS, LANDMARKS.flip(1)))
    net = one_layer("MultiROIPooling", PARAM, "TRAIN", tops=3, x=x, l=landmarks)
    tops = net(x=x, l=landmarks)
    assert torch.equal(tops["y0"][0], x[0, :, 2:4, 2:5])
    assert torch.equal(tops["y2"][1], x[1, :, 2:4, 2:5])
    assert gradcheck(lambda x: tuple(net(x=x, l=landmarks).values()), (x,))


@pytest.mark.parametrize(("tops", "landmarks", "complaint"), [(2, (2, 6), "`top_num` 3 and 2 tops"), (3, (2, 8), "6 numbers")])
def test_what_does_not_fit_is_refused(tops: int, landmarks: tuple[int, int], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("MultiROIPooling", PARAM, tops=tops, x=(2, 3, 4, 6), l=landmarks)
