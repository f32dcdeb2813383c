"""DomainTransform and DomainTransformForwardOnly of DeepLab's fork."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

PARAM = "domain_transform_param { num_iter: 2 spatial_sigma: 3 range_sigma: 2 }"
SIZES = torch.tensor([[4.0, 3], [3, 5]]).double()


def by_hand(x: torch.Tensor, edges: torch.Tensor, least: float = 0) -> torch.Tensor:
    """Value by value, for each image of SIZES."""
    y = x.clone()
    for n, (rows, columns) in enumerate(SIZES.int().tolist()):
        for sigma in (3 * math.sqrt(3) * 2 / math.sqrt(15), 3 * math.sqrt(3) / math.sqrt(15)):
            w = (-math.sqrt(2) / sigma * (1 + edges[n, 0] * 3 / 2)).exp().clamp(least, 1)
            for h in range(rows):
                for i in range(1, columns):
                    y[n, :, h, i] += w[h, i] * (y[n, :, h, i - 1] - y[n, :, h, i])
                for i in range(columns - 2, -1, -1):
                    y[n, :, h, i] += w[h, i + 1] * (y[n, :, h, i + 1] - y[n, :, h, i])
            for i in range(columns):
                for h in range(1, rows):
                    y[n, :, h, i] += w[h, i] * (y[n, :, h - 1, i] - y[n, :, h, i])
                for h in range(rows - 2, -1, -1):
                    y[n, :, h, i] += w[h + 1, i] * (y[n, :, h + 1, i] - y[n, :, h, i])
    return y


@pytest.mark.parametrize("kind", ["DomainTransform", "DomainTransformForwardOnly"])
def test_the_filter_within_each_image(kind: str):
    x, edges = draw(2, 3, 4, 5), draw(2, 1, 4, 5, seed=2).abs()
    top = top_of(kind, PARAM, x=x, e=edges, s=SIZES)
    torch.testing.assert_close(top, by_hand(x, edges))
    assert torch.equal(top[0, :, :, 3:], x[0, :, :, 3:]) and not torch.equal(top[0, :, :, :3], x[0, :, :, :3])


def test_the_gradient_of_a_limited_share_is_that_of_a_free_one():
    """One row of two values: y1 = x1 + w (x0 - x1), then y0 = x0 + w (y1 - x0); w is ``least``, whose slope counts."""
    x = torch.tensor([1.0, 4]).double().reshape(1, 1, 1, 2)
    edges = torch.full((1, 1, 1, 2), 9.0).double().requires_grad_()
    param = "domain_transform_param { num_iter: 1 spatial_sigma: 2 range_sigma: 4 min_weight: 0.25 }"
    top = top_of("DomainTransform", param, x=x, e=edges, s=torch.tensor([[1.0, 2]]).double())
    y1 = 4 + 0.25 * (1 - 4)
    assert top.flatten().tolist() == [1 + 0.25 * (y1 - 1), y1]
    top.sum().backward()
    slope = -math.sqrt(2) / 2 * 2 / 4 * 0.25  # sigma is 2 sqrt(3) / sqrt(3).
    along_w = (1 - 4) * 1.25 + (y1 - 1)
    assert edges.grad.flatten().tolist() == pytest.approx([0, slope * along_w])


def test_forward_only_has_no_gradient():
    x = draw(1, 2, 3, 4).requires_grad_()
    assert not top_of("DomainTransformForwardOnly", x=x, e=draw(1, 1, 3, 4), s=torch.tensor([[3.0, 4]])).requires_grad


@pytest.mark.parametrize(("param", "edges", "sizes", "message"), [
    ("", (2, 3, 4, 5), (2, 2), "an edge map .2, 1, 4, 5."),
    ("", (2, 1, 4, 5), (2, 1), "the height and width of each image"),
    ("num_iter: 0", (2, 1, 4, 5), (2, 2), "`num_iter` 0; it must be at least 1"),
    ("range_sigma: 0", (2, 1, 4, 5), (2, 2), "`range_sigma` 0; it must be above 0"),
    ("min_weight: -1", (2, 1, 4, 5), (2, 2), "`min_weight` -1; it must be at least 0"),
])
def test_refusals(param, edges, sizes, message):
    with pytest.raises(netdef.SpecError, match=message):
        one_layer("DomainTransform", f"domain_transform_param {{ {param} }}", x=(2, 3, 4, 5), e=edges, s=sizes)
