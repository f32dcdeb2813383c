"""Mask: the covered weight, its blob, and errors."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError
from netdef.layers.mask import Mask

NET = """
layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ dim: 2 dim: 3 }} }} }}
layer {{ name: "m" type: "Mask" top: "m" mask_param {{ {} }} }}
layer {{ name: "ip" type: "InnerProduct" bottom: "x" bottom: "m" top: "y"
        inner_product_param {{ num_output: 4 bias_term: false weight_filler {{ type: "gaussian" }} }} }}
"""


@pytest.fixture
def mask() -> Mask:
    return netdef.loads(NET.format("sparsity: 0.25")).masks["m"]


def test_it_has_the_shape_of_its_readers_weight(mask):
    assert (mask.shape, mask.blob_index, mask.kept) == ((4, 3), 0, None)
    assert mask.sparsity == 0.25
    assert netdef.loads(NET.format("")).masks["m"].sparsity is None


def test_pruned_weights_are_zero_and_get_no_gradient(mask):
    weight = torch.full((4, 3), 2.0)
    weight[0, 0] = torch.nan
    weight.requires_grad_()
    kept = torch.ones(4, 3, dtype=torch.bool)
    kept[0, 0] = kept[2, 1] = False
    mask.set(kept)
    covered = mask.cover(weight)
    assert covered[0, 0] == covered[2, 1] == 0 and covered.sum() == 20
    covered.sum().backward()
    assert weight.grad.equal(kept.float())


def test_a_mask_that_keeps_all_or_is_folded_leaves_the_weight_as_it_is(mask):
    weight = torch.ones(4, 3)
    assert mask.cover(weight) is weight
    mask.set(torch.zeros(4, 3))
    mask.folded = True
    assert mask.cover(weight) is weight


def test_its_blob_is_true_where_weights_are_kept(mask):
    weight = torch.ones(4, 3)
    assert mask(weight).equal(torch.ones(4, 3, dtype=torch.bool))
    mask.set(torch.eye(4, 3))
    assert mask(weight).dtype == torch.bool and mask(weight).sum() == 3


def test_a_mask_of_another_shape_is_an_error(mask):
    with pytest.raises(ValueError, match=r"mask `m` has shape \(3, 4\), its weight \(4, 3\)"):
        mask.set(torch.ones(3, 4))


@pytest.mark.parametrize("sparsity", ["1", "-0.1"])
def test_sparsities_outside_zero_to_one_are_refused(sparsity):
    with pytest.raises(SpecError, match=f"has `sparsity` {sparsity}; it must be at least 0 and below 1"):
        netdef.loads(NET.format(f"sparsity: {sparsity}"))
