"""TOPK: the greatest numbers of an item."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.tensor([[3.0, -1, 2, 5, 4], [-5, -2, -3, -4, -1]]).double()


def test_k_are_left_in_training_and_a_times_k_in_test():
    x = X.clone().requires_grad_()
    top = top_of("TOPK", "topk_param { k: 2 a: 1.75 }", "TRAIN", x=x)
    assert top.tolist() == [[0, 0, 0, 5, 4], [0, -2, 0, 0, -1]]
    top.backward(torch.full_like(top, 3))
    assert x.grad.tolist() == [[0, 0, 0, 3, 3], [0, 3, 0, 0, 3]]
    assert top_of("TOPK", "topk_param { k: 2 a: 1.75 }", x=X).tolist() == [[3, 0, 0, 5, 4], [0, -2, -3, 0, -1]]


def test_all_numbers_of_a_plane_count_or_the_channels_of_a_place():
    x = torch.tensor([[[[1.0, 8, 3]], [[7, 6, 2]]]]).double()
    assert top_of("TOPK", "topk_param { k: 2 a: 1 }", x=x).tolist() == [[[[0, 8, 0]], [[7, 0, 0]]]]
    across = top_of("TOPK", "topk_param { k: 1 a: 1 across_channels: true }", x=x)
    assert across.tolist() == [[[[0, 8, 3]], [[7, 0, 0]]]]


def test_a_layer_of_2014():
    net = netdef.loads('input: "x" input_dim: [1, 5, 1, 1] layers { name: "l" type: TOPK bottom: "x" top: "y" '
                       "topk_param { k: 1 a: 1 } }")
    assert net(x=X[:1].float().reshape(1, 5, 1, 1))["y"].flatten().tolist() == [0, 0, 0, 5, 0]


@pytest.mark.parametrize(("param", "phase", "words"), [
    ("k: 6", "TRAIN", "keeps 6 of 5 numbers, `k`"),
    ("k: 2", "TEST", "keeps 0 of 5 numbers, `k` times `a`"),
    ("", "TRAIN", "keeps 0 of 5 numbers"),
])
def test_other_counts_are_refused(param: str, phase: str, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("TOPK", f"topk_param {{ {param} }}", phase, x=(2, 5))
