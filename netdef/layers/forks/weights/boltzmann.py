"""RBMCD: a restricted Boltzmann machine, learned by contrastive divergence. Of szymonzareba's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "rbm_param"
States = tuple[Tensor, Tensor]


class RBM(Layer):
    """x to hidden units: drawn, each 1 with probability sigmoid(W x + c); zeros of that shape; and the loss.

    The axes from ``axis`` on are one. Blobs: W (num_hidden, K), b (K, 1), c (num_hidden, 1). With ``llAprox: REC`` the loss is an
    item's mean cross entropy of x, where a half and more is 1, and the probabilities sigmoid(W^T h + b); else it is 0. It has no
    gradient: the blobs get, times the loss weight, the mean products of units of the negative `states` minus those of the data.
    The fork lets `RBMReturn` write its second top, and takes no loss weight into account.
    """

    n_tops = exactly(3)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.rbm_param
        check_positive(spec, param.num_hidden, PARAM, "num_hidden")
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        self.hidden: int = param.num_hidden
        self.visible = math.prod(shapes[0][self.axis :])
        self.reconstructs: bool = param.llAprox == param.REC
        weight = (self.hidden, self.visible)
        self.add_blob("weight", weight, filler(spec, PARAM, "w_filler", shape=weight))
        self.add_blob("b", (self.visible, 1), filler(spec, PARAM, "b_filler"))
        self.add_blob("c", (self.hidden, 1), filler(spec, PARAM, "c_filler"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][: self.axis], self.hidden)] * 2 + [()]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        weight, b, c = self.blob("weight"), self.blob("b"), self.blob("c")
        with torch.no_grad():
            data = x.flatten(self.axis).reshape(-1, self.visible)
            chances = (data @ weight.T + c[:, 0]).sigmoid()
            drawn = draw(chances)
            loss = self._loss(data, drawn) if self.reconstructs else data.new_zeros(())
        if torch.is_grad_enabled() and weight.requires_grad:
            with torch.no_grad():
                gradients = self._gradients((data, drawn), chances)
            nothing = torch.zeros_like(loss)
            loss = loss + sum(with_gradient(nothing, blob, given) for blob, given in zip((weight, b, c), gradients))
        top = drawn.reshape(*x.shape[: self.axis], self.hidden)
        return top, torch.zeros_like(top), loss

    def _loss(self, data: Tensor, drawn: Tensor) -> Tensor:
        again = (drawn @ self.blob("weight") + self.blob("b")[:, 0]).sigmoid()
        again = torch.where(again == 0, 1e-5, torch.where(again == 1, 1 - 1e-5, again))
        return -torch.where(data < 0.5, (1 - again).log(), again.log()).sum() / len(data)

    def _gradients(self, positive: States, chances: Tensor) -> list[Tensor]:
        """The gradients of the blobs."""
        (x0, h0), (x1, h1) = self.states(positive, chances)
        n = len(x0)
        return [(h1.T @ x1 - h0.T @ x0) / n, (x1 - x0).sum(0)[:, None] / n, (h1 - h0).sum(0)[:, None] / n]

    def states(self, positive: States, chances: Tensor) -> tuple[States, States]:
        """Visible and hidden units of the data, and those of the model. ``chances`` are those of the hidden units to be 1."""
        raise NotImplementedError


@register("RBMCD")
class RBMCD(RBM):
    """`RBM` whose negative states are drawn by ``gibbs_steps`` steps from the data: visible units from hidden ones and back."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.steps: int = spec.message.rbm_param.rbm_cd_param.gibbs_steps
        check_positive(spec, self.steps, PARAM, "rbm_cd_param", "gibbs_steps")

    def states(self, positive: States, chances: Tensor) -> tuple[States, States]:
        weight, b, c = self.blob("weight"), self.blob("b")[:, 0], self.blob("c")[:, 0]
        x, h = positive
        for _ in range(self.steps):
            x = draw((h @ weight + b).sigmoid())
            h = draw((x @ weight.T + c).sigmoid())
        return positive, (x, h)


def draw(chances: Tensor) -> Tensor:
    """1 with these probabilities, else 0."""
    return (chances > torch.rand_like(chances)).to(chances.dtype)
