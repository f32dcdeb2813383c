"""MultiBoxLoss against its definition, box by box."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of

import netdef

PRIORS = [[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.12, 0.1, 0.42, 0.5], [0.0, 0.6, 0.3, 1.1]]


VARIANCE = [0.1, 0.1, 0.2, 0.2]


TRUE = [[0, 1, 0, 0.1, 0.12, 0.4, 0.5, 0], [0, 2, 1, 0.55, 0.5, 0.9, 0.8, 1], [1, 1, 0, 0.0, 0.5, 0.3, 1.0, 0]]


def loss(param, loc, conf, true=TRUE, more=""):
    prior = torch.tensor([PRIORS, [VARIANCE] * 4]).reshape(1, 2, -1)
    true = torch.tensor(true).reshape(1, 1, -1, 8)
    return top_of(
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


def test_priors_over_difficult_boxes_can_be_left_out(predicted):
    """Prior 1 overlaps the difficult box 1 alone: no match and no negative. Prior 2 overlaps one more than box 0 does."""
    loc, conf = predicted
    expected = by_hand(loc, conf, [(0, 0, 0), (0, 2, 0), (1, 3, 2)], [(0, 3), (1, 0), (1, 1), (1, 2)])
    given = "ignore_difficult_gt: true neg_pos_ratio: 9"
    assert float(loss(given, *flat(loc, conf))) == pytest.approx(expected, rel=1e-5)
    over = [[0, 2, 2, *PRIORS[2], 1], *TRUE]  # a difficult box that is prior 2, and overlaps prior 0 less than box 0
    expected = by_hand(loc, conf, [(0, 0, 0), (1, 3, 2)], [(0, 3), (1, 0), (1, 1), (1, 2)])
    assert float(loss(given, *flat(loc, conf), true=over)) == pytest.approx(expected, rel=1e-5)


def test_rows_of_image_minus_one_are_ignored(predicted):
    whole = loss("", *flat(*predicted))
    assert float(loss("", *flat(*predicted), [TRUE[0], [-1.0] * 8, *TRUE[1:], [-1.0] * 8])) == float(whole)


def test_no_true_boxes_give_no_loss(predicted):
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


def test_each_normaliser_by_hand(predicted):
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
def test_unimplemented_options_are_refused(predicted, param, message):
    with pytest.raises(netdef.SpecError, match=message):
        loss(param, *flat(*predicted))


def test_focal_loss_of_dreadlord1984():
    """``(1 - p)^gamma`` for class 0, ``1 - p`` for others; the gradient of the first is that of an exponent of 1."""
    priors = torch.tensor([[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8]]).double()
    inputs = {"p": torch.stack((priors, torch.full((2, 4), 0.1).double())).reshape(1, 2, 8),
              "t": torch.tensor([0, 1, 0, 0.1, 0.1, 0.4, 0.5, 0]).double().reshape(1, 1, 1, 8)}
    scores = torch.tensor([[0.25, 0.75], [0.8, 0.2]]).double().log().reshape(1, 4).requires_grad_()
    param = "multibox_loss_param { num_classes: 2 mining_type: NONE conf_loss_type: FocalLoss fl_alpha: 0.75 fl_gamma: 3 }"
    loss = top_of("MultiBoxLoss", param, "TRAIN", l=torch.zeros(1, 8).double(), c=scores, **inputs)
    offsets = sum(abs(x) - 0.5 if abs(x) > 1 else x * x / 2 for x in [0.0] * 4)
    assert loss.item() == pytest.approx(offsets - 0.25 * math.log(0.75) - 0.2**3 * math.log(0.8))
    loss.backward()
    first, second = 0.25 - 0.75 * math.log(0.75), 0.2 - 3 * 0.8 * math.log(0.8)
    assert scores.grad.tolist()[0] == pytest.approx([first * 0.25, -first * 0.25, -second * 0.2, second * 0.2])
