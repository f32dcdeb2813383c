"""ResizeNearestNeighbor and ResizeBilinear, TensorFlow's, from Synopsys' fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import ResizeBilinearParameter, ResizeNearestNeighborParameter

# The axes that are resized, in TensorFlow's names of the layouts.
_LAYOUTS = {"NHWC": (1, 2), "NCHW": (2, 3), "NCHWD": (2, 3, 4)}
_SIDES = "height", "width", "depth"


class _Resize(Layer):
    """The base of both. ``data_format`` names the axes, "NHWC" by default as in TensorFlow: 1 and 2 are height and width.

    The top's sizes are ``output_height`` and ``output_width``, or those of the bottom times ``scale_height`` and
    ``scale_width``, rounded down. Places are found in single precision, as in the fork, which has no backward pass; here
    the gradient is the exact one.
    """

    refuses_inplace = True
    family = "windows"
    rules: tuple[str, ...]

    def read(self, spec: LayerDefinition, param: ResizeBilinearParameter | ResizeNearestNeighborParameter, field: str,
             shape: Shape, layouts: Sequence[str]) -> None:
        """Read ``param``, the layer's message named ``field``, for a bottom of ``shape``."""
        if param.data_format not in layouts:
            raise spec.refuse(f'has the `data_format` "{param.data_format}"; it is one of {", ".join(layouts)}',
                              field, "data_format")
        self.axes = _LAYOUTS[param.data_format]
        check_axes(spec, [shape], len(param.data_format))
        given = [rule for rule in self.rules if getattr(param, rule)]
        if len(given) > 1:
            raise spec.refuse(f"has both `{given[0]}` and `{given[1]}`; give one of them", field, given[1])
        self.rule = given[0] if given else "plain"
        self.fixed = [getattr(param, f"output_{side}") if param.HasField(f"output_{side}") else None
                      for side in _SIDES[: len(self.axes)]]
        self.scales = [getattr(param, f"scale_{side}") for side in _SIDES[: len(self.axes)]]
        if min(self._sizes(shape)) < 1:
            raise spec.refuse(f"resizes a bottom of shape {shape} to {self._sizes(shape)}; give sizes of at least 1", field)

    def _sizes(self, shape: Sequence[int]) -> Shape:
        """The top's sizes along ``axes``."""
        return tuple(math.floor(shape[axis] * scale) if fixed is None else fixed
                     for axis, fixed, scale in zip(self.axes, self.fixed, self.scales))


@register("ResizeNearestNeighbor")
class ResizeNearestNeighbor(_Resize):
    """Each value of the top is that of the bottom's nearest place.

    With r the bottom's size over the top's, value i comes from place ``floor(i r)``; with ``half_pixel_centers`` from
    ``floor((i + .5) r)``; with ``half_pixel_onnx`` from ``floor((i + .5) r - .5)``; with ``align_corners``, r being
    (bottom - 1) / (top - 1), from ``round(i r)``.
    """

    rules = "align_corners", "half_pixel_centers", "half_pixel_onnx"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, spec.message.resize_nearest_neighbor_param, "resize_nearest_neighbor_param", shapes[0],
                  ("NHWC", "NCHW"))

    def forward(self, x: Tensor) -> Tensor:
        return resize_nearest(x, self.axes, self._sizes(x.shape), self.rule)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        call = f'resize_nearest({x}, {self.axes}, {self._sizes(x.shape)}, "{self.rule}")'
        return TorchCode(call, functions=(scaled_places, resize_nearest))


@register("ResizeBilinear")
class ResizeBilinear(_Resize):
    """Each value of the top is interpolated between the two nearest places of the bottom along each axis.

    With r as in ResizeNearestNeighbor value i lies at ``i r``, also with ``align_corners``; with ``half_pixel_centers`` or
    ``pytorch_half_pixel`` at ``(i + .5) r - .5``, for the latter at -.5 if it is the only one. "NCHWD" has a third axis.
    """

    rules = "align_corners", "half_pixel_centers", "pytorch_half_pixel"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, spec.message.resize_bilinear_param, "resize_bilinear_param", shapes[0], tuple(_LAYOUTS))

    def forward(self, x: Tensor) -> Tensor:
        return resize_linear(x, self.axes, self._sizes(x.shape), self.rule)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        call = f'resize_linear({x}, {self.axes}, {self._sizes(x.shape)}, "{self.rule}")'
        return TorchCode(call, functions=(scaled_places, resize_linear))


def scaled_places(old: int, new: int, corners: bool, shift: float, device: torch.device) -> Tensor:
    """``(i + shift) r`` for each of ``new`` values, in single precision; with ``corners`` the last ones fall together."""
    ratio = (old - 1) / (new - 1) if corners and new > 1 else old / new
    i = torch.arange(new, dtype=torch.float32, device=device)
    return (i + shift) * torch.tensor(ratio, dtype=torch.float32, device=device)


def resize_nearest(x: Tensor, axes: tuple, sizes: tuple, rule: str) -> Tensor:
    """TensorFlow's nearest neighbours along the axes, to the sizes; the rule is its flag."""
    for axis, size in zip(axes, sizes):
        place = scaled_places(x.shape[axis], size, rule == "align_corners", 0.5 if "half" in rule else 0, x.device)
        if rule == "align_corners":  # to the nearest, halves up
            place = place.floor() + (place - place.floor() >= 0.5)
        elif rule == "half_pixel_onnx":
            place = place - 0.5
        x = x.index_select(axis, place.floor().long().clamp(0, x.shape[axis] - 1))
    return x


def resize_linear(x: Tensor, axes: tuple, sizes: tuple, rule: str) -> Tensor:
    """TensorFlow's linear interpolation along the axes, the last one first, to the sizes; the rule is its flag."""
    for axis, size in reversed(list(zip(axes, sizes))):
        place = scaled_places(x.shape[axis], size, rule == "align_corners", 0.5 if "half" in rule else 0, x.device)
        if "half" in rule:
            place = place - 0.5
        if rule == "pytorch_half_pixel" and size == 1:
            place = place * 0 - 0.5
        low = x.index_select(axis, place.floor().long().clamp(min=0))
        high = x.index_select(axis, place.ceil().long().clamp(max=x.shape[axis] - 1))
        part = (place - place.floor()).to(x.dtype)
        x = low + (high - low) * part.reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    return x
