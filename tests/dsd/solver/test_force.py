"""Force regularisation against loops over pairs of rows, alone, in a step and from the texts of solver and net."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dsd.plan.parameter_groups import parameter_groups
from dsd.solver.force import POWERS, Force
from dsd.solver.rules import SGD
from netdef.api import loads
from netdef.errors import SpecError
from netdef.schema.messages import SolverParameter

NET = """layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 5 } } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" param { force_mult: 0.5 } param { lr_mult: 2 }
        inner_product_param { num_output: 3 } }"""


def by_hand(rows: np.ndarray, power: int) -> np.ndarray:
    force = np.zeros_like(rows)
    lengths = np.linalg.norm(rows, axis=1)
    for i, j in np.ndindex(len(rows), len(rows)):
        if min(lengths[i], lengths[j]) > 1e-4:
            unit = rows[i] / lengths[i]
            gap = unit - rows[j] / lengths[j]
            distance = np.linalg.norm(gap)
            if power == 0 or distance > 1e-4:
                gap = gap / distance**power if power else gap
                force[i] += lengths[i] * (gap - unit * (unit @ gap))
    return force


def weights() -> torch.Tensor:
    """Six rows; one is too short, two point the same way."""
    rows = torch.randn(6, 3, 2, generator=torch.Generator().manual_seed(4)).double()
    rows[1] *= 1e-6
    rows[4] = 2 * rows[3]
    return rows


def test_two_rows_turn_towards_each_other():
    """At a right angle, of lengths 2 and 3: each is pulled along the other's direction, by its own length."""
    gradient = torch.zeros(2, 2)
    Force(0, 0.5).add_(gradient, torch.tensor([[2.0, 0], [0, 3]]))
    torch.testing.assert_close(gradient, torch.tensor([[0, -1.0], [-1.5, 0]]))


@pytest.mark.parametrize("kind", POWERS)
def test_each_type_of_force(kind: str):
    gradient = torch.ones(6, 3, 2).double()
    Force(POWERS[kind], 0.25).add_(gradient, weights())
    np.testing.assert_allclose(gradient.view(6, 6), 1 + 0.25 * by_hand(weights().view(6, 6).numpy(), POWERS[kind]), rtol=1e-9)


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("adaptive", [False, True])
def test_directions_and_lengths(same: bool, adaptive: bool):
    start = torch.randn(6, 3, 2, generator=torch.Generator().manual_seed(5)).double()
    gradient = start.clone()
    Force(0, 0.25, same, adaptive).add_(gradient, weights())
    force = by_hand(weights().view(6, 6).numpy(), 0).reshape(6, 3, 2)
    if same:
        force[force * start.numpy() < 0] = 0
    factor = float(start.norm()) / np.linalg.norm(force) if adaptive else 1
    np.testing.assert_allclose(gradient, start.numpy() + 0.25 * factor * force, rtol=1e-9)


def test_no_force_is_made_longer_and_vectors_have_none():
    for weight in (torch.tensor([[1.0, 0], [2, 0]]), torch.tensor([1.0, 2])):
        gradient = torch.full_like(weight, 3)
        Force(0, 1.0, adaptive=True).add_(gradient, weight.clone())
        torch.testing.assert_close(gradient, torch.full_like(weight, 3))


def test_a_step_adds_it_behind_the_decay():
    """As long as the decayed gradient, 0.5 w: |w| = 5, so the force (0, -4), (-3, 0) of length 5 is halved."""
    w = torch.nn.Parameter(torch.tensor([[4.0, 0], [0, 3]]))
    SGD([{"params": [w], "lassos": (Force(0, 1.0, adaptive=True),)}], lr=1.0, weight_decay=0.5).step()
    torch.testing.assert_close(w.detach(), torch.tensor([[2.0, 2], [1.5, 1.5]]))


def test_a_force_ends_at_its_iteration_also_in_a_resumed_run():
    """Each step adds 1 to the first component of the second row, as long as there is a force."""
    w = torch.nn.Parameter(torch.tensor([[1.0, 0], [0, 1]]))
    solver = SGD([{"params": [w], "lassos": (Force(0, 1.0, end=7),)}], lr=1.0)
    solver.iteration = 6
    solver.step()
    moved = w.detach().clone()
    torch.testing.assert_close(moved, torch.ones(2, 2))
    solver.zero_grad()
    solver.step()
    torch.testing.assert_close(w.detach(), moved)


def groups(**fields: object) -> list[dict]:
    return parameter_groups(loads(NET, phase="TRAIN").learnable, SolverParameter(**fields))


def test_the_texts_of_solver_and_net():
    weight, bias = groups(force_decay=0.5, force_type="Linear", force_direction="same")
    assert weight["lassos"] == (Force(2, 0.25, same=True),) and "lassos" not in bias
    assert "lassos" not in groups()[0]
    assert groups(force_decay=0.5, force_iter=9)[0]["lassos"] == (Force(0, 0.25, end=9),)


@pytest.mark.parametrize(("field", "words"), [
    ("force_type", "`force_type` \"x\"; it is Degradation, Constant, Linear or Gravity"),
    ("force_direction", "`force_direction` \"x\"; it is all or same"),
    ("force_decay_type", "`force_decay_type` \"x\"; it is fixed or adaptive"),
])
def test_unknown_words(field: str, words: str):
    with pytest.raises(SpecError, match=words):
        groups(force_decay=0.5, **{field: "x"})
