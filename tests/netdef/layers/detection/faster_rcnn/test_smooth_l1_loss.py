"""SmoothL1Loss and hard example mining, number by number."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of, tops_of


def smooth(x, sigma=1.0):
    return 0.5 * (sigma * x) ** 2 if abs(x) < 1 / sigma**2 else abs(x) - 0.5 / sigma**2


@pytest.mark.parametrize("sigma", [1.0, 3.0, 0.5])
def test_smooth_l1(sigma):
    a, b, inner, outer = (2 * draw(3, 5, seed=seed) for seed in range(4))
    loss = top_of("SmoothL1Loss", f"smooth_l1_loss_param {{ sigma: {sigma} }}", a=a, b=b, i=inner, o=outer)
    values = zip(*(x.flatten().tolist() for x in (a, b, inner, outer)))
    assert float(loss) == pytest.approx(sum(w * smooth(v * (x - y), sigma) for x, y, v, w in values) / 3)


def test_smooth_l1_of_each_region():
    a, b, w = 2 * draw(3, 8, 1, 2), 2 * draw(3, 8, 1, 2, seed=2), 2 * draw(3, 8, 1, 2, seed=3)
    each = torch.tensor(
        [
            [
                [
                    [
                        sum(smooth(float(w[n, c, 0, x] * (a[n, c, 0, x] - b[n, c, 0, x]))) for c in range(8))
                        for x in range(2)
                    ]
                ]
            ]
            for n in range(3)
        ]
    ).double()
    for mode, count in (("PRE_FIXED pre_fixed_normalizer: 128", 128), ("BATCH_SIZE", 3), ("VALID", 6), ("NONE", 1)):
        found = tops_of(
            "SmoothL1LossOHEM",
            f"loss_weight: 1 loss_weight: 0 loss_param {{ normalization: {mode} }}",
            2,
            a=a,
            b=b,
            w=w,
        )
        assert float(found[0]) == pytest.approx(float(each.sum()) / count)
        torch.testing.assert_close(found[1], each, check_dtype=False, rtol=1e-6, atol=1e-6)


def test_smooth_l1_of_each_region_beside_the_usual_loss():
    a, b = 2 * draw(3, 8, 1, 2), 2 * draw(3, 8, 1, 2, seed=2)
    loss, found = tops_of("SmoothL1Loss", "smooth_l1_loss_param { sigma: 2 } loss_weight: 1 loss_weight: 0", 2, a=a, b=b)
    each = [
        [sum(smooth(float(a[n, c, 0, x] - b[n, c, 0, x]), 2) for c in range(8)) for x in range(2)] for n in range(3)
    ]
    torch.testing.assert_close(found[:, 0, 0], torch.tensor(each).double())
    assert float(loss) == pytest.approx(sum(map(sum, each)) / 3)


def test_hard_examples_keep_their_labels():
    """Two of each image: regions 1 and 3 of image 0, 2 and 5 of image 1."""
    regions = torch.tensor([[i, 0, 0, 1, 1] for i in (0, 0, 1, 0, 1, 1)]).double()
    losses = torch.tensor([0.1, 0.9, 0.5, 0.4, 0.2, 0.3]).double()
    labels, weights = torch.arange(1.0, 7).double(), 2 * draw(6, 8)
    kept, kept_weights = tops_of(
        "BoxAnnotatorOHEM",
        "box_annotator_ohem_param { roi_per_img: 2 ignore_label: -1 }",
        2,
        r=regions,
        l=losses,
        t=labels,
        w=weights,
    )
    assert kept.tolist() == [-1, 2, 3, 4, -1, 6]
    mask = torch.tensor([0, 1, 1, 1, 0, 1])[:, None]
    assert torch.equal(kept_weights, weights * mask)
