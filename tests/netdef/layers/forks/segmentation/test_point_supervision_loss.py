"""Segmentation learnt from a few labelled points: each term by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, tops_of
from torch.autograd import gradcheck

import netdef

SCORES = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [0.0, 1.0, 0.75], [-2.0, 0.6, 0.1]], dtype=torch.float64)
P = SCORES.softmax(0).tolist()  # of 4 classes and 3 pixels
PLANES = [[2.0, 255, 255], [7, 200, 31], [2, 0, 0]]  # labels, objectness, and class 2 as the image's only one
LEFT_OUT = {name: f"ignore_{name}: true " for name in ("classes", "location", "constraint", "objectness")}
BEST = [max(row) for row in P]


def background(objectness):
    return 1 - (objectness + 1) / 257


def doubt(pixel, objectness):
    part = background(objectness)
    return -(part * math.log(P[0][pixel]) + (1 - part) * math.log(1 - P[0][pixel]))


TERMS = {  # sum and number
    "classes": (-math.log(BEST[0]) - math.log(BEST[2]), 2),  # class 0 is every image's
    "location": (-math.log(P[2][0]), 1),
    "constraint": (-math.log(1 - BEST[1]) - math.log(1 - BEST[3]), 2),
    "objectness": (doubt(1, 200) + doubt(2, 31), 2),
}
MEANS = {"classes": "classes", "location": "supervised", "constraint": "constraint", "objectness": "objectness"}


def loss_of(param, planes=PLANES, images=1):
    x = SCORES.reshape(1, 4, 1, 3).repeat(images, 1, 1, 1)
    labels = torch.tensor(planes).double().reshape(1, -1, 1, 3).repeat(images, 1, 1, 1)
    loss, p = tops_of("SoftmaxWithLossExpectation", f"loss_param {{ ignore_label: 255 {param} }}", 2, "TRAIN", x=x, t=labels)
    assert torch.allclose(p, x.softmax(1))
    return loss.item()


@pytest.mark.parametrize("name", TERMS)
def test_a_term_alone_as_mean_and_as_sum(name):
    alone = "".join(field for other, field in LEFT_OUT.items() if other != name)
    total, number = TERMS[name]
    if name == "objectness":  # a mean over all pixels, as in the fork, when no location counts
        number = 3
    assert loss_of(alone) == pytest.approx(total / number)
    assert loss_of(f"{alone} normalize_{MEANS[name]}: false") == pytest.approx(total)


def test_all_terms_over_images():
    assert loss_of("", images=2) == pytest.approx(sum(total / number for total, number in TERMS.values()))


def test_weights_of_labelled_pixels():
    planes = [[2.0, 1, 255], *PLANES[1:], [51, 204, 9]]
    alone = "ignore_rank: false " + LEFT_OUT["classes"] + LEFT_OUT["constraint"] + LEFT_OUT["objectness"]
    assert loss_of(alone, planes) == pytest.approx(-(0.2 * math.log(P[2][0]) + 0.8 * math.log(P[1][1])))


def test_labels_that_count_from_one():
    planes = [[3.0, 255, 255], PLANES[1], [3, 0, 0]]
    alone = "is_siftflow: true " + LEFT_OUT["constraint"] + LEFT_OUT["objectness"]
    assert loss_of(alone, planes) == pytest.approx(-math.log(BEST[2]) - math.log(P[2][0]))


def test_gradient():
    x = SCORES.reshape(1, 4, 1, 3).clone().requires_grad_()
    labels = torch.tensor(PLANES).double().reshape(1, 3, 1, 3)
    net = one_layer("SoftmaxWithLossExpectation", "loss_param { ignore_label: 255 }", "TRAIN", x=x, t=labels)
    assert gradcheck(lambda a: net(x=a, t=labels)["y0"], x)


@pytest.mark.parametrize("param, labels, words", [
    ("", (2, 3, 5, 6), "needs an `ignore_label`"), ("loss_param { ignore_label: 9 }", (2, 2, 5, 6), "3 planes of labels")])
def test_what_is_missing_is_said(param, labels, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("SoftmaxWithLossExpectation", param, x=(2, 4, 5, 6), t=labels)
