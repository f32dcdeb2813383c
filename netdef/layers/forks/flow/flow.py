"""FlowWarp, Warp, Resample, ChannelNorm, NegReLU and Mean, of FlowNet (2015), FlowNet 2 (2017) and PWC-Net (2018)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("FlowWarp")
class FlowWarp(Layer):
    """The image (N, C, H, W) sampled at each place plus the flow (N, 2, H, W), x and y in pixels.

    Values between places are interpolated linearly, those beyond the image are 0 or, with ``fill_value: NOT_A_NUMBER``, NaN.
    """

    n_bottoms = exactly(2)
    family = "windows"
    within: ClassVar[bool] = False  # whether places beyond the last pixel's centre are outside

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (image, flow) = spec.message.flow_warp_param, shapes
        check_axes(spec, shapes, 4)
        if flow != (image[0], 2, *image[2:]):
            raise refuse_shapes(spec, shapes, 1, "the flow must be as large, with 2 channels")
        self.fill: float = math.nan if param.FillParameter.Name(param.fill_value) == "NOT_A_NUMBER" else 0.0

    def forward(self, image: Tensor, flow: Tensor) -> Tensor:
        return warp(image, flow, self.fill, self.within)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        fill = 'float("nan")' if math.isnan(self.fill) else "0.0"
        return TorchCode(f"warp({bottoms[0]}, {bottoms[1]}, {fill}, {self.within})", functions=(warp,))


@register("Warp")
class Warp(FlowWarp):
    """FlowWarp of PWC-Net (Sun et al. 2018): 0 also between the last pixel's centre and the image's border.

    At whole numbers the gradient for the flow is that of the next pixel; the fork takes the mean of both sides.
    """

    within = True


@register("Resample")
class Resample(Layer):
    """Planes in another size, ``height`` x ``width`` or that of a second bottom: by nearest places, linearly or cubically.

    Value i along an axis lies at ``i f + f / 2 - 1/2``, f the bottom's size over the top's, with the other axis' f in the half,
    as in the fork. With ``antialias`` the window grows with f where a plane shrinks. Weights of the places inside are brought
    to a sum of 1. The fork has no backward pass; here the gradient is the exact one.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.resample_param
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        self.method: str = param.ResampleType.Name(param.type)
        if self.method == "AREA":
            raise spec.refuse("resamples by AREA, which the fork does not have, either", "resample_param", "type")
        self.antialias: bool = param.antialias
        self.fixed = (param.height, param.width) if len(shapes) == 1 else None
        if self.fixed:
            for field in ("height", "width"):
                check_positive(spec, getattr(param, field), "resample_param", field)

    def forward(self, x: Tensor, like: Tensor | None = None) -> Tensor:
        size = self.fixed if like is None else (like.shape[2], like.shape[3])
        assert size is not None
        return resample(x, size, self.method, self.antialias)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        size = self.fixed or f"{bottoms[1]}.shape[2:]"
        call = f'resample({bottoms[0]}, {size}, "{self.method}", {self.antialias})'
        return TorchCode(call, functions=(resample, resample_weights))


@register("ChannelNorm")
class ChannelNorm(Layer):
    """(N, C, H, W) to (N, 1, H, W): the L2 norm over channels at each place; its gradient is 0 where the norm is 0."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def forward(self, x: Tensor) -> Tensor:
        return torch.linalg.vector_norm(x, dim=1, keepdim=True)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.linalg.vector_norm({bottoms[0]}, dim=1, keepdim=True)")


@register("NegReLU")
class NegReLU(Layer):
    """``min(x, 0) + negative_slope * max(x, 0)``."""

    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.slope: float = spec.message.relu_param.negative_slope

    def forward(self, x: Tensor) -> Tensor:
        return x.clamp(max=0) + self.slope * x.clamp(min=0) if self.slope else x.clamp(max=0)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        leak = f" + {number(self.slope)} * {bottoms[0]}.clamp(min=0)" if self.slope else ""
        return TorchCode(f"{bottoms[0]}.clamp(max=0){leak}")


@register("Mean")
class Mean(Layer):
    """``output_scale (input_scale x + mean_scale m)``, m the ``value`` of the channel, with SUBTRACT its negative.

    If there are fewer values than channels, they are repeated. Bottoms are independent of each other. With ``scale``, of
    DSTFlow's fork, it is ``scale x - m``.
    """

    n_bottoms = n_tops = at_least(1)
    equal_bottoms_tops = keeps_shape = fresh_output = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, count = spec.message.mean_param, len(spec.message.mean_param.value)
        if param.HasField("file"):
            raise spec.refuse("reads an image of means, which is not implemented; give the `value` of each channel",
                              "mean_param", "file")
        if not (param.HasField("operation") or param.HasField("scale")) or not count:
            raise spec.refuse("wants an `operation`, ADD or SUBTRACT, and a `value` for each channel", "mean_param")
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 4, index)
            if shape[1] % count:
                raise spec.refuse(f"has {count} of `value`; `{spec.bottoms[index]}` has {shape[1]} channels", "bottom", index)
        sign = -1 if param.HasField("scale") or param.MeanOperation.Name(param.operation) == "SUBTRACT" else 1
        self.factor: float = param.output_scale * param.input_scale * param.scale
        self.shifts = [param.output_scale * param.mean_scale * sign * value for value in param.value]

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        return tuple(x * self.factor + self._shift(x) for x in bottoms)

    def _shift(self, x: Tensor) -> Tensor:
        return x.new_tensor(self.shifts).repeat(x.shape[1] // len(self.shifts)).reshape(-1, 1, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        shifts = {f"_{i}": self._shift(torch.zeros(x.shape)) for i, x in enumerate(bottoms)}
        return TorchCode(
            ", ".join(f"{x} * {number(self.factor)} + {me}_{i}" for i, x in enumerate(bottoms)),
            {name: f"nn.Buffer(torch.zeros({tuple(shift.shape)}))" for name, shift in shifts.items()},
            {name: {"": shift} for name, shift in shifts.items()})


def warp(image: Tensor, flow: Tensor, fill: float, within: bool) -> Tensor:
    """FlowNet 2's warping: the image sampled at each place plus the flow, bilinearly; ``fill`` outside it.

    ``within``: places beyond the centres of the last row and column are outside.
    """
    height, width = image.shape[2:]
    columns, rows = torch.arange(width, device=image.device), torch.arange(height, device=image.device)
    x, y = flow[:, 0] + columns, flow[:, 1] + rows[:, None]
    inside = (x >= 0) & (y >= 0) & ((x <= width - 1) & (y <= height - 1) if within else (x < width) & (y < height))
    x, y = x.where(inside, 0), y.where(inside, 0)
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=width - 1), (top + 1).clamp(max=height - 1)
    a, b = (x - left)[:, None], (y - top)[:, None]
    planes, channels = image.flatten(2), image.shape[1]

    def at(row: Tensor, column: Tensor) -> Tensor:
        places = (row * width + column).flatten(1)[:, None].expand(-1, channels, -1)
        return planes.gather(2, places).unflatten(2, (height, width))

    upper = at(top, left) * (1 - a) + at(top, right) * a
    lower = at(bottom, left) * (1 - a) + at(bottom, right) * a
    return torch.where(inside[:, None], upper * (1 - b) + lower * b, fill)


def resample(x: Tensor, size: tuple, method: str, antialias: bool) -> Tensor:
    """FlowNet 2's resampling of planes to a size."""
    factors = [old / new for old, new in zip(x.shape[2:], size)]
    shrinks = antialias and max(factors) > 1
    rows, columns = (
        resample_weights(old, new, factors[axis], factors[1 - axis], method, shrinks).to(x)
        for axis, (old, new) in enumerate(zip(x.shape[2:], size)))
    return rows @ x @ columns.T


def resample_weights(old: int, new: int, factor: float, other: float, method: str, antialias: bool) -> Tensor:
    """The weights (new, old) of resampling along an axis; ``other`` is the other axis' factor."""
    place = torch.arange(new, dtype=torch.float64) * factor + other / 2 - 0.5
    nearest = (place.abs() + 0.5).floor() * place.sign()
    source = torch.arange(old, dtype=torch.float64)
    if method == "NEAREST":
        return (nearest.clamp(0, old - 1)[:, None] == source).double()
    narrow = 1 / factor if antialias else 1.0
    reach = 2 if factor < 1 else -(-(4 if method == "CUBIC" else 2) // narrow)
    distance = (narrow * (place[:, None] - source)).abs()
    if method == "LINEAR":
        weights = (1 - distance).clamp(min=0)
    else:
        near = 1.5 * distance**3 - 2.5 * distance**2 + 1
        far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
        weights = torch.where(distance <= 1, near, torch.where(distance < 2, far, 0))
    weights = weights * ((source - nearest[:, None]).abs() <= reach)
    total = weights.sum(1, keepdim=True)
    return weights / total.where(total != 0, 1)
