"""Labels: one for each prediction or item, and labels that are no class."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

import netdef
from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError, SpecError
from netdef.layers.core.labels import check_one_label_each, check_one_label_each_item, label_error


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
def test_a_label_that_is_no_class_is_named(ignored, label):
    layer = SimpleNamespace(name="l", type_name="HingeLoss")
    error = label_error(layer, torch.tensor([0, -2, 3, 2]), 3, ignored)
    assert str(error) == f"layer `l` (HingeLoss) got the label {label}; its scores have 3 classes, 0 to 2"


@pytest.mark.parametrize("ignored, labels, hint", [
    (None, [1, 3], "; `loss_param { ignore_label: 3 }` leaves that label out"),
    (9, [1, 3], ""),  # only one can be left out
    (None, [1, torch.iinfo(torch.int64).min], ""),  # a NaN is no label
])
def test_the_way_to_leave_such_a_label_out_is_named(ignored, labels, hint):
    layer = SimpleNamespace(name="l", type_name="SoftmaxWithLoss")
    error = label_error(layer, torch.tensor(labels), 3, ignored, "loss_param")
    assert str(error).endswith(f"; its scores have 3 classes, 0 to 2{hint}")


@pytest.mark.parametrize("layer, param", [
    ("SoftmaxWithLoss", "loss_param"), ("Accuracy", "accuracy_param"), ("InfogainLoss", "loss_param")])
def test_leaving_such_a_label_out_as_the_error_says_works(layer: str, param: str):
    third = 'bottom: "m"' if layer == "InfogainLoss" else ""

    def net(more: str = "") -> netdef.Net:
        return netdef.loads(f"""
            layer {{ name: "in" type: "Input" top: "x" top: "t" top: "m"
                     input_param {{ shape {{ dim: 2 dim: 3 }} shape {{ dim: 2 }} shape {{ dim: 3 dim: 3 }} }} }}
            layer {{ name: "l" type: "{layer}" bottom: "x" bottom: "t" {third} top: "y" {more} }}
            layer {{ name: "rest" type: "Silence" bottom: "m" }}""")

    inputs = {"x": torch.zeros(2, 3), "t": torch.tensor([1.0, 3.0]), "m": torch.eye(3)}
    with pytest.raises(NetdefError) as raised:
        net()(**inputs)
    hint = f"{param} {{ ignore_label: 3 }}"
    assert hint in str(raised.value)
    assert torch.isfinite(net(hint)(**inputs)["y"])


@pytest.mark.parametrize("label", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("layer", ["SoftmaxWithLoss", "HingeLoss", "MultinomialLogisticLoss", "Accuracy"])
def test_a_label_that_is_not_finite_is_named(layer: str, label: str):
    net = netdef.loads(f"""
        layer {{ name: "in" type: "Input" top: "x" top: "t" input_param {{ shape {{ dim: 2 dim: 3 }} shape {{ dim: 2 }} }} }}
        layer {{ name: "l" type: "{layer}" bottom: "x" bottom: "t" top: "y" }}""")
    with pytest.raises(NetdefError, match=rf"`l` \({layer}\) got a label that is not a finite number; its scores have 3"):
        net(x=torch.ones(2, 3), t=torch.tensor([1.0, float(label)]))
