from __future__ import annotations

import math

import pytest
import torch

from dsd.evaluate.calibration import Calibration


def test_the_error_by_hand():
    """Two bins: 0.5 (two predictions, one right) and 0.9 (three, all right)."""
    calibration = Calibration()
    calibration.add(torch.tensor([[0.5, 0.3, 0.2], [0.1, 0.9, 0.0]]), torch.tensor([0, 1]))
    calibration.add(torch.tensor([[0.25, 0.25, 0.5], [0.9, 0.1, 0.0], [0.05, 0.05, 0.9]]), torch.tensor([1, 0, 2]))
    assert calibration.error() == pytest.approx((2 * abs(1 / 2 - 0.5) + 3 * abs(3 / 3 - 0.9)) / 5)


def test_confidence_and_accuracy_are_compared_bin_by_bin():
    """One sure and wrong, one unsure and right: their means over all would be equal."""
    calibration = Calibration()
    calibration.add(torch.tensor([[1.0, 0.0], [0.5, 0.5]]), torch.tensor([1, 0]))
    assert calibration.error() == pytest.approx((1.0 + 0.5) / 2)


def test_a_bin_ends_with_its_upper_bound():
    """0.6 = 9/15 and 0.5999 are in one bin, so that right and wrong cancel out; 0.6001 is in the next."""
    for other, gap in ((0.5999, abs(1 - 0.6 - 0.5999)), (0.6001, (1 - 0.6) + 0.6001)):
        calibration = Calibration()
        calibration.add(torch.tensor([[0.6, 0.4], [other, 1 - other]], dtype=torch.float64), torch.tensor([0, 1]))
        assert calibration.error() == pytest.approx(gap / 2)


def test_there_is_none_without_predictions_or_with_one_that_is_no_number():
    assert math.isnan(Calibration().error())
    calibration = Calibration()
    calibration.add(torch.tensor([[math.nan, math.nan]]), torch.tensor([0]))
    assert math.isnan(calibration.error())
