"""RBMPM1 and RBMPM2: restricted Boltzmann machines learned by perturb-and-MAP (Papandreou and Yuille 2011).

Of szymonzareba's fork.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.weights.boltzmann import PARAM, RBM, States, draw
from netdef.schema.messages import RBMPM2Parameter, RBMPMParameter

PM = "rbm_pm_param"


class Model(NamedTuple):
    """A weight, and biases of the visible and the hidden units for each item."""

    weight: Tensor
    b: Tensor
    c: Tensor


class Search(NamedTuple):
    """A method to find a state of low energy: a value of MAPMethod, and the settings of its steps."""

    method: int
    steps: int
    eta: float = 0.0
    decay: float = 0.0
    changes: float = 1.0


def read_search(param: RBMPMParameter) -> Search:
    """The search that a message gives."""
    if param.map_method == RBMPMParameter.CoordinateDescent:
        return Search(param.map_method, param.coordinate_descent_param.descent_steps)
    if param.map_method == RBMPMParameter.FreeEnergyGradientDescent:
        given = param.fegd_param
        return Search(param.map_method, given.descent_steps, given.eta_0, given.eta_decay)
    if param.map_method == RBMPMParameter.GreedyEnergyOptimization:
        return Search(param.map_method, param.geo_param.steps)
    return Search(param.map_method, param.rgeo_param.steps, changes=param.rgeo_param.maskout)


@register("RBMPM1")
class RBMPM1(RBM):
    """`RBM` whose negative states are most probable ones of a model with perturbed biases, looked for from the data on.

    To each bias comes, for each of ``batch_repeats`` copies of an item, ``pert_str`` times a number of the logistic distribution.
    ``map_method`` says how the states are found. The hidden units are then probabilities, given the visible ones, without
    perturbation. ``persistent`` is refused.
    """

    methods: tuple[int, ...] = (
        RBMPMParameter.CoordinateDescent, RBMPMParameter.FreeEnergyGradientDescent,
        RBMPMParameter.GreedyEnergyOptimization, RBMPMParameter.RandomizedGreedyEnergyOptimization)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.rbm_param.rbm_pm_param
        check_positive(spec, param.batch_repeats, PARAM, PM, "batch_repeats")
        if param.map_method not in self.methods:
            name = RBMPMParameter.MAPMethod.Name(param.map_method)
            raise spec.refuse(f"has `map_method` {name}, which its fork has not for this layer", PARAM, PM, "map_method")
        if param.persistent:
            raise spec.refuse("is persistent, which is not implemented", PARAM, PM, "persistent")
        self.search = read_search(param)
        self.copies: int = param.batch_repeats
        self.strength: float = param.pert_str

    def states(self, positive: States, chances: Tensor) -> tuple[States, States]:
        x0, h0 = positive[0].repeat(self.copies, 1), chances.repeat(self.copies, 1)
        if self.search.method != RBMPMParameter.FreeEnergyGradientDescent:
            h0 = draw(h0)
        weight, c = self.blob("weight"), self.blob("c")[:, 0]
        model = self.perturbed(Model(weight, self.blob("b")[:, 0].expand(len(x0), -1), c.expand(len(x0), -1)))
        x1 = find_state(x0, (x0 @ weight.T + model.c).sigmoid(), model, self.search)
        return (x0, h0), (x1, (x1 @ weight.T + c).sigmoid())

    def perturbed(self, model: Model) -> Model:
        return Model(model.weight, model.b + self.strength * logistic(model.b), model.c + self.strength * logistic(model.c))


@register("RBMPM2")
class RBMPM2(RBMPM1):
    """`RBMPM1` that perturbs a weight, by the difference of two numbers, instead of the biases of the units that it joins.

    Each unit has at most one such weight. ``w_pert_param: Random`` draws as many pairs of a visible and a hidden unit as there
    can be; ExpProb draws for each hidden unit a free visible one with a probability in proportion to exp(W), AbsExpProb to
    exp(|W|).
    """

    methods = RBMPM1.methods[:3]

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.chosen: int = spec.message.rbm_param.rbm_pm_param.rbm_pm2_param.w_pert_param
        if self.chosen != RBMPM2Parameter.Random and self.hidden >= self.visible:
            raise spec.refuse(f"has {self.hidden} hidden and {self.visible} visible units; its `w_pert_param` wants fewer hidden "
                              "units than visible ones", PARAM, PM, "rbm_pm2_param", "w_pert_param")

    def perturbed(self, model: Model) -> Model:
        strength, pairs = self.strength, self.pairs(model.weight)
        weight = model.weight + pairs * strength * (logistic(model.weight) - logistic(model.weight))
        free_b, free_c = 1 - pairs.sum(0), 1 - pairs.sum(1)
        return Model(weight, model.b + free_b * strength * logistic(model.b), model.c + free_c * strength * logistic(model.c))

    def pairs(self, weight: Tensor) -> Tensor:
        """1 for the weights that are perturbed, else 0."""
        pairs = torch.zeros_like(weight)
        rows, columns = weight.shape
        if self.chosen == RBMPM2Parameter.Random:
            several = torch.randperm(max(rows, columns), device=weight.device)[: min(rows, columns)]
            few = torch.arange(len(several), device=weight.device)
            pairs[(several, few) if rows > columns else (few, several)] = 1
            return pairs
        chances = (weight.abs() if self.chosen == RBMPM2Parameter.AbsExpProb else weight).exp()
        free = torch.ones_like(weight[0])
        for row in torch.randperm(rows).tolist():
            column = torch.multinomial(chances[row] * free, 1)[0]
            pairs[row, column], free[column] = 1, 0
        return pairs


def find_state(x: Tensor, h: Tensor, model: Model, search: Search) -> Tensor:
    """Visible units of a state of low energy of the model, looked for from a state on."""
    def visible(units: Tensor) -> Tensor:
        return (units @ model.weight + model.b > 0).to(x.dtype)

    def hidden(units: Tensor) -> Tensor:
        return (units @ model.weight.T + model.c > 0).to(x.dtype)

    for step in range(search.steps):
        if search.method == RBMPMParameter.CoordinateDescent:
            x = visible(h)
            h = hidden(x)
        elif search.method == RBMPMParameter.FreeEnergyGradientDescent:
            rate = search.eta * ((search.decay / (search.decay + step)) ** 0.5 if search.decay else 1)
            x = (x + rate * ((x @ model.weight.T + model.c).sigmoid() @ model.weight + model.b)).clamp(0, 1)
        elif search.method == RBMPMParameter.GreedyEnergyOptimization:
            x, h = visible(h), hidden(x)
        else:
            x, h = (torch.where(torch.rand_like(old) > 1 - search.changes, new, old)
                    for old, new in ((x, visible(h)), (h, hidden(x))))
    return (x > 0.5).to(x.dtype)


def logistic(like: Tensor) -> Tensor:
    """Numbers of the logistic distribution."""
    return torch.rand_like(like).logit(1e-6)
