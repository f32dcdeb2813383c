"""PriorBox, DetectionOutput and MultiBoxLoss against their definitions, box by box."""

import math

import pytest
import torch

import netdef

PRIORS = [[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.12, 0.1, 0.42, 0.5], [0.0, 0.6, 0.3, 1.1]]
VARIANCE = [0.1, 0.1, 0.2, 0.2]


def net(kind, param, shapes):
    text = "".join(
        f'layer {{ name: "{name} in" type: "Input" top: "{name}" input_param {{ shape {{ '
        f"{' '.join(f'dim: {size}' for size in shape)} }} }} }}\n"
        for name, shape in shapes.items()
    )
    bottoms = " ".join(f'bottom: "{name}"' for name in shapes)
    return netdef.loads(f'{text} layer {{ name: "l" type: "{kind}" {bottoms} top: "y" {param} }}', phase="TRAIN")


def run(kind, param, **inputs):
    inputs = {name: torch.as_tensor(x, dtype=torch.float64) for name, x in inputs.items()}
    return net(kind, param, {name: x.shape for name, x in inputs.items()}).double()(**inputs)["y"]


# PriorBox


def prior_boxes(param, plane=(2, 3), image=(20, 30)):
    return run("PriorBox", f"prior_box_param {{ {param} }}", x=torch.zeros(1, 7, *plane), i=torch.zeros(1, 4, *image))


def test_priors_by_hand():
    """Two rows and three columns over 20 x 30: steps of 10, centres 5, 15, 25 and 5, 15."""
    top = prior_boxes(
        "min_size: 4.9 min_size: 6 max_size: 9 max_size: 10 aspect_ratio: 2 aspect_ratio: 1 variance: 0.3"
    )
    expected = []
    for y in (5, 15):
        for x in (5, 15, 25):
            for least, most in ((4, 9), (6, 10)):  # 4.9 is cut to 4
                mean = math.sqrt(least * most)
                for w, h in (
                    (least, least),
                    (mean, mean),
                    (least * 2**0.5, least / 2**0.5),
                    (least / 2**0.5, least * 2**0.5),
                ):
                    expected += [(x - w / 2) / 30, (y - h / 2) / 20, (x + w / 2) / 30, (y + h / 2) / 20]
    assert top.shape == (1, 2, 2 * 3 * 8 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))
    torch.testing.assert_close(top[0, 1], torch.full_like(top[0, 1], 0.3), rtol=1e-6, atol=0)


def test_steps_offsets_sizes_and_clipping():
    top = prior_boxes(
        "min_size: 8 aspect_ratio: 4 flip: false clip: true step_h: 6 step_w: 5 offset: 0.25 img_h: 12 img_w: 15 "
        "variance: 0.1 variance: 0.2 variance: 0.3 variance: 0.4",
        plane=(1, 2),
    )
    expected = []
    for x in (1.25, 6.25):
        for w, h in ((8, 8), (16, 4)):
            expected += [(x - w / 2) / 15, (1.5 - h / 2) / 12, (x + w / 2) / 15, (1.5 + h / 2) / 12]
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype).clamp(0, 1))
    torch.testing.assert_close(top[0, 1], torch.tensor([0.1, 0.2, 0.3, 0.4] * 4, dtype=top.dtype), rtol=1e-6, atol=0)


def test_several_boxes_beside_each_other_at_a_place():
    """OpenCV's form of TextBoxes: each box at each of the offsets."""
    top = prior_boxes("min_size: 6 aspect_ratio: 4 flip: false offset_h: 0.5 offset_w: 0.5 offset_h: 1 offset_w: 0.25",
                      plane=(1, 2))
    expected = []
    for column in (0, 1):  # steps of 15 and 20
        for w, h in ((6, 6), (12, 3)):
            for x, y in (((column + 0.5) * 15, 10), ((column + 0.25) * 15, 20)):
                expected += [(x - w / 2) / 30, (y - h / 2) / 20, (x + w / 2) / 30, (y + h / 2) / 20]
    assert top.shape == (1, 2, 2 * 2 * 2 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))


@pytest.mark.parametrize(
    ("param", "message"),
    [
        ("min_size: 3 offset_h: 1", "1 `offset_h` and 0 `offset_w`"),
        ("min_size: 3 offset_h: 1 offset_w: 1 offset: 0.5", "both `offset` and `offset_h`"),
        ("", "needs a `min_size`"),
        ("min_size: 3 max_size: 3", "`max_size` 3, which is not above its `min_size` 3"),
        ("min_size: 3 max_size: 4 max_size: 5", "2 `max_size` and 1 `min_size`"),
        ("min_size: 3 aspect_ratio: 0", "`aspect_ratio` 0"),
        ("min_size: 3 aspect_ratio: inf", "`aspect_ratio` inf"),
        ("min_size: 3 variance: 0.1 variance: 0.2", "`variance`"),
        ("min_size: 3 step: 4 step_h: 4", "both `step` and `step_h`"),
    ],
)
def test_priors_are_refused(param, message):
    with pytest.raises(netdef.SpecError, match=message):
        prior_boxes(param)


# DetectionOutput


def detections(param, loc, conf, priors=PRIORS):
    prior = torch.tensor([priors, [VARIANCE] * len(priors)]).reshape(1, 2, -1)
    return run("DetectionOutput", f"detection_output_param {{ {param} }}", l=loc, c=conf, p=prior)[0, 0].tolist()


def near(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert one == pytest.approx(other, abs=1e-6)


CONF = [[0.1, 0.7, 0.2], [0.2, 0.2, 0.6], [0.05, 0.9, 0.05], [0.5, 0.1, 0.4]]  # four priors, three classes


def test_the_better_of_two_that_overlap_stays():
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


def test_top_k_counts_before_suppression_and_keep_top_k_after_over_classes():
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


# MultiBoxLoss

TRUE = [[0, 1, 0, 0.1, 0.12, 0.4, 0.5, 0], [0, 2, 1, 0.55, 0.5, 0.9, 0.8, 1], [1, 1, 0, 0.0, 0.5, 0.3, 1.0, 0]]


def loss(param, loc, conf, true=TRUE, more=""):
    prior = torch.tensor([PRIORS, [VARIANCE] * 4]).reshape(1, 2, -1)
    true = torch.tensor(true).reshape(1, 1, -1, 8)
    return run(
        "MultiBoxLoss", f"multibox_loss_param {{ num_classes: 3 {param} }} {more}", l=loc, c=conf, p=prior, t=true
    )


def by_hand(loc, conf, matches, negatives, weight=1.0):
    """The loss from (image, prior, box) and (image, prior): sums of smooth L1 and of -log softmax, over matches."""
    total = 0.0
    for image, prior, box in matches:
        for i in range(4):
            wanted = (TRUE[box][3 + i] - PRIORS[prior][i]) / VARIANCE[i]
            d = abs(float(loc[image, prior, i]) - wanted)
            total += weight * (d * d / 2 if d < 1 else d - 0.5)
    for image, prior, label in [(i, p, int(TRUE[b][1])) for i, p, b in matches] + [(i, p, 0) for i, p in negatives]:
        scores = [float(s) for s in conf[image, prior]]
        total += math.log(sum(map(math.exp, scores))) - scores[label]
    return total / max(1, len(matches))


@pytest.fixture
def predicted():
    draw = torch.Generator().manual_seed(4)
    return (torch.randn(2, 4, 4, generator=draw).double() * 2, torch.randn(2, 4, 3, generator=draw).double() * 2)


def flat(*tensors):
    return [x.reshape(len(x), -1) for x in tensors]


def test_matches_and_hard_negatives(predicted):
    """Image 0: box 0 has prior 0 (0.95), and by prediction prior 2 (over 0.5); box 1 has prior 1. Image 1: prior 3."""
    loc, conf = predicted
    background = torch.log_softmax(conf, 2)[1, :3, 0]
    hardest = background.argsort()[
        :2
    ].tolist()  # of image 1's three unmatched, twice its one match; image 0: prior 3 alone
    expected = by_hand(
        loc,
        conf,
        [(0, 0, 0), (0, 2, 0), (0, 1, 1), (1, 3, 2)],
        [(0, 3), *((1, prior) for prior in hardest)],
        weight=1.5,
    )
    found = loss("neg_pos_ratio: 2 loc_weight: 1.5", *flat(loc, conf))
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_bipartite_matches_only_and_all_negatives(predicted):
    loc, conf = predicted
    expected = by_hand(loc, conf, [(0, 0, 0), (0, 1, 1), (1, 3, 2)], [(0, 2), (0, 3), (1, 0), (1, 1), (1, 2)])
    found = loss("match_type: BIPARTITE mining_type: NONE", *flat(loc, conf))
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_near_priors_are_no_negatives(predicted):
    """Bipartite leaves prior 2 without a box; it overlaps box 0 too much to count against it."""
    loc, conf = predicted
    expected = by_hand(loc, conf, [(0, 0, 0), (0, 1, 1), (1, 3, 2)], [(0, 3), (1, 0), (1, 1), (1, 2)])
    found = loss("match_type: BIPARTITE neg_pos_ratio: 9", *flat(loc, conf))
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_difficult_boxes_and_priors_over_the_edge_can_be_left_out(predicted):
    """Box 1 is difficult: prior 1 is free. Prior 3 reaches down to 1.1: it is neither match nor negative."""
    loc, conf = predicted
    expected = by_hand(loc, conf, [(0, 0, 0), (0, 2, 0)], [(0, 1)])
    found = loss(
        "use_difficult_gt: false ignore_cross_boundary_bbox: true neg_pos_ratio: 9", *flat(loc, conf), TRUE[:2]
    )
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_a_row_of_no_image_is_no_box_wherever_it_stands(predicted):
    whole = loss("", *flat(*predicted))
    assert float(loss("", *flat(*predicted), [TRUE[0], [-1.0] * 8, *TRUE[1:], [-1.0] * 8])) == float(whole)


def test_nothing_to_match_is_no_loss(predicted):
    assert float(loss("", *flat(*predicted), [[-1.0] * 8])) == 0


def test_a_box_for_each_class_and_agnostic_labels(predicted):
    """Offsets of the class of the matched box count; with agnostic labels every object is class 1."""
    loc, conf = predicted
    every = torch.zeros(2, 4, 3, 4, dtype=torch.float64)
    every[:, :, 1], every[:, :, 2] = loc, loc + 0.5
    moved = loc.clone()
    moved[0, 1] += 0.5  # matched with the one box of class 2
    expected = by_hand(moved, conf, [(0, 0, 0), (0, 1, 1), (1, 3, 2)], [])
    found = loss("match_type: BIPARTITE neg_pos_ratio: 0 share_location: false", *flat(every, conf))
    assert float(found) == pytest.approx(expected, rel=1e-5)
    swapped = conf.clone()
    swapped[0, 1] = conf[0, 1, [0, 2, 1]]
    found = loss("match_type: BIPARTITE neg_pos_ratio: 0 map_object_to_agnostic: true", *flat(loc, swapped))
    expected = by_hand(loc, conf, [(0, 0, 0), (0, 1, 1), (1, 3, 2)], [])
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_normalisers(predicted):
    """Four matches; eight priors in two images."""
    whole = float(loss("", *flat(*predicted))) * 4
    for mode, count in (("FULL", 8), ("BATCH_SIZE", 2), ("NONE", 1), ("VALID", 4)):
        found = loss("", *flat(*predicted), more=f"loss_param {{ normalization: {mode} }}")
        assert float(found) == pytest.approx(whole / count, rel=1e-6), mode


@pytest.mark.parametrize(
    ("param", "message"),
    [
        ("use_prior_for_matching: false", "matches predicted boxes"),
        ("mining_type: HARD_EXAMPLE", "mines HARD_EXAMPLEs"),
        ("bp_inside: true", "bp_inside"),
        ("nms_param { nms_threshold: 0.7 }", "behind a suppression"),
        ("num_classes: 4", "given twice"),
        ("share_location: false", "4 priors and wants 48 offsets"),
    ],
)
def test_what_is_not_there_is_refused(predicted, param, message):
    with pytest.raises(netdef.SpecError, match=message):
        loss(param, *flat(*predicted))
