"""Upsample and Interp, place by place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_upsample_repeats():
    x = draw(2, 3, 2, 4)
    top = top_of("Upsample", "upsample_param { scale: 3 }", x=x)
    assert top.shape == (2, 3, 6, 12)
    for h, w in np.ndindex(6, 12):
        assert torch.equal(top[:, :, h, w], x[:, :, h // 3, w // 3])


def test_unpooling_undoes_pooling():
    """The greatest values at their own places, zeros elsewhere: of an odd plane, too."""
    x = draw(2, 3, 7, 6)
    pool = one_layer("Pooling", "pooling_param { kernel_size: 2 stride: 2 }", tops=2, x=x)(x=x)
    for param in ("upsample_param { scale: 2 pad_out_h: true }", "upsample_param { upsample_h: 7 upsample_w: 6 }"):
        top = top_of("Upsample", param, v=pool["y0"], i=pool["y1"])
        assert top.shape == x.shape
        expected = torch.zeros_like(x)
        for n, c, h, w in np.ndindex(2, 3, 4, 3):
            place = int(pool["y1"][n, c, h, w])
            expected[n, c, place // 6, place % 6] = pool["y0"][n, c, h, w]
        assert torch.equal(top, expected)


def test_interp_copies_the_nearest():
    """Of three columns to six: places 0, 0.4, 0.8, 1.2, 1.6, 2; of four rows to seven: every second is half way, to the later."""
    x = draw(2, 3, 4, 3)
    top = top_of("Interp", "interp_param { height: 7 width: 6 mode: NEAREST }", x=x)
    assert torch.equal(top, x[:, :, [0, 1, 1, 2, 2, 3, 3]][..., [0, 0, 1, 1, 2, 2]])
    assert torch.equal(top_of("Interp", "interp_param { height: 1 width: 2 mode: NEAREST pad_beg: -1 }", x=x),
                       x[:, :, 1:2, 1:])


def test_interp_of_labels_copies_the_nearest_without_a_gradient():
    x = draw(2, 3, 4, 3).requires_grad_()
    param = "interp_param { height: 7 width: 6 %s: %s }"
    top = top_of("Interp", param % ("is_seglabel", "true"), x=x)
    assert top.equal(top_of("Interp", param % ("mode", "NEAREST"), x=x)) and not top.requires_grad


def test_interp_keeps_corners_and_divides_evenly():
    x = draw(1, 2, 4, 3)
    top = top_of("Interp", "interp_param { height: 7 width: 5 }", x=x)
    for h, w in np.ndindex(7, 5):
        y, z = h * 3 / 6, w * 2 / 4
        i, j = min(int(y), 2), min(int(z), 1)
        rows = [(1 - (y - i)) * x[0, :, i, k] + (y - i) * x[0, :, i + 1, k] for k in (j, j + 1)]
        torch.testing.assert_close(top[0, :, h, w], (1 - (z - j)) * rows[0] + (z - j) * rows[1])


@pytest.mark.parametrize(
    ("param", "shape"),
    [
        ("zoom_factor: 3", (10, 25)),  # 4 + 3 * 2, 9 + 8 * 2
        ("shrink_factor: 2", (2, 5)),  # 3 // 2 + 1, 8 // 2 + 1
        ("shrink_factor: 2 zoom_factor: 2", (3, 9)),
        ("zoom_factor: 2 pad_beg: -1 pad_end: -1", (3, 13)),
        ("height: 5 width: 6 pad_beg: -1", (5, 6)),
        ("height: 5 width: 6 zoom_factor: 2", (7, 17)),  # a single factor counts
        ("height: 5 width: 6 zoom_factor: 2 shrink_factor: 2", (5, 6)),
        ("height: 5 width: 6 full_zoom_factor: 1", (5, 6)),
        ("full_zoom_factor: 3 pad_end: -1", (9, 24)),
        ("full_zoom_factor: 3 shrink_factor: 2", (2, 5)),
    ],
)
def test_interp_computes_its_size(param, shape):
    assert top_of("Interp", f"interp_param {{ {param} }}", x=draw(2, 3, 4, 9)).shape == (2, 3, *shape)


def test_interp_needs_a_size():
    with pytest.raises(netdef.SpecError, match="give `height` and `width`"):
        top_of("Interp", "", x=draw(2, 3, 4, 9))


def test_upsample_of_darknet():
    x = draw(2, 3, 4, 5)
    top = top_of("UpsampleDarknet", "upsample_darknet_param { stride: 3 }", x=x)
    for h, w in np.ndindex(12, 15):
        assert torch.equal(top[:, :, h, w], x[:, :, h // 3, w // 3])


def test_interp_may_take_the_size_of_a_second_bottom():
    x, like = draw(2, 3, 4, 9), draw(1, 5, 7, 5)
    top = top_of("Interp", "interp_param { use_blob_size: true }", x=x, like=like)
    assert torch.equal(top, top_of("Interp", "interp_param { height: 7 width: 5 }", x=x))
    with pytest.raises(netdef.SpecError, match="has 1 bottoms; a second one goes with `use_blob_size: true`"):
        top_of("Interp", "interp_param { use_blob_size: true }", x=x)
    with pytest.raises(netdef.SpecError, match="has 2 bottoms"):
        top_of("Interp", "interp_param { height: 7 width: 5 }", x=x, like=like)
    with pytest.raises(netdef.SpecError, match="`use_blob_size` and a size of its own"):
        top_of("Interp", "interp_param { use_blob_size: true zoom_factor: 2 }", x=x, like=like)


def test_interp_by_the_name_of_its_kind():
    x = draw(2, 3, 4, 3)
    named = [top_of("Interp", f'interp_param {{ height: 7 width: 6 interp_type: "{kind}" }}', x=x)
             for kind in ("bilinear", "nearest_neighbor")]
    assert torch.equal(named[0], top_of("Interp", "interp_param { height: 7 width: 6 }", x=x))
    assert torch.equal(named[1], top_of("Interp", "interp_param { height: 7 width: 6 mode: NEAREST }", x=x))
    with pytest.raises(netdef.SpecError, match='has `interp_type` "cubic"; it takes'):
        one_layer("Interp", 'interp_param { height: 7 width: 6 interp_type: "cubic" }', x=x)
