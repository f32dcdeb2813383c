"""Large parameters in pieces: the same bits as whole."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from dsd.solver import pieces
from dsd.solver.choices import ClipScope, Constraint
from dsd.solver.pieces import Part, split
from dsd.solver.rules import SOLVERS
from dsd.solver.solver import Solver

OPTIONS = {
    "SGD": {"momentum": 0.9},
    "Nesterov": {"momentum": 0.8},
    "AdaGrad": {"delta": 1e-4},
    "RMSProp": {"rms_decay": 0.95, "delta": 1e-3},
    "AdaDelta": {"momentum": 0.95, "delta": 1e-4},
    "Adam": {"momentum": 0.9, "momentum2": 0.98, "delta": 1e-5},
}


def trained(kind: str, constraint: Constraint, **options) -> tuple[list[Tensor], Solver]:
    """Parameters after three steps: small, planar in channels_last, and one whose gradient lies in another order."""
    draw = torch.Generator().manual_seed(3)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=draw)

    params = [torch.nn.Parameter(normal(5, 3)),
              torch.nn.Parameter(normal(29, 7, 3, 2).contiguous(memory_format=torch.channels_last)),
              torch.nn.Parameter(normal(31, 41))]
    solver = SOLVERS[kind](params, lr=0.1, weight_decay=0.03, iter_size=3, **OPTIONS[kind], **options)
    solver.enter({p: torch.rand(p.shape, generator=draw) < 0.7 for p in params[1:]}, constraint, ClipScope.ACTIVE)
    for _ in range(3):
        for p in params:
            p.grad = torch.empty_like(p).copy_(normal(*p.shape))
        params[2].grad = normal(41, 31).T
        solver.step()
    return params, solver


@pytest.mark.parametrize("constraint", Constraint)
@pytest.mark.parametrize("options", [{}, {"clip_gradients": 0.7}, {"regularization": "L1"}], ids=["plain", "clip", "L1"])
@pytest.mark.parametrize("kind", SOLVERS)
def test_steps_in_pieces_have_the_bits_of_whole_ones(kind, options, constraint, monkeypatch):
    whole, wanted = trained(kind, constraint, **options)
    monkeypatch.setattr(pieces, "_PIECE", 192)
    params, solver = trained(kind, constraint, **options)
    for mine, theirs in zip([*params, *solver.history(params)], [*whole, *wanted.history(whole)], strict=True):
        assert torch.equal(mine, theirs) and mine.stride() == theirs.stride()


def test_only_large_parameters_are_split(monkeypatch):
    monkeypatch.setattr(pieces, "_PIECE", 8)
    small, large = torch.arange(32.0).reshape(8, 4), torch.arange(100.0, 140.0).reshape(5, 8)
    keep = torch.arange(40, dtype=torch.int8).reshape(5, 8)
    part = Part([large, small], [-large, -small], [[large + 1, small + 1], [large + 2, small + 2]], [keep, None])
    first, *others = part.split()
    assert first.params == [small] and first.keeps == [None] and [slot[0][0, 0] for slot in first.histories] == [1, 2]
    assert [one.params[0].tolist() for one in others] == [list(range(i, i + 8)) for i in (100, 108, 116, 124, 132)]
    for one in others:
        (param,), (grad,), ((plus_one,), (plus_two,)), (kept,) = one
        assert torch.equal(grad, -param) and torch.equal(plus_one, param + 1) and torch.equal(plus_two, param + 2)
        assert torch.equal(kept, (param - 100).to(torch.int8))
    others[1].params[0][0] = -5.0
    assert large[1, 0] == -5


def test_tensors_of_different_orders_stay_whole():
    rows, columns = torch.empty(4, 6), torch.empty(6, 4).T
    (found,) = split((rows, columns), 5)
    assert found[0] is rows and found[1] is columns
    assert [piece.numel() for (piece,) in split((columns,), 5)] == [5, 5, 5, 5, 4]
