"""CreateMaskVector: which classes a map of labels has. TGPnet (Luo et al. 2018), curious999's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "create_mask_vector_param"


@register("CreateMaskVector")
class CreateMaskVector(Layer):
    """Labels (N, 1, H, W) to (N, num_label, 1, 1): 1 for each class that is there (MAX), or its places over H W (AVE).

    As in the fork an item counts those before it in the batch, too; other labels are no class. No gradient.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.create_mask_vector_param
        if shapes[0][1] != 1:
            raise spec.refuse(f"wants labels of one channel; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        check_positive(spec, param.num_label, PARAM, "num_label")
        self.classes: int = param.num_label
        self.presence: bool = param.pool == param.MAX

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.classes, 1, 1)]

    def forward(self, labels: Tensor) -> Tensor:
        classes = labels.detach().flatten(1).long()
        known = (classes >= 0) & (classes < self.classes)
        counts = F.one_hot(classes.where(known, self.classes), self.classes + 1)[..., :-1].sum(1).cumsum(0)
        top = counts > 0 if self.presence else counts / classes.shape[1]
        return top.to(labels.dtype)[..., None, None]
