"""CropAndResize, PyramidROIAlign and Where4GatherndCrop: parts of maps, resized. Of Mask R-CNN, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.forks.arrays.chosen_entries import ByLevel, by_level


class _Crops(Layer):
    """The base of layers that cut boxes out of maps.

    Boxes are y1, x1, y2, x2 in parts of the map's sides, from the middle of its first pixel to that of its last. Each gives a
    grid of points, whose outermost are its sides, or one in its middle; between pixels values are interpolated, and points
    outside the map have ``extrapolation_value``. Maps are (N, H, W, C), with ``data_format`` "NCHW" (N, C, H, W), and so is the
    top. Boxes get no gradient, and in the fork nothing does.
    """

    refuses_inplace = True
    family = "windows"
    channels_last = True

    def read(self, spec: LayerDefinition, field: str, height: str, width: str) -> None:
        """Read the size of the grid, and what is beyond the map, from the message ``field``."""
        param = getattr(spec.message, field)
        for name in (height, width):
            check_positive(spec, getattr(param, name), field, name)
        self.size = getattr(param, height), getattr(param, width)
        self.outside: float = param.extrapolation_value

    def read_format(self, spec: LayerDefinition, text: str, field: str) -> None:
        """Read a ``data_format``."""
        if text not in ("NHWC", "NCHW"):
            raise spec.refuse(f"has `data_format` \"{text}\"; it is \"NHWC\" or \"NCHW\"", field, "data_format")
        self.channels_last = text == "NHWC"

    def channels(self, shape: Shape) -> int:
        """The channels of maps of this shape."""
        return shape[3 if self.channels_last else 1]

    def grid(self, channels: int) -> Shape:
        """The shape of the values of one box."""
        return (*self.size, channels) if self.channels_last else (channels, *self.size)

    def crop(self, maps: Tensor, images: Tensor, boxes: Tensor) -> Tensor:
        """The values (R, ...) in boxes (R, 4) of the images of these numbers (R,)."""
        maps = maps.permute(0, 3, 1, 2) if self.channels_last else maps
        crops = crop_and_resize(maps, images, boxes, self.size, self.outside)
        return crops.permute(0, 2, 3, 1) if self.channels_last else crops


@register("CropAndResize")
class CropAndResize(_Crops):
    """Boxes (R, 4), the third bottom, cut out of maps, the first; the second (R) has their images' numbers."""

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, axes in enumerate((4, 1, 2)):
            check_axes(spec, shapes, axes, index)
        if shapes[2] != (*shapes[1], 4):
            raise spec.refuse(f"has boxes of shape {shapes[2]} and images' numbers of shape {shapes[1]}; it wants (R, 4) and (R)",
                              "bottom", 2)
        self.read(spec, "crop_and_resize_param", "crop_h", "crop_w")
        self.read_format(spec, spec.message.crop_and_resize_param.data_format, "crop_and_resize_param")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[2][0], *self.grid(self.channels(bottoms[0])))]

    def forward(self, maps: Tensor, images: Tensor, boxes: Tensor) -> Tensor:
        """The values; a box of an image that does not exist has zeros."""
        return crop_of_images(maps, images, boxes, self.size, self.outside, self.channels_last)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """An image's number, 0, and boxes inside it."""
        return None if index == 0 else torch.rand(shape, generator=generator)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        maps, images, boxes = bottoms
        call = f"crop_of_images({maps}, {images}, {boxes}, {self.size}, {number(self.outside)}, {self.channels_last})"
        return TorchCode(call, functions=(crop_of_images, crop_and_resize))


@register("PyramidROIAlign")
class PyramidROIAlign(_Crops):
    """Boxes (N, R, 4) cut out of the maps of four levels of a pyramid, the last bottoms, (N, R, ...).

    A box of height h and width w is of level 4 + log2(sqrt(h w A) / 224), rounded, and at least 2 and at most 5: bottoms 2 to 5.
    A is the area of the image, of height and width numbers 4 and 5 of its row of the second bottom (N, 6 or more).
    """

    n_bottoms = exactly(6)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, "pyramid_roi_align_param", "crop_height", "crop_width")
        self.read_format(spec, spec.message.pyramid_roi_align_param.data_format, "pyramid_roi_align_param")
        check_axes(spec, shapes, 3)
        check_axes(spec, shapes, 2, 1)
        if shapes[0][2] != 4 or shapes[1][1] < 6:
            raise spec.refuse(f"has boxes of shape {shapes[0]} and rows about images of shape {shapes[1]}; it wants (N, R, 4), "
                              "and (N, 6 or more)", "bottom", 0)
        for index, shape in enumerate(shapes):
            if index > 1:
                check_axes(spec, shapes, 4, index)
            if shape[0] != shapes[0][0] or (index > 1 and self.channels(shape) != self.channels(shapes[2])):
                raise refuse_shapes(spec, shapes, index, "all must have as many images, and maps as many channels")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.grid(self.channels(bottoms[2])))]

    def forward(self, boxes: Tensor, about: Tensor, *maps: Tensor) -> Tensor:
        if boxes.is_meta:
            return boxes.new_empty(*boxes.shape[:2], *self.grid(self.channels(maps[0].shape)))
        shape, boxes, about = boxes.shape[:2], boxes.detach(), about.detach()
        sides = boxes[..., 2:] - boxes[..., :2]
        area = sides.prod(-1) * about[:, None, 4].trunc() * about[:, None, 5].trunc()
        levels = (area.sqrt() / 224).log2().round().add(4).nan_to_num(2).clamp(2, 5).flatten()
        images = torch.arange(len(boxes), device=boxes.device)[:, None].expand(shape).flatten()
        boxes = boxes.flatten(0, 1)
        top = maps[0].new_zeros(len(boxes), *self.grid(self.channels(maps[0].shape)))
        for level, features in enumerate(maps, 2):
            (mine,) = torch.where(levels == level)
            top = top.index_copy(0, mine, self.crop(features, images[mine], boxes[mine]))
        return top.unflatten(0, shape)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Boxes inside images of 448 x 448."""
        if index > 1:
            return None
        return torch.rand(shape, generator=generator).sort(-1).values if index == 0 else torch.full(shape, 448.0)


@register("Where4GatherndCrop")
class Where4GatherndCrop(ByLevel, _Crops):
    """Boxes (1, N, 4) cut out of the maps of their levels (1, N), 2 to 5: the last four bottoms, of one image, (1, H, W, C).

    The top has the first ``num_output`` boxes in the order of their levels.
    """

    n_bottoms = exactly(6)
    depends_on_data = True
    levels = 1
    param = "where4_gathernd_crop_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, self.param, "crop_h", "crop_w")
        if shapes[0] != (*shapes[1], 4):
            raise spec.refuse(f"has boxes of shape {shapes[0]} and levels of shape {shapes[1]}; it wants (1, N, 4) and (1, N)",
                              "bottom", 0)
        for index in range(2, 6):
            check_axes(spec, shapes, 4, index)
            if self.channels(shapes[index]) != self.channels(shapes[2]):
                raise refuse_shapes(spec, shapes, index, "all maps must have as many channels")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.count, *self.grid(self.channels(bottoms[2])))]

    def forward(self, boxes: Tensor, levels: Tensor, *maps: Tensor) -> Tensor:
        if boxes.is_meta:
            return boxes.new_empty(self.count, *self.grid(maps[0].shape[3]))
        order = by_level(levels, self.count)
        boxes, own = boxes[0, order], levels[0, order].long()
        if bool(((own < 2) | (own > 5)).any()):
            raise NetdefError(f"layer `{self.name}` (Where4GatherndCrop) got levels from {own[0]} to {own[-1]}; they are 2 to 5")
        crops = [self.crop(features, own[own == level] * 0, boxes[own == level]) for level, features in enumerate(maps, 2)]
        return torch.cat(crops)


def crop_and_resize(maps: Tensor, images: Tensor, boxes: Tensor, size: tuple, outside: float) -> Tensor:
    """TensorFlow's crop_and_resize of maps (N, C, H, W): the values (R, C, *size) at grids of points over boxes (R, 4)."""
    boxes = boxes.detach()
    lines, inside = [], []
    for axis in range(2):
        first, last = boxes[:, axis, None], boxes[:, axis + 2, None]
        end, count = maps.shape[2 + axis] - 1, size[axis]
        steps = torch.arange(count, device=boxes.device).to(boxes.dtype)
        places = first * end + steps * ((last - first) * end / (count - 1)) if count > 1 else (first + last) * end / 2
        inside.append((places >= 0) & (places <= end))
        lines.append(places.clamp(0, end))
    (down, across), images = lines, images[:, None, None]
    x = maps.permute(0, 2, 3, 1)
    above, left = down.floor().long(), across.floor().long()
    below, right = down.ceil().long(), across.ceil().long()
    y, rest = (down - above)[:, :, None, None], (across - left)[:, None, :, None]
    corners = [x[images, rows[:, :, None], columns[:, None]] for rows in (above, below) for columns in (left, right)]
    upper, lower = corners[0] + (corners[1] - corners[0]) * rest, corners[2] + (corners[3] - corners[2]) * rest
    values = upper + (lower - upper) * y
    return values.masked_fill(~(inside[0][:, :, None] & inside[1][:, None])[..., None], outside).permute(0, 3, 1, 2)


def crop_of_images(maps: Tensor, images: Tensor, boxes: Tensor, size: tuple, outside: float, channels_last: bool) -> Tensor:
    """`crop_and_resize` of images by number, zeros for those that do not exist."""
    images = images.detach().trunc()
    known = (images >= 0) & (images < len(maps))
    maps = maps.permute(0, 3, 1, 2) if channels_last else maps
    crops = crop_and_resize(maps, images.long() * known, boxes, size, outside) * known.to(maps.dtype)[:, None, None, None]
    return crops.permute(0, 2, 3, 1) if channels_last else crops
