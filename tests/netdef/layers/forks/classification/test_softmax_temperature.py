"""SoftmaxTemperature and LogSumExp by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_a_softmax_of_scores_times_a_number():
    x = torch.tensor([[0.0, math.log(2) / 3]]).double()
    top = top_of("SoftmaxTemperature", "softmax_temperature_param { temperature: 3 }", x=x)
    assert top[0].tolist() == pytest.approx([1 / 3, 2 / 3])
    top = top_of("SoftmaxTemperature", "softmax_temperature_param { temperature: 3 is_append: true }", x=x)
    assert top[0].tolist() == pytest.approx([1 / 4, 2 / 4])


def test_log_sum_exp_of_items_and_places():
    x = torch.tensor([[[0.0, math.log(2)], [1, 1]], [[math.log(3), math.log(6)], [1, 1]]]).double()
    top = top_of("LogSumExp", x=x)
    assert top.shape == (1, 2, 1, 1) and top.flatten().tolist() == pytest.approx([math.log(3), 1])
    top = top_of("LogSumExp", "log_sum_exp_param { r: 2 }", x=x)
    assert top.flatten().tolist() == pytest.approx([math.log((1 + 4 + 9 + 36) / 4) / 2, 1])
    with pytest.raises(netdef.SpecError, match="other than 0"):
        one_layer("LogSumExp", "log_sum_exp_param { r: 0 }", x=(2, 3))
