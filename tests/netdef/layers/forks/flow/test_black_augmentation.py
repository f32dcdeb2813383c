"""BlackAugmentation."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

BLACK = 'black { rand_type: "bernoulli" prob: %s }'


def test_items_without_motion():
    a, b, flow = draw(2, 3, 4, 5), draw(2, 3, 4, 5, seed=2), draw(2, 2, 4, 5, seed=3)
    given = {"a": a, "b": b, "f": flow}
    param = "black_augmentation_param { %s }"
    tops = tops_of("BlackAugmentation", param % (BLACK % 1), 3, **given)
    assert torch.equal(tops[0], b) and torch.equal(tops[1], b) and not tops[2].any()
    for top, x in zip(tops_of("BlackAugmentation", param % (BLACK % 0), 3, **given), (a, b, flow)):
        assert torch.equal(top, x)
    for top, x in zip(tops_of("BlackAugmentation", "", 3, **given), (a, b, flow)):
        assert torch.equal(top, x)


def test_items_with_a_border():
    x, flow = draw(60, 3, 8, 10), draw(60, 2, 8, 10, seed=2)
    flow[:, 0, 0, 0] = torch.nan
    tops = tops_of("BlackAugmentation", "black_augmentation_param { border { mean: 0.3 } }", 2, x=x, f=flow)
    inside = torch.zeros(3, 8, 10, dtype=torch.bool)  # 2 of 8 rows, 3 of 10 columns
    inside[0, :, 3:7], inside[1, 2:6], inside[2, 2:6, 3:7] = True, True, True
    seen = set()
    for top, x_of, flow_top, flow_of in zip(tops[0], x, tops[1], flow):
        kind = next(i for i, mask in enumerate(inside) if torch.equal(top != 0, mask.expand(3, 8, 10)))
        assert torch.equal(top, x_of.where(inside[kind], 0)) and torch.equal(flow_top, flow_of.where(inside[kind], 0))
        seen.add(kind)
    assert seen == {0, 1, 2}


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="images of 3 channels and flow of 2, of one size"):
        one_layer("BlackAugmentation", "", tops=2, a=(2, 3, 4, 5), b=(2, 2, 4, 6))
    with pytest.raises(netdef.SpecError, match='draws `border` by `rand_type` "cauchy"'):
        one_layer("BlackAugmentation", 'black_augmentation_param { border { rand_type: "cauchy" } }', a=(2, 3, 4, 5))
