"""The losses of MS-CNN's and Cascade R-CNN's maps, place by place."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch import Tensor
from torch.autograd import gradcheck

import netdef

LOSS = "cls_num: 3 field_w: 14 field_h: 9 downsample_rate: 8 bg_threshold: 0.4 bg_multiple: 2 lambda: 0.7"
GROUPS = "cls_num: 3 field_w: [14, 6] field_h: [9, 5] stride: 8 bg_threshold: 0.4 lambda: 0.7"
STATISTICS = "bbox_reg_param { bbox_mean: [0.1, -0.2, 0.05, 0] bbox_std: [0.5, 0.4, 0.3, 0.2] }"
MEANS, DEVIATIONS = (0.1, -0.2, 0.05, 0.0), (0.5, 0.4, 0.3, 0.2)


def truth_of(labels: list[list[int]], overlap: list[list[float]]) -> Tensor:
    """The last bottom of maps of one row each."""
    truth = draw(len(labels), 6, 1, len(labels[0]), seed=9).abs() * 12
    truth[:, 0, 0], truth[:, 5, 0] = torch.tensor(labels).double(), torch.tensor(overlap).double()
    return truth


def losses(scores: Tensor, truth: Tensor) -> Tensor:
    """Minus the log of the softmax of each place at its label."""
    return -scores.log_softmax(1).gather(1, truth[:, :1].long())[:, 0, 0]


def of_boxes(offsets: Tensor, truth: Tensor, fields, places, smooth: bool = True) -> float:
    """The mean loss of the numbers of boxes at (map, column); offsets must be within their limits."""
    found = []
    for index, column in places:
        (width, height), box = fields[index % len(fields)], truth[index, 1:5, 0, column].tolist()
        parts = ((box[0] - (column + 0.5) * 8) / width, (box[1] - 4) / height, math.log(max(box[2], 2) / width),
                 math.log(max(box[3], 2) / height))
        for part, mean, std, offset in zip(parts, MEANS, DEVIATIONS, offsets[index, :, 0, column].tolist()):
            size = abs(offset - (part - mean) / std)
            found.append(size * size / 2 if size < 1 or not smooth else size - 0.5)
    return sum(found) / len(found)


LABELS, OVERLAPS = [[0, 2, 0, 0], [1, 0, 0, 2]], [[0.1, 0.9, 0.5, 0.3], [0.8, 0.2, 0.0, 0.7]]


def test_of_all_places():
    x, truth = draw(2, 7, 1, 4) * 0.1, truth_of(LABELS, OVERLAPS)
    top = top_of("DetectionLoss", f"detection_loss_param {{ {LOSS} sample_mode: 'all' }} {STATISTICS}", "TRAIN", x=x, t=truth)
    each, counted = losses(x[:, :3], truth), torch.tensor([[1, 1, 0, 1], [1, 1, 1, 1]])
    boxes = 0.7 * of_boxes(x[:, 3:], truth, [(14, 9)], [(0, 1), (1, 0), (1, 3)])
    assert top.flatten().tolist() == pytest.approx([float((each * counted).sum()) / 7 + boxes, boxes])


def test_the_background_of_the_greatest_scores():
    labels, overlaps = [[0] * 11 + [2]], [[0.0] * 11 + [0.8]]
    x, truth = draw(1, 7, 1, 12, seed=4) * 0.1, truth_of(labels, overlaps)
    top = top_of("DetectionLoss", f"detection_loss_param {{ {LOSS} sample_mode: 'bootstrap' iou_weighted: true bb_smooth: false "
                 f"}} {STATISTICS}", "TRAIN", x=x, t=truth)
    hard = set()
    for number in (1, 2):
        hard |= set(sorted(range(11), key=lambda place: -float(x[0, number, 0, place]))[:4])
    each = losses(x[:, :3], truth)[0].tolist()
    boxes = 0.7 * of_boxes(x[:, 3:], truth, [(14, 9)], [(0, 11)], smooth=False)
    expected = (sum(each[place] for place in hard) + 0.8 * each[11]) / (len(hard) + 1) + boxes
    assert top[0, 0, 0, 0].item() == pytest.approx(expected)


def test_both_kinds_of_places_weigh_as_asked_for():
    x, truth = draw(2, 7, 1, 4) * 0.1, truth_of(LABELS, OVERLAPS)
    top = top_of("DetectionLoss", f"detection_loss_param {{ {LOSS} sample_mode: 'all' pos_neg_weighted: true }} {STATISTICS}",
                 "TRAIN", x=x, t=truth)
    each, label = losses(x[:, :3], truth), truth[:, 0, 0]
    inside, outside = each[label > 0].mean(), each[(label == 0) & (truth[:, 5, 0] < 0.4)].mean()
    boxes = 0.7 * of_boxes(x[:, 3:], truth, [(14, 9)], [(0, 1), (1, 0), (1, 3)])
    assert top[0, 0, 0, 0].item() == pytest.approx(float(inside / 3 + outside * 2 / 3) + boxes)


@pytest.mark.parametrize("mode", ["random", "mixture"])
def test_drawn_background_is_background(mode: str):
    x, truth = torch.zeros(1, 7, 1, 12).double(), truth_of([[0] * 11 + [2]], [[0.0] * 5 + [0.9] * 6 + [0.8]])
    x[:, 1, 0, 5:11] = 50  # places that are neither would have a loss of 50
    top = top_of("DetectionLoss", f"detection_loss_param {{ {LOSS} sample_mode: '{mode}' lambda: 0 }}".replace("lambda: 0.7", ""),
                 "TRAIN", x=x, t=truth)
    assert top[0, 0, 0, 0].item() == pytest.approx(math.log(3))


def test_of_groups_of_maps():
    scores, offsets = draw(4, 3, 1, 4), draw(4, 4, 1, 4, seed=2) * 0.1
    truth = truth_of([[0, 2, 0, 0], [0, 0, 0, 0], [1, 0, 0, 2], [0, 0, 1, 0]],
                     [[0.1, 0.9, 0.5, 0.3], [0.0] * 4, [0.8, 0.2, 0.0, 0.7], [0.0] * 4])
    param = f"detection_group_loss_param {{ {GROUPS} neg_mining_type: 'bootstrap' bg_multiple: 1 min_num_neg: 2 }} {STATISTICS}"
    top = top_of("DetectionGroupLoss", param, "TRAIN", s=scores, o=offsets, t=truth)
    each = losses(scores, truth)
    free = (truth[:, 0, 0] == 0) & (truth[:, 5, 0] < 0.4)
    counted = [*each[truth[:, 0, 0] > 0].tolist()]
    for image, count in ((0, 2), (1, 3)):
        maps = slice(2 * image, 2 * image + 2)
        counted += sorted(each[maps][free[maps]].tolist())[-count:]
    boxes = 0.7 * of_boxes(offsets, truth, [(14, 9), (6, 5)], [(0, 1), (2, 0), (2, 3), (3, 2)])
    assert top.flatten().tolist() == pytest.approx([sum(counted) / 9 + boxes, boxes])


def test_a_batch_of_places():
    scores, offsets = draw(2, 3, 1, 4), torch.zeros(2, 4, 1, 4).double()
    truth = truth_of([[1, 2, 0, 0], [0, 2, 0, 1]], [[0.9, 0.9, 0.0, 0.0], [0.0, 0.9, 0.0, 0.9]])
    scores[truth[:, :1].expand(-1, 3, -1, -1) > 0] = 0  # all objects have one loss, log 3, all background another
    scores[:, 0][truth[:, 0] == 0], scores[:, 1:][truth[:, :1].expand(-1, 2, -1, -1) == 0] = 5.0, 5.0
    param = f"detection_group_loss_param {{ {GROUPS} lambda: 0 batch_size: 3 bg_multiple: 2 }}".replace("lambda: 0.7", "")
    top = top_of("DetectionGroupLoss", param, "TRAIN", s=scores, o=offsets, t=truth)
    assert top[0, 0, 0, 0].item() == pytest.approx(math.log(3))


def test_gradients():
    x, truth = (draw(2, 7, 1, 4) * 0.1).requires_grad_(), truth_of(LABELS, OVERLAPS)
    net = one_layer("DetectionLoss", f"detection_loss_param {{ {LOSS} sample_mode: 'all' pos_neg_weighted: true }}", "TRAIN", x=x,
                    t=truth)
    assert gradcheck(lambda x: net(x=x, t=truth)["y0"][..., 0], (x,))
    scores, offsets = draw(2, 3, 1, 4).requires_grad_(), (draw(2, 4, 1, 4, seed=3) * 0.1).requires_grad_()
    param = f"detection_group_loss_param {{ {GROUPS} bg_multiple: 9 bbox_loss_type: 'Euclidean_L2' }}"
    net = one_layer("DetectionGroupLoss", param, "TRAIN", s=scores, o=offsets, t=truth)
    assert gradcheck(lambda s, o: net(s=s, o=o, t=truth)["y0"][..., 0], (scores, offsets))


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("DetectionLoss", f"detection_loss_param {{ {LOSS} objectness: true }}", "`cls_num` 3; with `objectness` it is 2"),
    ("DetectionLoss", f"detection_loss_param {{ {LOSS} coord_num: 5 }}", "`coord_num` 5; a box has 4 numbers")])
def test_what_does_not_fit_is_refused(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, x=(2, 7, 1, 4), t=(2, 6, 1, 4))


@pytest.mark.parametrize(("param", "complaint"), [
    ("neg_mining_type: 'hard'", 'has `neg_mining_type` "hard"'), ("bbox_loss_type: 'IOU'", 'has `bbox_loss_type` "IOU"'),
    ("batch_size: 0", "has `batch_size` 0; it is -1 or above 0")])
def test_words_that_no_version_knows_are_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("DetectionGroupLoss", f"detection_group_loss_param {{ {GROUPS} {param} }}", s=(2, 3, 1, 4), o=(2, 4, 1, 4),
                  t=(2, 6, 1, 4))
