"""The mean field of CRF-RNN, and its lattice against the published algorithm written point by point."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError


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


def of_maps(param: str, phase: str, u: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    param = f"multi_stage_meanfield_au3_param {{ {param} }}"
    return one_layer("MultiStageMeanfieldAU3", param, phase, u=u, q=u, m=maps)(u=u, q=u, m=maps)["y0"]


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_three_maps_are_an_image(phase):
    u, image = draw(2, 3, 4, 5), draw(2, 3, 4, 5, seed=3) * 20
    param = "num_iterations: 3 theta_alpha: 3 theta_beta: 9 theta_gamma: 2"
    wanted = field(param, u=u, q=u, image=image)(u=u, q=u, image=image)["y0"]
    assert torch.equal(of_maps(param, phase, u, image), wanted)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_many_maps_that_are_the_same_everywhere_average_over_all_places(phase):
    u = draw(1, 3, 4, 5)
    found = of_maps("num_iterations: 1 theta_alpha: 1e6 spatial_filter_weight: 0", phase, u, torch.ones(1, 64, 4, 5).double())
    torch.testing.assert_close(found, u + u.softmax(1).mean((2, 3), keepdim=True), rtol=1e-4, atol=1e-4)


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
        ("num_iterations: 0", (2, 3, 4, 5), "`num_iterations` 0; it must be at least 1"),
        ("compatibility_mode: METRIC", (2, 3, 4, 5), "other than POTTS"),
        ('spatial_filter_weights_str: "1 2"', (2, 3, 4, 5), "of 2 words; it wants a number for each of 7 classes"),
    ],
)
def test_bad_parameters_are_refused(param, shape, words):
    with pytest.raises(SpecError, match=words):
        field(param, u=draw(2, 7, 4, 5), q=draw(2, 7, 4, 5), image=draw(*shape))
