"""VarLoss and SetLoss2: groups of items with one label."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of
from torch.autograd import grad

import netdef

X = torch.tensor([[1.0, 0], [3, 2], [0, 1], [0, -1], [5, 5], [5, 7]]).double()
LABELS = torch.tensor([4.0, 4, 2, 2, 4, 4])  # three groups, of the means (2, 1), (0, 0), (5, 6)


def test_distances_to_the_mean_of_the_group():
    x = X.clone().requires_grad_()
    loss = top_of("VarLoss", x=x, t=LABELS)
    assert loss.item() == pytest.approx((4 + 2 + 2) / 12)
    assert torch.equal(grad(loss, x)[0] * 6, torch.tensor([[-1.0, -1], [1, 1], [0, 1], [0, -1], [0, -1], [0, 1]]).double())


def test_distances_of_means():
    """Squared they are 5, 34 and 61; of those alpha leaves 10 - 1.25, 10 - 8.5 and nothing, over three pairs."""
    x = X.clone().requires_grad_()
    loss = top_of("SetLoss2", "set_loss2_param { alpha: 10 }", x=x, t=LABELS)
    assert loss.item() == pytest.approx((8.75 + 1.5) / 3)
    first, second, third = torch.tensor([[2.0, 1], [0, 0], [5, 6]]).double()
    of_means = torch.stack([(second - first) + (third - first), first - second, first - third]) / 2 / 3
    torch.testing.assert_close(grad(loss, x)[0], of_means.repeat_interleave(2, 0) / 2)


@pytest.mark.parametrize(("kind", "labels", "complaint"), [
    ("VarLoss", [1.0, 1, 1, 1, 2, 2], "the first 4 have one label; it wants groups of equal size"),
    ("SetLoss2", [1.0] * 6, "got items of one label"),
])
def test_groups_that_do_not_fit_are_an_error(kind: str, labels: list[float], complaint: str):
    with pytest.raises(netdef.NetdefError, match=complaint):
        top_of(kind, x=X, t=torch.tensor(labels))


def test_labels_that_are_too_few_are_refused():
    with pytest.raises(netdef.SpecError, match="has 6 items, but labels of shape"):
        one_layer("VarLoss", x=(6, 2), t=(5,))
