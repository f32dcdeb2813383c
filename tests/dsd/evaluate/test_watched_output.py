"""The output that measures a test net, and its direction."""

from __future__ import annotations

import pytest

import netdef
from dsd.evaluate.watched_output import default_output, improves_upward, score_size, why_not_single

HEAD = """layer { name: "in" type: "Input" top: "x" top: "y"
          input_param { shape { dim: 2 dim: 3 } shape { dim: 2 } } }"""
LOSS = 'layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "y" top: "cost" }'
RIGHT = 'layer { name: "a" type: "Accuracy" bottom: "x" bottom: "y" top: "right" }'
NAMED = 'layer { name: "b" type: "Accuracy" bottom: "x" bottom: "y" top: "accuracy_1" }'
MAPS = """layer { name: "maps" type: "Input" top: "scores" top: "labels"
          input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } shape { dim: 2 dim: 1 dim: 5 dim: 4 } } }"""
DETECTION = """
    layer { name: "found" type: "Input" top: "found" top: "true"
            input_param { shape { dim: 1 dim: 1 dim: 6 dim: 7 } shape { dim: 1 dim: 1 dim: 4 dim: 8 } } }
    layer { name: "map" type: "DetectionEvaluate" bottom: "found" bottom: "true" top: "map"
            detection_evaluate_param { num_classes: 3 } }"""


def net(*layers: str, **options: bool):
    return netdef.loads(HEAD + "".join(layers), phase="TEST", **options)


def test_an_accuracy_by_name_goes_before_one_by_type_and_before_a_loss():
    assert default_output(net(LOSS, RIGHT, NAMED)) == "accuracy_1"
    assert default_output(net(LOSS, RIGHT)) == "right"
    assert default_output(net(LOSS)) == "cost"
    assert default_output(net(LOSS, DETECTION)) == "map"
    assert default_output(net('layer { name: "s" type: "Softmax" bottom: "x" top: "p" }')) is None


def test_an_output_of_one_number_goes_before_one_of_several():
    several = MAPS + 'layer { name: "s" type: "SegAccuracy" bottom: "scores" bottom: "labels" top: "several" }'
    assert default_output(net(several, RIGHT)) == "right"
    assert default_output(net(several)) == "several"


@pytest.mark.parametrize(("layers", "upward"), [
    (LOSS + RIGHT + NAMED, {"cost": False, "right": True, "accuracy_1": True}),
    (DETECTION, {"map": True}),
    (MAPS + 'layer { name: "s" type: "SegAccuracy" bottom: "scores" bottom: "labels" top: "pixels" }', {"pixels": True}),
    (MAPS + 'layer { name: "s" type: "IOUAccuracy" bottom: "scores" bottom: "labels" top: "iou" }', {"iou": True}),
    ('layer { name: "p" type: "Reduction" bottom: "x" top: "sum" }', {"sum": False}),
])
def test_the_direction_of_outputs(layers, upward):
    found = net(layers)
    assert {name: improves_upward(found, name) for name in upward} == upward


@pytest.mark.parametrize("base", ["caffe.Layer", "torch.nn.Module"])
@pytest.mark.parametrize("larger", [True, False])
def test_the_class_of_a_python_layer_says_its_direction(tmp_path, monkeypatch, base, larger):
    monkeypatch.syspath_prepend(tmp_path)
    name = f"scores_{base[0]}{larger:d}"
    (tmp_path / f"{name}.py").write_text(f"""
import caffe, torch
class Score({base}):
    larger_is_better = {larger}
    def setup(self, bottom, top): pass
    def reshape(self, bottom, top): top[0].reshape(1)
    def forward(self, *blobs): return blobs[0].mean().reshape(1)
""" if base == "caffe.Layer" else f"""
import torch
class Score(torch.nn.Module):
    larger_is_better = {larger}
    def forward(self, x): return x.mean().reshape(1)
""")
    layer = f'layer {{ name: "s" type: "Python" bottom: "x" top: "share" python_param {{ module: "{name}" layer: "Score" }} }}'
    assert improves_upward(net(layer, allow_python=True), "share") is larger


def test_the_rows_of_detections_have_one_score():
    found = net(DETECTION)
    assert score_size(found, "map") == 1 and why_not_single(found, "map") is None


def test_complaints_about_an_output():
    found = net(LOSS, MAPS, 'layer { name: "s" type: "SegAccuracy" bottom: "scores" bottom: "labels" top: "pixels" }')
    assert why_not_single(found, "pixels") == "output `pixels` has 3 numbers; only one can be followed"
    assert why_not_single(found, "cots") == (
        "the test net has no output `cots`; did you mean `cost`? Its outputs are cost, pixels")
