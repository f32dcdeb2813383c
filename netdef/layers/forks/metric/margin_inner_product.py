"""MarginInnerProduct, the angular margin of SphereFace (Liu et al. 2017), of wy1iu's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.metric.unit_length import row_lengths, scale_rows_


@register("MarginInnerProduct")
class MarginInnerProduct(Layer):
    """``x w``, with weights of length 1; in training the product of each item with its label has a margin of angle.

    That product, ``|x| cos(t)``, becomes ``(|x| psi(t) + lambda x w) / (1 + lambda)``. By ``type``, psi is cos(t) for SINGLE,
    which has no margin, else the falling continuation of cos(m t), m 2 for DOUBLE, 3 for TRIPLE and 4 for QUADRUPLE.
    ``lambda = max(base (1 + gamma i)^-power, lambda_min)`` in pass i, counted from ``iteration`` + 1; a second top has it.
    Snapshots keep the count. As in the fork the weights themselves are divided by their lengths, their gradient is that of
    ``x w``, and the margin's part of the gradient of x has the direction of the derivative, but not its length.

    Bottoms: x, labels. Blob: ``weight`` (num_output, features). TEST has no margin; the fork counts passes of TEST, too, which
    gives it another margin each time.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    param = "margin_inner_product_param"
    weight: Tensor
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = getattr(spec.message, self.param), shapes[0]
        check_positive(spec, param.num_output, self.param, "num_output")
        if canonical_axis(spec, param.axis, len(shape), self.param, "axis") != 1:
            raise spec.refuse("takes the features from axis 1 on only", self.param, "axis")
        check_one_label_each_item(spec, shapes[1], 1, shape[0])
        if param.iteration < 0 or param.gamma < 0:
            raise spec.refuse("counts passes from a negative `iteration`, or has a negative `gamma`", self.param)
        self.factor = 1 + param.MarginType.Value(param.MarginType.Name(param.type))
        self.base, self.gamma, self.power, self.least = param.base, param.gamma, param.power, param.lambda_min
        self.first: int = param.iteration
        self.with_lambda = len(spec.tops) == 2
        weight = param.num_output, math.prod(shape[1:])
        self.add_blob("weight", weight, filler(spec, self.param, "weight_filler", shape=weight))
        self.add_constant("passes", (1, 1), constant(0.0))
        self.carried = ("passes",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        product = bottoms[0][0], self.weight.shape[0]
        return [product, (1,)] if self.with_lambda else [product]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        features, labels = x.flatten(1), labels.detach().long().flatten()
        if self.training:
            check_classes(self, labels, len(self.weight))
            self.passes = self.passes + 1
        strength = self._strength().to(x)
        top = self.product(features, labels, strength)
        return (top, strength) if self.with_lambda else top

    def product(self, features: Tensor, labels: Tensor, strength: Tensor) -> Tensor:
        """The products of the features with the weights, in training with the margin; ``strength`` is lambda."""
        if self.training:
            scale_rows_(self.weight)
            return _Margin.apply(features, self.weight, labels, strength, self.factor)
        return features @ (self.weight / row_lengths(self.weight)).t()

    def _strength(self) -> Tensor:
        """Lambda of the pass, of shape (1,)."""
        return (self.base * (1 + self.gamma * (self.first + self.passes[0].double())) ** -self.power).clamp(min=self.least)


def psi(cosine: Tensor, factor: int) -> tuple[Tensor, Tensor]:
    """The falling continuation of ``cos(factor * t)``, by the cosine of t, and its derivative with respect to that."""
    c, sign = cosine, cosine.sign()
    if factor == 2:
        return 2 * sign * c**2 - 1, 4 * sign * c
    if factor == 3:
        outer = (c.abs() - 0.5).sign()
        return outer * (4 * c**3 - 3 * c) + sign * (1 + outer) - 2, outer * (12 * c**2 - 3)
    turned = sign * (2 * c**2 - 1).sign()
    return turned * (8 * c**4 - 8 * c**2 + 1) + 2 * sign + turned - 3, turned * (32 * c**3 - 16 * c)


class _Margin(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, labels: Tensor, strength: Tensor, factor: int) -> Tensor:
        top = x @ weight.t()
        ctx.factor = factor
        if factor == 1:
            ctx.save_for_backward(x, weight)
            return top
        length = x.norm(dim=1, keepdim=True)
        own = labels[:, None]
        plain = top.gather(1, own)
        margin, derivative = psi(plain / length, factor)
        of_x = (margin - plain / length * derivative) / length
        unit = (derivative.square() + of_x.square()).sqrt()
        ctx.save_for_backward(x, weight, own, strength, derivative / unit, of_x / unit)
        return top.scatter(1, own, (length * margin + strength * plain) / (1 + strength))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        x, weight, *rest = ctx.saved_tensors
        of_weight = gradient.t() @ x
        if ctx.factor == 1:
            return gradient @ weight, of_weight, None, None, None
        own, strength, by_weight, by_x = rest
        mine = gradient.gather(1, own) / (1 + strength)
        shares = gradient.scatter(1, own, mine * (by_weight + strength))
        return shares @ weight + mine * by_x * x, of_weight, None, None, None
