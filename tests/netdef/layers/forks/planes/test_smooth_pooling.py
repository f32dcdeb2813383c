"""SmoothPooling: a maximum that is smooth."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef
from netdef.layers.forks.planes.smooth_pooling import simplex
from netdef.testing import check_layer

X = torch.tensor([1.0, 3, 2, -1]).double().reshape(1, 1, 2, 2)


def blob(value: float, more: str = "") -> str:
    return f"smooth_pooling_param {{ smooth_filler {{ type: 'constant' value: {value} }} {more} }}"


def test_weights_of_a_simplex():
    values = torch.tensor([[1.0, 3, 2, -1], [5, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]]).double()
    # Two are above the shift of 2: it is (3 + 2 - 1) / 2; then one, of 4; then all, of 1 / 4.
    assert simplex(values, 1.0).tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]]
    assert simplex(values[:1], 3.0).tolist() == [[0, 2, 1, 0]]  # the shift is (3 + 2 - 3) / 2


def test_a_top_by_hand():
    """mu = 2: values 0.5, 1.5, 1, -0.5; the shift is (1.5 + 1 - 1) / 2 = 0.75, the weights 0.75 and 0.25."""
    top, weights = tops_of("SmoothPooling", blob(2), 2, x=X)
    assert weights.flatten().tolist() == [0, 0.75, 0.25, 0]
    assert top.item() == 0.75 * 3 + 0.25 * 2 - 2 / 2 * (0.75**2 + 0.25**2)
    fixed, _ = tops_of("SmoothPooling", blob(2, "fix_smooth: true"), 2, x=X)
    assert fixed.item() == 0.75 * 3 + 0.25 * 2


def test_a_further_value():
    """A value of 5 beside: 2.5 of mu 2 leaves 1.5 out; all of the sum is its own."""
    top, weights = tops_of("SmoothPooling", blob(2, "max_value: 5"), 2, x=X)
    assert not weights.any() and top.item() == 5 - 1
    (top, _) = tops_of("SmoothPooling", blob(2, "max_value: 2.5"), 2, x=X)
    assert top.item() == 0.75 * 3 + 0.25 * 2 - 0.625


def test_mu_counts_at_least_a_hundredth_and_learns_below():
    net = one_layer("SmoothPooling", blob(-1), "TRAIN", x=X)
    top = net(x=X)["y0"]
    assert top.item() == pytest.approx(3 - 0.005)
    top.backward()
    assert net.params["l"][0].grad.flatten().tolist() == [-0.5]


@pytest.mark.parametrize("more", ["", "unique_smooth: false", "z: 2.5", "fix_smooth: true"])
def test_the_layer_keeps_its_promises(more: str):
    check_layer(f"layer {{ name: 'l' type: 'SmoothPooling' bottom: 'x' top: 'y' {blob(1.5, more)} }}", x=(2, 3, 4, 5),
                gradients=False)  # Blobs are drawn anew, and may be below a hundredth.


@pytest.mark.parametrize(("more", "channels"), [("", 1), ("unique_smooth: false", 3)])
def test_mu_of_a_bottom(more: str, channels: int):
    mu = draw(2, channels, 1, 1).abs() + 0.5
    check_layer("layer { name: 'l' type: 'SmoothPooling' bottom: 'x' bottom: 'mu' top: 'y' "
                f"smooth_pooling_param {{ has_smooth_blobs: false {more} }} }}", x=(2, 3, 4, 5), mu=mu.requires_grad_())


def test_one_source_of_mu():
    with pytest.raises(netdef.SpecError, match="either a second bottom"):
        one_layer("SmoothPooling", "smooth_pooling_param { has_smooth_blobs: false }", x=(1, 2, 3, 4))
    with pytest.raises(netdef.SpecError, match=r"must have shape \(2, 3, 1, 1\)"):
        one_layer("SmoothPooling", "smooth_pooling_param { has_smooth_blobs: false unique_smooth: false }", x=(2, 3, 4, 5),
                  mu=(2, 1, 1, 1))
