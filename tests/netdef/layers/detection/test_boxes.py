"""Arithmetic of boxes: overlap, codes, suppression."""

import math

import pytest
import torch

from netdef.layers.detection.boxes import decode, encode, overlaps, suppress

PRIORS = torch.tensor([[0.1, 0.2, 0.5, 0.4], [0.3, 0.1, 0.9, 0.8], [0.0, 0.5, 0.2, 1.0]])
VARIANCES = torch.tensor([0.1, 0.2, 0.4, 0.5]).expand(3, 4)
BOXES = torch.tensor([[0.15, 0.1, 0.6, 0.45], [0.2, 0.2, 0.7, 0.9], [0.1, 0.4, 0.3, 0.7]])


def test_overlap_is_intersection_over_union():
    a = torch.tensor([[0.0, 0, 0.4, 0.5], [0.6, 0.6, 0.5, 0.7]])  # the second is turned inside out
    b = torch.tensor([[0.2, 0.1, 0.6, 0.6], [0.4, 0, 0.8, 1], [0.0, 0, 0.4, 0.5]])
    both = 0.2 * 0.4
    torch.testing.assert_close(overlaps(a, b), torch.tensor([[both / (0.2 + 0.2 - both), 0, 1], [0, 0, 0]]))


@pytest.mark.parametrize("variances", [None, VARIANCES])
@pytest.mark.parametrize("code", ["CORNER", "CENTER_SIZE", "CORNER_SIZE"])
def test_decoding_undoes_encoding(code, variances):
    offsets = encode(code, PRIORS, variances, BOXES)
    torch.testing.assert_close(decode(code, PRIORS, variances, offsets), BOXES)


def test_codes_by_hand():
    """Prior 0: sides 0.4 and 0.2, centre (0.3, 0.3); box 0: sides 0.45 and 0.35, centre (0.375, 0.275)."""
    prior, box, variance = PRIORS[:1], BOXES[:1], VARIANCES[:1]
    by_hand = {
        "CORNER": [0.05, -0.1, 0.1, 0.05],
        "CORNER_SIZE": [0.05 / 0.4, -0.1 / 0.2, 0.1 / 0.4, 0.05 / 0.2],
        "CENTER_SIZE": [0.075 / 0.4, -0.025 / 0.2, math.log(0.45 / 0.4), math.log(0.35 / 0.2)],
    }
    for code, offsets in by_hand.items():
        torch.testing.assert_close(encode(code, prior, None, box), torch.tensor([offsets]))
        varied = [offset / v for offset, v in zip(offsets, (0.1, 0.2, 0.4, 0.5))]
        torch.testing.assert_close(encode(code, prior, variance, box), torch.tensor([varied]))


def test_suppression_keeps_the_first_of_those_that_overlap():
    row = torch.tensor([[x, 0, x + 1, 1] for x in (0.0, 0.25, 0.75, 0.5)])  # shift d: overlap (1 - d) / (1 + d)
    assert suppress(row, 0.5) == [0, 2]  # 0.25: 0.6 with the first; 0.75: 0.143; 0.5: 0.333 and 0.6 with the third
    assert suppress(row, 0.62) == [0, 1, 2, 3]
    assert suppress(row, 0.59) == [0, 2]
    assert suppress(row, 0.1) == [0]


def test_eta_lowers_the_threshold_while_it_is_above_a_half():
    """0.7 after the first is 0.56, under the 0.6 of the second; the third brings 0.448, under the fourth's 0.6."""
    row = torch.tensor([[x, 0, x + 1, 1] for x in (0.0, 0.25, 0.75, 0.5)])
    assert suppress(row, 0.7) == [0, 1, 2, 3]
    assert suppress(row, 0.7, eta=0.8) == [0, 2]
