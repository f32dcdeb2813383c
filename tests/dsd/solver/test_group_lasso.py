"""Decay of whole groups of weights, and a regularisation of single blobs: from the fork of SSL (Wen et al. 2016)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dsd.solver.group_lasso import GroupLasso, KernelLasso
from dsd.solver.rules import SGD


def by_hand(weight: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """w / |block|, block by block; 0 where the block is."""
    out = np.zeros_like(weight)
    for r in range(0, weight.shape[0], rows):
        for c in range(0, weight.shape[1], columns):
            block = weight[r : r + rows, c : c + columns]
            norm = np.sqrt((block**2).sum())
            if norm:
                out[r : r + rows, c : c + columns] = block / norm
    return out


@pytest.mark.parametrize(("rows", "columns"), [(1, 15), (6, 1), (3, 1), (2, 5), (6, 15), (1, 1)])
def test_blocks_of_the_matrix(rows: int, columns: int):
    weight = torch.randn(6, 3, 5, dtype=torch.float64)
    weight.view(6, 15)[:, 4] = 0
    weight[2] = 0
    gradient = torch.ones_like(weight)
    GroupLasso(rows, columns, 0.25).add_(gradient, weight)
    expected = 1 + 0.25 * by_hand(weight.view(6, 15).numpy(), rows, columns)
    np.testing.assert_allclose(gradient.view(6, 15).numpy(), expected, rtol=1e-12)


def test_one_value_and_a_vector():
    for weight in (torch.tensor(-3.0), torch.tensor([3.0, -4.0])):
        gradient = torch.zeros_like(weight)
        GroupLasso(weight.numel(), 1, 0.5).add_(gradient, weight)
        torch.testing.assert_close(gradient, 0.5 * weight / weight.norm())


def test_each_blob_by_its_own_rule():
    w, v = (torch.nn.Parameter(torch.tensor([[2.0, -3.0], [0.0, 4.0]])) for _ in range(2))
    solver = SGD([{"params": [w], "regularization": "L1"}, {"params": [v], "lassos": (GroupLasso(1, 2, 2.0),)}],
                 lr=1.0, weight_decay=0.5)
    solver.step()
    start = torch.tensor([[2.0, -3.0], [0.0, 4.0]])
    torch.testing.assert_close(w.detach(), start - 0.5 * start.sign())
    torch.testing.assert_close(v.detach(), start - 0.5 * start - 2 * start / start.norm(dim=1, keepdim=True))


def test_what_is_small_stays():
    """The fork zeroes parameters below 1e-4 after each step; here that is for a sparse phase to do."""
    w = torch.nn.Parameter(torch.tensor([[3e-5, 4e-5], [1.0, 0.0]]))
    SGD([{"params": [w], "lassos": (GroupLasso(1, 2, 1.0),)}], lr=1e-5).step()
    torch.testing.assert_close(w.detach(), torch.tensor([[2.4e-5, 3.2e-5], [1 - 1e-5, 0]]))


def test_rows_and_columns_of_square_kernels():
    """Each of two groups of filters by its own norms, over the filters and one axis of the kernels for one input."""
    weight = torch.randn(6, 2, 3, 3, dtype=torch.float64)
    weight[:3, 1, 2] = 0
    gradient = torch.ones_like(weight)
    KernelLasso(2, 0.25).add_(gradient, weight)
    wanted = torch.ones_like(weight)
    for filters in (slice(0, 3), slice(3, 6)):
        for channel in range(2):
            for i in range(3):
                for part in ((filters, channel, i), (filters, channel, slice(None), i)):
                    if weight[part].norm():
                        wanted[part] += 0.25 * weight[part] / weight[part].norm()
    torch.testing.assert_close(gradient, wanted)
    assert not KernelLasso(1, 1).fits(weight[..., :2]) and not KernelLasso(1, 1).fits(weight[0])
