"""The lattice against the published algorithm written point by point."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from one_layer import draw

from netdef.layers.forks.segmentation.permutohedral import PermutohedralLattice


def by_the_book(features: list[list[float]], values: list[float]) -> list[float]:
    """Adams et al. 2010 for one channel: splat, blur, slice, with vertices in a dictionary."""
    d = len(features[0])
    corners = []
    for point in features:
        scaled = [f * math.sqrt(2 / 3) * (d + 1) / math.sqrt((j + 1) * (j + 2)) for j, f in enumerate(point)]
        y = [sum(scaled)] + [sum(scaled[j:]) - j * scaled[j - 1] for j in range(1, d + 1)]
        base = [(d + 1) * round(c / (d + 1)) for c in y]
        order = sorted(range(d + 1), key=lambda i: (base[i] - y[i], i))  # greatest distance first
        rank = {i: place for place, i in enumerate(order)}
        excess = sum(base) // (d + 1)
        for i in range(d + 1):
            rank[i] += excess
            if not 0 <= rank[i] <= d:
                turn = d + 1 if rank[i] < 0 else -(d + 1)
                rank[i], base[i] = rank[i] + turn, base[i] + turn
        part = {rank[i]: (y[i] - base[i]) / (d + 1) for i in range(d + 1)}  # falls from rank 0 to d
        weights = [1 - part[0] + part[d]] + [part[d - r] - part[d - r + 1] for r in range(1, d + 1)]
        for r in range(d + 1):
            key = tuple(base[i] + (r if rank[i] <= d - r else r - d - 1) for i in range(d))
            corners.append((key, weights[r]))
    lattice: dict[tuple[int, ...], float] = {}
    for (key, weight), value in zip(corners, itertools.chain.from_iterable([v] * (d + 1) for v in values)):
        lattice[key] = lattice.get(key, 0) + weight * value
    for j in range(d + 1):
        def shifted(key, sign, j=j):
            return tuple(k + sign * (-1 if i != j else d) for i, k in enumerate(key))
        lattice = {key: value + 0.5 * (lattice.get(shifted(key, 1), 0) + lattice.get(shifted(key, -1), 0))
                   for key, value in lattice.items()}
    found = [weight * lattice[key] for key, weight in corners]
    return [sum(found[i : i + d + 1]) for i in range(0, len(found), d + 1)]


@pytest.mark.parametrize("d", [2, 5, 40])
def test_the_lattice_is_that_of_the_paper(d):
    """In 40 dimensions its keys are hashed."""
    features, values = draw(30, d) * 1.7, draw(30, 3, seed=2)
    found = PermutohedralLattice(features).filter(values)
    for channel in range(3):
        expected = by_the_book(features.float().tolist(), values[:, channel].tolist())
        assert found[:, channel].tolist() == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_the_lattice_is_near_a_gaussian():
    features = torch.stack(torch.meshgrid(torch.arange(12.0), torch.arange(9.0), indexing="ij"), -1).flatten(0, 1) / 3
    values = torch.zeros(108, 1)
    values[4 * 9 + 4] = 1
    exact = torch.exp(-torch.cdist(features, features).square() / 2)
    found = PermutohedralLattice(features).normalized(values)
    assert (found - exact @ values / exact.sum(1, keepdim=True)).abs().max() < 0.2 * found.max()
