"""ContinuationIndicator: the markers of sequences that all begin at the first time step."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape

PARAM = "continuation_indicator_param"


@register("ContinuationIndicator")
class ContinuationIndicator(Layer):
    """(time_step, batch_size): 0 in the first row, 1 in all others.

    A layer of the forks that came with warp-ctc, where it has had three forms: ``batch_size`` stated, with a bottom
    that is ignored or with none; or taken from the bottom's ``axis``, where it may change from batch to batch.
    """

    n_bottoms = between(0, 1)
    markers: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.continuation_indicator_param
        check_positive(spec, param.time_step, PARAM, "time_step")
        if param.batch_size == 0 and not shapes:
            raise spec.refuse("needs a `batch_size` of at least 1, or a bottom to take it from", PARAM, "batch_size")
        self.axis = None if param.batch_size else canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        n = param.batch_size if self.axis is None else 1
        self.add_constant("markers", check_shape(spec, (param.time_step, n), PARAM, "time_step"), _zero_then_one)

    def forward(self, x: Tensor | None = None) -> Tensor:
        """The markers, (time_step, batch_size)."""
        return self.markers if x is None or self.axis is None else self.markers.expand(-1, x.shape[self.axis])


def _zero_then_one(tensor: Tensor) -> None:
    with torch.no_grad():
        tensor.fill_(1)[0] = 0
