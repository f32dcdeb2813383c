"""AUMaskBasedLand and AlignDataTransform: landmarks of a face. JAA-Net (Shao et al. 2018, ZhiwenShao)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "au_mask_based_land_param"
# Of each mask, twice: a landmark of 49, and how many distances of the inner eye corners its centre lies below it.
_CENTRES = (
    (4, -1 / 2), (5, -1 / 2), (1, -1 / 3), (8, -1 / 3), (2, 1 / 3), (7, 1 / 3), (24, 1.0), (29, 1.0), (21, 0.0), (26, 0.0),
    (43, 0.0), (45, 0.0), (31, 0.0), (37, 0.0), (31, 0.0), (37, 0.0), (31, 0.0), (37, 0.0), (39, 1 / 2), (41, 1 / 2),
    (34, 0.0), (40, 0.0), (34, 0.0), (40, 0.0))
_EYES = 22, 25  # the inner corners


@register("AUMaskBasedLand")
class AUMaskBasedLand(Layer):
    """Twelve masks (N, 1, S, S) of muscles that move a face, and the greatest of all: S = round(img_size spatial_scale).

    The bottom has x and y of 49 landmarks an item, in pixels. A mask is ``fill_value`` but about two centres, of which the second
    covers the first: there it is ``1 - d fill_coeff 100 / (img_size spatial_scale)``, d the sum of both distances in places, or
    ``fill_value`` if that is less, from a centre minus to a centre plus ``(img_size - 1) / 2 spatial_ratio`` pixels. With another
    ``fill_type`` than "manhattan" all is ``fill_value``. No gradient.
    """

    n_tops = exactly(13)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.au_mask_based_land_param
        check_positive(spec, param.img_size, PARAM, "img_size")
        if len(shapes[0]) < 2 or math.prod(shapes[0][1:]) < 98:
            raise spec.refuse(f"wants x and y of 49 landmarks an item; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.size = int(param.img_size * param.spatial_scale + 0.5)
        check_positive(spec, self.size, PARAM, "spatial_scale")
        self.scale, self.value = param.spatial_scale, param.fill_value
        self.reach = (param.img_size - 1) / 2 * param.spatial_ratio
        self.slope = param.fill_coeff * 100 / (param.img_size * param.spatial_scale) if param.fill_type == "manhattan" else None

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, self.size, self.size)] * 13

    @torch.no_grad()
    def forward(self, landmarks: Tensor) -> tuple[Tensor, ...]:
        if self.slope is None:
            return (landmarks.new_full((len(landmarks), 1, self.size, self.size), self.value),) * 13
        return masks_at(landmarks, _CENTRES, _EYES, self.size, self.scale, self.reach, self.slope, self.value)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.slope is None:
            whole = f"{bottoms[0]}.new_full((len({bottoms[0]}), 1, {self.size}, {self.size}), {number(self.value)})"
            return TorchCode(f"({whole},) * 13")
        return TorchCode(f"masks_at({bottoms[0]}, {_CENTRES}, {_EYES}, {self.size}, {self.scale}, {self.reach}, {self.slope}, "
                         f"{self.value})", functions=(masks_at,))


def masks_at(
    landmarks: Tensor, centres: tuple, eyes: tuple, size: int, scale: float, reach: float, slope: float, value: float
) -> tuple[Tensor, ...]:
    """The masks about two centres each, and the greatest of all; see `AUMaskBasedLand`."""
    points = landmarks.reshape(len(landmarks), -1, 2)
    ruler = (points[:, eyes[0], 0] - points[:, eyes[1], 0]).abs()
    place = torch.arange(size, device=points.device, dtype=points.dtype)
    masks: list[Tensor] = []
    greatest = points.new_full((len(points), size, size), value)
    for index, (landmark, below) in enumerate(centres):
        x, y = points[:, landmark, 0], points[:, landmark, 1] + below * ruler
        inside: list[Tensor] = []
        away: list[Tensor] = []
        for centre in (y, x):
            ends = torch.stack((centre - reach, centre + reach)) * scale
            ends = ((ends.abs() + 0.5).floor() * ends.sign()).clamp(0, size - 1)  # halves away from zero, as C rounds
            inside.append((place >= ends[0, :, None]) & (place <= ends[1, :, None]))
            away.append((place - centre[:, None] * scale).abs())
        here = (1 - (away[0][:, :, None] + away[1][:, None]) * slope).clamp(min=value)
        covered = inside[0][:, :, None] & inside[1][:, None]
        before = masks.pop() if index % 2 else points.new_full((len(points), size, size), value)
        masks.append(torch.where(covered, here, before))
        greatest = torch.where(covered, torch.maximum(greatest, here), greatest)
    return tuple(mask[:, None] for mask in (*masks, greatest))


@register("AlignDataTransform")
class AlignDataTransform(Layer):
    """Landmarks of an image, x and y after one another, as they lie in its crop.

    Bottoms: landmarks (N, C, H, W), four numbers an item as Data's ``get_mirror_crop`` gives them (whether it is mirrored, the
    side of the crop, its first row and column), and the mirror image of each landmark, counted from 1. Of several items of
    the last the first counts for all.
    """

    n_bottoms = exactly(3)
    family = "shape"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.count = math.prod(shapes[0][1:]) // 2
        if math.prod(shapes[0][1:]) % 2 or math.prod(shapes[1]) != 4 * shapes[0][0] or math.prod(shapes[2]) < self.count:
            raise spec.refuse("wants x and y of landmarks, 4 numbers an item, and a number for each landmark; its bottoms have "
                              f"the shapes {', '.join(map(str, shapes))}", "bottom")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        shape = bottoms[0]
        return [shape + (1,) * (4 - len(shape))]

    def forward(self, landmarks: Tensor, crops: Tensor, mirrored: Tensor) -> Tensor:
        return in_crops(landmarks, crops, mirrored)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"in_crops({', '.join(bottoms)})", functions=(in_crops,))


def in_crops(landmarks: Tensor, crops: Tensor, mirrored: Tensor) -> Tensor:
    """Landmarks as they lie in the crops of their images; see `AlignDataTransform`."""
    points = landmarks.reshape(len(landmarks), -1, 2)
    crops = crops.detach().reshape(-1, 4).to(points.dtype)
    flipped = crops[:, :1] != 0
    x, y = points[..., 0] - crops[:, 3:], points[..., 1] - crops[:, 2:3]
    x = torch.where(flipped, crops[:, 1:2] - 1 - x, x)
    moved = torch.stack((x, y), 2)
    partners = mirrored.detach().flatten()[: points.shape[1]].long() - 1
    moved = torch.where(flipped[..., None], moved[:, partners], moved)
    return moved.reshape(landmarks.shape + (1,) * (4 - landmarks.ndim))
