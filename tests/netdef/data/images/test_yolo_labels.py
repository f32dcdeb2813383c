"""YOLO's labels and random crops. In batches: `test_annotated_data`."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.yolo_labels import YoloLabels
from netdef.definition.read import read_net_text


def labels(param: str) -> YoloLabels:
    text = f'layer {{ name: "d" type: "AnnotatedData" top: "d" annotated_data_param {{ {param} }} }}'
    return YoloLabels(read_net_text(text).layers[0])


def test_labels_have_class_centre_and_size():
    rows = np.array([[0, 3, 0, 0.2, 0.1, 0.6, 0.4, 0], [0, 1, 1, 0.5, 0.5, 0.75, 1, 1]], np.float32)
    found = labels("yolo_data_type: 1 train_diffcult: true").rows(rows)
    assert found.shape == (300, 5) and not found[2:].any()
    np.testing.assert_allclose(found[:2], [[2, 0.4, 0.25, 0.4, 0.3], [0, 0.625, 0.75, 0.25, 0.5]], rtol=1e-6)


def test_difficult_boxes_can_be_left_out():
    rows = np.array([[0, 1, 0, 0, 0, 1, 1, 1], [0, 2, 1, 0, 0, 1, 1, 0]], np.float32)
    assert labels("yolo_data_type: 1 train_diffcult: false").rows(rows)[:2, 0].tolist() == [1, 0]


@pytest.mark.parametrize("square", [True, False])
def test_crops_leave_out_at_most_the_jitter(square: bool):
    random = np.random.default_rng(1)
    crops = np.array([labels("yolo_data_type: 1 yolo_data_jitter: 0.3").cut(random, square) for _ in range(200)])
    sizes = crops[:, 2:] - crops[:, :2]
    assert crops.min() >= 0 and crops.max() <= 1 and 0.7 <= sizes.min() < 0.75
    assert (sizes[:, 0] == pytest.approx(sizes[:, 1])) is square
    assert 20 < (sizes == 1).all(1).sum() < 60  # a fifth are the whole image
