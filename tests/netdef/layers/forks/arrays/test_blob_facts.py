"""GetDataDim and InnerProductBlob by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_the_sides_of_each_item():
    top = top_of("GetDataDim", x=torch.zeros(3, 2, 5, 4).double())
    assert top.shape == (3, 1, 1, 2) and top.reshape(3, 2).tolist() == [[5, 4]] * 3


def test_products_of_items():
    x, y = torch.tensor([[1.0, 2], [3, 4]]).double(), torch.tensor([[1.0, 0], [10, 1], [0, 5]]).double()
    top = top_of("InnerProductBlob", x=x, y=y[..., None, None])
    assert top.shape == (2, 3, 1, 1) and top[..., 0, 0].tolist() == [[1, 12, 10], [3, 34, 20]]
    with pytest.raises(netdef.SpecError, match="they must be"):
        one_layer("InnerProductBlob", x=(2, 3), y=(2, 4))
