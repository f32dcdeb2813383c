"""BlackAugmentation: images without motion, and images with black borders, of FlowNet 2 (Ilg et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.flow.augmentation_draws import Draw, check_kind

PARAM = "black_augmentation_param"


@register("BlackAugmentation")
class BlackAugmentation(Layer):
    """The bottoms, images (N, 3, H, W) and flow (N, 2, H, W), of which some items are changed, in TRAIN and TEST.

    An item for which ``black`` draws a number other than 0 has the last image as each image, and flow of 0. Of others, for which
    ``border`` draws b, a border of b times the sides is 0, by chance left and right, above and below, or around. No gradient.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True
    depends_on_data = True
    refuses_inplace = True
    family = "data"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 4, index)
            if shape[1] not in (2, 3) or (shape[0], *shape[2:]) != (shapes[0][0], *shapes[0][2:]):
                raise refuse_shapes(spec, shapes, index, "it wants images of 3 channels and flow of 2, of one size")
        param = spec.message.black_augmentation_param
        self.draws = Draw.of(param.black), Draw.of(param.border)
        for name, draw in zip(("black", "border"), self.draws):
            check_kind(spec, draw, PARAM, name)

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        if bottoms[0].is_meta:
            return tuple(torch.empty_like(x) for x in bottoms)
        height, width = bottoms[0].shape[2:]
        like = bottoms[0].new_empty(len(bottoms[0]))
        black, border = (draw.numbers(like, 1.0, 0.0) for draw in self.draws)
        side = torch.randint(3, like.shape, device=like.device)
        across, down = (border * width).trunc() * (side != 1), (border * height).trunc() * (side != 0)
        inside = _within(width, across)[:, None, None] & _within(height, down)[:, None, :, None]
        still = (black != 0)[:, None, None, None]
        last = next((x for x in reversed(bottoms) if x.shape[1] == 3), None)
        tops = []
        for x in bottoms:
            alike = last if x.shape[1] == 3 and last is not None else torch.zeros_like(x)
            tops.append(torch.where(still, alike, x.where(inside, 0)))
        return tuple(tops)


def _within(size: int, border: Tensor) -> Tensor:
    """Which places of a side are inside a border, for each item."""
    places = torch.arange(size, device=border.device)
    return (places >= border[:, None]) & (places < size - border[:, None])
