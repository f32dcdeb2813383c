"""PoolingNum, Cut and SingleSlice."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_one_value_of_several_items():
    x = draw(6, 2, 3, 4)
    groups = [x[:3], x[3:]]
    for pool, rule in (("MAX", torch.amax), ("AVE", torch.mean)):
        top = top_of("PoolingNum", f"pooling_num_param {{ pool: {pool} kernel_size: 3 }}", x=x)
        wanted = torch.stack([rule(group, (0, 2, 3)) for group in groups])[..., None, None]
        torch.testing.assert_close(top, wanted)
    shares = [group.sigmoid() for group in groups]
    wanted = torch.stack([(g * s).sum((0, 2, 3)) / s.sum((0, 2, 3)) for g, s in zip(groups, shares)])
    top = top_of("PoolingNum", "pooling_num_param { pool: STOCHASTIC kernel_size: 3 }", x=x)
    torch.testing.assert_close(top[..., 0, 0], wanted)


def test_a_value_drawn_by_its_sigmoid():
    """Of four values three are never drawn: their sigmoids are 0 beside that of the fourth."""
    x = torch.tensor([-800.0, 2, -800, -800]).double().reshape(4, 1, 1, 1).requires_grad_()
    top = top_of("PoolingNum", "pooling_num_param { pool: STOCHASTIC kernel_size: 4 }", "TRAIN", x=x)
    assert top.item() == 2
    top.backward()
    assert x.grad.flatten().tolist() == [0, 1, 0, 0]


def test_parts_of_the_items():
    x = draw(8, 3)
    assert torch.equal(top_of("Cut", "cut_param { fold: 4 start: 1 end: 2 }", x=x), x[2:6])


def test_the_last_steps_of_each_sequence():
    x, lengths = draw(5, 2, 3), torch.tensor([2.0, 5]).double()
    top = top_of("SingleSlice", "slice_param { last_n: 2 }", x=x, t=lengths)
    assert torch.equal(top, torch.stack([x[[0, 1], 0], x[[3, 4], 1]], 1))
    top = top_of("SingleSlice", "slice_param { do_squeeze: true }", x=x, t=lengths)
    assert torch.equal(top, torch.stack([x[1, 0], x[4, 1]]))
    with pytest.raises(netdef.NetdefError, match=r"got lengths \[2, 6\]; it takes the last 1 of 5 steps"):
        top_of("SingleSlice", x=x, t=torch.tensor([2.0, 6]).double())


@pytest.mark.parametrize(("kind", "param", "message"), [
    ("PoolingNum", "pooling_num_param { kernel_size: 4 }", "6 items, which groups of 4 do not divide"),
    ("PoolingNum", "", "needs a `kernel_size` of at least 1"),
    ("Cut", "cut_param { fold: 3 start: 1 end: 3 }", "takes parts 1 to 3 of 3; they count from 0"),
    ("Cut", "cut_param { fold: 4 end: 1 }", "6 items, which 4 parts do not divide"),
])
def test_refusals(kind: str, param: str, message: str):
    with pytest.raises(netdef.SpecError, match=message):
        one_layer(kind, param, x=(6, 2, 3, 4))


def test_lengths_and_steps_that_do_not_fit_are_refused():
    with pytest.raises(netdef.SpecError, match="the length of each sequence"):
        one_layer("SingleSlice", x=(6, 2, 3), t=(3,))
    with pytest.raises(netdef.SpecError, match="takes the last 7 of 6 steps"):
        one_layer("SingleSlice", "slice_param { last_n: 7 }", x=(6, 2, 3), t=(2,))
