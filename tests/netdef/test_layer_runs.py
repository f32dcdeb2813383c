"""A net of one layer and its runs."""

from __future__ import annotations

import pytest
import torch

from netdef.layer_runs import OneLayer

TEXT = 'layer { name: "l" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 4 } }'


@pytest.fixture
def one() -> OneLayer:
    return OneLayer(TEXT, "TRAIN", {"x": (2, 3)}, allow_python=False)


def test_shapes_become_numbers_with_a_gradient_and_tensors_stay(one):
    assert one.inputs["x"].shape == (2, 3) and one.inputs["x"].requires_grad
    given = torch.ones(2, 3)
    kept = OneLayer(TEXT, "TEST", {"x": given}, allow_python=False).inputs["x"]
    assert kept.equal(given) and not kept.requires_grad


def test_blobs_are_no_zeros(one):
    assert (one.name, one.layer.type_name) == ("l", "InnerProduct")
    assert all(blob.all() for blob in one.layer.blobs)


def test_a_run_has_tops_and_gradients(one):
    tops, gradients = one.run(one.net)
    weight, bias = one.layer.blobs
    torch.testing.assert_close(tops["y"], (one.inputs["x"] @ weight.t() + bias).detach())
    assert {name: tuple(x.shape) for name, x in gradients.items()} == {"x": (2, 3), "l.weight": (4, 3), "l.bias": (4,)}


def test_another_net_has_the_same_blobs(one):
    other = one.another_net(mask=0, phase="TEST")
    assert other.phase == "TEST" and other.masked == {"l_mask": [("l", "weight")]}
    assert all(map(torch.equal, other.layers["l"].blobs, one.layer.blobs))


def test_what_tops_are_overwritten_with_does_not_change_those_returned(one):
    tops, _ = one.run(one.net, after=lambda tops: tops["y"].detach().zero_())
    assert tops["y"].all()
