"""CropCenter, CornerCrop and SubRegion, of forks: parts of planes cut out."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import did_you_mean
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_CENTER, _CORNER, _REGION = "crop_center_param", "corner_crop_param", "sub_region_param"


@register("CropCenter")
class CropCenter(Layer):
    """The bottom without ``crop_size`` elements at both ends of each axis, one number an axis. Of waifu2x-caffe."""

    refuses_inplace = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.cuts = list(spec.message.crop_center_param.crop_size)
        if len(self.cuts) != len(shapes[0]):
            raise spec.refuse(f"gives `crop_size` {len(self.cuts)} times; its bottom has {len(shapes[0])} axes", _CENTER)
        for axis, (size, cut) in enumerate(zip(shapes[0], self.cuts)):
            if 2 * cut >= size:
                raise spec.refuse(f"cuts {cut} from both ends of axis {axis}, which has size {size}", _CENTER, "crop_size", axis)

    def forward(self, x: Tensor) -> Tensor:
        for axis, cut in enumerate(self.cuts):
            x = x.narrow(axis, cut, x.shape[axis] - 2 * cut)
        return x

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}[{', '.join(f'{cut}:-{cut}' if cut else ':' for cut in self.cuts)}]")


@register("CornerCrop")
class CornerCrop(Layer):
    """Parts of ``crop_size``, or ``crop_h`` x ``crop_w``, of each plane: a top for each ``position``. SplitNet, Zhao et al. 2017.

    Positions are "upperleft", "upperright", "lowerleft", "lowerright" and "center". The gradient of a pixel is the mean over the
    parts that have it, as in the fork, not the sum.
    """

    n_tops = at_least(1)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.corner_crop_param
        check_axes(spec, shapes, 4)
        size = (param.crop_size,) * 2 if param.HasField("crop_size") else (param.crop_h, param.crop_w)
        over = shapes[0][2] - size[0], shapes[0][3] - size[1]
        if min(over) < 1 or over[0] % 2 or over[1] % 2 or min(size) < 1:
            raise spec.refuse(f"cuts {size[0]} x {size[1]} of planes of {shapes[0][2]} x {shapes[0][3]}; it wants less, by an "
                              "even number", _CORNER)
        if len(param.position) != len(spec.tops):
            raise spec.refuse(f"has {len(spec.tops)} tops and {len(param.position)} `position`", _CORNER)
        places = {"upperleft": (0, 0), "upperright": (0, over[1]), "lowerleft": (over[0], 0), "lowerright": over,
                  "center": (over[0] // 2, over[1] // 2)}
        for i, name in enumerate(param.position):
            if name not in places:
                raise spec.refuse(f"has the position `{name}`{did_you_mean(name, places)}", _CORNER, "position", i)
        self.size, self.corners = size, [places[name] for name in param.position]

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        (height, width), whole = self.size, x
        if self.training and x.requires_grad:
            counts = torch.zeros(x.shape[2:])
            for row, column in self.corners:
                counts[row : row + height, column : column + width] += 1
            scale = 1 / counts.clamp(min=1).to(x)
            whole = x * scale + (x * (1 - scale)).detach()
        return tuple(whole[:, :, row : row + height, column : column + width] for row, column in self.corners)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        height, width = self.size
        return TorchCode(", ".join(
            f"{bottoms[0]}[:, :, {row}:{row + height}, {column}:{column + width}]" for row, column in self.corners))


@register("SubRegion")
class SubRegion(Layer):
    """A part of each plane around each of a number of points. Of happynear's fork.

    Bottoms: (N, C, H, W), points (N, 2 P) and true points (N, 2 P), as x and y from the middle of an image of ``data_width`` x
    ``data_height``. The part around a point has ``region_height`` x ``region_width`` pixels, the first in the row
    ``floor(y' - region_height // 2)`` of the plane; pixels beyond the plane are 0. The top is (N, P C, h, w), with ``as_dim: 0``
    (P N, C, h, w). A second top has the true points less the middles of the parts, a third the middles, both from the corner of
    the image. Points have no gradient.
    """

    n_bottoms = exactly(3)
    n_tops = at_least(1)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.sub_region_param
        check_axes(spec, shapes, 4)
        for name in ("region_height", "region_width", "data_height", "data_width"):
            check_positive(spec, getattr(param, name), _REGION, name)
        for index in (1, 2):
            if len(shapes[index]) < 2 or shapes[index][0] != shapes[0][0] or shapes[index][1] % 2 or shapes[index] != shapes[1]:
                raise refuse_shapes(spec, shapes, index, "points are two numbers each, of as many items")
        if len(spec.tops) not in (1, 3):
            raise spec.refuse(f"has {len(spec.tops)} tops; it wants 1 or 3", "top")
        self.size, self.image = (param.region_height, param.region_width), (param.data_height, param.data_width)
        self.as_items, self.with_points = param.as_dim == 0, len(spec.tops) == 3

    def forward(self, x: Tensor, points: Tensor, true: Tensor) -> Tensor | tuple[Tensor, ...]:
        place = points.detach().flatten(1).unflatten(1, (-1, 2)).to(x)  # (N, P, 2): x, y
        true = true.detach().flatten(1).unflatten(1, (-1, 2)).to(x)
        plane, image, size = (x.new_tensor([pair[1], pair[0]]) for pair in (x.shape[2:], self.image, self.size))
        first = ((place / image + 0.5) * plane - (size / 2).floor()).floor()
        rows, columns = (first[..., 1 - axis, None] + torch.arange(self.size[axis], device=x.device) for axis in (0, 1))
        parts = torch.stack([_cut(x, rows[:, p], columns[:, p]) for p in range(place.shape[1])])
        top = parts.flatten(0, 1) if self.as_items else parts.movedim(0, 1).flatten(1, 2)
        if not self.with_points:
            return top
        middle = (first + size / 2 + 0.5) / plane * image
        return top, (true + (image / 2).floor() - middle).reshape(points.shape), middle.reshape(points.shape)


def _cut(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Rows (N, h) and columns (N, w) of planes (N, C, H, W), 0 beyond them."""
    height, width = x.shape[2:]
    inside = ((rows >= 0) & (rows < height))[:, None, :, None] & ((columns >= 0) & (columns < width))[:, None, None, :]
    items = torch.arange(len(x), device=x.device)[:, None, None]
    found = x[items, :, rows.long().clamp(0, height - 1)[:, :, None], columns.long().clamp(0, width - 1)[:, None, :]]
    return found.movedim(-1, 1).where(inside, 0)
