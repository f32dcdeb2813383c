"""OutputDecay: a decay of features, as weights have one. HRSOD (Zeng et al. 2019) and FRD (wdzhao123)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.given_gradient import with_added_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "output_decay_param"


@register("OutputDecay")
class OutputDecay(Layer):
    """The bottom itself. Its gradient has ``output_decay`` times x added, with the type "L2", or times its sign, with "L1".

    Neither the loss weight nor the size of the batch is in what is added, as in the forks.
    """

    keeps_shape = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.output_decay_param
        if param.regularization_type not in ("L1", "L2"):
            raise spec.refuse(f'has the `regularization_type` "{param.regularization_type}"; it is "L1" or "L2"',
                              PARAM, *(["regularization_type"] if param.HasField("regularization_type") else []))
        self.decay: float = param.output_decay
        self.signs_alone: bool = param.regularization_type == "L1"

    def forward(self, x: Tensor) -> Tensor:
        if not torch.is_grad_enabled():
            return x
        return with_added_gradient(x, self.decay * (x.sign() if self.signs_alone else x))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(str(bottoms[0]))
