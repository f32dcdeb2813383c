"""Layers of MAF, multi-adversarial Faster R-CNN (He and Zhang 2019): what the domains' classifiers see and learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.inner_product import InnerProduct


@register("GradientSilent")
class GradientSilent(Layer):
    """The first bottom, whose gradient is 0. A second bottom counts nowhere."""

    n_bottoms = between(1, 2)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, x: Tensor, _unread: Tensor | None = None) -> Tensor:
        return _Silent.apply(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(str(bottoms[0]))


@register("GradientBlock")
class GradientBlock(Layer):
    """The bottoms, whose gradients are 0. Of torrvision's caffe-tvg."""

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True

    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        tops = tuple(_Silent.apply(x) for x in bottoms)
        return tops if len(tops) > 1 else tops[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(", ".join(map(str, bottoms)))


class _Silent(torch.autograd.Function):
    """The values as they are; their gradient is 0, not none, so that weights before them decay."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return torch.zeros_like(gradient)


@register("Enlarge")
class Enlarge(Layer):
    """(N, C, H, W) to (N, C s s, H / s, W / s): each square of s x s pixels as channels, ``scale`` being s."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.scale = spec.message.enlarge_param.scale
        check_positive(spec, self.scale, "enlarge_param", "scale")

    def forward(self, x: Tensor) -> Tensor:
        height, width = (side - side % self.scale for side in x.shape[2:])
        return F.pixel_unshuffle(x[:, :, :height, :width], self.scale)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        height, width = (side - side % self.scale for side in bottoms[0].shape[2:])
        return TorchCode(f"F.pixel_unshuffle({bottoms[0]}[:, :, :{height}, :{width}], {self.scale})")


@register("InnerProductCLS")
class InnerProductCLS(InnerProduct):
    """InnerProduct with a second top, its weight, through which gradients come back, too."""

    n_bottoms = exactly(1)
    n_tops = exactly(2)
    pruned_by_default = False

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [*super().top_shapes(bottoms), tuple(self.weight.shape)]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]  # the base has one top
        return super().forward(x), self.blob("weight").clone()

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        raise NotWritable("gives its weight as a top")


@register("CosineDis")
class CosineDis(Layer):
    """Products of features with those of another domain, the right answer 0, and with the rows of a dictionary.

    Bottoms a (N, C), b (N, C) and a dictionary (M, C). Row n of the top (2 N, M + 1) is a_n b_n and a_n with each of the
    dictionary, row N + n the same of b_n; gradients go to a from the first N rows and to b from the others only. The second
    top, labels (2 N,), is 0.
    """

    n_bottoms = exactly(3)
    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(3):
            check_least_axes(spec, shapes, 2, index)
        sizes = [torch.Size(shape[1:]).numel() for shape in shapes]
        if shapes[1][0] != shapes[0][0] or sizes[1] != sizes[0]:
            raise refuse_shapes(spec, shapes, 1, "both have a row of features for each item")
        if sizes[2] != sizes[0]:
            raise refuse_shapes(spec, shapes, 2, "a row of the dictionary is as long as a row of features")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        rows = 2 * bottoms[0][0]
        return [(rows, bottoms[2][0] + 1), (rows,)]

    def forward(self, a: Tensor, b: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
        a, b, words = a.flatten(1), b.flatten(1), words.flatten(1).detach()
        parts = [torch.cat(((own * other.detach()).sum(1, keepdim=True), own @ words.t()), 1) for own, other in ((a, b), (b, a))]
        top = torch.cat(parts)
        return top, top.new_zeros(len(top))
