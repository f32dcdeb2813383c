"""Scores of a test: means of outputs, and average precision of detections."""

from __future__ import annotations

import pytest
import torch

import netdef
from dsd.evaluate.average_precision import average_precision
from dsd.evaluate.scores import Scores
from dsd.plan.settings import check_settings
from netdef.definition.read import read_solver_text
from netdef.errors import NetdefError, SpecError

# By falling score: true, false, true, true, false; four boxes in all.
RANKED = [(0.9, 1), (0.8, 0), (0.7, 1), (0.6, 1), (0.5, 0)]
NET = """
layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 dim: 1 dim: 2 dim: 7 } } }
layer { name: "t" type: "Input" top: "t" input_param { shape { dim: 1 dim: 1 dim: 1 dim: 8 } } }
layer { name: "e" type: "DetectionEvaluate" bottom: "d" bottom: "t" top: "e" detection_evaluate_param { num_classes: 2 } }
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 3 } } }
layer { name: "y" type: "Power" bottom: "x" top: "y" power_param { scale: 2 } }
"""


def test_scores_are_means_over_batches():
    net, scores = netdef.loads(NET), None
    box = [0.1, 0.1, 0.4, 0.5]
    for number, found in enumerate(([[0, 1, 0.9, *box], [0, 1, 0.4, 0.7, 0.7, 0.9, 0.9]], [[0, 1, 0.6, 0.6, 0.6, 0.8, 0.9]])):
        outputs = net(d=torch.tensor(found)[None, None], t=torch.tensor([[0, 1, 0, *box, 0.0]])[None, None],
                      x=torch.full((3,), float(number)))
        scores = scores or Scores(net, "Integral")
        scores.add(outputs)
    found = scores.result()
    assert found["y"].tolist() == [1, 1, 1]  # the mean of 0 and 2
    assert found["e"].shape == () and found["e"].item() == pytest.approx(average_precision(RANKED[:2], 2, "Integral"))


def test_outputs_without_a_mean_are_refused():
    scores = Scores(netdef.loads(NET), "Integral")
    scores.add({"y": torch.ones(2, 7)})
    with pytest.raises(NetdefError, match=r"output `y` has shape \(2, 7\) in one batch and \(3, 7\) in another"):
        scores.add({"y": torch.ones(3, 7)})


def test_the_version_is_checked():
    check_settings(read_solver_text('ap_version: "MaxIntegral"'))
    with pytest.raises(SpecError, match='unknown `ap_version` "12point"; did you mean `11point`?'):
        check_settings(read_solver_text('ap_version: "12point"'))


def test_the_type_of_evaluation_is_checked():
    check_settings(read_solver_text('eval_type: "detection" show_per_class_result: true'))
    with pytest.raises(SpecError, match='unknown `eval_type` "detections"; did you mean `detection`?'):
        check_settings(read_solver_text('eval_type: "detections"'))
