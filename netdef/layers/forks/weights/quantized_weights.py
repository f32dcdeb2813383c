"""Convolutions and inner products with binary and ternary weights, of stochastic quantisation (Dong et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer
from netdef.layers.inner_product import InnerProduct

_TERNARY_SHARE = 0.7  # of the mean size of weights about their mean: smaller ones are 0
_REAL = 1e-3  # the share of the weights themselves in training, in zzqiuzz's fork


def binary(weight: Tensor) -> Tensor:
    """Each row's signs, 1 for 0, times the mean size of its numbers."""
    rows = weight.flatten(1)
    return (torch.where(rows >= 0, 1.0, -1.0).to(rows.dtype) * rows.abs().mean(1, keepdim=True)).reshape(weight.shape)


def ternary(weight: Tensor) -> Tensor:
    """Each row's signs times the mean size of its large numbers; those up to 0.7 times the mean of |w - mean w| are 0."""
    rows = weight.flatten(1)
    large = rows.abs() > _TERNARY_SHARE * (rows - rows.mean()).abs().mean()
    sizes = (rows.abs() * large).sum(1, keepdim=True) / large.sum(1, keepdim=True).clamp(min=1)
    return (rows.sign() * large * sizes).reshape(weight.shape)


def centred(weight: Tensor) -> Tensor:
    """Each row without its mean, cut to [-1, 1]."""
    rows = weight.flatten(1)
    return (rows - rows.mean(1, keepdim=True)).clamp(-1, 1).reshape(weight.shape)


class _Quantized(WeightedLayer):
    """The base: a layer that computes with quantised weights, as on a GPU there. Their gradient is that of the weights.

    With ``sq`` and a ``ratio`` below 100 that many percent of the outputs have them, in TEST, too: the others are drawn anew
    in each pass, one by one, with probabilities by the share of a row's sum of sizes that its quantisation changes.

    zzqiuzz's fork has a ``debug_param``: in TRAIN 0.001 of the weights themselves go into 0.999 of the quantised ones. With its
    ``xnorno_grad`` each pass first takes each row's mean away and cuts the rest to [-1, 1], which TRAIN keeps, and the gradient
    is multiplied by ``(n - 1) (m + 1 / n)``, n the numbers of a row, m its mean size, or 0 where a number is -1 or 1.
    """

    param: str
    pruned_by_default = False
    quantize = staticmethod(binary)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param)
        check_at_least(spec, param.ratio, 0, self.param, "ratio")
        self.ratio: float = min(param.ratio, 100.0) if param.sq else 100.0
        self.mixes, self.centres = spec.message.HasField("debug_param"), spec.message.debug_param.xnorno_grad

    def quantized(self, weight: Tensor) -> Tensor:
        """The weights that a pass computes with."""
        if self.centres:
            weight = self._centred(weight)
        with torch.no_grad():
            found = self.quantize(weight)
            if self.ratio < 100:
                kept = self._drawn(weight.flatten(1), found.flatten(1))
                found = torch.where(kept.view(-1, *[1] * (weight.ndim - 1)), weight, found)
            change = (found - weight) * (1 - _REAL if self.mixes and self.training else 1)
        return weight + change

    def _centred(self, weight: Tensor) -> Tensor:
        """The weights without the mean of their rows, with the gradient of ``xnorno_grad``."""
        with torch.no_grad():
            less = centred(weight)
            if self.training:
                weight.copy_(less)
            count = less[0].numel()
            sizes = less.abs().flatten(1).mean(1).reshape(-1, *[1] * (less.ndim - 1))
            factor = (count - 1) * (sizes.where(less.abs() < 1, 0) + 1 / count)
        values = weight if self.training else less
        return with_gradient(values, values, factor)

    def _drawn(self, rows: Tensor, quantized: Tensor) -> Tensor:
        """The rows that stay as they are."""
        sizes, changes = rows.abs().sum(1), (rows - quantized).abs().sum(1)
        shares = torch.where(sizes > 0, changes / torch.where(sizes > 0, sizes, 1), 0)
        count = min(int((1 - self.ratio / 100) * len(rows)), int((shares > 0).sum()))
        kept = torch.zeros(len(rows), dtype=torch.bool, device=rows.device)
        if count:
            kept[torch.multinomial(shares, count)] = True
        return kept

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        return super().compute(x, self.quantized(weight), bias)

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        """The layer's source with the weights that it computes with."""
        code = super().torch_code(me, bottoms)
        if self.ratio < 100:
            raise NotWritable("draws which of its weights are quantised")
        own = code.state[""]
        weight = centred(own["weight"]) if self.centres else own["weight"]
        return replace(code, state={"": {**own, "weight": self.quantize(weight)}})


class _QuantizedConvolution(_Quantized, Convolution):
    param = "convolution_param"


class _QuantizedInnerProduct(_Quantized, InnerProduct):
    n_bottoms = exactly(1)
    param = "inner_product_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if self.transpose:
            raise spec.refuse("has `transpose`, which its fork's layer does not take into account", self.param, "transpose")


@register("BinaryConvolution")
class BinaryConvolution(_QuantizedConvolution):
    """Convolution with `binary` weights, see `_Quantized`."""


@register("TernaryConvolution")
class TernaryConvolution(_QuantizedConvolution):
    """Convolution with `ternary` weights, see `_Quantized`."""

    quantize = staticmethod(ternary)


@register("BinaryInnerProduct")
class BinaryInnerProduct(_QuantizedInnerProduct):
    """InnerProduct with `binary` weights, see `_Quantized`."""


@register("TernaryInnerProduct")
class TernaryInnerProduct(_QuantizedInnerProduct):
    """InnerProduct with `ternary` weights, see `_Quantized`."""

    quantize = staticmethod(ternary)
