"""SpatialAccuracy: Accuracy of maps of scores. HD-CNN (Yan et al. 2015, stephenyan1231)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_top_k
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "spatial_accuracy_param"


@register("SpatialAccuracy")
class SpatialAccuracy(Layer):
    """The share of items whose true class is among the ``top_k`` best, by the softmax summed over places; of equals the last.

    Bottoms: scores (N, C, H, W), labels, and the images' heights and widths (N, 1, 1, 2), as DataVariableSize has them: only
    places that begin inside the image count, a height over ``spatial_subsample_height_factor``, rounded down, of them, and a
    width likewise. Without the third bottom all places count.
    """

    n_bottoms = between(2, 3)
    is_score = True
    larger_is_better = True
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        n, classes, *self.plane = shapes[0]
        check_one_label_each_item(spec, shapes[1], 1, n)
        param = spec.message.spatial_accuracy_param
        if len(shapes) == 3 and shapes[2] != (n, 1, 1, 2):
            raise spec.refuse(f"wants the sizes of images, of shape {(n, 1, 1, 2)}, as `{spec.bottoms[2]}`, which has shape "
                              f"{shapes[2]}", "bottom", 2)
        for field in ("top_k", "spatial_subsample_height_factor", "spatial_subsample_width_factor"):
            check_positive(spec, getattr(param, field), _PARAM, field)
        check_top_k(spec, param.top_k, classes, _PARAM)
        self.top_k: int = param.top_k
        self.factors = param.spatial_subsample_height_factor, param.spatial_subsample_width_factor

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index != 2:
            return None
        return torch.tensor([side * factor for side, factor in zip(self.plane, self.factors)]).float().expand(shape)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor, sizes: Tensor | None = None) -> Tensor:
        classes = labels.flatten().long()
        check_classes(self, classes, scores.shape[1])
        chances = scores.softmax(1)
        if sizes is not None:
            for axis, (size, factor) in enumerate(zip(sizes.flatten(1).T, self.factors), 2):
                chances = chances * self.inside((size / factor).long(), scores, axis)
        total = chances.sum((2, 3))
        own = total.gather(1, classes[:, None])
        later = torch.arange(total.shape[1], device=total.device) > classes[:, None]
        before = ((total > own) | (total == own) & later).sum(1)
        return ((before < self.top_k) & (own == own)[:, 0]).to(scores.dtype).mean()  # a NaN is not equal to itself

    def inside(self, counts: Tensor, scores: Tensor, axis: int) -> Tensor:
        """1 for the first places along an axis, ``counts`` for each item, else 0."""
        places = scores.shape[axis]
        if not counts.is_meta and len(counts) and counts.max() > places:
            raise NetdefError(f"layer `{self.name}` (SpatialAccuracy) got an image of {int(counts.max())} places along axis "
                              f"{axis}, where its scores have {places}")
        inside = torch.arange(places, device=scores.device) < counts[:, None]
        return inside.to(scores.dtype)[:, None, :, None] if axis == 2 else inside.to(scores.dtype)[:, None, None]
