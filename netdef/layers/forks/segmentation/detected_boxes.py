"""BoxFeatures and ChannelSelect: maps of the boxes that a detector found. torrvision's caffe-tvg, Arnab and Torr 2017.

Detections are (1, count, 1, 6): class, x1, y1, x2, y2 in places of the maps, score.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


class _OfDetections(Layer):
    """The base of both."""

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_least_axes(spec, shapes, 2, 1)
        detections = shapes[1]
        if detections[0] != 1 or torch.Size(detections[2:]).numel() != 6:
            raise spec.refuse(f"wants detections (1, count, 1, 6); `{spec.bottoms[1]}` has shape {detections}", "bottom", 1)
        self.count = detections[1]


@register("BoxFeatures")
class BoxFeatures(_OfDetections):
    """(detections + 1, C, H, W): maps (1, C, H, W) within each box, both ends in it, times its score; 0 elsewhere.

    The score s of a detection counts as exp(s) / (exp(s) + exp(1 - s)). The first is all 0, or with ``is_background_det`` the
    maps times ``background_det_score``.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if shapes[0][0] != 1:
            raise spec.refuse(f"wants maps of one item; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        param = spec.message.box_term_param
        self.background: float = param.background_det_score if param.is_background_det else 0.0

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][1] + 1, *bottoms[0][1:])]

    def forward(self, maps: Tensor, detections: Tensor) -> Tensor:
        return maps_in_boxes(maps, detections, self.background)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"maps_in_boxes({', '.join(bottoms)}, {number(self.background)})", functions=(maps_in_boxes,))

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return torch.rand(shape, generator=generator) * 3 if index == 1 else None


@register("ChannelSelect")
class ChannelSelect(_OfDetections):
    """(N, 1, H, W): of item i + 1 of maps (N, C, H, W) the channel of the class of detection i; of item 0 channel 0.

    Items beyond the detections are 0.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if shapes[0][0] < self.count + 1:
            raise spec.refuse(f"has {self.count} detections and maps of {shapes[0][0]} items; it wants one more than detections",
                              "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, *bottoms[0][2:])]

    def forward(self, maps: Tensor, detections: Tensor) -> Tensor:
        return channels_of_classes(maps, detections)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"channels_of_classes({', '.join(bottoms)})", functions=(channels_of_classes,))

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return torch.zeros(shape) if index == 1 else None


def maps_in_boxes(maps: Tensor, detections: Tensor, background: float) -> Tensor:
    """Maps (1, C, H, W) times ``background``, then those within each box, times its score; see `BoxFeatures`."""
    _, left, top, right, bottom, score = detections.detach().reshape(-1, 6, 1).unbind(1)
    row = torch.arange(maps.shape[2], device=maps.device)
    column = torch.arange(maps.shape[3], device=maps.device)
    rows = (row >= top.trunc()) & (row <= bottom.trunc())
    columns = (column >= left.trunc()) & (column <= right.trunc())
    inside = (rows[:, :, None] & columns[:, None]).to(maps.dtype) * torch.sigmoid(2 * score - 1)[..., None]
    return torch.cat((maps * background, maps * inside[:, None]))


def channels_of_classes(maps: Tensor, detections: Tensor) -> Tensor:
    """The channel of each detection's class, after channel 0 of the first item, then zeros: (N, 1, H, W)."""
    classes = detections.detach().reshape(-1, 6)[:, 0].long()
    channels = torch.cat((classes.new_zeros(1), classes))
    chosen = maps[torch.arange(len(channels), device=maps.device), channels]
    beyond = maps.new_zeros(len(maps) - len(channels), *maps.shape[2:])
    return torch.cat((chosen, beyond))[:, None]
