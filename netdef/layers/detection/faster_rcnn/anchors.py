"""The anchors of Faster R-CNN (Ren et al. 2015): the boxes about a place that regions begin as."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from google.protobuf.message import Message
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_each_above_zero


def check_ratios_and_scales(spec: LayerDefinition, param: Message, name: str) -> None:
    """Refuse a message ``name`` without ``ratio`` or ``scale``, or with one that is not above 0."""
    for field in ("ratio", "scale"):
        values = getattr(param, field)
        if not values:
            raise spec.refuse(f"has no `{field}`; give one or more", name)
        check_each_above_zero(spec, values, name, field)


def make_anchors(
    base: int, ratios: Sequence[float], scales: Sequence[float], halves_up: bool = False
) -> list[tuple[float, ...]]:
    """Faster R-CNN's anchors: boxes of ``base`` x ``base`` pixels' area, stretched to each ratio, times each scale.

    The sides of the unscaled box are rounded, halves to even as in Python or up as in C++.
    """
    boxes = []
    for ratio in ratios:
        width = _round(math.sqrt(base * base / ratio), halves_up)
        height = _round(width * ratio, halves_up)
        boxes += [_about_centre(base, width * scale - 1, height * scale - 1) for scale in scales]
    return boxes


def boxes_at_places(anchors: list[tuple[float, ...]], stride: int, like: Tensor) -> Tensor:
    """The anchors at each place of maps ``like`` (..., H, W), ``stride`` pixels apart: (H * W * anchors, 4), in pixels."""
    down, right = torch.meshgrid(torch.arange(like.shape[-2]), torch.arange(like.shape[-1]), indexing="ij")
    shifts = torch.stack((right, down, right, down), -1)[:, :, None].to(like) * stride
    return (shifts + torch.tensor(anchors).to(like)).reshape(-1, 4)


def boxes_of_sides(base: int, ratio: float, sides: Sequence[float]) -> list[tuple[float, ...]]:
    """happynear's anchors of a ratio: scales are sides in pixels."""
    width = math.sqrt(base * base / ratio)
    spans = [(width * side / base - 1, width * ratio * side / base - 1) for side in sides]
    return [_about_centre(base, _round(wide, True), _round(high, True)) for wide, high in spans]


def _about_centre(base: int, wide: float, high: float) -> tuple[float, ...]:
    centre = (base - 1) / 2
    return centre - wide / 2, centre - high / 2, centre + wide / 2, centre + high / 2


def _round(value: float, halves_up: bool) -> float:
    return float(math.floor(value + 0.5) if halves_up else round(value))
