"""TripletLoss with pairs: of six bottoms, and of sets."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch import Tensor
from torch.autograd import gradcheck

import netdef

# Squared distances of the first item: 1 to the positive; 4 and 0.25 to two negatives. Of the second: 9; 1 and 25.
SETS = torch.tensor([[0.0], [1], [2], [0.5], [1], [4], [0], [-4]]).double()
NEAR, FAR = (1.0, 9.0), ((4, 0.25), (1, 25))


def cost(near: float, far: float, kind: int, margin: float = 2) -> float:
    if kind == 0:
        return max(margin + near - far, 0)
    if kind == 2:
        near, far = math.exp(near), math.exp(far)
    return max(1 - far / (near + margin), 0)


def whole(kind: int, pairs: float = 0) -> float:
    return (sum(cost(near, far, kind) for near, fars in zip(NEAR, FAR) for far in fars) + pairs * sum(NEAR)) / 4


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("param", "wanted"), [
    ("losstype: 0 num_negatives: 2", whole(0)),
    ("losstype: 1 num_negatives: 2 use_pair: 1", whole(1, pairs=1)),
    ("num_negatives: 2", whole(1)),
    ("losstype: 2 num_negatives: 2", whole(2)),
    ("losstype: 0 num_triplets: 2", whole(0, pairs=1)),
    ("losstype: 1 num_triplets: 2", whole(1, pairs=1)),
])
def test_sets_of_an_anchor_a_positive_and_negatives(param: str, wanted: float, phase: str):
    loss = top_of("TripletLoss", f"triplet_loss_param {{ margin: 2 {param} }}", phase, x=SETS, t=torch.zeros(8).double())
    assert loss.item() == pytest.approx(wanted)


@pytest.mark.parametrize(("param", "kind"), [("losstype: 0", 0), ("", 1), ("losstype: 2", 1)])
def test_six_bottoms(param: str, kind: int):
    a, p, n = (torch.tensor(values).double()[:, None] for values in ([0.0, 1], [1.0, 4], [2.0, 0]))
    d, e, labels = torch.tensor([[3.0], [0]]).double(), torch.tensor([[1.0], [5]]).double(), torch.zeros(2, 1).double()
    loss = top_of("TripletLoss", f"triplet_loss_param {{ margin: 2 {param} }}", a=a, p=p, n=n, d=d, e=e, t=labels)
    assert loss.item() == pytest.approx((cost(1, 4, kind) + cost(9, 1, kind) + 4 + 25) / 4)


@pytest.mark.parametrize("param", ["losstype: 0", "losstype: 1 use_pair: 1", "losstype: 2"])
def test_gradients(param: str):
    x, labels = (draw(8, 3) / 2).requires_grad_(), torch.zeros(8).double()
    net = one_layer("TripletLoss", f"triplet_loss_param {{ num_negatives: 2 {param} }}", "TRAIN", x=x, t=labels)
    assert gradcheck(lambda x: net(x=x, t=labels)["y0"], (x,))
    bottoms = [draw(4, 3, seed=seed).requires_grad_() for seed in range(5)]
    names, labels = "apnde", labels[:4]
    six = one_layer("TripletLoss", f"triplet_loss_param {{ {param.split(' use')[0]} }}", "TRAIN",
                    **dict(zip(names, bottoms)), t=labels)

    def loss(*bottoms: Tensor) -> Tensor:
        return six(**dict(zip(names, bottoms)), t=labels)["y0"]

    assert gradcheck(loss, bottoms)


@pytest.mark.parametrize(("param", "inputs", "words"), [
    ("num_negatives: 2", {"x": (9, 3), "t": (9,)}, "`num_negatives` 2, so sets of 4 items, but 9 items"),
    ("losstype: 0 num_triplets: 0", {"x": (8, 3), "t": (8,)}, "`num_triplets` 0, so sets of 2 items"),
    ("losstype: 3", {"x": (10, 3), "t": (10,)}, "`losstype` 3; it is 0, 1 or 2"),
    ("", {**{name: (4, 3) for name in "apnd"}, "e": (4, 2), "t": (4,)}, "five of one shape"),
])
def test_other_sizes_are_refused(param: str, inputs: dict[str, tuple[int, ...]], words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("TripletLoss", f"triplet_loss_param {{ {param} }}", **inputs)
