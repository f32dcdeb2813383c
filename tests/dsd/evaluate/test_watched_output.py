from __future__ import annotations

import netdef
from dsd.evaluate.watched_output import default_output, improves_upward

HEAD = """layer { name: "in" type: "Input" top: "x" top: "y"
          input_param { shape { dim: 2 dim: 3 } shape { dim: 2 } } }"""
LOSS = 'layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "y" top: "cost" }'
RIGHT = 'layer { name: "a" type: "Accuracy" bottom: "x" bottom: "y" top: "right" }'
NAMED = 'layer { name: "b" type: "Accuracy" bottom: "x" bottom: "y" top: "accuracy_1" }'


def net(*layers: str):
    return netdef.loads(HEAD + "".join(layers), phase="TEST")


def test_an_accuracy_by_name_goes_before_one_by_type_and_before_a_loss():
    assert default_output(net(LOSS, RIGHT, NAMED)) == "accuracy_1"
    assert default_output(net(LOSS, RIGHT)) == "right"
    assert default_output(net(LOSS)) == "cost"
    assert default_output(net('layer { name: "s" type: "Softmax" bottom: "x" top: "p" }')) is None


def test_accuracies_improve_upward():
    found = net(LOSS, RIGHT, NAMED)
    assert [improves_upward(found, name) for name in ("cost", "right", "accuracy_1")] == [False, True, True]
