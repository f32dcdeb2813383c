"""Items of length 1."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize(("kind", "small"), [("NormL2", 1e-7), ("NormalizationL2", 1e-10)])
def test_an_item_is_divided_by_its_length(kind: str, small: float):
    x = draw(2, 3, 5) * 1e-3
    expected = [x[item] / (sum(value * value for value in x[item].flatten().tolist()) + small) ** 0.5 for item in range(2)]
    assert torch.allclose(top_of(kind, x=x), torch.stack(expected), rtol=1e-12)
    x = draw(2, 3, 5).requires_grad_()
    net = one_layer(kind, "", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_a_bottom_without_numbers_of_an_item_is_refused():
    with pytest.raises(netdef.SpecError, match="at least 2 axes"):
        one_layer("NormL2", x=(3,))
