"""NormL2, NormalizationL2, Normalization, SimpleNormalize, L2Norm and Norm: vectors of length 1, of several forks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.forks.weights.compact_bilinear import unit_items


class _UnitItems(Layer):
    """The base of both: ``x / sqrt(sum x^2 + small)``, the sum over all numbers of an item."""

    keeps_shape = True
    family = "norm"
    needs_float32 = True  # squares overflow float16
    small: ClassVar[float]

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)

    def forward(self, x: Tensor) -> Tensor:
        return unit_items(x, self.small)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"unit_items({bottoms[0]}, {self.small})", functions=(unit_items,))


@register("NormL2")
class NormL2(_UnitItems):
    """`_UnitItems` of SeqFace (Hu et al. 2018)."""

    small = 1e-7


@register("NormalizationL2")
class NormalizationL2(_UnitItems):
    """`_UnitItems` of RAM (Liu et al. 2018), as on a GPU there."""

    small = 1e-10


@register("Normalization")
class Normalization(_UnitItems):
    """`_UnitItems` of ZhouYzzz's fork. An item of zeros stays so; there it is NaN."""

    small = 1e-30


@register("SimpleNormalize")
class SimpleNormalize(_UnitItems):
    """`_UnitItems` of yuqj1991's caffe_train. An item of zeros stays so; there it is NaN."""

    small = 1e-30


class _OverLength(Layer):
    """The base of both below: ``x / (|x| + small)``. A vector of zeros gets no gradient."""

    keeps_shape = True
    family = "norm"
    needs_float32 = True  # squares overflow float16
    small: float
    by_item: ClassVar[bool]

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)

    def forward(self, x: Tensor) -> Tensor:
        return over_length(x, self.by_item, self.small)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"over_length({bottoms[0]}, {self.by_item}, {self.small})", functions=(over_length,))


@register("L2Norm")
class L2Norm(_OverLength):
    """`_OverLength` of items, ARL's (Shao et al. 2019); with 0 instead of 1e-9, wanji/caffe-sl's.

    With ``l2norm_param { eps }`` that is added, as in vzhangmeng726's fork.
    """

    small, by_item = 1e-9, True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if spec.message.l2norm_param.HasField("eps"):
            self.small = spec.message.l2norm_param.eps


@register("L2Norm", when=lambda spec: spec.message.l2norm_param.HasField("l2_length"))
class LengthAtPlaces(Layer):
    """Channels at each place over ``sqrt(sum x^2 / l2_length)``, zeros left alone. Of Akrit2013's fork.

    As in the fork the divisor gets no gradient.
    """

    keeps_shape = True
    family = "norm"
    needs_float32 = True  # squares overflow float16

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.squared: float = spec.message.l2norm_param.l2_length
        check_above_zero(spec, self.squared, "l2norm_param", "l2_length")

    def forward(self, x: Tensor) -> Tensor:
        return of_squared_length(x, self.squared)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"of_squared_length({bottoms[0]}, {self.squared})", functions=(of_squared_length,))


def of_squared_length(x: Tensor, squared: float) -> Tensor:
    """Channels at each place scaled to a squared length, by a factor without a gradient."""
    length = (x.detach().square().sum(1, keepdim=True) / squared).sqrt()
    return x / length.where(length > 0, 1)


@register("Norm")
class Norm(_OverLength):
    """`_OverLength` of the channels at each place, xiaolonw's; in its nets of 2014 ``type: NORM``."""

    small, by_item = 1e-6, False


def over_length(x: Tensor, by_item: bool, small: float) -> Tensor:
    """Items, or channels at each place, over their length plus a small number."""
    length = torch.linalg.vector_norm(x, dim=tuple(range(1, x.ndim)) if by_item else 1, keepdim=True)
    return x.where(length > 0, x.detach()) / (length + small)
