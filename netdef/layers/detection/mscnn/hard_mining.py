"""HardMining: the regions with the largest losses. Of Cascade R-CNN (zhaoweicai)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, refuse_shapes
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "hard_mining_param"


@register("HardMining")
class HardMining(Layer):
    """The rows of bottoms 1, 2, ... for the regions with the largest numbers in bottom 0, one a region, in their old order.

    Bottom 1 has the regions (R, 5), with the number of the image first. ``num_roi_per_image`` are taken of each of
    ``num_image`` images; if some have fewer, the largest of the others fill up. A second one of the same number comes first.
    No gradient.
    """

    n_bottoms = at_least(2)
    n_tops = at_least(1)
    family = "windows"
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.hard_mining_param
        for field in ("num_roi_per_image", "num_image"):
            check_positive(spec, getattr(param, field), PARAM, field)
        if len(spec.tops) != len(shapes) - 1:
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; it makes a top of each bottom but the first",
                              "top")
        if math.prod(shapes[0]) != shapes[0][0]:
            raise refuse_shapes(spec, shapes, 0, "the first bottom holds one number a region")
        for index, shape in enumerate(shapes):
            if shape[0] != shapes[0][0]:
                raise refuse_shapes(spec, shapes, index, "all have one row a region")
        if len(shapes[1]) < 2 or shapes[1][1] != 5:
            raise refuse_shapes(spec, shapes, 1, "regions have 5 numbers")
        self.each, self.images = param.num_roi_per_image, param.num_image

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(min(self.each * self.images, shape[0]), *shape[1:]) for shape in bottoms[1:]]

    def forward(self, scores: Tensor, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        images = bottoms[0].detach().flatten(1)[:, 0].long()
        check_classes(self, images, self.images)
        order = scores.detach().flatten().flip(0).argsort(descending=True, stable=True)
        order = len(images) - 1 - order  # of equal numbers the last region first
        of_images = images[order] == torch.arange(self.images, device=scores.device)[:, None]
        rank = of_images.cumsum(1).gather(0, images[order][None])[0]
        surplus = rank > self.each
        chosen = torch.cat([order[~surplus], order[surplus]])[: self.each * self.images].sort().values
        tops = tuple(x.detach()[chosen] for x in bottoms)
        return tops[0] if len(tops) == 1 else tops
