"""LOTLoss, EntropyGmmLoss and MssimLoss of CCN."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize(("param", "loss", "gradient"), [
    ("", (3 + 2 * 0.5) / 4, [0.25, -0.25, 0.25, 0]),
    ("slope: 3", (3 + 6 * 0.5) / 4, [0.25, -0.75, 0.25, 0]),
    ("method: L2", (1 + 1 + 4) / 4, [0.25, -0.25, 0.5, 0]),
    ("method: PSNR", 10 * math.log10(255**2 / 1.5), [10 * x / 4 / 1.5 for x in (1, -1, 2, 0)]),
])
def test_one_number_of_four(param: str, loss: float, gradient: list):
    """1, -1, 2, 0: of L1 the sum is 3 and slope times 1."""
    x = torch.tensor([[1.0, -1], [2, 0]]).double().requires_grad_()
    net = one_layer("LOTLoss", f"lot_param {{ {param} }}", "TRAIN", x=x)
    found = net(x=x)["y0"]
    assert found.item() == pytest.approx(loss)
    assert torch.autograd.grad(3 * found, x)[0].flatten().tolist() == pytest.approx([3 * g for g in gradient])


@pytest.mark.parametrize(("weights", "total"), [([2.0, -0.5, 0, 1], 3.5), ([0.0, 0, 0, 0], 1)])
def test_weights_of_the_numbers(weights: list, total: float):
    x = torch.tensor([1.0, -1, 2, 3]).double().requires_grad_()
    w = torch.tensor(weights).double()
    net = one_layer("LOTLoss", "lot_param { method: L2 }", "TRAIN", x=x, w=w)
    found = net(x=x, w=w)["y0"]
    torch.testing.assert_close(found, (w * x.detach() ** 2).sum() / total)
    torch.testing.assert_close(torch.autograd.grad(found, x)[0], w * x.detach() / total)


def test_bits_of_codes_in_a_mixture():
    """Two codes, three Gaussians each: by the normal distribution's own function."""
    weights, deviations, means = torch.rand(2, 3).double(), torch.rand(2, 3).double() + 0.3, draw(2, 3)
    codes = torch.tensor([0.2, -1.5]).double()
    deviations[1, 2] = -4  # counts as 1e-5

    def below(x: float, mean: float, deviation: float) -> float:
        return 0.5 * math.erfc((mean - x) / deviation / math.sqrt(2))

    wanted = 0.0
    for code, *rows in zip(codes.tolist(), weights.tolist(), deviations.tolist(), means.tolist()):
        chance = sum(w * (below(code + 0.5, m, max(d, 1e-5)) - below(code - 0.5, m, max(d, 1e-5))) for w, d, m in zip(*rows))
        wanted -= math.log(chance + 1e-7) / 2
    found = top_of("EntropyGmmLoss", "", w=weights, d=deviations, m=means, x=codes)
    assert found.item() == pytest.approx(wanted)


def test_all_bottoms_of_the_mixture_learn():
    inputs = [x.requires_grad_() for x in (torch.rand(5, 3).double(), torch.rand(5, 3).double() + 0.5, draw(5, 3), draw(5))]
    net = one_layer("EntropyGmmLoss", "", "TRAIN", **dict(zip("wdmx", inputs)))
    assert gradcheck(lambda *given: net(**dict(zip("wdmx", given)))["y0"], inputs)


def similarity_by_windows(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The mean contrast, and the mean of contrast times brightness, window by window."""
    line = np.exp(-(np.arange(11) - 5) ** 2 / (2 * 1.5**2))
    weight = np.outer(line, line) / line.sum() ** 2
    contrasts, products = [], []
    for row in range(x.shape[0] - 10):
        for column in range(x.shape[1] - 10):
            a, b = x[row : row + 11, column : column + 11], y[row : row + 11, column : column + 11]
            mean_a, mean_b = (a * weight).sum(), (b * weight).sum()
            both = (a * b * weight).sum() - mean_a * mean_b
            squares = (a * a * weight).sum() - mean_a**2 + (b * b * weight).sum() - mean_b**2
            contrast = (2 * both + 7.65**2) / (squares + 7.65**2)
            contrasts.append(contrast)
            products.append(contrast * (2 * mean_a * mean_b + 2.55**2) / (mean_a**2 + mean_b**2 + 2.55**2))
    return float(np.mean(contrasts)), float(np.mean(products))


def test_similarity_at_five_scales():
    """Scales of 176 x 177, 88 x 89, 44 x 45, 22 x 23 and 11 x 12, the last column of odd ones repeated."""
    random = np.random.default_rng(1)
    x = random.uniform(0, 255, (176, 177))
    y = x * 0.8 + random.uniform(0, 60, x.shape)
    tensors = [torch.from_numpy(image)[None, None] for image in (x, y)]
    wanted = 1.0
    for scale, exponent in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        if scale:
            x, y = (np.pad(image, ((0, image.shape[0] % 2), (0, image.shape[1] % 2)), "edge") for image in (x, y))
            x, y = (image.reshape(image.shape[0] // 2, 2, -1, 2).mean((1, 3)) for image in (x, y))
        contrast, product = similarity_by_windows(x, y)
        wanted *= (product if scale == 4 else contrast) ** exponent
    found = top_of("MssimLoss", "", x=tensors[0], y=tensors[1])
    assert found.item() == pytest.approx(wanted, rel=1e-9)
    assert top_of("MssimLoss", "", x=tensors[0], y=tensors[0]).item() == pytest.approx(1)


def test_opposite_images_have_no_similarity_and_no_gradient():
    x = torch.from_numpy(np.random.default_rng(1).uniform(0, 255, (1, 1, 176, 180))).requires_grad_()
    net = one_layer("MssimLoss", "loss_weight: -100", "TRAIN", x=x, y=x.detach())
    found = net(x=x, y=255 - x.detach())["y0"]
    found.backward()
    assert found.item() == 0 and not x.grad.any()


@pytest.mark.parametrize(("kind", "shapes", "complaint"), [
    ("MssimLoss", {"x": (1, 2, 176, 175), "y": (1, 2, 176, 175)}, "at least 176 x 176"),
    ("EntropyGmmLoss", {"w": (4, 3), "d": (4, 3), "m": (4, 3), "x": (5,)}, "as many for each code"),
    ("LOTLoss", {"x": (2, 3), "w": (2, 4)}, "LOTLoss"),
])
def test_what_does_not_fit_is_refused(kind: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, "", **shapes)
