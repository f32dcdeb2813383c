"""Guided dropout by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_channels_above_the_threshold_are_kept_and_scaled():
    x, guidance = draw(3, 4, 2), torch.tensor([[0.1, 0.6, 0.7, 0.2], [0.9, 0.8, 0.7, 0.1], [0, 0, 0, 0.5]]).double()
    for phase in ("TRAIN", "TEST"):
        top = top_of("GuidedDropout", 'guided_dropout_param { type: "deterministic" guidance_threshold: 0.5 }', phase,
                     x=x, g=guidance)
        factors = torch.tensor([[0, 2, 2, 0], [4 / 3, 4 / 3, 4 / 3, 0], [0, 0, 0, 0]]).double()
        torch.testing.assert_close(top, x * factors[..., None])


def test_channels_are_kept_with_the_probability_of_their_score():
    x, scores = torch.ones(4000, 2).double(), torch.tensor([[2.0, -1.0]]).double().expand(4000, -1)
    param = 'guided_dropout_param { type: "stochastic" sigmoid_scaler: 0.5 }'
    top = top_of("GuidedDropout", param, "TRAIN", x=x, g=scores.contiguous())
    chances = (scores[0] / 2).sigmoid()
    values, share = top.unique(), (top > 0).double().mean(0)
    torch.testing.assert_close(values, torch.tensor([0, 2 / chances.sum().item()]).double())
    assert ((share - chances).abs() < 6 * (chances * (1 - chances) / 4000).sqrt()).all()
    assert torch.equal(top_of("GuidedDropout", param, x=x, g=scores.contiguous()), x)


def test_a_channel_is_kept_or_dropped_in_all_places():
    x = torch.ones(50, 3, 4, 5).double()
    top = top_of("GuidedDropout", 'guided_dropout_param { type: "stochastic" sigmoid_scaler: 1 }', "TRAIN",
                 x=x, g=torch.zeros(50, 3, 1, 1).double())
    assert torch.equal(top, top[:, :, :1, :1].expand_as(top)) and set(top.unique().tolist()) == {0, 2}


@pytest.mark.parametrize(("param", "complaint"), [
    ("", 'has `type` ""; it is "stochastic" or "deterministic"'),
    ('guided_dropout_param { type: "stochastic" }', 'needs `sigmoid_scaler` for `type: "stochastic"`'),
    ('guided_dropout_param { type: "deterministic" }', 'needs `guidance_threshold` for `type: "deterministic"`')])
def test_what_is_missing_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("GuidedDropout", param, x=(2, 3), g=(2, 3))


def test_guidance_of_another_shape_is_refused():
    with pytest.raises(netdef.SpecError, match="it wants a score for each item and channel"):
        one_layer("GuidedDropout", 'guided_dropout_param { type: "stochastic" sigmoid_scaler: 1 }', x=(2, 3), g=(2, 4))
