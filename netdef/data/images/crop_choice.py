"""Crops in several sizes and at a few places, from yjxiong's fork (Wang et al. 2016): fields of ``transform_param``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"
_RATIOS = (1, 0.875, 0.75, 0.66)
# Rows and columns of the places of a crop, in quarters of the room that it leaves.
_FIXED = ((0, 0), (0, 4), (4, 0), (4, 4), (2, 2))
_MORE = ((0, 2), (4, 2), (2, 0), (2, 4), (1, 1), (1, 3), (3, 1), (3, 3))


class CropChoice(NamedTuple):
    """The random choice of a crop in TRAIN that is resized to ``crop`` (height, width).

    With ``multi_scale`` each of its sides is the image's shorter side times one of ``ratios``; the two ratios are at most
    ``max_distort`` places apart in their list. A side within 2 pixels of the crop's is made equal to it. It lies at one of
    ``places``, given in quarters of the room that it leaves, or anywhere if there are none.
    """

    crop: tuple[int, int]
    multi_scale: bool
    ratios: tuple[float, ...]
    max_distort: int
    places: tuple[tuple[int, int], ...]

    def window(self, size: Sequence[int], draws: Sequence[float]) -> tuple[int, int, int, int]:
        """Top, left, height and width of the crop of an image with these rows and columns.

        ``draws`` are three numbers in [0, 1): for the row, for the column and for the size.
        """
        row, column, which = draws
        sizes = self.sizes(size)
        height, width = sizes[int(which * len(sizes))]
        spare = size[0] - height, size[1] - width
        if self.places:
            down, right = self.places[int(row * len(self.places))]
            return spare[0] // 4 * down, spare[1] // 4 * right, height, width
        return int(row * (spare[0] + 1)), int(column * (spare[1] + 1)), height, width

    def sizes(self, size: Sequence[int]) -> list[tuple[int, int]]:
        """The heights and widths that are drawn from, for an image with these rows and columns."""
        if not self.multi_scale:
            return [self.crop]
        scaled = [max(int(np.float32(min(size)) * np.float32(ratio)), 1) for ratio in self.ratios]
        rows, columns = ([side if abs(one - side) < 3 else one for one in scaled] for side in self.crop)
        return [(height, width) for i, height in enumerate(rows) for j, width in enumerate(columns)
                if abs(i - j) <= self.max_distort]


def read_crop_choice(spec: LayerDefinition, crop: tuple[int, int] | None) -> CropChoice | None:
    """The choice of crops that a layer asks for; None if it has none, or no random crop. Raises `SpecError`."""
    param = spec.message.transform_param
    if not (param.multi_scale or param.fix_crop):
        return None
    name = "multi_scale" if param.multi_scale else "fix_crop"
    if spec.type not in ("Data", "ImageData", "VideoData"):
        raise spec.refuse(f"has `{name}`, which only Data, ImageData and VideoData layers read", _FIELD, name)
    if crop is None:
        raise spec.refuse(f"has `{name}`, which needs a `crop_size`", _FIELD, name)
    ratios = tuple(param.scale_ratios) or _RATIOS
    if not 0 < min(ratios) <= max(ratios) <= 1:
        raise spec.refuse(f"has a `scale_ratios` of {next(r for r in ratios if not 0 < r <= 1):g}; they are above 0 and "
                          "at most 1", _FIELD, "scale_ratios")
    if param.max_distort < 0:
        raise spec.refuse(f"has a `max_distort` of {param.max_distort}; it must be at least 0", _FIELD, "max_distort")
    places = (_FIXED + _MORE if param.more_fix_crop else _FIXED) if param.fix_crop else ()
    return CropChoice(crop, param.multi_scale, ratios, param.max_distort, places) if spec.phase == "TRAIN" else None
