"""STLoss and LocLoss: keep spatial transformers within an image. Of kaichun-mo's layers (ALISCIFP)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _BoundLoss(Layer):
    """The base of both: half the mean square of what values exceed ``bound`` by in size; of pairs the sum of both."""

    is_loss = True
    bound: float

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def beyond(self, values: Tensor) -> Tensor:
        """Half the square of what each value exceeds the bound by."""
        return (values.abs() - self.bound).clamp(min=0).square() / 2


@register("STLoss")
class STLoss(_BoundLoss):
    """`_BoundLoss` of the places, from -1 to 1 in an image, that affine transformations give those of an output.

    The bottom has 6 numbers an item: x and y of place (s, t) of ``output_H`` x ``output_W`` are the two rows times
    ``(2 s / output_H - 1, 2 t / output_W - 1, 1)``.
    """

    bound = 1.0

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.st_loss_param
        self.size = param.output_H, param.output_W
        check_sizes(spec, "`output_H` and `output_W`", self.size, "st_loss_param")
        if math.prod(shapes[0][1:]) != 6:
            raise spec.refuse(f"wants 6 numbers an item; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)

    def forward(self, transformations: Tensor) -> Tensor:
        rows, columns = (torch.arange(side, device=transformations.device).to(transformations) * 2 / side - 1
                         for side in self.size)
        down, right = torch.meshgrid(rows, columns, indexing="ij")
        places = torch.stack((down, right, torch.ones_like(down))).flatten(1)
        moved = transformations.reshape(-1, 2, 3) @ places
        return self.beyond(moved).sum(1).mean()


@register("LocLoss")
class LocLoss(_BoundLoss):
    """`_BoundLoss` of numbers, as of translations, with ``threshold`` as the bound."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.bound = spec.message.loc_loss_param.threshold
        check_above_zero(spec, self.bound, "loc_loss_param", "threshold")

    def forward(self, x: Tensor) -> Tensor:
        return self.beyond(x).mean()
