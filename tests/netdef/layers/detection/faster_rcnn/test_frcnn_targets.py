"""What trains Faster R-CNN's two stages."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer

import netdef

pytestmark = pytest.mark.filterwarnings("ignore:layer `l`. the settings of Frcnn")


def anchors(truth: list[list[float]], height: int, width: int, image: tuple[float, float], phase: str = "TRAIN"):
    """The four tops for maps of ``height`` x ``width``."""
    true, info = torch.tensor(truth).double(), torch.tensor([[*image, 1]]).double()
    net = one_layer("FrcnnAnchorTarget", "", phase, tops=4, s=(1, 18, height, width), g=true, i=info)
    return list(net(s=torch.zeros(1, 18, height, width).double(), g=true, i=info).values())


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_anchors_within_the_image(phase):
    """In an image of 176 x 160, places 4 and 5 of a row, 4 to 6 of a column have the anchor -56, -56, 71, 72 within it."""
    labels, targets, inside, outside = anchors([[8, 8, 135, 136, 3]], 10, 11, (160, 176), phase)
    assert labels.shape == (1, 1, 90, 11) and targets.shape == inside.shape == outside.shape == (1, 36, 10, 11)
    table = labels.reshape(9, 10, 11)
    assert table[3, 4, 4] == 1  # the box is that anchor
    assert (table[3, :3] == -1).all() and (table[3, :, :3] == -1).all() and (table[2] == -1).all()
    assert targets[0, 12:16, 4, 4].tolist() == [0, 0, 0, 0]
    x, y = 5 * 16 - 56, 4 * 16 - 56  # the anchor one place to the right
    expected = [(8 - x) / 128, (8 - y) / 129, 0, 0]
    assert targets[0, 12:16, 4, 5].tolist() == pytest.approx(expected)
    for anchor in range(9):
        objects = table[anchor] == 1
        assert torch.equal(inside[0, 4 * anchor : 4 * anchor + 4], objects.double().expand(4, -1, -1))
        known = (table[anchor] >= 0).double() / (table >= 0).sum()
        torch.testing.assert_close(outside[0, 4 * anchor : 4 * anchor + 4], known.expand(4, -1, -1))


def iou(a, b):
    """With the pixels of both corners."""
    sides = [min(a[i + 2], b[i + 2]) - max(a[i], b[i]) + 1 for i in (0, 1)]
    common = max(sides[0], 0) * max(sides[1], 0)
    return common / (sum((c[2] - c[0] + 1) * (c[3] - c[1] + 1) for c in (a, b)) - common)


def test_objects_and_background():
    """Few enough that none is drawn from: every anchor within the image has the label of its overlap."""
    truth = [30.0, 20, 120, 90, 1]
    labels, *_ = anchors([truth], 12, 12, (190, 190))
    table, found = labels.reshape(9, 12, 12), {}
    for k, (x1, y1, x2, y2) in ((0, (-84, -40, 99, 55)), (3, (-56, -56, 71, 72)), (6, (-36, -80, 51, 95))):
        for row in range(12):
            for column in range(12):
                box = x1 + 16 * column, y1 + 16 * row, x2 + 16 * column, y2 + 16 * row
                if min(box) >= 0 and max(box) < 190:
                    found[k, row, column] = iou(box, truth)
    assert 5 < len(found) < 256
    best = max(found.values())
    assert 0.3 < best < 0.7
    for place, overlap in found.items():
        assert table[place] == (1 if overlap == pytest.approx(best) else 0 if overlap < 0.3 else -1)
    assert int((table >= 0).sum()) == sum(overlap < 0.3 or overlap == pytest.approx(best) for overlap in found.values())


def test_many_anchors_are_drawn_from():
    truth = [[16.0 * i + 5, 30, 16 * i + 132, 158, 1] for i in range(0, 160, 1)]
    labels, *_ = anchors(truth, 15, 180, (240, 2880))
    assert (labels == 1).sum() == 128 and (labels == 0).sum() == 128


def regions(count: int, phase: str = "TRAIN"):
    """Regions of an image with two true boxes, the second of class 20; half of them overlap one."""
    rows = [[0, 10, 10, 59, 49] if i % 2 else [0, 300, 300, 340, 349] for i in range(count)]
    bottoms = {"r": torch.tensor(rows).double(), "g": torch.tensor([[12.0, 10, 61, 49, 2], [200, 200, 250, 250, 20]]).double()}
    return list(one_layer("FrcnnProposalTarget", "", phase, tops=5, **bottoms)(**bottoms).values())


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_regions_with_their_classes_and_targets(phase):
    rows, labels, targets, inside, outside = regions(6, phase)
    assert labels.flatten().tolist() == [2, 2, 2, 2, 20, 0, 0, 0]  # three regions, and the true boxes themselves
    assert rows[3].flatten().tolist() == [0, 12, 10, 61, 49] and rows[5].flatten().tolist() == [0, 300, 300, 340, 349]
    assert targets.shape == inside.shape == (8, 84, 1, 1) and torch.equal(inside, outside)
    assert targets[0, 8:12].flatten().tolist() == pytest.approx([2 / 50 / 0.1, 0, 0, 0])
    assert inside[0].nonzero()[:, 0].tolist() == [8, 9, 10, 11] and inside[4].nonzero()[:, 0].tolist() == [80, 81, 82, 83]
    assert not targets[4:].any() and not inside[5:].any()


def test_a_quarter_are_objects():
    rows, labels, *_ = regions(400)
    assert len(rows) == 128 and (labels > 0).sum() == 32


def test_sides_are_learnt_as_logarithms():
    bottoms = {"r": torch.tensor([[0.0, 10, 10, 49, 49]]).double(), "g": torch.tensor([[10.0, 10, 59, 45, 1]]).double()}
    targets = one_layer("FrcnnProposalTarget", "", "TRAIN", tops=5, **bottoms)(**bottoms)["y2"]
    expected = [5 / 40 / 0.1, -2 / 40 / 0.1, math.log(50 / 40) / 0.2, math.log(36 / 40) / 0.2]
    assert targets[0, 4:8].flatten().tolist() == pytest.approx(expected)


def test_bottoms_that_do_not_fit_are_refused():
    with pytest.raises(netdef.SpecError, match="has 9 anchors"):
        one_layer("FrcnnAnchorTarget", tops=4, s=(1, 12, 3, 4), g=(2, 5), i=(1, 3))
    with pytest.raises(netdef.SpecError, match="rows of 5 numbers"):
        one_layer("FrcnnProposalTarget", tops=5, r=(2, 4), g=(2, 5))


@pytest.mark.filterwarnings("default")
def test_settings_that_are_not_read_are_a_warning():
    with pytest.warns(UserWarning, match="voc_config.json"):
        one_layer("FrcnnProposalTarget", tops=5, r=(2, 5), g=(2, 5))
