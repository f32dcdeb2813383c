"""FlowWarping, FlowTransformer and Warping: an image at displaced places."""

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


def test_beyond_the_border_are_its_values():
    """Warping: columns first. Beyond the border a value is that of the nearest place, row by row and column by column."""
    image = draw(2, 3, 4, 5).requires_grad_()
    flow = (3 * draw(2, 2, 4, 5, seed=2)).requires_grad_()
    padded = torch.nn.functional.pad(image.detach(), (20, 20, 20, 20), mode="replicate")
    rows, columns = torch.arange(4)[:, None] + 20, torch.arange(5) + 20
    y, x = flow[:, 1].detach() + rows, flow[:, 0].detach() + columns
    wanted = torch.zeros_like(image)
    for n in range(2):
        for i in range(4):
            for j in range(5):
                r, c = math.floor(y[n, i, j]), math.floor(x[n, i, j])
                a, b = (y[n, i, j] - r).item(), (x[n, i, j] - c).item()
                corners = padded[n, :, r : r + 2, c : c + 2]
                shares = torch.tensor([[(1 - a) * (1 - b), (1 - a) * b], [a * (1 - b), a * b]])
                wanted.data[n, :, i, j] = (corners * shares).sum((1, 2))
    net = one_layer("Warping", image=image, flow=flow)
    torch.testing.assert_close(net(image=image, flow=flow)["y0"], wanted)
    assert torch.autograd.gradcheck(lambda a, b: net(image=a, flow=b)["y0"], (image, flow))


def test_displacements_in_two_bottoms_are_of_a_fork_without_a_source():
    with pytest.raises(netdef.SpecError, match="JunhyeongBak/Caffe_Light_Field, which never published its source"):
        one_layer("Warping", x=(2, 3, 4, 5), a=(2, 1, 4, 5), b=(2, 1, 4, 5))
