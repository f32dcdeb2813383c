"""Arrays of any number of items, batch by batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netdef.pycaffe.net import Net

TRAIN, TEST = 0, 1


@pytest.mark.parametrize("count", [3, 4, 9])
def test_any_number_of_items_batch_by_batch(file, count):
    net, x = Net(file, TEST), np.random.default_rng(1).normal(size=(count, 3, 6, 5)).astype(np.float32)
    found = net.forward_all(blobs=["conv"], data=x)
    with torch.no_grad():
        wanted = net.module(data=torch.from_numpy(x))["left"].numpy()
    assert found["left"].shape == (count, 7) and found["conv"].shape == (count, 2, 4, 3)
    np.testing.assert_allclose(found["left"], wanted, rtol=1e-5, atol=1e-5)
