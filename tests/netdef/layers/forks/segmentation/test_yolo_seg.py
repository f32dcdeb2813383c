"""YoloSeg and SegmentationEvaluate."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError


@pytest.mark.parametrize("weighted", [False, True])
def test_squares_of_differences_with_their_own_gradient(weighted):
    x = draw(2, 3, 5, 4).requires_grad_()
    labels = (draw(2, 3, 5, 4, seed=2) > 0.3).double() * 0.9
    counts = torch.tensor([[10.0, 4, 0], [2, 6, 20]]).double()
    more = {"n": counts} if weighted else {}
    net = one_layer("YoloSeg", "yolo_seg_param { object_scale: 0.2 }", "TRAIN", x=x, t=labels, **more)
    loss = net(x=x, t=labels, **more)["y0"]
    missing = 0.2 * (x.detach().sigmoid() - labels)
    if weighted:
        for c, share in enumerate((12 / 28, 10 / 30, 20 / 20)):
            missing[:, c][labels[:, c] > 0.5] *= 2 - share
    assert loss.item() == pytest.approx(float(missing.square().sum()) / 2)
    loss.backward()
    torch.testing.assert_close(x.grad, missing / 2)


def test_overlap_of_each_class_in_the_first_image():
    x = torch.tensor([[0.9, 0.4, 0.6, 0.1], [0.1, 0.2, 0.3, 0.4], [0.9, 0.9, 0.1, 0.1]]).double().reshape(1, 3, 2, 2)
    true = torch.tensor([[1.0, 1, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]).double().reshape(1, 3, 2, 2)
    both = torch.cat((x, 1 - x)), torch.cat((true, true))
    top = top_of("SegmentationEvaluate", "segmentation_evaluate_param { threshold: 0.5 }", x=both[0], t=both[1])
    assert top.shape == (1, 1, 1, 3) and top.flatten().tolist() == pytest.approx([1 / 3, 0, 1])


def test_bad_parameters_are_refused():
    with pytest.raises(SpecError, match="must be of one shape"):
        one_layer("YoloSeg", x=(2, 3, 5, 4), t=(2, 3, 4, 5))
    with pytest.raises(SpecError, match="a number for each class"):
        one_layer("YoloSeg", x=(2, 3, 5, 4), t=(2, 3, 5, 4), n=(2, 4))
    with pytest.raises(SpecError, match="must be of one shape"):
        one_layer("SegmentationEvaluate", x=(2, 3, 5, 4), t=(2, 3, 4, 5))
