"""FlowWarping and FlowTransformer: an image at displaced places."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def by_hand(image: torch.Tensor, flow: torch.Tensor, whole=int) -> torch.Tensor:
    """Place by place."""
    top = torch.zeros_like(image)
    n, _, height, width = image.shape
    for item in range(n):
        for i in range(height):
            for j in range(width):
                y, x = i + flow[item, 0, i, j].item(), j + flow[item, 1, i, j].item()
                r, c = whole(y), whole(x)
                for row, share in ((r, 1 - (y - r)), (r + 1, y - r)):
                    for column, part in ((c, 1 - (x - c)), (c + 1, x - c)):
                        if 0 <= row < height and 0 <= column < width:
                            top[item, :, i, j] += share * part * image[item, :, row, column]
    return top


def test_values_between_and_beyond():
    image, flow = draw(2, 3, 4, 5), 2 * draw(2, 2, 4, 5, seed=2)
    places = torch.arange(4)[:, None] + flow[:, 0]
    assert (places < -1).any() and ((places > -1) & (places < 0)).any() and (places > 4).any()
    torch.testing.assert_close(top_of("FlowWarping", x=image, f=flow), by_hand(image, flow))


def test_whole_steps_move_rows_by_the_first_channel():
    image = draw(1, 2, 3, 4).requires_grad_()
    flow = torch.zeros(1, 2, 3, 4).double()
    flow[:, 0], flow[:, 1] = 1, -2
    top = top_of("FlowWarping", x=image, f=flow)
    wanted = torch.zeros_like(image)
    wanted[:, :, :2, 2:] = image[:, :, 1:, :2]
    assert torch.equal(top, wanted)


def test_a_flow_that_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="displacements must be as large, with 2 channels"):
        one_layer("FlowWarping", x=(1, 3, 4, 5), f=(1, 2, 5, 4))


def test_flow_transformer_takes_columns_first_and_fades_at_borders():
    image, flow = draw(2, 3, 4, 5), 2 * draw(2, 2, 4, 5, seed=2)
    top = top_of("FlowTransformer", x=image, f=flow)
    torch.testing.assert_close(top, by_hand(image, flow.flip(1), math.floor))
    assert not torch.allclose(top, top_of("FlowWarping", x=image, f=flow.flip(1)))


def test_flow_transformer_gives_the_image_no_gradient():
    image, flow = draw(1, 1, 3, 4).requires_grad_(), torch.full((1, 2, 3, 4), 0.25).double().requires_grad_()
    top_of("FlowTransformer", x=image, f=flow).sum().backward()
    assert image.grad is None or not image.grad.any()
    x = image.detach()[0, 0]
    slope = 0.75 * (x[0, 1] - x[0, 0]) + 0.25 * (x[1, 1] - x[1, 0])
    assert flow.grad[0, 0, 0, 0].item() == pytest.approx(slope.item())
