"""The output that a study measures."""

from __future__ import annotations

import pytest

from dsd.study.metric import Metric
from netdef.errors import NetdefError


def test_an_accuracy_is_an_error_in_percent():
    metric = Metric("accuracy_top1", True)
    assert metric.error({"accuracy_top1": 0.75, "loss": 3.0}) == 25
    assert (metric.label, metric.what, metric.unit) == ("test error (%)", "test error", " points")
    assert metric.noise([25, 30]) == pytest.approx(1e-4)


def test_a_loss_is_its_own_error():
    metric = Metric("loss", False)
    assert metric.error({"loss": 0.7}) == 0.7 and metric.error({"loss": None}) is None
    assert (metric.label, metric.what, metric.unit) == ("test loss", "test loss", "")
    assert metric.noise([0.5, -4]) == pytest.approx(4e-6) and metric.noise([]) == 0


def test_a_list_is_refused():
    with pytest.raises(NetdefError, match="--metric loss: this output has 2 numbers; a study compares one"):
        Metric("loss", False).error({"loss": [1.0, 2.0]})
