"""MultiROIPooling: patches about landmarks, each in a top of its own. PG-CNN (Li et al. 2018), mysee1989's code."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, check_same_batch, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "multi_roi_pooling_param"


@register("MultiROIPooling")
class MultiROIPooling(Layer):
    """Top i: the ``pooled_h`` x ``pooled_w`` values (N, channels, ...) about landmark i; nothing is pooled.

    Bottoms: features (N, channels, height, width) and landmarks (N, numbers), x and y in pixels, of which the first two for each
    top count. A patch begins at ``round(x * spatial_scale - pooled_w // 2)``; what lies outside the features is 0. The exact
    gradient; the code's adds all rows of a patch into the first one's.
    """

    n_bottoms = exactly(2)
    n_tops = at_least(1)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.multi_roi_pooling_param
        check_axes(spec, shapes, 4)
        check_least_axes(spec, shapes, 2, 1)
        check_same_batch(spec, shapes)
        self.count = len(spec.tops)
        if param.top_num != self.count:
            raise spec.refuse(f"has `top_num` {param.top_num} and {self.count} tops", PARAM, "top_num")
        if torch.Size(shapes[1][1:]).numel() != 2 * self.count:
            raise spec.refuse(f"wants x and y of {self.count} landmarks, {2 * self.count} numbers an item; "
                              f"`{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)
        self.patch = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.patch, PARAM)
        self.scale: float = param.spatial_scale

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.patch)] * self.count

    def forward(self, x: Tensor, landmarks: Tensor) -> tuple[Tensor, ...]:
        return patches_at(x, landmarks, *self.patch, self.scale)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"patches_at({', '.join(bottoms)}, {self.patch[0]}, {self.patch[1]}, {number(self.scale)})"
        return TorchCode(call if self.count > 1 else f"{call}[0]", functions=(patches_at,))


def patches_at(x: Tensor, landmarks: Tensor, high: int, wide: int, scale: float) -> tuple[Tensor, ...]:
    """The patch (N, channels, high, wide) of features ``x`` about each landmark; see `MultiROIPooling`."""
    scaled = landmarks.detach().reshape(len(x), -1, 2).to(x.dtype) * scale
    start = scaled - scaled.new_tensor([wide // 2, high // 2])
    start = (start.abs() + 0.5).floor() * start.sign()  # halves away from zero, as C rounds
    across, down = start.unbind(-1)
    padded = F.pad(x, (wide, wide, high, high))
    left = (across + wide).clamp(0, x.shape[3] + wide).long()  # a patch beyond the features is all padding
    above = (down + high).clamp(0, x.shape[2] + high).long()
    rows = above[..., None] + torch.arange(high, device=x.device)
    columns = left[..., None] + torch.arange(wide, device=x.device)
    item = torch.arange(len(x), device=x.device)[:, None, None, None]
    patches = padded.movedim(1, -1)[item, rows[..., None], columns[:, :, None]]  # (N, landmarks, high, wide, channels)
    return tuple(patches.movedim(-1, 2).unbind(1))
