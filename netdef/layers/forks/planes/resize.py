"""Resize: bilinear resizing from the corner, of happynear's, xiaolonw's, Arroosh's and zimenglan's forks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "resize_param"


@register("Resize")
class Resize(Layer):
    """(N, C, H, W) to ``height`` x ``width``, times ``multiple_scale``: value i lies at i times the old size over the new.

    It is interpolated between the two places around; one beyond the last row or column counts as 0. With
    ``is_pyramid_test`` the sizes are the bottom's times ``out_height_scale`` and ``out_width_scale``, with ``height_fac`` and
    ``width_fac`` times these, cut to whole numbers; with a second bottom they are its sizes. MaskYolo's layer of this name
    takes the nearest place before instead; it has the same fields and cannot be told apart.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.resize_param
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        self.factor: float = param.multiple_scale
        self.scales: tuple[float, float] | None = None
        if param.HasField("height_fac") or param.HasField("width_fac"):
            self.scales = param.height_fac, param.width_fac
        elif param.is_pyramid_test:
            self.scales = param.out_height_scale, param.out_width_scale
        self.fixed = param.height, param.width
        check_sizes(spec, "a top of height and width", self._size(shapes), PARAM)

    def _size(self, shapes: Sequence[Sequence[int]]) -> tuple[int, int]:
        """The height and width of the top."""
        if len(shapes) == 2:
            return shapes[1][2], shapes[1][3]
        if self.scales:
            return int(shapes[0][2] * self.scales[0]), int(shapes[0][3] * self.scales[1])
        return self.fixed

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self._size(bottoms))]

    def forward(self, *bottoms: Tensor) -> Tensor:
        top = resize_from_corner(bottoms[0], *self._size([x.shape for x in bottoms]))
        return top if self.factor == 1 else top * self.factor

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        height, width = self._size([x.shape for x in bottoms])
        factor = "" if self.factor == 1 else f" * {number(self.factor)}"
        return TorchCode(f"resize_from_corner({bottoms[0]}, {height}, {width}){factor}",
                         functions=(shares_of_places, resize_from_corner))


def shares_of_places(old: int, new: int, like: Tensor) -> Tensor:
    """The share (new, old) of each old place in each new one, in the type of ``like``."""
    places = torch.arange(new, dtype=like.dtype, device=like.device) * torch.tensor(old / new, dtype=like.dtype)
    distance = torch.arange(old, dtype=like.dtype, device=like.device) - places.floor()[:, None]
    part = (places - places.floor())[:, None]
    return (distance == 0) * (1 - part) + (distance == 1) * part


def resize_from_corner(x: Tensor, height: int, width: int) -> Tensor:
    """``x`` (N, C, H, W) at ``height`` x ``width`` places, the first of which is its first."""
    return shares_of_places(x.shape[2], height, x) @ x @ shares_of_places(x.shape[3], width, x).t()
