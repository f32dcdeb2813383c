"""SelectBinary and GenerateClsVector: a class of each image's boxes."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

# image, class, number, x1, y1, x2, y2, difficult; on 4 x 5 rows 0, 1 and columns 1 to 3; row 3; all; columns 0, 1
BOXES = torch.tensor([[0, 3, 7, 0.2, 0, 0.8, 0.5, 0], [0, 1, 7, 0, 0.75, 1, 1, 0], [0, 3, 9, 0, 0, 1, 1, 0],
                      [2, 2, 5, 0, 0, 0.4, 1, 1], [-1] * 8, [1, 2, 0, 0, 0, 1, 1, 0]], dtype=torch.float64)[None, None]
LABELS = torch.tensor([3.0, 1, 255, 0, 2]).double().repeat(3, 1, 4, 1)  # columns
PARAM = "select_binary_param {{ random_select: true num_class: 4 {} }}"


def test_a_class_of_each_image_is_drawn():
    seen = set()
    for _ in range(30):
        boxes, mask, vector = tops_of("SelectBinary", PARAM.format(""), 3, b=BOXES, t=LABELS)
        label = int(boxes[0, 0, 0, 1])
        rows = {3: [0, 2], 1: [1]}[label]
        wanted = BOXES[0, 0][[*rows, 3]].clone()
        wanted[:, 2] = torch.tensor([*range(len(rows)), 0])
        assert torch.equal(boxes[0, 0], wanted)
        assert mask[0, 0, 1].tolist() == [label == 3, label == 1, 255, 0, 0]
        assert (mask[1] == 255).all() and mask[2, 0, 3].tolist() == [0, 0, 255, 0, 1]
        assert vector.tolist() == [[float(c == label) for c in (1, 2, 3, 4)], [0] * 4, [0, 1, 0, 0]]
        seen.add(label)
    assert seen == {1, 3}


def test_difficult_boxes_may_be_left_out():
    boxes, mask, vector = tops_of("SelectBinary", PARAM.format("use_difficult_gt: false"), 3, b=BOXES, t=LABELS)
    assert boxes[0, 0, :, 0].unique().tolist() == [0] and (mask[2] == 255).all() and not vector[2].any()


def test_images_without_boxes_select_nothing():
    boxes, mask, vector = tops_of("SelectBinary", PARAM.format("ignore_label: 9"), 3, b=torch.full((1, 1, 2, 8), -1.0).double(),
                                  t=LABELS)
    assert boxes.shape == (1, 1, 0, 8) and (mask == 255).all() and not vector.any()


def test_some_instances_are_drawn():
    """In rows 0 and 1, columns 1 to 3, label 1 is the only known one; over all columns 1, 2, 3 are alike: the least counts."""
    seen = set()
    for _ in range(60):
        boxes, mask, _ = tops_of("SelectBinary", PARAM.format("random_instance: true"), 3, b=BOXES, t=LABELS)
        own = boxes[0, 0][boxes[0, 0, :, 0] == 0]
        if own[0, 1] == 1:
            continue
        assert own[:, 2].tolist() == [*range(len(own))]
        wanted = torch.zeros(4, 5)
        for box in own:
            wanted[(slice(0, 2), slice(1, 4)) if box[3] > 0 else slice(None)] = 0
            wanted[(slice(0, 2) if box[3] > 0 else slice(None)), 1] = 1
        assert torch.equal(mask[0, 0], wanted.double())
        assert mask[2, 0, 0].tolist() == [0, 1, 0, 0, 0]
        seen.add(tuple(own[:, 3].tolist()))
    assert {len(of) for of in seen} == {1, 2} and len(seen) == 4


def test_the_class_of_each_image_as_a_vector():
    (top,) = tops_of("GenerateClsVector", "generate_cls_vector_param { num_class: 3 batch_size: 4 }", 1, b=BOXES[:, :, 2:])
    assert top.tolist() == [[0, 0, 1], [0, 0, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(("kind", "param", "boxes", "complaint"), [
    ("GenerateClsVector", "generate_cls_vector_param { num_class: 3 batch_size: 3 }", BOXES, "several classes in image 0"),
    ("GenerateClsVector", "generate_cls_vector_param { num_class: 3 batch_size: 2 }", BOXES[:, :, 3:], "boxes of image 2 of 2"),
    ("SelectBinary", "select_binary_param { num_class: 1 }", BOXES[:, :, 2:], "a box of class 3; classes are 1 to 1"),
])
def test_boxes_that_do_not_fit_are_errors(kind: str, param: str, boxes: torch.Tensor, complaint: str):
    inputs = {"b": boxes} | ({"t": LABELS} if kind == "SelectBinary" else {})
    with pytest.raises(netdef.NetdefError, match=complaint):
        tops_of(kind, param, 3 if kind == "SelectBinary" else 1, **inputs)


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("SelectBinary", "", {"b": (1, 1, 3, 8), "t": (2, 1, 4, 5)}, "num_class"),
    ("SelectBinary", PARAM.format(""), {"b": (1, 1, 3, 8), "t": (2, 3, 4, 5)}, "labels of one channel"),
    ("GenerateClsVector", "generate_cls_vector_param { num_class: 3 }", {"b": (1, 1, 3, 8)}, "batch_size"),
])
def test_what_makes_no_sense_is_refused(kind: str, param: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, tops=3 if kind == "SelectBinary" else 1, **shapes)
