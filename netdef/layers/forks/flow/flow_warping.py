"""FlowWarping, FlowTransformer and Warping: images sampled at displaced places. Of AmirooR, Hidden Two-Stream and lxx1991."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("FlowWarping")
class FlowWarping(Layer):
    """An image (N, C, H, W) sampled at each place plus its displacement (N, 2, H, W), rows first, then columns.

    Values are interpolated linearly from the places around: the one whose row and column are cut to whole numbers, and the
    next ones. Those beyond the image count as 0. So between -1 and 0, where numbers are cut upwards, rows 0 and 1 are
    continued beyond the border. Both bottoms get gradients.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        image, flow = shapes
        if tuple(flow) != (image[0], 2, *image[2:]):
            raise refuse_shapes(spec, shapes, 1, "displacements must be as large, with 2 channels")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, image: Tensor, flow: Tensor) -> Tensor:
        return sampled_at(image, flow)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"sampled_at({bottoms[0]}, {bottoms[1]})", functions=(sampled_at,))


@register("FlowTransformer")
class FlowTransformer(FlowWarping):
    """An image (N, C, H, W) sampled at each place plus its displacement (N, 2, H, W), columns first, then rows.

    Values are interpolated linearly from the four places around, of which those beyond the image count as 0. Only the
    displacements get a gradient. Of Hidden Two-Stream (bryanyzhu).
    """

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, image: Tensor, flow: Tensor) -> Tensor:
        return sampled_at(image.detach(), flow.flip(1), down=True)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"sampled_at({bottoms[0]}.detach(), {bottoms[1]}.flip(1), down=True)", functions=(sampled_at,))


@register("Warping")
class Warping(FlowWarping):
    """An image (N, C, H, W) sampled at each place plus its displacement (N, 2, H, W), columns first, then rows.

    Values are interpolated linearly; beyond the image they are those of its border. Both bottoms get gradients. Of
    lxx1991's fork.
    """

    n_bottoms = between(2, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        if len(shapes) == 3:
            raise spec.refuse("has displacements in two bottoms, as in JunhyeongBak/Caffe_Light_Field, which never published its "
                              "source; lxx1991's takes one with 2 channels, columns first", "bottom", 2)
        super().__init__(spec, shapes)

    def forward(self, image: Tensor, flow: Tensor) -> Tensor:
        return sampled_at(image, flow.flip(1), down=True, border=True)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"sampled_at({bottoms[0]}, {bottoms[1]}.flip(1), down=True, border=True)", functions=(sampled_at,))


def sampled_at(image: Tensor, flow: Tensor, down: bool = False, border: bool = False) -> Tensor:
    """The image at the places that the flow displaces, rows in its channel 0; ``down``: places below 0 are cut downwards.

    Beyond the image there are zeros, or with ``border`` the values of its border.
    """
    height, width = image.shape[2:]
    row = flow[:, 0] + torch.arange(height, device=flow.device)[:, None]
    column = flow[:, 1] + torch.arange(width, device=flow.device)
    top, left = (place.detach().floor() if down else place.detach().trunc() for place in (row, column))
    values, total = image.flatten(2), torch.zeros_like(image)
    for below in (0, 1):
        for across in (0, 1):
            r, c = top.long() + below, left.long() + across
            if border:
                r, c = r.clamp(0, height - 1), c.clamp(0, width - 1)
            inside = (r >= 0) & (r < height) & (c >= 0) & (c < width)
            place = (r * width + c).where(inside, 0).flatten(1)
            part_of_row = row - top if below else 1 - (row - top)
            part_of_column = column - left if across else 1 - (column - left)
            share = (part_of_row * part_of_column).where(inside, 0)[:, None]
            total = total + values.gather(2, place[:, None].expand(-1, image.shape[1], -1)).view_as(image) * share
    return total
