"""LinearMeanLoss: the mean of scores, for a Wasserstein GAN. Of limuhit's Caffe_Gan."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("LinearMeanLoss")
class LinearMeanLoss(Layer):
    """The mean of scores, whose gradient is that mean's times minus the first label (LONE): labels of 1 raise the scores.

    LTWO: the sum of their squares over N, with half its gradient.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.mean_loss_param
        self.squares = param.method == param.LTWO

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        if self.squares:
            return with_gradient(scores.square().sum() / len(scores), scores, scores / len(scores))
        return with_gradient(scores.mean(), scores, -labels.flatten()[0] * torch.ones_like(scores) / scores.numel())
