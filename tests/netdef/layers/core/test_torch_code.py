"""Pieces of torch source."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netdef.layers.core.torch_code import TorchCode, Variable, arguments, broadcast, number, size_text


@pytest.mark.parametrize("value, text", [
    (3, "3"), (True, "True"), (2.0, "2"), (-0.5, "-0.5"), (float(np.float32(0.1)), "0.1"), (1e-5, "1e-05"), (1e9, "1e+09"),
])
def test_numbers_are_the_shortest_that_are_the_same_float32(value, text):
    assert number(value) == text
    assert np.float32(eval(text)) == np.float32(value)


def test_equal_sizes_are_one_number():
    assert size_text((3, 3)) == "3" and size_text((3, 2)) == "(3, 2)" and size_text([4]) == "4"


def test_arguments_leave_out_defaults():
    assert arguments(5, "x", stride=(2, 1), bias=(True, True)) == "5, x, stride=2"


def test_broadcast_appends_axes():
    assert broadcast("s", (1, 1)) == "s.reshape(*s.shape, 1, 1)" and broadcast("s", ()) == "s"


def test_a_variable_is_its_name_with_a_shape():
    x = Variable("x", (2, 3))
    assert f"{x} + 1" == "x + 1" and x.shape == (2, 3)


def test_the_code_of_an_affine_layer_computes_it():
    blobs = {"scale": torch.tensor([2.0, 3]), "bias": torch.tensor([1.0, -1])}
    code = TorchCode.of_affine("me", "x", blobs, (1,))
    assert code.members == {"_scale": "nn.Parameter(torch.ones((2,)))", "_bias": "nn.Parameter(torch.zeros((2,)))"}
    assert code.state == {"_scale": {"": blobs["scale"]}, "_bias": {"": blobs["bias"]}}
    x = torch.arange(8.0).view(2, 2, 2)
    space = {"x": x, "me_scale": blobs["scale"], "me_bias": blobs["bias"]}
    assert eval(code.call, space).equal(x * blobs["scale"][:, None] + blobs["bias"][:, None])
    code = TorchCode.of_affine("me", "x", {"bias": blobs["bias"]}, (1,), factor="y")
    assert code.call == "x * y + me_bias.reshape(2, 1)" and list(code.members) == ["_bias"]
