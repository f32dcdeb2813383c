"""Dropout."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.layers.base import Layer, Shape, register
from netdef.spec.spec import LayerSpec


@register("Dropout")
class Dropout(Layer):
    """In training each element is 0 with probability ``dropout_ratio``, else divided by 1 - ``dropout_ratio``.

    In TEST the top is the bottom itself, not a copy: hence ``fresh_output`` is not claimed.
    """

    has_inplace_kernel = True

    def __init__(self, spec: LayerSpec, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.ratio: float = spec.message.dropout_param.dropout_ratio
        if not 0 <= self.ratio < 1:
            raise spec.refuse(
                f"has `dropout_ratio` {self.ratio:g}; it must be at least 0 and below 1",
                "dropout_param", "dropout_ratio")

    def forward(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.ratio, self.training, self.inplace)
