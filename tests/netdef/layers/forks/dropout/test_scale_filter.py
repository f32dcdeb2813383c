"""ScaleFilter: random factors of channels in training."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError

PARAM = "scale_filter_param { min_scale: 0.5 max_scale: 2 }"


def test_each_channel_of_each_item_has_a_factor_of_its_own_in_training():
    x = draw(40, 6, 2, 3).requires_grad_()
    top = one_layer("ScaleFilter", PARAM, "TRAIN", x=x)(x=x)["y0"]
    factors = (top / x).detach()
    assert torch.allclose(factors, factors[..., :1, :1].expand_as(factors))
    of_channels = factors[..., 0, 0]
    assert of_channels.min() > 0.5 and of_channels.max() < 2 and len(set(of_channels.flatten().tolist())) == 240
    assert of_channels.mean().item() == pytest.approx(1.25, abs=0.12)  # four deviations of the mean of 240
    top.sum().backward()
    assert torch.allclose(x.grad, factors)


def test_testing_changes_nothing():
    x = draw(2, 3, 4, 5)
    assert torch.equal(top_of("ScaleFilter", PARAM, x=x), x)


@pytest.mark.parametrize(("param", "words"), [("max_scale: 2", "min_scale"), ("min_scale: 1 max_scale: 1", "`max_scale` 1")])
def test_bad_parameters_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        one_layer("ScaleFilter", f"scale_filter_param {{ {param} }}", x=(2, 3, 4, 5))
