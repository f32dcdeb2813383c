"""Upsample, UpsampleDarknet and Interp, from forks: enlarge and resize planes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, check_positive, check_same_shape, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Upsample")
class Upsample(Layer):
    """With one bottom every value ``scale`` x ``scale`` times, as in YOLO v3's forks (Redmon and Farhadi 2018).

    With two the values of the first where the second, the index top of MAX Pooling, says, and 0 elsewhere, as in
    SegNet's (Badrinarayanan et al. 2015). The top is ``scale_h`` (``scale``) times as high, a row less with ``pad_out_h``,
    or ``upsample_h`` high; likewise wide. An index beyond the plane, or below 0, is left out.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.upsample_param
        check_axes(spec, shapes, 4)
        self.scale = param.scale_h or param.scale, param.scale_w or param.scale
        check_sizes(spec, "scale", self.scale, "upsample_param")
        self.size = param.upsample_h, param.upsample_w
        self.less = int(param.pad_out_h), int(param.pad_out_w)
        check_same_shape(spec, shapes)
        if len(shapes) == 1 and (any(self.size) or any(self.less)):
            raise spec.refuse("gives a size of its own, which takes a second bottom of indices", "upsample_param")

    def forward(self, x: Tensor, index: Tensor | None = None) -> Tensor:
        if index is None:
            return x.repeat_interleave(self.scale[0], 2).repeat_interleave(self.scale[1], 3)
        return unpool(x, index.detach(), self._size(x.shape[2:]))

    def _size(self, plane: Sequence[int]) -> Shape:
        """Height and width of the top."""
        return tuple(fixed or size * scale - less
                     for fixed, size, scale, less in zip(self.size, plane, self.scale, self.less))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        if len(bottoms) == 1:
            return TorchCode(f"{x}.repeat_interleave({self.scale[0]}, 2).repeat_interleave({self.scale[1]}, 3)")
        return TorchCode(f"unpool({x}, {bottoms[1]}, {self._size(x.shape[2:])})", functions=(unpool,))


@register("UpsampleDarknet")
class UpsampleDarknet(Layer):
    """Every value ``stride`` x ``stride`` times along the last two axes, 1 by default. From Synopsys' fork."""

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.stride: int = spec.message.upsample_darknet_param.stride
        check_least_axes(spec, shapes, 2)
        check_positive(spec, self.stride, "upsample_darknet_param", "stride")

    def forward(self, x: Tensor) -> Tensor:
        return x.repeat_interleave(self.stride, -2).repeat_interleave(self.stride, -1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.repeat_interleave({self.stride}, -2).repeat_interleave({self.stride}, -1)")


@register("Interp")
class Interp(Layer):
    """Bilinear resizing in which corners stay corners, from DeepLab's and PSPNet's forks.

    ``pad_beg`` and ``pad_end``, 0 or below, cut rows and columns off first. Then the size is
    ``(size - 1) / shrink_factor + 1`` (rounded down), or ``size + (size - 1) (zoom_factor - 1)``. Where neither or both
    are given, it is ``height`` x ``width``; without these, by both factors one after the other or, in Synopsys' fork,
    ``full_zoom_factor`` times the size. With ``use_blob_size``, of soeaver's fork, it is that of the second bottom. ``mode:
    NEAREST``, of jolibrain's fork (DeepDetect), and ``interp_type: "nearest_neighbor"``, of lxx1991's, copy the nearest row and
    column, of two the later one; on jolibrain's CPU it works for single planes only. ``is_seglabel``, of SROWN's (LeYangNwpu),
    does so, too, for labels, which get no gradient.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.interp_param, shapes[0]
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        if param.interp_type not in ("bilinear", "nearest_neighbor"):
            raise spec.refuse(f'has `interp_type` "{param.interp_type}"; it takes "bilinear" or "nearest_neighbor"',
                              "interp_param", "interp_type")
        self.of_labels: bool = param.is_seglabel
        self.nearest = param.mode == param.NEAREST or param.interp_type == "nearest_neighbor" or self.of_labels
        self.as_second: bool = param.use_blob_size
        if self.as_second != (len(shapes) == 2):
            raise spec.refuse(f"has {len(shapes)} bottoms; a second one goes with `use_blob_size: true`", "bottom")
        self.cut = -param.pad_beg, -param.pad_end
        if min(self.cut) < 0:
            raise spec.refuse(
                f"pads by {param.pad_beg} and {param.pad_end}; only cutting, 0 or below, is implemented", "interp_param")
        given = {name: param.HasField(name) for name in ("zoom_factor", "shrink_factor", "full_zoom_factor")}
        sized = param.HasField("height") and param.HasField("width")
        if self.as_second and (sized or any(given.values())):
            raise spec.refuse("has `use_blob_size` and a size of its own; give one of them", "interp_param", "use_blob_size")
        self.fixed: Shape | None = shapes[1][2:] if self.as_second else None
        if sized and given["zoom_factor"] == given["shrink_factor"]:
            self.fixed = param.height, param.width
        self.shrink, self.zoom, self.times = param.shrink_factor, param.zoom_factor, param.full_zoom_factor
        check_sizes(spec, "factors", (self.shrink, self.zoom, self.times), "interp_param")
        if self.fixed is None and not any(given.values()):
            raise spec.refuse("has no size: give `height` and `width`, or a `zoom_factor` or `shrink_factor`", "interp_param")
        if given["zoom_factor"] or given["shrink_factor"]:
            self.times = 1
        if min(size - sum(self.cut) for size in shape[2:]) < 1 or min(self._size(shape[2:])) < 1:
            raise spec.refuse(f"resizes a bottom of shape {shape} to {self._size(shape[2:])}", "interp_param")

    def forward(self, x: Tensor, like: Tensor | None = None) -> Tensor:
        (begin, end), size = self.cut, self._size(x.shape[2:]) if like is None else tuple(like.shape[2:])
        x = x.detach() if self.of_labels else x
        if begin or end:
            x = x[:, :, begin : x.shape[2] - end, begin : x.shape[3] - end]
        return nearest_resize(x, size) if self.nearest else F.interpolate(x, size, mode="bilinear", align_corners=True)

    def _size(self, sizes: Sequence[int]) -> Shape:
        if self.fixed:
            return self.fixed
        shrunk = [(size - sum(self.cut) - 1) // self.shrink + 1 for size in sizes]
        return tuple((size + (size - 1) * (self.zoom - 1)) * self.times for size in shrunk)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        (begin, end), x = self.cut, str(bottoms[0])
        size = tuple(bottoms[1].shape[2:] if self.as_second else self._size(bottoms[0].shape[2:]))
        if begin or end:
            sides = [f"{begin}:{x}.shape[{axis}] - {end}" for axis in (2, 3)]
            x = f"{x}[:, :, {sides[0]}, {sides[1]}]"
        if self.nearest:
            return TorchCode(f"nearest_resize({x}, {size})", functions=(nearest_resize,))
        return TorchCode(f"F.interpolate({x}, {size}, mode=\"bilinear\", align_corners=True)")


def nearest_resize(x: Tensor, size: tuple) -> Tensor:
    """Resize planes to ``size`` by copies of the nearest value; corners stay corners."""
    for axis, new in ((2, size[0]), (3, size[1])):
        step = (x.shape[axis] - 1) / (new - 1) if new > 1 else 0.0
        places = torch.floor(torch.arange(new, device=x.device, dtype=torch.float64) * step + 0.5).long()
        x = x.index_select(axis, places)
    return x


def unpool(x: Tensor, index: Tensor, size: tuple) -> Tensor:
    """SegNet's upsampling: put values at the indices of max pooling, in planes of ``size``; indices outside are dropped."""
    places = index.long().flatten(2)
    beyond = (places < 0) | (places >= size[0] * size[1])
    plane = x.new_zeros(*x.shape[:2], size[0] * size[1])
    values = x.flatten(2).masked_fill(beyond, 0)
    return plane.scatter_add(2, places.masked_fill(beyond, 0), values).unflatten(2, size)
