"""Fine2CoarseProb and Fine2MultiCoarseProb: probabilities of classes summed to those of coarser ones. Of HD-CNN's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class CoarseClasses(Layer):
    """(N, classes, ...) to (N, coarse classes, ...), the sum over the classes of each."""

    def group(self, spec: LayerDefinition, shapes: Sequence[Shape], coarse: int, groups: Sequence[Sequence[int]]) -> None:
        """Set the coarse classes of each class."""
        check_least_axes(spec, shapes, 2)
        if len(groups) != shapes[0][1]:
            raise refuse_shapes(spec, shapes, 0, f"the layer names the coarse classes of {len(groups)} classes")
        if any(number >= coarse for group in groups for number in group):
            raise spec.refuse(f"names a coarse class that is not below `num_coarse`, {coarse}", "type")
        self.coarse = coarse
        self.pairs = [(fine, number) for fine, group in enumerate(groups) for number in group]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.coarse, *bottoms[0][2:])]

    def forward(self, x: Tensor) -> Tensor:
        fine, coarse = torch.tensor(self.pairs, dtype=torch.long, device=x.device).reshape(-1, 2).T
        return x.new_zeros(len(x), self.coarse, *x.shape[2:]).index_add(1, coarse, x.index_select(1, fine))


@register("Fine2CoarseProb")
class Fine2CoarseProb(CoarseClasses):
    """Class i counts for coarse class ``fine2coarse`` i."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.fine2coarse_prob_layer_param
        self.group(spec, shapes, param.num_coarse, [[number] for number in param.fine2coarse])


@register("Fine2MultiCoarseProb")
class Fine2MultiCoarseProb(CoarseClasses):
    """Class i counts for each ``coarse_id`` of ``fine2multicoarse_param`` i; then the sums are divided by their sum."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.fine2multicoarse_prob_layer_param
        self.group(spec, shapes, param.num_coarse, [list(fine.coarse_id) for fine in param.fine2multicoarse_param])

    def forward(self, x: Tensor) -> Tensor:
        sums = super().forward(x)
        return sums / sums.sum(1, keepdim=True)
