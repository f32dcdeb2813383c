"""GatingInnerProduct: probabilities of experts, mixed by a gate. Of deep adaptive fusion (Mees et al. 2016)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "inner_product_param"


@register("GatingInnerProduct")
class GatingInnerProduct(Layer):
    """The sum over experts of an expert's ``num_output`` probabilities times the expert's gate.

    Bottoms: probabilities, for each item those of one expert after the other; a gate (items, experts), the only one that gets a
    gradient; and two blobs of labels, which must be the same. The blobs ``weight`` (num_output, experts) and ``bias`` are in
    files, and nothing uses them. The fork appends what it computes to files in /tmp.
    """

    n_bottoms = exactly(4)
    maskable = ()
    fresh_output = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.inner_product_param
        check_positive(spec, param.num_output, PARAM, "num_output")
        axis = self.axis = canonical_axis(spec, param.axis, min(len(shapes[0]), len(shapes[1])), PARAM, "axis")
        self.classes: int = param.num_output
        self.experts = math.prod(shapes[1][axis:])
        if math.prod(shapes[1][:axis]) != math.prod(shapes[0][:axis]):
            raise refuse_shapes(spec, shapes, 1, "it wants a gate for each item")
        if math.prod(shapes[0][axis:]) != self.classes * self.experts:
            raise spec.refuse(f"wants {self.experts} x {self.classes} probabilities an item, of {self.experts} experts; its "
                              f"bottom has shape {shapes[0]}", "bottom", 0)
        if math.prod(shapes[2]) != math.prod(shapes[3]):
            raise refuse_shapes(spec, shapes, 3, "there must be as many labels in both")
        weight = self.classes, self.experts
        self.add_blob("weight", weight, filler(spec, PARAM, "weight_filler", shape=weight))
        if param.bias_term:
            self.add_blob("bias", (self.classes,), filler(spec, PARAM, "bias_filler"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][: self.axis], self.classes)]

    def forward(self, x: Tensor, gate: Tensor, labels: Tensor, others: Tensor) -> Tensor:
        if not labels.is_meta and not bool((labels.flatten().long() == others.flatten().long()).all()):
            raise NetdefError(f"layer `{self.name}` (GatingInnerProduct) got labels that differ from each other")
        experts = x.detach().reshape(-1, self.experts, self.classes)
        mixed = (gate.reshape(-1, self.experts, 1) * experts).sum(1)
        return mixed.reshape(*x.shape[: self.axis], self.classes)
