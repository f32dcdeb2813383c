"""SparseHypercolumnExtractor: the features of several layers at chosen places. Mix-and-match (Zhan et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "sparse_hypercolumn_extractor_param"


@register("SparseHypercolumnExtractor")
class SparseHypercolumnExtractor(Layer):
    """(N * places, channels of all): features, the bottoms after the first, one after the other, at places (N, places, 2).

    A place is y, x in pixels of the image; in features l it is ``(y - offset_height[l]) / scale[l]``, and x alike, kept within
    them, and values are interpolated between the four around, times ``activation_mult[l]``. No gradient of the places.
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
    columns = [columns_at(part, (y - down) / scale, (x - right) / scale) * factor
               for part, (down, right, scale, factor) in zip(features, maps)]
    return torch.cat(columns, 2).flatten(0, 1)


def columns_at(features: Tensor, y: Tensor, x: Tensor) -> Tensor:
    """Features (N, C, H, W), interpolated at places (N, count) within them: (N, count, C)."""
    height, width = features.shape[2:]
    y, x = y.clamp(0, height - 1.0001), x.clamp(0, width - 1.0001)
    row, column = y.floor().long(), x.floor().long()
    down, right = (y - row)[..., None], (x - column)[..., None]
    item = torch.arange(len(features), device=features.device)[:, None]
    last = features.movedim(1, -1)
    above = last[item, row, column] * (1 - right) + last[item, row, column + 1] * right
    below = last[item, row + 1, column] * (1 - right) + last[item, row + 1, column + 1] * right
    return above * (1 - down) + below * down
