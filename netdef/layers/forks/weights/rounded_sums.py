"""ConvolutionIVS and FcIVS: layers that round each product and each sum, of IVS-Caffe (apple35932003)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_positive
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.forks.weights.ristretto import PARAM, Rounded, Rounding, fixed_point
from netdef.layers.inner_product import InnerProduct


class _RoundedSums(Rounded):
    """The base: a `Rounded` layer in fixed point, halves away from 0, whose bias has its own bits, ``bw_bias`` and ``fl_bias``.

    ``rounding_time`` EVERY_OPERATION: each product of a weight is rounded to ``bw_multiply`` bits, then halves of the products
    are added to each other until one number is left, all rounded to ``bw_add`` bits each time; an odd one at the end is added
    to the first. EVERY_OPERATION_SERIAL adds one product after the other. Both round by ``rounding_scheme``, in TRAIN too.
    LAYER_BY_LAYER rounds neither. Gradients are those of the product of rounded numbers.
    """

    rounds_bias_in_training = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ristretto_param
        for field in ("bw_bias", "bw_add", "bw_multiply"):
            check_positive(spec, getattr(param, field), PARAM, field)
        for field, name in (("precision", "DYNAMIC_FIXED_POINT"), ("overflow_behavior", "TRIM_AT_THRESH")):
            if getattr(param, field) != getattr(param, name):
                raise spec.refuse(f"has another `{field}` than {name}, the only one that is implemented", PARAM, field)
        self.of_bottom, self.of_top, self.of_weight = (
            partial(rounding, halves_away=True) for rounding in (self.of_bottom, self.of_top, self.of_weight))
        self.of_bias, self.of_sum, self.of_product = (
            partial(fixed_point, width=width, fraction=fraction, halves_away=True) for width, fraction in
            ((param.bw_bias, param.fl_bias), (param.bw_add, param.fl_add), (param.bw_multiply, param.fl_multiply)))
        self.by_layer: bool = param.rounding_time == param.LAYER_BY_LAYER
        self.serial: bool = param.rounding_time == param.EVERY_OPERATION_SERIAL

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if self.by_layer:
            return super().compute(x, weight, bias)
        weight = self.rounded(weight, self.of_weight)
        if bias is not None and self.of_bias:
            bias = self.rounded(bias, self.of_bias)
        if not self.training:
            x = self.rounded(x, self.of_bottom)
        exact = super(Rounded, self).compute(x, weight, bias)
        with torch.no_grad():
            found = torch.stack([self._sum(terms) for terms in self.products(x, weight)], 1)
            if bias is not None:
                found = found + bias[:, None]
                if self.rounds_bias_in_training or not self.training:
                    found = self._round(found, self.of_sum)
            if not self.training:
                found = self._round(found, self.of_top)
        return with_gradient(found.reshape(exact.shape), exact, torch.ones_like(exact))

    def products(self, x: Tensor, weight: Tensor) -> list[Tensor]:
        """For each output the products (batch, terms, places) that it is the sum of."""
        raise NotImplementedError

    def _round(self, x: Tensor, rounding: Rounding) -> Tensor:
        return rounding(x, shift=torch.rand_like(x) if self.stochastic else None)

    def _sum(self, terms: Tensor) -> Tensor:
        """Products (batch, terms, places), rounded and added with rounding: (batch, places)."""
        terms = self._round(terms, self.of_product)
        if self.serial:
            total = terms[:, 0]
            for term in terms[:, 1:].unbind(1):
                total = self._round(total + term, self.of_sum)
            return total
        while terms.shape[1] > 1:
            half = terms.shape[1] // 2
            sums = self._round(terms[:, :half] + terms[:, half : 2 * half], self.of_sum)
            if terms.shape[1] % 2:
                sums[:, 0] = self._round(sums[:, 0] + terms[:, -1], self.of_sum)
            terms = sums
        return terms[:, 0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if not self.by_layer:
            raise NotWritable("rounds each product and each sum")
        return super().torch_code(me, bottoms)


@register("ConvolutionIVS")
class ConvolutionIVS(_RoundedSums, Convolution):
    """Convolution of two spatial axes with rounded sums, see `_RoundedSums`; in TRAIN the sum with the bias stays as it is."""

    rounds_bias_in_training = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if not self.by_layer and (not self.plain or self.n_spatial != 2 or not self.pads_alike):
            raise spec.refuse("rounds each product, which is implemented for two spatial axes after the channels, with the same "
                              "padding on both sides", PARAM, "rounding_time")

    def products(self, x: Tensor, weight: Tensor) -> list[Tensor]:
        columns = F.unfold(x, self.window.kernel, self.dilation, self.pad, self.stride)
        parts = columns.chunk(self.group, 1)
        each = self.outputs // self.group
        return [parts[index // each] * kernel.flatten()[:, None] for index, kernel in enumerate(weight)]


@register("FcIVS")
class FcIVS(_RoundedSums, InnerProduct):
    """InnerProduct with rounded sums, see `_RoundedSums`."""

    n_bottoms = exactly(1)

    def products(self, x: Tensor, weight: Tensor) -> list[Tensor]:
        columns = x.flatten(self.axis).reshape(-1, weight.shape[0 if self.transpose else 1], 1)
        return [columns * row[:, None] for row in (weight.t() if self.transpose else weight)]
