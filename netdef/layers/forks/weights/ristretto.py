"""Layers of Ristretto (Gysel et al. 2016) with few bits, and those of QR-DNN, whose weights are rounded beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution, Deconvolution
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_positive
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer
from netdef.layers.inner_product import InnerProduct

PARAM = "ristretto_param"
Rounding = Callable[..., Tensor]


class Rounded(WeightedLayer):
    """The base: a layer that computes with rounded numbers, as on a GPU there; gradients are those of the unrounded ones.

    TEST rounds the bottom, the weight, the bias and the top by ``rounding_scheme``, NEAREST (halves to even) or STOCHASTIC; TRAIN
    the weight and the bias alone, STOCHASTIC in any case. ``precision`` DYNAMIC_FIXED_POINT: ``bw_params`` bits, ``fl_params`` of
    them behind the point, and likewise ``layer_in`` and ``layer_out``. MINIFLOAT: ``mant_bits`` and ``exp_bits``.
    INTEGER_POWER_OF_2_WEIGHTS: the weight a power of two from ``exp_min`` to ``exp_max``, the bias as it is, the blobs in
    fixed point. In the fork other layers that read the bottom later find it rounded; here they do not.
    """

    pruned_by_default = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ristretto_param
        for field in ("bw_layer_in", "bw_layer_out", "bw_params", "mant_bits", "exp_bits"):
            check_positive(spec, getattr(param, field), PARAM, field)
        if param.exp_min > param.exp_max:
            raise spec.refuse(f"has an `exp_min` of {param.exp_min} above its `exp_max` of {param.exp_max}", PARAM)
        self.stochastic = param.rounding_scheme == param.STOCHASTIC
        mini = partial(minifloat, mantissa=param.mant_bits, exponent=param.exp_bits)
        powers = partial(power_of_two, least=param.exp_min, most=param.exp_max)
        sizes = ((param.bw_layer_in, param.fl_layer_in), (param.bw_layer_out, param.fl_layer_out),
                 (param.bw_params, param.fl_params))
        fixed = [partial(fixed_point, width=width, fraction=fraction) for width, fraction in sizes]
        self.of_weight: Rounding
        self.of_bias: Rounding | None
        self.of_bottom, self.of_top, self.of_weight = fixed
        if param.precision == param.MINIFLOAT:
            self.of_bottom = self.of_top = self.of_weight = mini
        self.of_bias = self.of_weight
        if param.precision == param.INTEGER_POWER_OF_2_WEIGHTS:
            self.of_weight, self.of_bias = powers, None

    def rounded(self, x: Tensor, rounding: Rounding) -> Tensor:
        """Rounded numbers with the gradient of those that they were."""
        with torch.no_grad():
            found = rounding(x, shift=torch.rand_like(x) if self.stochastic or self.training else None)
        return with_gradient(found, x, torch.ones_like(x))

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        weight = self.rounded(weight, self.of_weight)
        if bias is not None and self.of_bias:
            bias = self.rounded(bias, self.of_bias)
        if self.training:
            return super().compute(x, weight, bias)
        return self.rounded(super().compute(self.rounded(x, self.of_bottom), weight, bias), self.of_top)

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        """The layer's source with rounded weights, for one bottom."""
        if self.stochastic or len(bottoms) > 1:
            raise NotWritable("rounds at random" if self.stochastic else "has several bottoms")
        x = Variable(_call(self.of_bottom, bottoms[0]), bottoms[0].shape)
        code, state = super().torch_code(me, [x]), {}
        for name, blob in code.state[""].items():
            rounding = self.of_weight if name == "weight" else self.of_bias
            state[name] = rounding(blob) if rounding else blob
        return replace(code, call=_call(self.of_top, code.call), state={"": state},
                       functions=(fixed_point, minifloat, *code.functions))


def _call(rounding: Rounding, x: str) -> str:
    """The text of a call of a rounding."""
    assert isinstance(rounding, partial)
    return f"{rounding.func.__name__}({x}, {', '.join(f'{name}={value}' for name, value in rounding.keywords.items())})"


def fixed_point(x: Tensor, width: int, fraction: int, shift: Tensor | None = None, halves_away: bool = False) -> Tensor:
    """Numbers of ``width`` bits, ``fraction`` of them behind the point: the nearest, or with a shift the next below.

    Halves go to the even step, or away from 0 with ``halves_away``.
    """
    step = 2.0**-fraction
    steps = x.clamp(-(2.0 ** (width - 1)) * step, (2.0 ** (width - 1) - 1) * step) / step
    if shift is not None:
        return torch.floor(steps + shift) * step
    if not halves_away:
        return torch.round(steps) * step
    whole = torch.trunc(steps)
    return (whole + steps.sign() * ((steps - whole).abs() >= 0.5)) * step


def minifloat(x: Tensor, mantissa: int, exponent: int, shift: Tensor | None = None) -> Tensor:
    """Numbers of so many bits of mantissa and exponent: 0 below the least, the greatest beyond it."""
    middle, most = 2 ** (exponent - 1) - 1, 2**exponent - 1
    part, power = torch.frexp(x.abs())  # |x| = part 2^power, part from 1/2 to 1
    steps = (2 * part - 1) * 2.0**mantissa
    steps = torch.round(steps) if shift is None else torch.floor(steps + shift)
    found = torch.ldexp(1 + steps / 2.0**mantissa, power - 1)
    greatest = (2 - 2.0**-mantissa) * 2.0 ** (most - middle)
    found = torch.where(power - 1 + middle > most, torch.full_like(x, greatest), found)
    return x.sign() * found.masked_fill((power - 1 + middle < 0) | (x.abs() < 2.0**-126), 0)


def power_of_two(x: Tensor, least: int, most: int, shift: Tensor | None = None) -> Tensor:
    """Powers of two with the numbers' signs, 0 counting as above 0."""
    power = x.abs().log2()
    power = (torch.round(power) if shift is None else torch.floor(power + shift)).clamp(least, most)
    return torch.where(x >= 0, 1.0, -1.0).to(x.dtype) * torch.exp2(power)


def unrounded(x: Tensor, shift: Tensor | None = None) -> Tensor:
    """The numbers as they are."""
    return x


class RoundedBlobs(Rounded):
    """The base of QR-DNN's (wdlctc): a `Rounded` layer whose weight and bias are as they are, rounded by a tool before."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.of_weight, self.of_bias = unrounded, None


@register("ConvolutionRistretto")
class ConvolutionRistretto(Rounded, Convolution):
    """Convolution with rounded numbers, see `Rounded`."""


@register("DeconvolutionRistretto")
class DeconvolutionRistretto(Rounded, Deconvolution):
    """Deconvolution with rounded numbers, see `Rounded`."""


@register("FcRistretto")
class FcRistretto(Rounded, InnerProduct):
    """InnerProduct with rounded numbers, see `Rounded`."""

    n_bottoms = exactly(1)


@register("ConvolutionInq")
class ConvolutionInq(RoundedBlobs, Convolution):
    """Convolution of rounded blobs, see `RoundedBlobs`."""


@register("FcInq")
class FcInq(RoundedBlobs, InnerProduct):
    """InnerProduct of rounded blobs, see `RoundedBlobs`."""

    n_bottoms = exactly(1)
