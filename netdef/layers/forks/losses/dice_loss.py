"""DiceLoss: how far classes overlap their true places, with a gradient of its own. Of superxuang's 3D Faster R-CNN."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_TINY = 1e-5


@register("DiceLoss")
class DiceLoss(Layer):
    """The mean of ``2 I / U`` over the classes above 0 that an item (N, C, ...) has, 0 if none has one: the larger, the better.

    I is the number of places where the class has the greatest chance and is the label, the second bottom's; U is the number of
    places where it has, plus that where it is, plus 1e-5.

    The gradient is the fork's, of ``-2 I / U`` as if I and U were sums over chances p and their squares, and the opposite for
    class 0: ``4 p I / U^2 - 2 g / U``, g whether the class is the label. It is not divided by the number of classes.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if math.prod(shapes[1]) * shapes[0][1] != math.prod(shapes[0]):
            raise refuse_shapes(spec, shapes, 1, "the second has a label for each place of each item")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        chances = x.detach().flatten(2) if x.ndim > 2 else x.detach()[..., None]
        classes = torch.arange(x.shape[1], device=x.device)[:, None]
        true = (labels.detach().reshape(len(x), 1, -1) == classes).to(x.dtype)
        found = (chances.argmax(1, keepdim=True) == classes).to(x.dtype)
        both, whole = (found * true).sum(2), found.sum(2) + true.sum(2) + _TINY
        exists = (true.sum(2) > 0) & (classes[:, 0] > 0)
        score = (2 * both / whole * exists).sum() / exists.sum().clamp(min=1)
        both, whole = both[..., None], whole[..., None]
        gradient = (4 * chances * both / whole**2 - 2 * true / whole) * exists[..., None]
        gradient = torch.cat((-gradient.sum(1, keepdim=True), gradient[:, 1:]), 1)
        return with_gradient(score, x, gradient.reshape(x.shape))
