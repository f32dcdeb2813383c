"""Normalize: an image, and each place of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of


def test_normalize_an_image():
    x = draw(2, 3, 5, 4)
    top = top_of("Normalize", "norm_param { scale_filler { value: 20 } }", x=x)
    for image, found in zip(x, top):
        torch.testing.assert_close(found, 20 * image / math.sqrt(float((image**2).sum()) + 1e-10))


def test_normalize_each_place_with_a_scale_a_channel():
    x = draw(2, 3, 5, 4)
    made = one_layer("Normalize", "norm_param { across_spatial: false channel_shared: false eps: 0.5 }", x=x)
    assert [tuple(blob.shape) for blob in made.params["l"]] == [(3,)]
    with torch.no_grad():
        made.params["l"][0].copy_(torch.tensor([1.0, 2, -3]))
    top = made(x=x)["y0"].detach()
    for n, h, w in np.ndindex(2, 5, 4):
        norm = math.sqrt(sum(float(v) ** 2 for v in x[n, :, h, w]) + 0.5)
        assert top[n, :, h, w].tolist() == pytest.approx(
            [s * float(v) / norm for s, v in zip((1, 2, -3), x[n, :, h, w])]
        )


def test_normalize_with_eps_on_the_norm():
    x = torch.tensor([3.0, 0, 0, 4]).double().reshape(1, 2, 1, 2)
    across = "norm_param { add_eps_before_sqrt: false eps: 0.25 }"
    assert top_of("Normalize", across, x=x).flatten().tolist() == pytest.approx([3 / 5.25, 0, 0, 4 / 5.25])
    each = "norm_param { add_eps_before_sqrt: false eps: 0.25 across_spatial: false }"
    found = top_of("Normalize", each, x=x).flatten().tolist()
    assert found == pytest.approx([3 / math.sqrt(9.25), 0, 0, 4 / math.sqrt(16.25)])


def test_a_fixed_scale_is_not_learned():
    free, fixed = (one_layer("Normalize", f"norm_param {{ {more} scale_filler {{ value: 3 }} }}", x=(2, 3, 5, 4))
                   for more in ("", "fix_scale: true"))
    assert len(list(free.parameters())) == 1 and not list(fixed.parameters())
    assert fixed.params["l"][0].item() == 3
