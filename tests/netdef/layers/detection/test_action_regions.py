"""Regions of people and of what is around them, by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

from netdef.errors import NetdefError, SpecError

X = draw(6, 3, 1, 2)
SCORES = "secondary_regions_op_scores_param"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_first_region_of_each_image(phase: str):
    first, others = tops_of("ExtractPrimary", "extract_primary_param { ims_per_batch: 2 }", 2, phase, x=X)
    assert torch.equal(first, X[[0, 3]]) and torch.equal(others, X[[1, 2, 4, 5]])


@pytest.mark.parametrize("regions", ["n_secondary_regions: 3", "n_secondary_regions: 4 has_scene_branch: true"])
def test_the_largest_score(regions: str):
    top, region, place = tops_of("SecondaryRegionsOpScores", f"{SCORES} {{ {regions} }}", 3, x=X)
    groups = X.reshape(2, 3, 3, 1, 2)
    assert torch.equal(top, groups.amax(1))
    assert torch.equal(X[region.long().flatten(), torch.arange(6).repeat(2) // 2, 0, torch.arange(2).repeat(6)], top.flatten())
    assert torch.equal(X.flatten()[place.long()], top)


def test_a_second_bottom_has_a_number_for_each_image():
    counts = torch.full((3, 1, 1, 1), 2.0).double()
    top = top_of("SecondaryRegionsOpScores", f"{SCORES} {{ op_scores: AVE }}", x=X, n=counts)
    torch.testing.assert_close(top, (X[::2] + X[1::2]) / 2)


def test_the_gradient_of_sum_is_that_of_the_mean():
    x = X.clone().requires_grad_()
    net = one_layer("SecondaryRegionsOpScores", f"{SCORES} {{ op_scores: SUM n_secondary_regions: 3 }}", x=x)
    top = net(x=x)["y0"]
    torch.testing.assert_close(top, torch.stack([X[:3].sum(0), X[3:].sum(0)]))
    slope = draw(2, 3, 1, 2, seed=2)
    (top * slope).sum().backward()
    torch.testing.assert_close(x.grad, slope.repeat_interleave(3, 0) / 3)


@pytest.mark.parametrize(("labels", "sign"), [((4, 4), 1), ((4, 5), -1)])
def test_the_loss_of_two_items(labels: tuple[int, int], sign: int):
    """Distance 5; half of 0.5 * 25 - 2 is 5.25, and -5.25 is below the threshold."""
    x = torch.tensor([[1.0, 2], [4, 6]]).double().requires_grad_()
    t = torch.tensor(labels).double()
    net = one_layer("SimilaryEuclideanLoss", "similary_euclidean_loss_param { learn_lr: 0.5 }", "TRAIN", x=x, t=t)
    loss = net(x=x, t=t)["y0"]
    loss.backward()
    assert loss.item() == sign * 5.25
    assert x.grad.tolist() == [[-0.75, -1] if sign > 0 else [0, 0], [0, 0]]


def test_what_is_refused():
    with pytest.raises(SpecError, match="has 6 regions for 4 images"):
        one_layer("ExtractPrimary", "extract_primary_param { ims_per_batch: 4 }", tops=2, x=X)
    net = one_layer("ExtractPrimary", "extract_primary_param { ims_per_batch: 6 }", tops=2, x=X)  # as a deploy net is built
    assert net.shapes["y1"] == (1, 3, 1, 2)
    with pytest.raises(NetdefError, match="got one region an image, 6 in all"):
        net(x=X)
    with pytest.raises(SpecError, match="has 6 regions, 4 an image"):
        one_layer("SecondaryRegionsOpScores", f"{SCORES} {{ n_secondary_regions: 4 }}", x=X)
    with pytest.raises(SpecError, match="has 6 regions, 0 an image"):
        one_layer("SecondaryRegionsOpScores", f"{SCORES} {{ n_secondary_regions: 1 has_scene_branch: true }}", x=X)
    with pytest.raises(SpecError, match="has 6 regions, 4 images"):
        one_layer("SecondaryRegionsOpScores", x=X, n=(4, 1, 1, 1))
    with pytest.raises(SpecError, match="has tops for indices"):
        one_layer("SecondaryRegionsOpScores", f"{SCORES} {{ n_secondary_regions: 3 op_scores: AVE }}", tops=2, x=X)
    with pytest.raises(SpecError, match="the features of 2 items, and their labels"):
        one_layer("SimilaryEuclideanLoss", "similary_euclidean_loss_param { }", x=X, t=(6,))
    with pytest.raises(SpecError, match="needs a `similary_euclidean_loss_param`"):
        one_layer("SimilaryEuclideanLoss", x=X[:2], t=(2,))
