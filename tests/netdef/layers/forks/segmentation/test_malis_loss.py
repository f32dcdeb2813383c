"""The loss of affinities by the pairs of pixels that they join."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef
from netdef.testing import check_layer

# Pixels A B C D in a line, of segments 1 1 2 2; the last edge leads nowhere.
FOUND = torch.tensor([0.7, 0.4, 0.9, 0.5]).double().reshape(1, 1, 4)
TRUE = torch.tensor([1.0, 0, 1, 0]).double().reshape(1, 1, 4)
SEGMENTS = torch.tensor([1.0, 1, 2, 2]).double().reshape(1, 1, 4)


def test_of_a_line():
    """Different: edges of 1, 0.4 and 1, BC joins all 4 pairs of 4. One: edges of 0.7, 0 and 0.9 join 1, 0 and 1 of 2 pairs."""
    x = FOUND.clone().requires_grad_()
    loss = top_of("MalisLoss", x=x, a=TRUE, t=SEGMENTS)
    assert loss.item() == pytest.approx(0.4**2 * 4 / 4 / 2 + (0.3**2 + 0.1**2) / 2 / 2)
    loss.backward()
    assert x.grad.flatten().tolist() == pytest.approx([-0.3 / 2 / 2, 0.4 / 2, -0.1 / 2 / 2, 0])


def test_of_two_items_it_is_the_mean_and_the_gradient_is_not():
    x = torch.cat((FOUND, FOUND)).requires_grad_()
    loss = top_of("MalisLoss", x=x, a=torch.cat((TRUE, TRUE)), t=torch.cat((SEGMENTS, 0 * SEGMENTS)))
    assert loss.item() == pytest.approx((0.4**2 / 2 + 0.1 / 4) / 2)
    loss.backward()
    assert x.grad[0].flatten().tolist() == pytest.approx([-0.075, 0.2, -0.025, 0]) and not x.grad[1].any()


def test_a_plane_has_edges_down_and_across():
    """Of 2 x 2 pixels of one segment: the tree takes 0.9 across, 0.8 down and 0.6 across; 6 pairs, of which they join 1, 2, 3."""
    found = torch.tensor([[[0.8, 0.1], [9, 9]], [[0.9, 9], [0.6, 9]]]).double()[None]
    loss = top_of("MalisLoss", x=found, a=torch.ones_like(found), t=torch.ones(1, 1, 2, 2))
    assert loss.item() == pytest.approx((0.1**2 * 1 + 0.2**2 * 2 + 0.4**2 * 3) / 6 / 2)


def test_steps_of_edges_and_segments_of_two_channels():
    """Edges one back and three on. Pairs of one segment are those of the second channel: A and D alone, joined by 0.8."""
    found = torch.tensor([[9.0, 0.2, 0.1, 0.3], [0.8, 9, 9, 9]]).double()[None]
    segments = torch.tensor([[0.0, 0, 0, 0], [5, 0, 0, 5]]).double()[None]
    loss = top_of("MalisLoss", x=found, a=torch.ones_like(found), t=segments, s=torch.tensor([[0.0, 0, -1], [0, 0, 3]]))
    assert loss.item() == pytest.approx(0.2**2 / 2)


def test_the_promises_of_a_layer_and_its_second_top():
    assert tops_of("MalisLoss", "", 2, x=FOUND, a=TRUE, t=SEGMENTS)[1].equal(FOUND)
    check_layer('layer { name: "l" type: "MalisLoss" bottom: "x" bottom: "a" bottom: "t" top: "y" }', gradients=False,
                x=draw(1, 2, 3, 4), a=draw(1, 2, 3, 4).round(), t=draw(1, 1, 3, 4).round().abs())


@pytest.mark.parametrize(("shapes", "complaint"), [
    ({"x": (1, 2), "a": (1, 2), "t": (1, 1)}, "1 to 3 axes behind batch and edges"),
    ({"x": (1, 2, 3, 4), "a": (1, 2, 3, 5), "t": (1, 1, 3, 4)}, "both affinities must be alike"),
    ({"x": (1, 2, 3, 4), "a": (1, 2, 3, 4), "t": (1, 3, 3, 4)}, "of 1 or 2 channels"),
    ({"x": (1, 5, 3, 4), "a": (1, 5, 3, 4), "t": (1, 1, 3, 4)}, "give their steps in a fourth bottom"),
    ({"x": (1, 5, 3, 4), "a": (1, 5, 3, 4), "t": (1, 1, 3, 4), "s": (4, 3)}, "3 steps for each of 5 edges"),
])
def test_what_does_not_fit_is_refused(shapes: dict[str, tuple[int, ...]], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("MalisLoss", **shapes)


def test_an_affinity_that_is_no_number_is_an_error():
    with pytest.raises(netdef.NetdefError, match="not a finite number"):
        top_of("MalisLoss", x=FOUND * float("nan"), a=TRUE, t=SEGMENTS)
