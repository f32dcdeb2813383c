"""PriorBox layers whose fork gives other boxes than SSD's: one built with NO_SQRT, FaceBoxes' and TextBoxes'."""

from __future__ import annotations

import warnings

import pytest

from netdef.definition.read import read_net_text


def sizes(outputs: int, scores: int = 9) -> list[float]:
    """The ``max_size`` of a PriorBox with three aspect ratios, beside convolutions of these outputs."""
    net = read_net_text(f'''
        layer {{ name: "l" type: "Convolution" bottom: "f" top: "l" convolution_param {{ num_output: {outputs} }} }}
        layer {{ name: "c" type: "Convolution" bottom: "f" top: "c" convolution_param {{ num_output: {scores} }} }}
        layer {{ name: "p" type: "PriorBox" bottom: "f" bottom: "data" top: "p"
                prior_box_param {{ min_size: 30 max_size: 60 aspect_ratio: 2 flip: true }} }}''')
    return list(net.layers[-1].message.prior_box_param.max_size)


def test_a_net_with_offsets_for_the_aspect_ratios_alone_has_no_boxes_between_two_sizes():
    with pytest.warns(UserWarning, match="`max_size` is left out, as in a fork built with NO_SQRT"):
        assert sizes(4 * 3) == []


def test_a_net_with_offsets_for_the_boxes_of_ssd_has_them():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sizes(4 * 4) == [60] and sizes(4 * 3, scores=4 * 4) == [60] and sizes(7) == [60]


def of_faceboxes(outputs: int) -> list[bool]:
    """``faceboxes`` of two PriorBox layers; a convolution of these outputs reads the map of the first, which has three sizes."""
    net = read_net_text(f'''
        layer {{ name: "l" type: "Convolution" bottom: "f" top: "l" convolution_param {{ num_output: {outputs} }} }}
        layer {{ name: "p" type: "PriorBox" bottom: "f" bottom: "data" top: "p"
                prior_box_param {{ min_size: 32 min_size: 64 min_size: 128 }} }}
        layer {{ name: "q" type: "PriorBox" bottom: "g" bottom: "data" top: "q" prior_box_param {{ min_size: 256 }} }}''')
    return [layer.message.prior_box_param.faceboxes for layer in net.layers[1:]]


def test_a_net_with_21_boxes_of_three_sizes_has_those_of_faceboxes():
    with pytest.warns(UserWarning, match="`faceboxes` is set"):
        assert of_faceboxes(4 * 21) == [True, True]


def test_a_net_with_a_box_of_each_size_has_those_of_ssd():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert of_faceboxes(4 * 3) == of_faceboxes(7) == [False, False]


def of_textboxes(offsets: int, scores: int, end: str, more: str = "") -> list[bool]:
    """``denser_prior_boxes`` of a PriorBox of three boxes, beside convolutions of these outputs, in a net that ends so."""
    net = read_net_text(f'''
        layer {{ name: "l" type: "Convolution" bottom: "f" top: "l" convolution_param {{ num_output: {offsets} }} }}
        layer {{ name: "c" type: "Convolution" bottom: "f" top: "c" convolution_param {{ num_output: {scores} }} }}
        layer {{ name: "p" type: "PriorBox" bottom: "f" bottom: "data" top: "p"
                prior_box_param {{ min_size: 30 aspect_ratio: 2 flip: true {more} }} }}
        layer {{ name: "d" {end} }}''')
    return [layer.message.prior_box_param.denser_prior_boxes for layer in net.layers if layer.type == "PriorBox"]


@pytest.mark.parametrize("end", ['type: "DetectionOutput" detection_output_param { num_classes: 2 }',
                                 'type: "MultiBoxLoss" multibox_loss_param { num_classes: 2 }'])
def test_a_net_with_two_boxes_of_each_kind_has_those_of_textboxes(end):
    with pytest.warns(UserWarning, match="`denser_prior_boxes` is set, as in TextBoxes' fork"):
        assert of_textboxes(4 * 6, 2 * 6, end) == [True]


def test_a_net_with_offsets_and_scores_for_the_boxes_of_ssd_has_them_once():
    end = 'type: "DetectionOutput" detection_output_param { num_classes: CLASSES }'
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert of_textboxes(4 * 3, 2 * 3, end.replace("CLASSES", "2")) == [False]
        assert of_textboxes(4 * 3, 8 * 3, end.replace("CLASSES", "8")) == [False]  # as many scores as two boxes have offsets
        twice = "offset_h: 0.5 offset_h: 1 offset_w: 0.5 offset_w: 0.5"
        assert of_textboxes(4 * 6, 2 * 6, end.replace("CLASSES", "2"), twice) == [False]  # the text says so itself
        assert of_textboxes(4 * 6, 2 * 6, 'type: "Silence"') == [False]  # without classes it is not known
