"""MultiLabelAccuracy, AccuracySigmoid and PrecisionRecallLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of, tops_of

import netdef

X = torch.tensor([[1.5, -2, 0], [-1, 3, -0.5], [2, 1, -4]]).double()
LABELS = torch.tensor([[1.0, 0, 0], [1, 0.6, -1], [0, 1, 0.2]]).double()


def test_shares_of_labels():
    hits, misses, rejections, alarms = 3, 1, 2, 2  # 1.5, 3, 1; -1; -2, -4; 0, 2
    top = top_of("MultiLabelAccuracy", x=X, t=LABELS)
    assert top.shape == (1, 5, 1, 1)
    assert top.flatten().tolist() == pytest.approx([3 / 4, 2 / 4, 2 / (4 / hits + 4 / rejections), hits / (hits + alarms),
                                                    2 * hits / (2 * hits + alarms + misses)])
    assert top_of("MultiLabelAccuracy", x=X, t=0 * X - 1).flatten().tolist() == [0] * 5


def test_each_task_has_a_share():
    labels = torch.tensor([[1.0, 0], [0, 1], [0.5, 0]]).double()
    tops = tops_of("AccuracySigmoid", "accuracy_sigmoid_param { task_num: 2 compute_average_accuracy: true }", 3, x=X, t=labels)
    assert [top.item() for top in tops] == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    maps = torch.stack([X, -X], 2)  # (3, 3, 2): the task's second place is of the other sign, and right but where x is 0
    tops = tops_of("AccuracySigmoid", "accuracy_sigmoid_param { task_num: 3 }", 3, x=maps, t=(maps >= 0).double())
    assert [top.item() for top in tops] == [1, 1, 1]


def test_tasks_that_do_not_fit():
    with pytest.raises(netdef.SpecError, match="axis 1 must have 4 places or more"):
        one_layer("AccuracySigmoid", "accuracy_sigmoid_param { task_num: 4 }", tops=4, x=(2, 5), t=(2, 3))
    with pytest.raises(netdef.SpecError, match="1 tops; it wants 3"):
        one_layer("AccuracySigmoid", "accuracy_sigmoid_param { task_num: 2 compute_average_accuracy: true }", x=(2, 5), t=(2, 3))
    with pytest.raises(netdef.SpecError, match="the other axes are the same"):
        one_layer("AccuracySigmoid", x=(2, 5), t=(3, 5))


def test_precision_where_it_is_nearest_to_the_recall():
    x = torch.tensor([[0.9, 0.8, 0.6, 0.3, 0.2], [0.1, 0.1, 0.1, 0.1, 0.1]]).double()[None]
    labels = torch.tensor([[1.0, 0, 1, 1, 0], [1, 0, 0, 0, 0]]).double()[None]
    # of the first channel: from 0.25 on 3 of 4 and all 3, which does not count, from 0.5 on 2 of 3 and 2 of 3, from 0.75 on 1 of
    # 2 and 1 of 3; of the second from 0 on 1 of 5 and all, and else none
    top = top_of("PrecisionRecallLoss", "precision_recall_loss_param { point_num: 4 }", x=x, t=labels)
    assert top.item() == pytest.approx((1 - 2 / 3 + 1) / 2)
    assert not math.isnan(top_of("PrecisionRecallLoss", x=x, t=0 * labels).item())
