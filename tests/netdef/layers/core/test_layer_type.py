"""The properties of layer types, by default and of the types that differ."""

from __future__ import annotations

import pytest

from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core.base import Layer
from netdef.layers.core.layer_type import LayerType
from netdef.layers.core.registry import known_types, registered


class Loss(LayerType):
    is_loss = True


def test_by_default_a_type_has_one_bottom_and_one_top():
    assert [LayerType.n_bottoms.admits(n) for n in range(3)] == [LayerType.n_tops.admits(n) for n in range(3)] == [
        False, True, False]


@pytest.mark.parametrize(("cls", "given"), [(LayerType, [True, True, True]), (Loss, [True, False, True])])
def test_force_backward_gives_the_labels_of_a_loss_no_gradient(cls, given):
    assert [cls.allows_force_backward(bottom) for bottom in range(3)] == given


def test_the_types_that_a_mask_covers_by_default():
    pruned = {name for name in known_types() if (cls := registered(name)) is not None and cls.pruned_by_default}
    assert {"Convolution", "Deconvolution", "InnerProduct", "LSTM", "RNN"} <= pruned
    assert not pruned & {"BatchNorm", "Scale", "Bias", "PReLU", "Embed"}


def test_losses_name_the_type_of_a_deployed_nets_answer():
    answers = {name: cls.answer_type for name in known_types() if (cls := registered(name)) is not None and cls.answer_type}
    assert answers["SoftmaxWithLoss"] == "Softmax" and answers["SigmoidCrossEntropyLoss"] == "Sigmoid"
    assert all(issubclass(registered(name), Layer) and registered(name).is_loss for name in answers)
