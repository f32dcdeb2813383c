"""States found in perturbed models."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.layers.forks.weights.boltzmann_perturbed import Model, Search, find_state, logistic

X = torch.tensor([[1.0, 0, 1], [0, 1, 0]]).double()
WEIGHT = torch.tensor([[90.0, -90, 90], [-90, 90, -90]]).double()


@pytest.mark.parametrize("method", ["CoordinateDescent", "GreedyEnergyOptimization", "FreeEnergyGradientDescent"])
@pytest.mark.parametrize("kind", ["RBMPM1", "RBMPM2"])
def test_where_the_weights_leave_no_doubt_the_states_are_the_data(kind: str, method: str):
    param = f"rbm_param {{ num_hidden: 2 rbm_pm_param {{ map_method: {method} batch_repeats: 3 pert_str: 0.1 }} }}"
    net = one_layer(kind, f"{param} loss_weight: 0 loss_weight: 0 loss_weight: 1", "TRAIN", tops=3, x=X)
    for blob, value in zip(net.params["l"], (WEIGHT, 0.0, 0.0)):
        blob.data.copy_(torch.as_tensor(value))
    net(x=X)["y2"].backward()
    assert all(torch.allclose(blob.grad, torch.zeros_like(blob)) for blob in net.params["l"])


def test_a_bias_outweighs_the_data():
    net = one_layer("RBMPM1", "rbm_param { num_hidden: 2 } loss_weight: 0 loss_weight: 0 loss_weight: 1", "TRAIN", tops=3, x=X)
    for blob, value in zip(net.params["l"], (WEIGHT, 1000.0, 0.0)):
        blob.data.copy_(torch.as_tensor(value))
    net(x=X)["y2"].backward()
    x1, h0, h1 = torch.ones(2, 3).double(), torch.eye(2).double(), torch.tensor([[1.0, 0]] * 2).double()
    weight, b, c = (blob.grad for blob in net.params["l"])
    assert torch.allclose(weight, (h1.T @ x1 - h0.T @ X) / 2)
    assert torch.allclose(b, (x1 - X).sum(0)[:, None] / 2) and torch.allclose(c, (h1 - h0).sum(0)[:, None] / 2)


def test_a_step_of_the_free_energy_by_hand():
    model = Model(draw(2, 3), draw(4, 3, seed=2), draw(4, 2, seed=3))
    x = start = draw(4, 3, seed=4).sigmoid()
    for rate in (0.5, 0.5 * (3 / 4) ** 0.5):
        x = (x + rate * ((x @ model.weight.T + model.c).sigmoid() @ model.weight + model.b)).clamp(0, 1)
    assert find_state(start, start.new_zeros(4, 2), model, Search(1, 2, eta=0.5, decay=3)).tolist() == (x > 0.5).double().tolist()


def test_random_greedy_steps_change_a_share_of_the_units():
    torch.manual_seed(2)
    ones = torch.ones(3000, 1).double()
    model = Model(torch.zeros(1, 1).double(), -ones, -ones)  # every unit becomes 0, if it changes
    assert find_state(ones, ones, model, Search(4, 1, changes=0.7)).mean().item() == pytest.approx(0.3, abs=0.03)


def test_numbers_of_the_logistic_distribution():
    torch.manual_seed(1)
    numbers = logistic(torch.empty(20000).double())
    assert numbers.mean().item() == pytest.approx(0, abs=0.06)
    assert numbers.var().item() == pytest.approx(torch.pi**2 / 3, rel=0.06)


@pytest.mark.parametrize("chosen", ["Random", "ExpProb", "AbsExpProb"])
def test_every_unit_has_at_most_one_perturbed_weight(chosen: str):
    param = f"rbm_param {{ num_hidden: 3 rbm_pm_param {{ rbm_pm2_param {{ w_pert_param: {chosen} }} }} }}"
    layer = one_layer("RBMPM2", param, tops=3, x=(2, 5)).layers["l"]
    pairs = layer.pairs(draw(3, 5))
    assert pairs.sum(1).tolist() == [1, 1, 1] and pairs.sum(0).max() == 1
    if chosen == "Random":
        assert layer.pairs(draw(5, 3)).sum(0).tolist() == [1, 1, 1]


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("RBMPM1", "map_method: FreeEnergyGradientDescentEta2", "FreeEnergyGradientDescentEta2, which its fork has not"),
    ("RBMPM2", "map_method: RandomizedGreedyEnergyOptimization", "which its fork has not"),
    ("RBMPM1", "persistent: true", "is persistent"), ("RBMPM1", "batch_repeats: 0", "`batch_repeats`"),
    ("RBMPM2", "rbm_pm2_param { w_pert_param: ExpProb }", "fewer hidden units than visible ones")])
def test_refusals(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, f"rbm_param {{ num_hidden: 3 rbm_pm_param {{ {param} }} }}", tops=3, x=(2, 3))
