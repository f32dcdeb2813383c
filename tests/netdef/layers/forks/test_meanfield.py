"""The mean field of CRF-RNN, and its lattice against the published algorithm written point by point."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError
from netdef.layers.forks.permutohedral import PermutohedralLattice


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


@pytest.mark.parametrize("d", [2, 5])
def test_the_lattice_is_that_of_the_paper(d):
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


def field(param: str, phase: str = "TEST", **inputs: torch.Tensor):
    return one_layer("MultiStageMeanfield", f"multi_stage_meanfield_param {{ {param} }}", phase, **inputs)


def test_a_single_pixel_is_its_own_neighbour():
    """Q = U + (2 + 3) softmax(Q), twice, with three classes."""
    u, first, image = draw(1, 3, 1, 1), draw(1, 3, 1, 1, seed=2), draw(1, 3, 1, 1)
    net = field("num_iterations: 2 spatial_filter_weight: 2 bilateral_filter_weight: 3", u=u, q=first, image=image)
    one = u + 5 * first.softmax(1)
    torch.testing.assert_close(net(u=u, q=first, image=image)["y0"], u + 5 * one.softmax(1))


def test_each_class_has_its_weights_and_the_compatibility_is_a_matrix():
    u, image = draw(1, 2, 1, 1), draw(1, 3, 1, 1)
    net = field('num_iterations: 1 spatial_filter_weights_str: "2 -1" bilateral_filter_weights_str: "0.5\\n4"',
                u=u, q=u, image=image)
    assert [tuple(blob.shape) for blob in net.params["l"]] == [(1, 1, 2, 2)] * 3
    with torch.no_grad():
        net.params["l"][2].copy_(torch.tensor([[0.0, 1], [3, 0]]))
    p = u.softmax(1).flatten()
    a, b = 2.5 * p[0], 3 * p[1]
    expected = u.flatten() - torch.stack((b, 3 * a))
    torch.testing.assert_close(net(u=u, q=u, image=image)["y0"].flatten(), expected)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_colours_separate_neighbours(phase):
    """Two halves of colours far apart: the bilateral filter averages within each, here over places without end."""
    u = draw(1, 2, 3, 4)
    image = torch.zeros(1, 3, 3, 4).double()
    image[..., 2:] = 100
    net = field("num_iterations: 1 theta_alpha: 1e6 theta_beta: 1 spatial_filter_weight: 0", phase, u=u, q=u, image=image)
    found = net(u=u, q=u, image=image)["y0"] - u
    p = u.softmax(1)
    for half in (slice(0, 2), slice(2, 4)):
        expected = p[..., half].mean((2, 3), keepdim=True).expand(1, 2, 3, 2)
        torch.testing.assert_close(found[..., half], expected, rtol=1e-3, atol=1e-4)


def test_images_of_a_batch_are_independent():
    u, image = draw(2, 3, 4, 5), draw(2, 3, 4, 5, seed=3) * 20
    param = "num_iterations: 3 theta_alpha: 3 theta_beta: 9 theta_gamma: 2"
    both = field(param, u=u, q=u, image=image)(u=u, q=u, image=image)["y0"]
    for i in range(2):
        one = {"u": u[i : i + 1], "q": u[i : i + 1], "image": image[i : i + 1]}
        torch.testing.assert_close(field(param, **one)(**one)["y0"][0], both[i])


@pytest.mark.parametrize(
    ("param", "shape", "words"),
    [
        ("", (2, 3, 4, 6), "the image must be as large"),
        ("theta_beta: 0", (2, 3, 4, 5), "`theta_beta` 0; it must be above 0"),
        ("num_iterations: 0", (2, 3, 4, 5), "`num_iterations` of at least 1"),
        ("compatibility_mode: METRIC", (2, 3, 4, 5), "other than POTTS"),
        ('spatial_filter_weights_str: "1 2"', (2, 3, 4, 5), "of 2 words; it wants a number for each of 7 classes"),
    ],
)
def test_bad_parameters_are_refused(param, shape, words):
    with pytest.raises(SpecError, match=words):
        field(param, u=draw(2, 7, 4, 5), q=draw(2, 7, 4, 5), image=draw(*shape))
