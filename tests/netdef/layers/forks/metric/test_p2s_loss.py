"""P2SLoss: pairs and triplets of a set."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

PAIRS = "num_positive: 1 num_negative: 1 choose_positive: 1 margin1: 0.5 margin2: 4"
LABELS = torch.tensor([0.0, 0, 0, 1]).double()


def of_items(*items: float, requires_grad: bool = False) -> torch.Tensor:
    return torch.tensor(items).double()[:, None].requires_grad_(requires_grad)


def test_pairs_and_one_triplet_by_hand():
    x = of_items(0, 2, 1, 1.5, requires_grad=True)
    loss = top_of("P2SLoss", f"p2s_loss_param {{ {PAIRS} weight: 0.5 alpha: 0.5 beta: 0.25 eta: 0.1 margin3: 1 }}", x=x, t=LABELS)
    of_pairs = (4 - 0.5) + (4 - 0.25)
    shift = 0.25 - 0.1 * (1.5**2 - 0.5**2)  # n is the last item, of another label and at a smaller distance from its own.
    mu, nu = 0.5 + shift, 0.5 - shift
    triplet = 1 + 4 - mu * 1.5**2 - nu * 0.5**2
    assert loss.item() == pytest.approx((of_pairs + 0.5 * (triplet + 1)) / 4)
    loss.backward()
    a, p = -2 + mu * 1.5, 2 - nu * 0.5  # Halves of derivatives.
    wanted = [-2 + 0.5 * a, 2 + 0.5 * p, 0.5, -0.5 - 0.5 * (a + p)]
    assert (2 * x.grad[:, 0]).tolist() == pytest.approx(wanted)


def test_the_pair_of_least_distance_makes_no_triplet_and_is_zero_where_it_is_drawn():
    x = of_items(0, 1, 9, 9.1, 0, 3, 9, 9.2, requires_grad=True)
    labels = torch.tensor([0.0, 0, 0, 0, 0, 0, 0, 0]).double()
    param = "num_positive: 2 num_negative: 1 choose_positive: 1 margin1: 100 margin3: 20 weight: 1 alpha: 0.5 beta: 0 eta: 0"
    loss = top_of("P2SLoss", f"p2s_loss_param {{ {param} }}", x=x, t=labels)
    # All of one label, so that n is the dropped pair's second item, item 1, as 0.
    triplets = [F for a, p in ((9, 9.1), (0, 3), (9, 9.2)) if (F := max(20 + (a - p) ** 2 - a * a / 2 - p * p / 2, 0))]
    assert loss.item() == pytest.approx((sum(triplets) + 20) / 8)
    loss.backward()
    assert x.grad[0].item() == 0 and x.grad[1].item() == pytest.approx(3 / 8)  # The gradient of n though it is 0.


def test_n_is_drawn_from_pairs_of_no_greater_distance():
    x, labels = of_items(0, 1, 0, 5, 0, 1, 3, 3.5), torch.tensor([0.0, 0, 0, 1, 0, 0, 2, 3]).double()
    param = f"{PAIRS.split('margin1')[0]} margin1: 100 margin2: 0 margin3: 30 weight: 1 alpha: 0.5 beta: 0 eta: 0"
    near = 30 + 1 - (3.5**2 + 2.5**2) / 2  # 5 is of another label, too, but of a distance above 1.
    found = {round(top_of("P2SLoss", f"p2s_loss_param {{ {param} }}", x=x, t=labels).item(), 9) for _ in range(20)}
    assert found == {round((2 * near + 60) / 8, 9)}


def test_what_the_fork_takes_from_elsewhere_is_refused():
    with pytest.raises(netdef.SpecError, match="6 items; it wants groups of 4"):
        one_layer("P2SLoss", f"p2s_loss_param {{ {PAIRS} }}", x=(6, 3), t=(6,))
    with pytest.raises(netdef.SpecError, match="`num_positive` above 0"):
        one_layer("P2SLoss", "p2s_loss_param { num_positive: 0 }", x=(8, 3), t=(8,))
    with pytest.raises(netdef.NetdefError, match="first two of which differ in label"):
        top_of("P2SLoss", f"p2s_loss_param {{ {PAIRS} }}", x=draw(4, 3), t=torch.tensor([0.0, 1, 0, 0]))
    with pytest.raises(netdef.NetdefError, match="items of one label"):
        top_of("P2SLoss", f"p2s_loss_param {{ {PAIRS} }}", x=draw(4, 3), t=torch.zeros(4))
