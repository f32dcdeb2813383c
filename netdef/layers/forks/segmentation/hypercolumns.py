"""SparseHypercolumnExtractor and HyperColumns: the features of several layers at places of the image."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "sparse_hypercolumn_extractor_param"


@register("SparseHypercolumnExtractor")
class SparseHypercolumnExtractor(Layer):
    """(N * places, channels of all): features, the bottoms after the first, one after the other, at places (N, places, 2).

    A place is y, x in pixels of the image; in features l it is ``(y - offset_height[l]) / scale[l]``, and x alike, kept within
    them, and values are interpolated between the four around, times ``activation_mult[l]``. No gradient of the places.
    Mix-and-match (Zhan et al. 2018).
    """

    n_bottoms = at_least(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, count = spec.message.sparse_hypercolumn_extractor_param, len(shapes) - 1
        places = shapes[0]
        check_least_axes(spec, shapes, 3)
        if torch.Size(places[2:]).numel() != 2 or places[2] != 2:
            raise spec.refuse(f"wants places (N, places, 2), y and x; `{spec.bottoms[0]}` has shape {places}", "bottom", 0)
        for index, shape in enumerate(shapes[1:], 1):
            check_axes(spec, shapes, 4, index)
            if shape[0] != places[0] or min(shape[2:]) < 2:
                raise spec.refuse(f"wants features of {places[0]} items and at least 2 x 2 places; `{spec.bottoms[index]}` has "
                                  f"shape {shape}", "bottom", index)
        for field in ("scale", "offset_height", "offset_width"):
            if len(getattr(param, field)) != count:
                raise spec.refuse(f"has {len(getattr(param, field))} `{field}` and {count} bottoms of features; give one each",
                                  PARAM)
        for index, scale in enumerate(param.scale):
            check_above_zero(spec, scale, PARAM, "scale", index)
        factors = [*param.activation_mult, *[1.0] * count][: max(count, len(param.activation_mult))]
        if len(factors) != count:
            raise spec.refuse(f"has {len(factors)} `activation_mult` and {count} bottoms of features", PARAM, "activation_mult")
        self.maps = list(zip(param.offset_height, param.offset_width, param.scale, factors, strict=True))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0] * bottoms[0][1], sum(shape[1] for shape in bottoms[1:]))]

    def forward(self, places: Tensor, *features: Tensor) -> Tensor:
        return hypercolumns(places, features, self.maps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        places, *features = bottoms
        call = f"hypercolumns({places}, ({', '.join(map(str, features))},), {self.maps})"
        return TorchCode(call, functions=(columns_at, hypercolumns))


def hypercolumns(places: Tensor, features: tuple[Tensor, ...], maps: list[tuple[float, float, float, float]]) -> Tensor:
    """The features at places (N, count, 2): (N * count, channels of all). ``maps`` has offsets, scale and factor of each."""
    y, x = places.detach().reshape(*places.shape[:2], 2).unbind(-1)
    columns = []
    for part, (down, right, scale, factor) in zip(features, maps):
        height, width = part.shape[2:]
        row, column = ((y - down) / scale).clamp(0, height - 1.0001), ((x - right) / scale).clamp(0, width - 1.0001)
        columns.append(columns_at(part, row, column) * factor)
    return torch.cat(columns, 2).flatten(0, 1)


def columns_at(features: Tensor, y: Tensor, x: Tensor) -> Tensor:
    """Features (N, C, H, W), interpolated at places (N, count): (N, count, C). Beyond an edge they are those of the edge."""
    height, width = features.shape[2:]
    row, column = y.floor().long(), x.floor().long()
    down, right = (y - row)[..., None], (x - column)[..., None]
    rows, columns = ((at.clamp(0, size - 1), (at + 1).clamp(0, size - 1)) for at, size in ((row, height), (column, width)))
    item = torch.arange(len(features), device=features.device)[:, None]
    last = features.movedim(1, -1)
    above, below = (last[item, at, columns[0]] * (1 - right) + last[item, at, columns[1]] * right for at in rows)
    return above * (1 - down) + below * down


@register("HyperColumns")
class HyperColumns(Layer):
    """Features, the bottoms after the first, at pixels of maps (N, K, H, W), the first, and the maps at the same pixels.

    Tops: (N * pixels, channels of all features) and (N * pixels, K). Features of 1 / s of the height are interpolated between
    their places, the centres of s x s pixels. All pixels with ``is_train: false``, else ``sample_num`` of each item,
    drawn among those whose maps are numbers and not all 0. JiangQH's fork (surface normals, after Bansal et al. 2016).
    """

    n_bottoms = at_least(2)
    n_tops = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.hypercolumns_param
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 4, index)
            if shape[0] != shapes[0][0] or shape[2] > shapes[0][2]:
                raise refuse_shapes(spec, shapes, index, "features have as many items, and no more rows")
        pixels = shapes[0][2] * shapes[0][3]
        if not param.HasField("is_train"):
            raise spec.refuse("wants `is_train`, whether it draws pixels or takes all", "hypercolumns_param")
        if param.skip_ratio != 1:
            raise spec.refuse(f"has `skip_ratio` {param.skip_ratio:g}; only 1 is implemented", "hypercolumns_param", "skip_ratio")
        self.drawn: int = param.sample_num if param.is_train else 0
        self.count = self.drawn or pixels
        if param.is_train and not 1 <= self.drawn <= pixels:
            raise spec.refuse(f"draws {self.drawn} of {pixels} pixels", "hypercolumns_param")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        rows = bottoms[0][0] * self.count
        return [(rows, sum(shape[1] for shape in bottoms[1:])), (rows, bottoms[0][1])]

    def forward(self, maps: Tensor, *features: Tensor) -> tuple[Tensor, Tensor]:
        height, width = maps.shape[2:]
        pixel = self._draw(maps) if self.drawn else torch.arange(height * width, device=maps.device).expand(len(maps), -1)
        columns = []
        for part in features:
            step = height // part.shape[2]
            y, x = ((at.to(part.dtype) - (step - 1) / 2) / step for at in (pixel // width, pixel % width))
            columns.append(columns_at(part, y, x))
        item = torch.arange(len(maps), device=maps.device)[:, None]
        return torch.cat(columns, 2).flatten(0, 1), maps.flatten(2).movedim(1, -1)[item, pixel].flatten(0, 1)

    def _draw(self, maps: Tensor) -> Tensor:
        """Numbers of ``drawn`` different pixels of each item."""
        maps = maps.detach().flatten(2)
        valid = ~maps.isnan().any(1) & (maps != 0).any(1)
        if not torch.compiler.is_compiling() and int(valid.sum(1).min()) < self.drawn:
            raise NetdefError(f"layer `{self.name}` draws {self.drawn} pixels; an item has {int(valid.sum(1).min())} that are "
                              "numbers and not all 0")
        return torch.where(valid, torch.rand_like(maps[:, 0]), -1).topk(self.drawn, 1).indices
