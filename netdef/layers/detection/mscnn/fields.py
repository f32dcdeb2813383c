"""Boxes of MS-CNN (Cai et al. 2016) and Cascade R-CNN (2018) on maps: offsets from a field, a box around each place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_positive
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.mscnn.box_output import box_statistics


@dataclass(frozen=True)
class Fields:
    """The fields of the maps of an image, (width, height) in pixels; offsets are normalised by ``means`` and ``deviations``.

    Attributes:
        bounds: how far a centre moves at most, in fields, and the greatest log of a change of size.
    """

    sizes: Sequence[tuple[int, int]]
    stride: int
    means: Sequence[float]
    deviations: Sequence[float]
    bounds: tuple[float, float]

    def _each(self, x: Tensor, numbers: Sequence[float]) -> Tensor:
        return x.new_tensor(numbers).view(1, 4, 1, 1)

    def _sides(self, x: Tensor) -> Tensor:
        """The field (M, 2, 1, 1) of each of the maps (M, ...)."""
        return x.new_tensor(self.sizes).repeat(len(x) // len(self.sizes), 1)[:, :, None, None]

    def _centres(self, x: Tensor) -> Tensor:
        """The centres (1, 2, H, W), x and y in pixels, of the places of maps (..., H, W)."""
        rows, columns = (torch.arange(size, dtype=x.dtype, device=x.device) for size in x.shape[-2:])
        down, right = torch.meshgrid(rows, columns, indexing="ij")
        return (torch.stack((right, down))[None] + 0.5) * self.stride

    def encode(self, boxes: Tensor) -> Tensor:
        """The offsets (M, 4, H, W) of boxes: centres and sizes in pixels; a side counts as 2 pixels at least."""
        sides = self._sides(boxes)
        moves = (boxes[:, :2] - self._centres(boxes)) / sides
        parts = torch.cat((moves, (boxes[:, 2:].clamp(min=2) / sides).log()), 1)
        return (parts - self._each(boxes, self.means)) / self._each(boxes, self.deviations)

    def decode(self, offsets: Tensor) -> Tensor:
        """The boxes (M, 4, H, W), centres and sizes in pixels, of offsets, within the bounds."""
        parts = offsets * self._each(offsets, self.deviations) + self._each(offsets, self.means)
        moves, logs = (part.clamp(-bound, bound) for part, bound in zip(parts.split(2, 1), self.bounds))
        sides = self._sides(offsets)
        return torch.cat((moves * sides + self._centres(offsets), logs.exp() * sides), 1)

    def limited(self, offsets: Tensor) -> Tensor:
        """Offsets within the bounds, less the mean of two means and over the root of two deviations; gradients pass."""
        ends = []
        for pair, bound in zip((slice(0, 2), slice(2, 4)), self.bounds):
            mean, deviation = sum(self.means[pair]) / 2, math.sqrt(math.prod(self.deviations[pair]))
            ends.append(((-bound - mean) / deviation, (bound - mean) / deviation))
        parts = [part.clamp(*end) for part, end in zip(offsets.split(2, 1), ends)]
        return offsets + (torch.cat(parts, 1) - offsets).detach()


class FieldLayer(Layer):
    """The base of the layers of such maps: ``cls_num`` classes, ``objectness``, fields, and the labels that count.

    The last bottom (M, 6, H, W) has at each place a label, the true box's centre and size in pixels, and its greatest overlap
    with a true box. Background counts below ``bg_threshold``, the label ``ignore_label`` nowhere.
    """

    param: str

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape], stride: str):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param)
        check_positive(spec, param.cls_num, self.param, "cls_num")
        if param.objectness and param.cls_num != 2:
            raise spec.refuse(f"has `cls_num` {param.cls_num}; with `objectness` it is 2", self.param, "cls_num")
        self.fields = read_fields(spec, self.param, stride)
        self.classes, self.objectness, self.threshold = param.cls_num, param.objectness, param.bg_threshold
        loss = spec.message.loss_param
        self.ignored = loss.ignore_label if loss.HasField("ignore_label") else None

    def check_joined(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
        """Refuse bottoms unless the first has the scores and then the four offsets of one field."""
        coordinates = getattr(spec.message, self.param).coord_num
        if coordinates != 4:
            raise spec.refuse(f"has `coord_num` {coordinates}; a box has 4 numbers", self.param, "coord_num")
        check_maps(spec, shapes, (self.classes + 4, 6), 1)

    def used(self, labels: Tensor) -> Tensor:
        """Where the label is not ``ignore_label``."""
        return torch.ones_like(labels, dtype=torch.bool) if self.ignored is None else labels != self.ignored


def read_fields(spec: LayerDefinition, param: str, stride: str) -> Fields:
    """The fields in the message ``param``, whose field ``stride`` has the stride of the maps. Refused: what is missing or 0."""
    message = getattr(spec.message, param)
    sides = [getattr(message, name) for name in ("field_w", "field_h")]
    widths, heights = ([side] if isinstance(side, int) else list(side) for side in sides)
    if not widths or len(widths) != len(heights):
        raise spec.refuse(f"has {len(widths)} numbers in `field_w` and {len(heights)} in `field_h`; it wants as many, at least "
                          "one", param)
    for name, values in (("field_w", widths), ("field_h", heights), (stride, [getattr(message, stride)])):
        if min(values) < 1:
            raise spec.refuse(f"needs a `{name}` of at least 1", param)
    for name in ("field_whr", "field_xyr"):
        check_above_zero(spec, getattr(message, name), param, name)
    means, deviations = box_statistics(spec)
    bounds = 1 / message.field_xyr, abs(math.log(message.field_whr))
    return Fields(list(zip(widths, heights)), getattr(message, stride), means, deviations, bounds)


def check_maps(spec: LayerDefinition, shapes: Sequence[Shape], channels: Sequence[int], fields: int) -> None:
    """Refuse bottoms unless they are maps of these numbers of channels, of one size, a multiple of ``fields`` of them."""
    for index, (shape, count) in enumerate(zip(shapes, channels, strict=True)):
        first = shapes[0]
        if len(shape) != 4 or shape != (first[0], count, *first[2:]) or shape[0] % fields:
            raise spec.refuse(f"wants {count} channels in `{spec.bottoms[index]}`, a multiple of {fields} maps of the size of "
                              f"the other bottoms; it has shape {shape}", "bottom", index)


def overlaps_of(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of boxes (..., 4), x, y, width and height, one by one; 0 if a side is not above 0."""
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    both = (high - low).clamp(min=0).prod(-1)
    whole = a[..., 2:].prod(-1) + b[..., 2:].prod(-1) - both
    usable = (a[..., 2:] > 0).all(-1) & (b[..., 2:] > 0).all(-1)
    return torch.where(usable, both / torch.where(usable, whole, 1), 0)
