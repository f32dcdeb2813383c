"""Images moved and recoloured by numbers, against loops over pixels."""

from __future__ import annotations

import math

import pytest
import torch

from netdef.layers.forks.flow.augmentation_draws import unchanged
from netdef.layers.forks.flow.augmented_images import apply, warped

AXES = [0.5, 0.5, math.sqrt(0.5), 0.5, 0.5, -math.sqrt(0.5), math.sqrt(0.5), -math.sqrt(0.5), 0.0]
IMAGES = torch.rand(2, 3, 5, 6, generator=torch.Generator().manual_seed(3)).double()


def numbers(**given):
    """Numbers of two items; a pair, or one for both."""
    found = unchanged(torch.zeros(2, dtype=torch.float64))
    return found | {name: torch.tensor(value).double().expand(2) for name, value in given.items()}


def changed(limit: float = 1.0, **given):
    return apply(IMAGES, numbers(**given), (5, 6), AXES, limit)


def test_samples_between_four_pixels():
    matrix = torch.tensor([[[1, 0, 0.25], [0, 1, 0.5]], [[0, 1, 0], [1, 0, 0]]], dtype=torch.float64)
    found = warped(IMAGES, matrix, (2, 3))
    for row in range(2):
        for column in range(3):
            near = IMAGES[0, :, row : row + 2, column : column + 2]
            expected = near[:, :, 0].mean(1) * 0.75 + near[:, :, 1].mean(1) * 0.25
            torch.testing.assert_close(found[0, :, row, column], expected)
            torch.testing.assert_close(found[1, :, row, column], IMAGES[1, :, column, row])


def test_places_beyond_the_image_are_at_its_border():
    matrix = torch.tensor([[[1.0, 0, 40], [0, 0, -3]]] * 2, dtype=torch.float64)
    found = warped(IMAGES, matrix, (1, 1))[:, :, 0, 0]
    torch.testing.assert_close(found, IMAGES[:, :, 0, 4] * 0.05 + IMAGES[:, :, 0, 5] * 0.95)


def test_numbers_that_change_nothing():
    plain = apply(IMAGES, numbers(), (5, 6), AXES, 0.01)
    torch.testing.assert_close(plain[..., :-1, :-1], IMAGES[..., :-1, :-1])
    assert torch.equal(apply(IMAGES, numbers(contrast=1.0009, dx=-0.0009, add_nomean0=5e-4), (5, 6), AXES, 0.01), plain)


def test_colours_brightness_and_contrast():
    found = changed(color1=2.0, color3=0.5, gamma=(1.0, 2.0), brightness=0.1, contrast=(1.0, 0.5))
    for item, gamma, contrast in ((0, 1, 1), (1, 2, 0.5)):
        for row, column in ((0, 0), (2, 3)):
            rgb = IMAGES[item, :, row, column].tolist()
            strong = [rgb[0] * 2, rgb[1], rgb[2] * 0.5]
            same = [min(max(a * sum(rgb) / (sum(strong) + 0.01), 0), 1) ** gamma + 0.1 for a in strong]
            expected = [min(max(0.5 + (a - 0.5) * contrast, 0), 1) for a in same]
            assert found[item, :, row, column].tolist() == pytest.approx(expected)


def along_axes(item, row, column, c):
    """FlowNet 2's kernel for a pixel, with numbers ``c``."""
    axes = torch.tensor(AXES).double().reshape(3, 3)
    pixels = [IMAGES[n, :, i, j] for n in range(2) for i in range(5) for j in range(6)]
    most = [max(abs((axes[a] @ rgb).item()) for rgb in pixels) for a in range(3)]
    mean = IMAGES.mean((0, 2, 3))
    longest = math.sqrt(sum(a * a for a in most))
    pixel = IMAGES[item, :, row, column] - mean
    e = [(axes[a] @ pixel).item() / most[a] for a in range(3)]
    e = [(math.copysign(abs(x) ** c[f"pow{a}"], x) + c[f"add{a}"]) * c[f"mult{a}"] for a, x in enumerate(e)]
    e = [x + (axes[a] @ mean).item() / most[a] for a, x in enumerate(e)]
    e[0] = (math.copysign(abs(e[0]) ** c["pow"], e[0]) + c["add"]) * c["mult"]
    s = math.hypot(e[1], e[2])
    s1 = max(s ** c["satpow"] + c["satadd"], 0) * c["satmult"]
    cosine, sine = math.cos(c["angle"]), math.sin(c["angle"])
    e[1], e[2] = cosine * e[1] - sine * e[2], sine * e[1] + cosine * e[2]
    e = [x * m for x, m in zip(e, most)]
    light = max((math.sqrt(sum(x * x for x in e)) / longest) ** c["lpow"] + c["ladd"], 0) * c["lmult"] * longest
    e[1], e[2] = e[1] / s * s1, e[2] / s * s1
    length = math.sqrt(sum(x * x for x in e))
    e = [min(x / length * light, m) for x, m in zip(e, most)]
    return [min(max(sum(axes[a, k].item() * e[a] for a in range(3)), 0), 0.9) for k in range(3)]


def test_changes_along_axes_of_colours():
    c = {"pow0": 1.2, "pow1": 0.8, "pow2": 1.1, "add0": 0.05, "add1": -0.02, "add2": 0.01, "mult0": 0.9, "mult1": 1.2,
         "mult2": 1.1, "pow": 0.9, "add": 0.03, "mult": 1.1, "satpow": 1.3, "satadd": 0.02, "satmult": 0.8, "angle": 0.4,
         "lpow": 1.1, "ladd": 0.04, "lmult": 0.95}
    found = changed(limit=0.9, **{f"{kind}_nomean{a}": c[f"{kind}{a}"] for kind in ("pow", "add", "mult") for a in range(3)},
                    pow_withmean0=0.9, add_withmean0=0.03, mult_withmean0=1.1, pow_withmean1=1.3, add_withmean1=0.02,
                    mult_withmean1=0.8, col_angle=0.4, lmult_pow=1.1, lmult_add=0.04, lmult_mult=0.95)
    for item, row, column in ((0, 0, 0), (1, 2, 3), (0, 3, 4)):
        assert found[item, :, row, column].tolist() == pytest.approx(along_axes(item, row, column, c))


def test_a_shadow_over_half_of_the_image():
    found = changed(shadow_strength=0.25, shadow_angle=0.0, shadow_distance=(1.0, -0.5))
    plain = changed()
    for item, first in ((0, 5), (1, 3)):  # columns more than 1, or -0.5, beyond the middle one, 3
        torch.testing.assert_close(found[item, ..., :first], plain[item, ..., :first])
        torch.testing.assert_close(found[item, ..., first:], (plain[item, ..., first:] - 0.25).clamp(min=0))


def test_noise_has_its_deviation():
    images = torch.full((2, 3, 60, 70), 0.5, dtype=torch.float64)
    found = apply(images, numbers(noise=(0.1, 0.0)), (60, 70), AXES, 1.0)
    assert found[0].std().item() == pytest.approx(0.1, rel=0.05) and (found[1] == 0.5).all()


def test_there_is_no_gradient():
    images = IMAGES.clone().requires_grad_()
    assert not apply(images, numbers(dx=0.1), (3, 4), AXES, 1.0).requires_grad
