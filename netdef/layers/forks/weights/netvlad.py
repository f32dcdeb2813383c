"""Netvlad and Intranorm: features summed by their assignment to clusters. Arandjelovic et al. 2016, of hyojinie's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.forks.weights.compact_bilinear import unit_items

_PARAM = "netvlad_param"


@register("Netvlad")
class Netvlad(Layer):
    """The sums (N, K D) over all places of ``a_k (x + c_k)`` for each of K clusters.

    Bottoms: assignments a (N, K, H, W) and features x (N, D, H, W). Blob ``centres`` (K, D) has the c, minus the centres.
    """

    n_bottoms = exactly(2)
    centres: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.netvlad_param
        for index, (field, shape) in enumerate(zip(("cluster_num", "local_dim"), shapes)):
            check_axes(spec, shapes, 4, index)
            size = getattr(param, field)
            if shape != (shapes[0][0], size, *shapes[0][2:]):
                raise spec.refuse(f"has `{field}` {size} and wants `{spec.bottoms[index]}` of as many channels, its other axes "
                                  f"as those of the other bottom; it has shape {shape}", "bottom", index)
        if param.vlad_dim != param.cluster_num * param.local_dim:
            raise spec.refuse(f"has `vlad_dim` {param.vlad_dim}; it is `cluster_num` times `local_dim`", _PARAM, "vlad_dim")
        shape = param.cluster_num, param.local_dim
        self.add_blob("centres", shape, filler(spec, _PARAM, "weight_filler", shape=shape))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], math.prod(self.centres.shape))]

    def forward(self, assigned: Tensor, x: Tensor) -> Tensor:
        weights = assigned.flatten(2)
        return (weights @ x.flatten(2).transpose(1, 2) + weights.sum(2, keepdim=True) * self.blob("centres")).flatten(1)


@register("Intranorm")
class Intranorm(Layer):
    """Each of ``cluster_num`` parts of an item over its length, ``sqrt(sum x^2 + 1e-12)``."""

    keeps_shape = True
    family = "norm"
    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.parts = spec.message.intranorm_param.cluster_num
        check_positive(spec, self.parts, "intranorm_param", "cluster_num")
        if math.prod(shapes[0][1:]) % self.parts:
            raise spec.refuse(f"cannot cut items of shape {shapes[0][1:]} into `cluster_num` {self.parts} parts",
                              "intranorm_param", "cluster_num")

    def forward(self, x: Tensor) -> Tensor:
        return unit_items(x.reshape(len(x) * self.parts, -1), 1e-12).reshape(x.shape)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        call = f"unit_items({x}.reshape(len({x}) * {self.parts}, -1), 1e-12).reshape({x}.shape)"
        return TorchCode(call, functions=(unit_items,))
