"""Labels: one for each prediction or item, and labels that are no class."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

import netdef
from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError, SpecError
from netdef.layers.core.labels import check_one_label_each, check_one_label_each_item, stray_label


@pytest.fixture
def spec() -> LayerDefinition:
    return read_net_text('layer { name: "l" type: "HingeLoss" bottom: "x" bottom: "t" top: "y" }').layers[0]


def test_another_number_of_labels_than_predictions_is_refused(spec):
    check_one_label_each(spec, [(4, 3, 5), (4, 1, 5)], axis=1)
    check_one_label_each(spec, [(4, 3, 5), (12,)], axis=2)
    with pytest.raises(SpecError, match=r"classes on axis 1, so 20 predictions, but labels of shape \(4, 3\), 12 in all"):
        check_one_label_each(spec, [(4, 3, 5), (4, 3)], axis=1)


def test_another_number_of_labels_than_items_is_refused(spec):
    check_one_label_each_item(spec, (4, 1, 1), 1)
    check_one_label_each_item(spec, (6,), 1, items=6)
    with pytest.raises(SpecError, match=r"has 4 items, but labels of shape \(4, 2\), 8 in all") as error:
        check_one_label_each_item(spec, (4, 2), 1)
    assert error.value.problems[0].span.text == 'bottom: "t"'


@pytest.mark.parametrize("ignored, label", [(None, -2), (-2, 3)])
def test_a_stray_label_is_named(ignored, label):
    layer = SimpleNamespace(name="l", type_name="HingeLoss")
    error = stray_label(layer, torch.tensor([0, -2, 3, 2]), 3, ignored)
    assert str(error) == f"layer `l` (HingeLoss) got the label {label}; its scores have 3 classes, 0 to 2"


@pytest.mark.parametrize("label", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("layer", ["SoftmaxWithLoss", "HingeLoss", "MultinomialLogisticLoss", "Accuracy"])
def test_a_label_that_is_not_finite_is_named(layer: str, label: str):
    net = netdef.loads(f"""
        layer {{ name: "in" type: "Input" top: "x" top: "t" input_param {{ shape {{ dim: 2 dim: 3 }} shape {{ dim: 2 }} }} }}
        layer {{ name: "l" type: "{layer}" bottom: "x" bottom: "t" top: "y" }}""")
    with pytest.raises(NetdefError, match=rf"`l` \({layer}\) got a label that is not a finite number; its scores have 3"):
        net(x=torch.ones(2, 3), t=torch.tensor([1.0, float(label)]))
