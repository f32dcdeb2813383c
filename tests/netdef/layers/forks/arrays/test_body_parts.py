"""PS: four bands of an image."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef


def test_bands_and_their_gradients():
    x = draw(2, 3, 10, 4).requires_grad_()
    tops = tops_of("PS", "", 4, x=x)
    for top, rows in zip(tops, (slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 10))):
        assert torch.equal(top, x[:, :, rows])
    (gradient,) = torch.autograd.grad(sum((i + 1) * top.sum() for i, top in enumerate(tops)), x)
    assert gradient[1, 2, :, 3].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 4, 4]


def test_too_few_rows_are_refused():
    with pytest.raises(netdef.SpecError, match="wants a bottom of at least 4 rows"):
        one_layer("PS", tops=4, x=(2, 3, 3, 4))
