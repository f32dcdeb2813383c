"""Permute, Transpose, Reverse, Squeeze, ShuffleChannel, Tiling, Reorg, from forks: rearrange the elements of a blob."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Permute")
class Permute(Layer):
    """Axes in the order that ``order`` names; those not named follow in their own. SSD's fork, Liu et al. 2016."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        order, n_axes = list(spec.message.permute_param.order), len(shapes[0])
        for i, axis in enumerate(order):
            if axis >= n_axes:
                raise spec.refuse(f"names axis {axis}, but its bottom has {n_axes} axes", "permute_param", "order", i)
            if axis in order[:i]:
                raise spec.refuse(f"names axis {axis} twice", "permute_param", "order", i)
        self.order: list[int] = order + [axis for axis in range(n_axes) if axis not in order]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [tuple(bottoms[0][axis] for axis in self.order)]

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.order)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.permute({self.order})")


@register("Transpose")
class Transpose(Layer):
    """Axis i of the top is axis ``dim[i]`` of the bottom; every axis is named once. CTPN's fork, Tian et al. 2016."""

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        named, n_axes = list(spec.message.transpose_param.dim), len(shapes[0])
        self.order = [canonical_axis(spec, axis, n_axes, "transpose_param", "dim", i) for i, axis in enumerate(named)]
        if sorted(self.order) != list(range(n_axes)):
            raise spec.refuse(f"names the axes {named}; it wants each of the {n_axes} axes of its bottom once",
                              "transpose_param")

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.order)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.permute({self.order})")


@register("Transpose", when=lambda spec: spec.message.transpose_param.HasField("transposetype"))
class TransposeItems(Layer):
    """The matrix of each item with its axes exchanged, in a top of ``shape``. Of LSTM-CF (Li et al. 2016), on its CPU.

    An item of the bottom (N, C, H, W) is C rows for CONVTOLSTM, and C columns for LSTMTOCONV; H and W may be missing.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.transpose_param
        if not 2 <= len(shapes[0]) <= 4:
            raise spec.refuse(f"wants a bottom of 2 to 4 axes; it has shape {shapes[0]}", "bottom", 0)
        self.shape: Shape = tuple(param.shape.dim)
        if math.prod(self.shape) != math.prod(shapes[0]):
            raise spec.refuse(f"cannot make a bottom of shape {shapes[0]} into {self.shape}", "transpose_param", "shape")
        self.back = param.transposetype == param.LSTMTOCONV

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [self.shape]

    def forward(self, x: Tensor) -> Tensor:
        items = x.reshape(len(x), -1, x.shape[1]) if self.back else x.reshape(len(x), x.shape[1], -1)
        return items.transpose(1, 2).reshape(self.shape)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        n, channels = bottoms[0].shape[:2]
        matrix = (n, -1, channels) if self.back else (n, channels, -1)
        return TorchCode(f"{bottoms[0]}.reshape({matrix}).transpose(1, 2).reshape({self.shape})")


@register("Reverse")
class Reverse(Layer):
    """The bottom backwards along ``axis``, the first by default. CTPN's and Synopsys' forks."""

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.reverse_param
        self.axis: int = canonical_axis(spec, param.axis, len(shapes[0]), "reverse_param", "axis")

    def forward(self, x: Tensor) -> Tensor:
        return x.flip(self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.flip({self.axis})")


@register("Flip")
class Flip(Layer):
    """Planes turned left to right, unless ``flip_width`` is false, and upside down with ``flip_height``. happynear's fork."""

    refuses_inplace = True
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.flip_param
        check_axes(spec, shapes, 4)
        self.axes = [axis for axis, turned in ((2, param.flip_height), (3, param.flip_width)) if turned]

    def forward(self, x: Tensor) -> Tensor:
        return x.flip(self.axes)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.flip({self.axes})")


@register("Squeeze")
class Squeeze(Layer):
    """The bottom without the axes of size 1 that ``axis`` names, or without all of size 1."""

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        shape, listed = shapes[0], spec.message.squeeze_param.axis
        self.axes = tuple(
            canonical_axis(spec, axis, len(shape), "squeeze_param", "axis", i) for i, axis in enumerate(listed)
        ) or tuple(axis for axis, size in enumerate(shape) if size == 1)
        for i, axis in enumerate(self.axes):
            if shape[axis] != 1:
                raise spec.refuse(f"takes away axis {axis} of a bottom of shape {shape}; only one of size 1 can go",
                                  "squeeze_param", "axis", i)

    def forward(self, x: Tensor) -> Tensor:
        return x.squeeze(self.axes)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.squeeze({self.axes})")


@register("ShuffleChannel")
class ShuffleChannel(Layer):
    """Channels, axis 1, in ``group`` groups: the first of each, then the second of each, ... Zhang et al. 2018."""

    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.group: int = spec.message.shuffle_channel_param.group
        if len(shapes[0]) < 2 or not self.group or shapes[0][1] % self.group:
            raise spec.refuse(f"wants channels that `group` {self.group} divides; its bottom has shape {shapes[0]}",
                              "shuffle_channel_param", "group")

    def forward(self, x: Tensor) -> Tensor:
        return x.unflatten(1, (self.group, -1)).transpose(1, 2).flatten(1, 2)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.unflatten(1, ({self.group}, -1)).transpose(1, 2).flatten(1, 2)")


@register("Tiling")
class Tiling(Layer):
    """(N, C s^2, H, W) to (N, C, H s, W s), s ``tile_dim``: s^2 channels become s x s places. VPGNet, Lee et al. 2017."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.side: int = spec.message.tiling_param.tile_dim
        check_axes(spec, shapes, 4)
        if self.side < 1 or shapes[0][1] % self.side**2:
            raise spec.refuse(f"wants a multiple of `tile_dim` squared, {self.side**2}, channels; its bottom has shape "
                              f"{shapes[0]}", "tiling_param", "tile_dim")

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(x, self.side)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.pixel_shuffle({bottoms[0]}, {self.side})")


@register("Reorg")
class Reorg(Layer):
    """(N, C, H, W) to (N, C s^2, H/s, W/s), s the ``stride``; ``reverse``: to (N, C/s^2, H s, W s).

    From the forks that run YOLO 9000 (Redmon and Farhadi 2017). As in darknet, not as in space-to-depth, numbers go
    through another shape on the way: the bottom is read as (C/s^2, H s, W s) whatever its own shape is, its blocks of
    s x s places become channels of (C, H, W), and that is read as the top. ``reverse`` goes the same way back.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.reorg_param, shapes[0]
        self.stride: int = param.stride
        self.reverse: bool = param.reverse
        if len(shape) != 4 or not self.stride or shape[1] % self.stride**2:
            raise spec.refuse(
                f"wants a bottom of 4 axes with channels in multiples of `stride` squared, {self.stride**2}; "
                f"it has shape {shape}", "reorg_param", "stride")
        if not self.reverse and (shape[2] % self.stride or shape[3] % self.stride):
            raise spec.refuse(f"has `stride` {self.stride}, which does not divide its bottom's {shape[2]} x {shape[3]}",
                              "reorg_param", "stride")

    def forward(self, x: Tensor) -> Tensor:
        return reorg(x, self.stride, self.reverse)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"reorg({bottoms[0]}, {self.stride}, {self.reverse})", functions=(reorg,))


def reorg(x: Tensor, stride: int, reverse: bool) -> Tensor:
    """YOLO 9000's reorg, with darknet's order of elements."""
    n, c, h, w = x.shape
    less = c // stride**2
    if reverse:
        return x.reshape(n, stride, stride, less, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, less, h * stride, w * stride)
    blocks = x.reshape(n, less, h, stride, w, stride)
    return blocks.permute(0, 3, 5, 1, 2, 4).reshape(n, c * stride**2, h // stride, w // stride)
