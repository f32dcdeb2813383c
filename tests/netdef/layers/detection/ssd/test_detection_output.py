"""DetectionOutput against its definition, box by box."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError

PRIORS = [[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.12, 0.1, 0.42, 0.5], [0.0, 0.6, 0.3, 1.1]]


VARIANCE = [0.1, 0.1, 0.2, 0.2]


CONF = [[0.1, 0.7, 0.2], [0.2, 0.2, 0.6], [0.05, 0.9, 0.05], [0.5, 0.1, 0.4]]  # four priors, three classes


def detections(param, loc, conf, priors=PRIORS):
    prior = torch.tensor([priors, [VARIANCE] * len(priors)]).reshape(1, 2, -1)
    return top_of("DetectionOutput", f"detection_output_param {{ {param} }}", l=loc, c=conf, p=prior)[0, 0].tolist()


def near(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert one == pytest.approx(other, abs=1e-6)


def test_suppression_keeps_the_better_of_two_boxes():
    """Priors 0 and 2 overlap by 28 / 32; class by class, within a class by score."""
    found = detections(
        "num_classes: 3 nms_param { nms_threshold: 0.45 } confidence_threshold: 0.15",
        torch.zeros(1, 16),
        torch.tensor(CONF).reshape(1, 12),
    )
    near(
        found,
        [
            [0, 1, 0.9, *PRIORS[2]],
            [0, 1, 0.2, *PRIORS[1]],
            [0, 2, 0.6, *PRIORS[1]],
            [0, 2, 0.4, *PRIORS[3]],
            [0, 2, 0.2, *PRIORS[0]],
        ],
    )


def test_top_k_applies_before_suppression_and_keep_top_k_after():
    found = detections(
        "num_classes: 3 nms_param { nms_threshold: 0.45 top_k: 2 } confidence_threshold: 0.15 keep_top_k: 2",
        torch.zeros(1, 16),
        torch.tensor(CONF).reshape(1, 12),
    )
    near(found, [[0, 1, 0.9, *PRIORS[2]], [0, 2, 0.6, *PRIORS[1]]])


def test_offsets_of_centres_and_sizes():
    """Prior 1: centre (0.7, 0.65), sides 0.4 and 0.3; moved by 0.1 * 2 sides, sides times exp(0.2)."""
    loc = torch.zeros(1, 16)
    loc[0, 4:8] = torch.tensor([2.0, -1, 1, 0])
    found = detections(
        "num_classes: 3 code_type: CENTER_SIZE confidence_threshold: 0.55 nms_param { nms_threshold: 0.9 }",
        loc,
        torch.tensor(CONF).reshape(1, 12),
    )
    x, y, w = 0.7 + 0.2 * 0.4, 0.65 - 0.1 * 0.3, 0.4 * math.exp(0.2)
    near(
        found, [[0, 1, 0.9, *PRIORS[2]], [0, 1, 0.7, *PRIORS[0]], [0, 2, 0.6, x - w / 2, y - 0.15, x + w / 2, y + 0.15]]
    )


def test_a_box_for_each_class():
    """Without share_location the offsets are prior by prior, then class by class; class 2 of prior 1 alone is moved."""
    loc = torch.zeros(1, 4, 3, 4)
    loc[0, 1, 2] = 0.01
    found = detections(
        "num_classes: 3 share_location: false variance_encoded_in_target: true confidence_threshold: 0.55 "
        "nms_param { nms_threshold: 0.45 }",
        loc.reshape(1, 48),
        torch.tensor(CONF).reshape(1, 12),
    )
    near(found, [[0, 1, 0.9, *PRIORS[2]], [0, 2, 0.6, *(c + 0.01 for c in PRIORS[1])]])


def test_images_without_detections():
    conf = torch.tensor([CONF, CONF]).reshape(2, 12)
    found = detections("num_classes: 3 confidence_threshold: 0.95", torch.zeros(2, 16), conf)
    near(found, [[0, -1, -1, -1, -1, -1, -1], [1, -1, -1, -1, -1, -1, -1]])
    conf[1, 7] = 0.99  # class 1 of prior 2 of image 1
    near(detections("num_classes: 3 confidence_threshold: 0.95", torch.zeros(2, 16), conf), [[1, 1, 0.99, *PRIORS[2]]])


CLASSES, MAPS = 3, [(2, 3, 4), (1, 5, 2)]  # boxes a place, height, width


def parts(shared: bool = True) -> tuple[list[torch.Tensor], list[torch.Tensor], torch.Tensor]:
    """Scores (N, classes, R, H * W) and offsets (N, R * 4, H, W) of each map, for two images, and priors."""
    scores = [draw(2, CLASSES, r, h * w, seed=r).softmax(1) for r, h, w in MAPS]
    offsets = [draw(2, r * 4 * (1 if shared else CLASSES), h, w, seed=3 + r) / 4 for r, h, w in MAPS]
    corners = torch.rand(sum(r * h * w for r, h, w in MAPS), 2, generator=torch.Generator().manual_seed(5)).double() * 0.7
    boxes = torch.cat((corners, corners + 0.3), 1)
    return scores, offsets, torch.stack((boxes, torch.full_like(boxes, 0.1))).reshape(1, 2, -1)


def joined(scores: list[torch.Tensor], offsets: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """What SSD's nets make of them: places first, then boxes of a place, then numbers."""
    flat = [x.permute(0, 2, 3, 1).flatten(1) for x in offsets]
    return torch.cat(flat, 1), torch.cat([x.permute(0, 3, 2, 1).flatten(1) for x in scores], 1)


@pytest.mark.parametrize("shared", [True, False])
def test_maps_are_joined(shared):
    scores, offsets, priors = parts(shared)
    param = (f"num_classes: {CLASSES} share_location: {str(shared).lower()} nms_param {{ nms_threshold: 0.4 }} "
             "confidence_threshold: 0.3 code_type: CENTER_SIZE keep_top_k: 7")
    loc, conf = joined(scores, offsets)
    usual = one_layer("DetectionOutput", f"detection_output_param {{ {param} }}", loc=loc, conf=conf, priors=priors)
    expected = usual(loc=loc, conf=conf, priors=priors)["y0"]
    assert len(expected[0, 0]) > 7  # of two images
    blobs = {f"c{i}": x for i, x in enumerate(scores)} | {f"l{i}": x for i, x in enumerate(offsets)} | {"priors": priors}
    made = one_layer("DetectionOutput", f"detection_output_param {{ {param} nbottom: 2 no_permute: true }}", **blobs)
    assert torch.equal(made(**blobs)["y0"], expected)


def test_flat_maps_with_places_last_are_read():
    scores, offsets, priors = parts()
    loc, conf = joined(scores, offsets)
    param = f"num_classes: {CLASSES} confidence_threshold: 0.3"
    usual = one_layer("DetectionOutput", f"detection_output_param {{ {param} }}", loc=loc, conf=conf, priors=priors)
    blobs, ratios = {}, []
    for i, x in enumerate(scores):  # (N, classes, R, H * W)
        blobs[f"c{i}"] = x.flatten(1)
        ratios.append(f"ratio{i}: {x.shape[2]}")
    for i, y in enumerate(offsets):  # (N, R * 4, H, W)
        blobs[f"l{i}"] = y.reshape(len(y), -1, 4, *y.shape[2:]).transpose(1, 2).flatten(1)
    blobs["priors"] = priors
    made = one_layer(
        "DetectionOutput", f"detection_output_param {{ {param} nbottom: 2 ratio_permute: true {' '.join(ratios)} }}", **blobs)
    assert torch.equal(made(**blobs)["y0"], usual(loc=loc, conf=conf, priors=priors)["y0"])


@pytest.mark.parametrize("param, said", [
    ("nbottom: 2 ratio0: 7 ratio1: 1", "`ratio0` 7 does not divide"),
    ("nbottom: 2 ratio0: 2 ratio1: 0", "`ratio1`"),
    ("nbottom: 2 no_permute: true", "both `no_permute` and `ratio_permute`"),
    ("nbottom: 7", "at most 6 maps"),
    ("nbottom: 2 share_location: false", "with `share_location`"),
    ("nbottom: 3", "maps, as `ratio_permute` says"),
])
def test_flat_maps_with_places_last_that_do_not_fit_are_refused(param, said):
    scores, offsets, priors = parts()
    blobs = {"a": scores[0], "b": scores[1], "c": offsets[0], "d": offsets[1], "priors": priors}
    with pytest.raises(SpecError, match=said):
        one_layer("DetectionOutput", f"detection_output_param {{ num_classes: {CLASSES} ratio_permute: true {param} }}", **blobs)


def test_flat_maps_are_read():
    scores, offsets, priors = parts()
    loc, conf = joined(scores, offsets)
    param = f"num_classes: {CLASSES} confidence_threshold: 0.3"
    usual = one_layer("DetectionOutput", f"detection_output_param {{ {param} }}", loc=loc, conf=conf, priors=priors)
    first = MAPS[0][0] * MAPS[0][1] * MAPS[0][2]
    blobs = {"a": conf[:, : first * CLASSES], "b": conf[:, first * CLASSES :], "c": loc[:, : first * 4],
             "d": loc[:, first * 4 :], "priors": priors}
    made = one_layer("DetectionOutput", f"detection_output_param {{ {param} nbottom: 2 }}", **blobs)
    assert torch.equal(made(**blobs)["y0"], usual(loc=loc, conf=conf, priors=priors)["y0"])


def test_the_soft_suppression_of_jolibrains_fork_is_refused():
    blobs = {"loc": (1, 16), "conf": (1, 8), "priors": (1, 2, 16)}
    param = "detection_output_param { num_classes: 2 nms_param { soft_nms: %s theta: 0.4 } }"
    one_layer("DetectionOutput", param % "false", **blobs)
    with pytest.raises(SpecError, match="has `soft_nms: true`, by which jolibrain's fork drops other boxes"):
        one_layer("DetectionOutput", param % "true", **blobs)


def test_bottoms_that_disagree_are_refused():
    scores, offsets, priors = parts()
    blobs = {"a": scores[0], "b": scores[1], "c": offsets[0], "d": offsets[1], "priors": priors}
    param = "detection_output_param { num_classes: 3 nbottom: 2 no_permute: true }"
    for name, wrong, words in (
        ("d", offsets[1].flatten(2), r"scores `b` of shape \(2, 3, 1, 10\) and offsets `d` of shape \(2, 4, 10\)"),
        ("c", offsets[1], r"it wants scores \(N, classes, R, H \* W\)"),
        ("priors", priors[..., :-4], "has 34 predictions in its maps and 33 priors"),
    ):
        with pytest.raises(SpecError, match=words):
            one_layer("DetectionOutput", param, **blobs | {name: wrong})
    with pytest.raises(SpecError, match="has 5 bottoms; it wants maps, as `no_permute` says: scores of 6"):
        one_layer("DetectionOutput", "detection_output_param { num_classes: 3 no_permute: true }", **blobs)


def test_predictions_of_twice_as_many_priors_are_those_of_textboxes():
    for count, said in ((8, "wants 16 offsets an image; .*; for two boxes of each kind a place"), (5, r"has shape \(1, 20\)$")):
        with pytest.raises(SpecError, match=f"(?m)has 4 priors.*{said}"):
            one_layer("DetectionOutput", "detection_output_param { num_classes: 2 }",
                      loc=(1, 4 * count), conf=(1, 2 * count), priors=(1, 2, 16))
