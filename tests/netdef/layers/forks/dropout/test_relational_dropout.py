"""Relational dropout, of some of several blobs."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

PAIRS = "rn_dropout_param { num_drop_blobs: 2 drop_seqs: [0, 1, 0, 2, 1, 2] drop_prob: "


def test_items_lose_a_combination_in_training():
    a, b, c = (torch.ones(4000, 3).double() * size for size in (1, 2, 4))
    tops = torch.stack(tops_of("RNDropout", PAIRS + "4 }", 3, "TRAIN", a=a, b=b, c=c), 2)
    assert (tops == tops[:, :1]).all()  # an item is lost as a whole
    rows, counts = tops[:, 0].unique(dim=0, return_counts=True)
    assert rows.tolist() == [[0, 0, 12], [0, 6, 0], [1, 2, 4], [3, 0, 0]]
    shares = torch.tensor([0.4 / 3, 0.4 / 3, 0.6, 0.4 / 3])
    assert ((counts / 4000 - shares).abs() < 6 * (shares * (1 - shares) / 4000).sqrt()).all()


def test_gradients_are_scaled_as_values():
    a, b = draw(200, 3).requires_grad_(), draw(200, 3, seed=2).requires_grad_()
    net = one_layer("RNDropout", "rn_dropout_param { num_drop_blobs: 1 drop_seqs: [0, 1] }", "TRAIN", tops=2, a=a, b=b)
    tops = net(a=a, b=b)
    gradients = torch.autograd.grad(tops["y0"].sum() + tops["y1"].sum(), (a, b))
    for x, top, gradient in zip((a, b), tops.values(), gradients):
        torch.testing.assert_close(top, gradient * x)
        assert set(gradient.flatten().tolist()) == {0, 1, 2}


def test_the_first_combination_is_lost_in_test():
    a, b, c = draw(2, 3, 5), draw(2, 3, 5, seed=2), draw(2, 3, 5, seed=3)
    tops = tops_of("RNDropout", PAIRS + "0 }", 3, a=a, b=b, c=c)
    assert tops[0].abs().max() == tops[1].abs().max() == 0 and torch.equal(tops[2], 3 * c)


@pytest.mark.parametrize(("param", "phase"), [
    ("", "TEST"), ("rn_dropout_param { num_drop_blobs: 1 }", "TEST"), (PAIRS + "0 }", "TRAIN")])
def test_nothing_is_lost(param: str, phase: str):
    x = {name: draw(2, 3, seed=seed) for seed, name in enumerate("abc")}
    assert all(map(torch.equal, tops_of("RNDropout", param, 3, phase, **x), x.values()))


@pytest.mark.parametrize(("param", "complaint"), [
    ("num_drop_blobs: 2 drop_seqs: [0, 1]", "has `num_drop_blobs` 2; it must be less than its 2 bottoms"),
    ("drop_seqs: 0", "has 1 numbers in `drop_seqs`; it wants `num_drop_blobs`, 0, for each combination, from 0 to 1"),
    ("num_drop_blobs: 1 drop_seqs: 2", "has 1 numbers in `drop_seqs`"),
    ("num_drop_blobs: 1", "needs `drop_seqs` to draw from, or a `drop_prob` of 0")])
def test_combinations_that_do_not_fit_are_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("RNDropout", f"rn_dropout_param {{ {param} }}", "TRAIN", tops=2, a=(2, 3), b=(2, 3))
