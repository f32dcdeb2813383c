"""SSDDecoder and SSDSort: together they are DetectionOutput."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer

PARAM = "num_classes: 3 confidence_threshold: 0.3 code_type: CENTER_SIZE keep_top_k: 4 nms_param { nms_threshold: 0.4 top_k: 6 }"
COUNT = 7


def parts():
    corners = torch.rand(COUNT, 2, generator=torch.Generator().manual_seed(5)).double() * 0.7
    boxes = torch.cat((corners, corners + 0.3), 1)
    priors = torch.stack((boxes, torch.full_like(boxes, 0.1))).reshape(1, 2, -1)
    return draw(1, COUNT * 4) / 4, draw(1, COUNT, 3, seed=2).softmax(2).flatten(1), priors


def test_boxes_of_offsets():
    """A prior of sides 0.4 and 0.2 about (0.5, 0.3), moved by 0.1 * 2 of its width and made exp(0.1) times as high."""
    priors = torch.tensor([[0.3, 0.2, 0.7, 0.4], [0.1, 0.1, 0.1, 0.1]]).double().reshape(1, 2, 4)
    offsets = torch.tensor([[2.0, 0, 0, 1]]).double()
    top = top_of("SSDDecoder", f"detection_output_param {{ {PARAM} }}", o=offsets, p=priors)
    high = 0.2 * 2.718281828459045**0.1
    torch.testing.assert_close(top, torch.tensor([[[[0.38, 0.3 - high / 2, 0.78, 0.3 + high / 2]]]]).double())


def test_both_stages_are_detection_output():
    offsets, scores, priors = parts()
    usual = top_of("DetectionOutput", f"detection_output_param {{ {PARAM} }}", o=offsets, s=scores, p=priors)
    boxes = top_of("SSDDecoder", f"detection_output_param {{ {PARAM} }}", o=offsets, p=priors)
    assert boxes.shape == (1, 1, COUNT, 4)
    found = top_of("SSDSort", f"detection_output_param {{ {PARAM} }}", b=boxes, s=scores)
    assert usual.shape[2] == 4 and torch.equal(found, usual)


@pytest.mark.parametrize("kind, shapes, said", [
    ("SSDDecoder", {"o": (2, 28), "p": (1, 2, 28)}, "wants 28 offsets of one image; `o` has shape"),
    ("SSDDecoder", {"o": (1, 24), "p": (1, 2, 28)}, "wants 28 offsets of one image"),
    ("SSDDecoder", {"o": (1, 28), "p": (1, 28)}, "priors of shape"),
    ("SSDSort", {"b": (1, 7, 4), "s": (1, 21)}, r"wants boxes \(1, 1, priors, 4\)"),
    ("SSDSort", {"b": (1, 1, 7, 4), "s": (1, 28)}, "wants 21 scores of one image"),
    ("SSDSort", {"b": (1, 1, 7, 4), "s": (3, 7)}, "wants 21 scores of one image"),
])
def test_bottoms_that_do_not_fit_are_refused(kind, shapes, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(kind, f"detection_output_param {{ {PARAM} }}", **shapes)


@pytest.mark.parametrize("kind", ["SSDDecoder", "SSDSort"])
def test_boxes_of_each_class_are_refused(kind):
    with pytest.raises(netdef.SpecError, match="wants `share_location`"):
        one_layer(kind, f"detection_output_param {{ {PARAM} share_location: false }}", o=(1, 28), p=(1, 2, 28))


def test_promises():
    offsets, scores, priors = parts()
    check_layer(f'layer {{ name: "l" type: "SSDDecoder" bottom: "o" bottom: "p" top: "y" detection_output_param {{ {PARAM} }} }}',
                o=offsets, p=priors)
    boxes = top_of("SSDDecoder", f"detection_output_param {{ {PARAM} }}", o=offsets, p=priors)
    best = PARAM.replace("keep_top_k: 4", "keep_top_k: 1")  # the net's table of shapes states one detection
    check_layer(f'layer {{ name: "l" type: "SSDSort" bottom: "b" bottom: "s" top: "y" detection_output_param {{ {best} }} }}',
                b=boxes, s=scores)
