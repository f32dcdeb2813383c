"""The permutohedral lattice (Adams, Baek and Davis 2010): Gaussian filtering of many points by features of few dimensions."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class PermutohedralLattice:
    """A lattice over ``features`` (points, d), in units of the Gaussian's standard deviation, on their device.

    It has the vertices of the simplices that the points lie in, and no others, as in the code of dense random fields
    (Kraehenbuehl and Koltun 2011): the filter is near the Gaussian, and exactly what that code computes. Everything is
    computed in single precision, but what is filtered.
    """

    def __init__(self, features: Tensor):
        elevated = _elevate(features.float())
        corner, rank = _simplex(elevated)
        self.weights = _barycentric(elevated, corner, rank)
        d = features.shape[1]
        remainder = torch.arange(d + 1, device=features.device)[:, None]
        steps = torch.where(rank[:, None, :d] <= d - remainder, remainder, remainder - (d + 1))
        codes, strides = _codes(corner[:, None, :d].long() + steps)
        vertices, places = torch.unique(codes.flatten(), return_inverse=True)
        self.places = places.reshape(codes.shape)
        self.neighbors = [_neighbors(vertices, step) for step in _directions(strides, d)]

    def filter(self, values: Tensor) -> Tensor:
        """The blurred values (points, channels), up to a constant factor that normalising removes."""
        weights = self.weights.to(values.dtype)[..., None]
        missing = len(self.neighbors[0][0])  # a vertex more, which stays 0, for neighbours that are not there
        lattice = values.new_zeros(missing + 1, values.shape[1])
        lattice = lattice.index_add(0, self.places.flatten(), (weights * values[:, None]).flatten(0, 1))
        for before, after in self.neighbors:
            blurred = lattice[:-1] + 0.5 * (lattice[before] + lattice[after])
            lattice = torch.cat((blurred, lattice[-1:]))
        return (weights * lattice[self.places]).sum(1)

    def normalized(self, values: Tensor) -> Tensor:
        """The means of the values, weighted by the filter."""
        return self.filter(values) / (self.filter(values.new_ones(len(values), 1)) + 1e-20)


def _elevate(features: Tensor) -> Tensor:
    """The points in the plane of d + 1 coordinates whose sum is 0, so stretched that the lattice blurs by one unit."""
    d = features.shape[1]
    factors = [math.sqrt(2 / 3) * (d + 1) / math.sqrt((j + 1) * (j + 2)) for j in range(d)]
    scaled = features * torch.tensor(factors, device=features.device)
    behind = torch.zeros_like(scaled[:, 0])
    coordinates = []
    for j in range(d, 0, -1):
        coordinates.append(behind - j * scaled[:, j - 1])
        behind = behind + scaled[:, j - 1]
    return torch.stack([behind, *reversed(coordinates)], 1)


def _simplex(elevated: Tensor) -> tuple[Tensor, Tensor]:
    """For each point: the lattice point of remainder 0 of its simplex, and the ranks of its distances from it."""
    size = elevated.shape[1]
    rounded = (elevated / size).round()
    corner, excess = rounded * size, rounded.sum(1, keepdim=True)
    distance = elevated - corner
    before = torch.arange(size, device=elevated.device)
    one, other = distance[:, :, None], distance[:, None, :]
    # Of equal distances the later coordinate has the higher rank.
    higher = torch.where(before[:, None] > before, other >= one, other > one)
    rank = higher.sum(2) + excess
    under, over = rank < 0, rank >= size
    turn = size * (under.float() - over.float())
    return corner + turn, (rank + turn).long()


def _barycentric(elevated: Tensor, corner: Tensor, rank: Tensor) -> Tensor:
    """The weights of the d + 1 vertices of each point's simplex, by remainder."""
    size = elevated.shape[1]
    part = (elevated - corner) / size
    found = part.new_zeros(len(part), size + 1)
    found = found.scatter_add(1, size - 1 - rank, part).scatter_add(1, size - rank, -part)
    found[:, 0] += 1 + found[:, size]
    return found[:, :size]


def _codes(keys: Tensor) -> tuple[Tensor, Tensor]:
    """One number for each key (..., d), different from its neighbours', and the increment for a step along each coordinate.

    Where so many numbers are more than 64 bits hold they are hashes, whose chance of being equal is below 1e-6.
    """
    d = keys.shape[-1]
    low, high = keys.amin((0, 1)) - d, keys.amax((0, 1)) + d
    sizes = (high - low + 1).tolist()
    if math.prod(sizes) < 2**62:
        strides = torch.tensor([math.prod(sizes[j + 1 :]) for j in range(d)], device=keys.device)
    else:
        strides = torch.randint(-(2**62), 2**62, (d,), generator=torch.Generator().manual_seed(d)).to(keys.device)
    return ((keys - low) * strides).sum(-1), strides


def _directions(strides: Tensor, d: int) -> list[int]:
    """The increments of a key's number for a step along each of the d + 1 axes of the lattice."""
    back = -strides.sum(0, keepdim=True)  # wraps around, as the sums of hashes do
    return torch.cat((back + (d + 1) * strides, back)).tolist()


def _neighbors(vertices: Tensor, step: int) -> tuple[Tensor, Tensor]:
    """The indices of the neighbours of all vertices on both sides; the number of vertices for a missing neighbour."""
    found = []
    for wanted in (vertices + step, vertices - step):
        place = torch.searchsorted(vertices, wanted).clamp(max=len(vertices) - 1)
        found.append(place.where(vertices[place] == wanted, len(vertices)))
    return found[0], found[1]
