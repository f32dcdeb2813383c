"""Coordinates of joints from maps, in pixels of the images as they were, and their score. Of zimenglan's fork, for poses."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "pose_coords_from_heat_maps_param"
INFOS = 5  # of an image: its index, width, height, the scale that it was resized by, whether it was mirrored


@register("CoordsFromHeatMaps")
class CoordsFromHeatMaps(Layer):
    """Where the maps (N, K, H, W) are largest: x and y of each, (N, 2 K, 1, 1). A second top has the values, (N, K, 1, 1).

    With ``top_k`` above 0 they are the means of so many largest places, cut to whole numbers, and of their values; of equal
    values the later place is larger. Both are then times ``heat_map_a`` plus ``heat_map_b``. No gradient.
    """

    n_tops = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.pose_coords_from_heat_maps_param
        check_at_least(spec, param.top_k, 0, PARAM, "top_k")
        self.top_k, self.factor, self.offset = param.top_k, param.heat_map_a, param.heat_map_b
        self.with_values = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        items, joints = bottoms[0][:2]
        return [(items, 2 * joints, 1, 1), (items, joints, 1, 1)][: 1 + self.with_values]

    def forward(self, maps: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        tops = largest_places(maps, self.top_k, self.factor, self.offset)
        return tops if self.with_values else tops[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"largest_places({bottoms[0]}, {self.top_k}, {self.factor}, {self.offset})"
        return TorchCode(call if self.with_values else f"{call}[0]", functions=(largest_places,))


def largest_places(maps: Tensor, top_k: int, factor: int, offset: int) -> tuple[Tensor, Tensor]:
    """x and y (N, 2 K, 1, 1) of the largest place of each map, or the means of the ``top_k`` largest, and the values."""
    rows, width = maps.detach().flatten(2), maps.shape[3]
    if top_k > 0:
        values, places = rows.flip(2).sort(dim=2, descending=True, stable=True)
        values, places = values[:, :, :top_k], rows.shape[2] - 1 - places[:, :, :top_k]
        values = values.mean(2)
    else:
        values, places = rows.max(2)
        places = places[:, :, None]
    x, y = places % width, torch.div(places, width, rounding_mode="floor")
    pairs = torch.stack([torch.div(part.sum(2), part.shape[2], rounding_mode="floor") for part in (x, y)], 2)
    return (pairs * factor + offset).to(maps.dtype).flatten(1)[..., None, None], values[..., None, None]


@register("RescaledPoseCoords")
class RescaledPoseCoords(Layer):
    """Coordinates (N, 2 K, ...), x and y in turn, in the images before they were resized and mirrored; -1 outside of them.

    The second bottom is that of RandomImageData2, (N, 5, 1, 1): image, width, height, scale, and whether it was mirrored. No
    gradient.
    """

    n_bottoms = exactly(2)
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_coordinates(spec, shapes)
        check_infos(spec, shapes)

    def forward(self, coordinates: Tensor, infos: Tensor) -> Tensor:
        return rescaled_coordinates(coordinates, infos)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return torch.rand(shape, generator=generator) * 9 + 1

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"rescaled_coordinates({', '.join(bottoms)})", functions=(rescaled_coordinates,))


def rescaled_coordinates(coordinates: Tensor, infos: Tensor) -> Tensor:
    """Coordinates (N, 2 K, ...) in the images before they were resized and mirrored."""
    _, width, height, scale, mirrored = infos.detach().flatten(1).split(1, 1)
    pairs = coordinates.detach().flatten(1) / scale
    x, y = pairs[:, ::2], pairs[:, 1::2]
    x = torch.where(x >= width, -1, torch.where(mirrored != 0, width - 1 - x, x))
    y = torch.where(y >= height, -1, y)
    return torch.stack((x, y), 2).reshape(coordinates.shape)


def check_coordinates(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse coordinates, the first bottom, that are not (N, 2 K) with axes of 1 behind."""
    shape = shapes[0]
    if len(shape) < 2 or shape[1] % 2 or any(size != 1 for size in shape[2:]):
        raise spec.refuse(
            f"wants an x and a y for each joint, (N, 2 K, 1, 1); `{spec.bottoms[0]}` has shape {shape}", "bottom", 0)


def check_infos(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse a second bottom that has not five numbers for each item of the first."""
    if shapes[1][:2] != (shapes[0][0], INFOS) or any(size != 1 for size in shapes[1][2:]):
        raise refuse_shapes(spec, shapes, 1, f"the second has {INFOS} numbers an item: image, width, height, scale, mirrored")


class _SquaredDistance(Layer):
    """The sum of squared differences of coordinates and true ones, both (N, 2 K, 1, 1), over N: all that the fork's layers make.

    There they also write the shares of detected joints of ``images_num`` images to a log, which is not written here.
    """

    n_bottoms = exactly(2)
    is_score = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_coordinates(spec, shapes)
        check_same_shape(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)]

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return ((x - t).detach().square().sum() / len(x)).reshape(1, 1, 1, 1)


@register("PosePDJAccuracy")
class PosePDJAccuracy(_SquaredDistance):
    """`_SquaredDistance`; its log counts joints that are off by less than parts of the torso."""


@register("PoseEuDistAccuracy")
class PoseEuDistAccuracy(_SquaredDistance):
    """`_SquaredDistance`; its log counts joints that are off by less than numbers of pixels."""
