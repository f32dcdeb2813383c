"""Maps of detected boxes."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

DETECTIONS = torch.tensor([[2.0, 1, 0, 2.9, 1, 0.8], [0, -5, 2, 1, 9, 0.5]]).reshape(1, 2, 1, 6).double()


def test_maps_within_boxes():
    maps = draw(1, 2, 4, 5)
    top = top_of("BoxFeatures", "", x=maps, d=DETECTIONS)
    assert top.shape == (3, 2, 4, 5)
    assert not top[0].any()
    first, second = torch.zeros(2, 2, 4, 5).double()
    first[:, :2, 1:3] = maps[0, :, :2, 1:3] * math.exp(0.8) / (math.exp(0.8) + math.exp(0.2))
    second[:, 2:, :2] = maps[0, :, 2:, :2] / 2
    assert torch.allclose(top[1], first)
    assert torch.allclose(top[2], second)


def test_the_whole_image_as_a_box():
    maps = draw(1, 2, 4, 5).requires_grad_()
    param = "box_term_param { is_background_det: true background_det_score: 0.25 }"
    net = one_layer("BoxFeatures", param, "TRAIN", x=maps, d=DETECTIONS)
    assert torch.allclose(net(x=maps, d=DETECTIONS)["y0"][0], maps[0] / 4)
    assert gradcheck(lambda x: net(x=x, d=DETECTIONS)["y0"], (maps,))


def test_channels_of_classes():
    maps = draw(4, 3, 2, 5).requires_grad_()
    net = one_layer("ChannelSelect", "", "TRAIN", x=maps, d=DETECTIONS)
    top = net(x=maps, d=DETECTIONS)["y0"]
    assert torch.equal(top[:, 0], torch.stack((maps[0, 0], maps[1, 2], maps[2, 0], torch.zeros(2, 5).double())))
    assert gradcheck(lambda x: net(x=x, d=DETECTIONS)["y0"], (maps,))


@pytest.mark.parametrize(("kind", "shapes", "complaint"), [
    ("BoxFeatures", {"x": (1, 2, 4, 5), "d": (1, 3, 1, 5)}, "1, count, 1, 6"),
    ("BoxFeatures", {"x": (2, 2, 4, 5), "d": (1, 3, 1, 6)}, "maps of one item"),
    ("ChannelSelect", {"x": (3, 2, 4, 5), "d": (1, 3, 1, 6)}, "one more than detections"),
])
def test_what_does_not_fit_is_refused(kind: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, **shapes)
