"""ConvolutionFloat, InnerProductFloat and PoolingFloat: fixed point with bounded sums, of On-accelerator-training (ICT-CHASE)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution
from netdef.layers.core.arity import exactly
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer
from netdef.layers.inner_product import InnerProduct
from netdef.layers.pooling import Pooling, enlarge

FIELD = "qcodeconfig"


class Code(NamedTuple):
    """A fixed-point format: bits before the point, the sign's among them, and bits behind it."""

    whole: int
    fraction: int

    def rounded(self, x: Tensor) -> Tensor:
        """The nearest numbers of the format, halves down, with the gradient of those that they were."""
        step, limit = 2.0**-self.fraction, 2.0 ** (self.whole - 1)
        found = (torch.ceil(x.detach() / step - 0.5) * step).clamp(-limit, limit - step)
        return with_gradient(found, x, torch.ones_like(x))


class _SaturatedSums(WeightedLayer):
    """The base: weight, bottom and top are rounded to the formats of the first, second and third ``qcodeconfig``.

    Those that are not given are Q2.6, Q3.5 and Q3.5. The bias has the bits of a product of weight and bottom. A sum of products
    stays within 2^(bits before the point of both - 1), product by product, in the order of the weight. Both
    phases do so, as on a GPU there (the fork computes as usual on the CPU); gradients pass each rounding and each bound, and
    are those of a product of rounded numbers. In the fork other layers that read the bottom later find it rounded; here
    they do not.
    """

    pruned_by_default = False
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        given = [Code(code.il, code.fl) for code in spec.message.qcodeconfig[:3]]
        self.of_weight, self.of_bottom, self.of_top = [*given, *(Code(2, 6), Code(3, 5), Code(3, 5))[len(given) :]]
        for index, code in enumerate(given):
            if not 1 <= code.whole <= 24 or code.fraction > 24:
                raise spec.refuse(f"has a format of {code.whole} and {code.fraction} bits; it wants 1 to 24 and at most 24",
                                  FIELD, index)
        self.of_bias = Code(self.of_weight.whole + self.of_bottom.whole, self.of_weight.fraction + self.of_bottom.fraction)
        self.limit = 2.0 ** (self.of_bias.whole - 1)

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        x, weight = self.of_bottom.rounded(x), self.of_weight.rounded(weight)
        bias = None if bias is None else self.of_bias.rounded(bias)
        exact = super().compute(x, weight, bias)
        if x.is_meta:
            return exact
        found = exact
        with torch.no_grad():
            if super().compute(x.abs(), weight.abs(), None).amax() > self.limit:  # else no sum reaches the bound
                found = self.bounded(x, weight)
                found = (found if bias is None else found + bias[:, None]).reshape(exact.shape)
        return with_gradient(self.of_top.rounded(found), exact, torch.ones_like(exact))

    def bounded(self, x: Tensor, weight: Tensor) -> Tensor:
        """The sums (batch, outputs, places), each of them within the bound after each product."""
        parts, kernels = self.columns(x), weight.flatten(1).chunk(len(self.columns(x)))
        return torch.cat([self._sum(part, kernel) for part, kernel in zip(parts, kernels, strict=True)], 1)

    def _sum(self, columns: Tensor, weight: Tensor) -> Tensor:
        total = columns.new_zeros(len(columns), len(weight), columns.shape[2])
        for values, factors in zip(columns.unbind(1), weight.unbind(1), strict=True):
            total = (total + factors[:, None] * values[:, None]).clamp(-self.limit, self.limit)
        return total

    def columns(self, x: Tensor) -> Sequence[Tensor]:
        """For each group the values (batch, terms, places) that are multiplied by the weights of an output."""
        raise NotImplementedError

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        raise NotWritable("keeps each of its sums within a bound")


@register("ConvolutionFloat")
class ConvolutionFloat(_SaturatedSums, Convolution):
    """Convolution of two spatial axes in fixed point, see `_SaturatedSums`."""

    n_bottoms = exactly(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if not self.plain or self.n_spatial != 2 or not self.pads_alike:
            raise spec.refuse("bounds each sum, which is implemented for two spatial axes after the channels, with the same "
                              "padding on both sides", "type")

    def columns(self, x: Tensor) -> Sequence[Tensor]:
        return F.unfold(x, self.window.kernel, self.dilation, self.pad, self.stride).chunk(self.group, 1)


@register("InnerProductFloat")
class InnerProductFloat(_SaturatedSums, InnerProduct):
    """InnerProduct in fixed point, see `_SaturatedSums`."""

    n_bottoms = exactly(1)

    def bounded(self, x: Tensor, weight: Tensor) -> Tensor:
        return super().bounded(x, weight.t() if self.transpose else weight)

    def columns(self, x: Tensor) -> Sequence[Tensor]:
        return [x.flatten(self.axis).flatten(0, -2)[..., None]]


@register("PoolingFloat")
class PoolingFloat(Pooling):
    """Pooling whose AVE is in fixed point, by its one ``qcodeconfig`` of 8 bits; other methods are as usual.

    A sum stays within 2^(15 - fl), value by value, then loses its fraction and what is beyond 128; times the kernel's share 1 /
    size, rounded to 7 bits behind the point, it stays within 2^(il - 1) and is rounded to sixteenths, halves away from 0.
    The gradient is that of the sum times the rounded share. As on a GPU there.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        codes = [Code(code.il, code.fl) for code in spec.message.qcodeconfig]
        if len(codes) != 1 or sum(codes[0]) != 8 or codes[0].whole < 1:
            raise spec.refuse(f"has {len(codes)} `qcodeconfig`; it wants one, whose `il` and `fl` together are 8 bits", FIELD)
        self.in_fixed_point = spec.message.pooling_param.pool == spec.message.pooling_param.AVE
        if self.in_fixed_point and len(shapes[0]) != 4:
            raise spec.refuse(f"pools planes; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.of_sum, self.of_top = 2.0 ** (15 - codes[0].fraction), 2.0 ** (codes[0].whole - 1)
        kernel = self.window.of(shapes[0][2:])
        self.share = math.floor(128 / math.prod(kernel) + 0.5) / 128

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        if not self.in_fixed_point:
            return super().forward(x)
        window, plane = self.window, x.shape[2:]
        padded = enlarge(x, window.padding(plane)[0], window.room(plane), 0.0)
        kernel = window.of(plane)
        windows = F.unfold(padded, kernel, stride=window.stride).reshape(*x.shape[:2], math.prod(kernel), -1)
        exact = windows.sum(2) * self.share
        with torch.no_grad():
            total = torch.zeros_like(exact)
            for values in windows.unbind(2):
                total = (total + values).clamp(-self.of_sum, self.of_sum)
            found = 16 * (total.trunc().clamp(-128, 128) * self.share).clamp(-self.of_top, self.of_top)
            found = found.sign() * (found.abs() + 0.5).floor() / 16
        return with_gradient(found, exact, torch.ones_like(exact)).reshape(*x.shape[:2], *self.top_shapes([x.shape])[0][2:])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.in_fixed_point:
            raise NotWritable("averages in fixed point")
        return super().torch_code(me, bottoms)
