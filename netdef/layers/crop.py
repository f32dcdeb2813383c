"""Crop and CropSimple: cut a blob to the size of another, or to a size of its own."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Crop")
class Crop(Layer):
    """Bottom 0, cut from ``axis`` (2 by default) on to the sizes of bottom 1; of that only the shape is read.

    ``offset`` says where the cut begins: once for all axes that are cut, or once each; 0 by default. The top is a view
    of the bottom.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (shape, wanted) = spec.message.crop_param, shapes
        self.axis = canonical_axis(spec, param.axis, len(shape), "crop_param", "axis")
        n_cut = len(shape) - self.axis
        if len(wanted) < len(shape):
            raise spec.refuse(f"cuts a bottom of shape {shape} to the sizes of one of shape {wanted}, which has fewer "
                              "axes", "bottom", 1)
        if len(param.offset) not in (0, 1, n_cut):
            raise spec.refuse(f"gives `offset` {len(param.offset)} times; give it once, or once for each of the "
                              f"{n_cut} axes from {self.axis} on", "crop_param", "offset")
        self.offsets: list[int] = list(param.offset) or [0]
        if len(self.offsets) == 1:
            self.offsets *= n_cut
        for axis, offset in enumerate(self.offsets, self.axis):
            if offset + wanted[axis] > shape[axis]:
                raise spec.refuse(f"cuts {wanted[axis]} from offset {offset} of axis {axis}, which has size "
                                  f"{shape[axis]}", "crop_param", *(["offset"] if param.offset else []))

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        for axis, offset in enumerate(self.offsets, self.axis):
            x = x.narrow(axis, offset, like.shape[axis])
        return x

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, like = bottoms
        cuts = [f"{offset}:{offset} + {like}.shape[{axis}]" if offset else f":{like}.shape[{axis}]"
                for axis, offset in enumerate(self.offsets, self.axis)]
        return TorchCode(f"{x}[{', '.join([':'] * self.axis + cuts)}]")


@register("CropSimple")
class CropSimple(Layer):
    """The middle ``crop_height`` x ``crop_width`` of each plane (N, C, H, W).

    An odd margin is larger by one below and to the right. From a fork for generative adversarial nets.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.crop_param, shapes[0]
        check_axes(spec, shapes, 4)
        self.size: tuple[int, int] = param.crop_height, param.crop_width
        for size, wanted, field in zip(shape[2:], self.size, ("crop_height", "crop_width")):
            if not 1 <= wanted <= size:
                raise spec.refuse(f"has `{field}` {wanted} for a bottom of shape {shape}; it must be at least 1 and at most "
                                  f"{size}", "crop_param", field)

    def forward(self, x: Tensor) -> Tensor:
        for axis, size in enumerate(self.size, 2):
            x = x.narrow(axis, (x.shape[axis] - size) // 2, size)
        return x

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        starts = [(whole - size) // 2 for whole, size in zip(bottoms[0].shape[2:], self.size)]
        cuts = ", ".join(f"{start}:{start + size}" for start, size in zip(starts, self.size))
        return TorchCode(f"{bottoms[0]}[:, :, {cuts}]")
