"""ContinuationIndicator and DirectionMarkers: the markers of where sequences begin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive, check_sizes
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


@register("DirectionMarkers")
class DirectionMarkers(Layer):
    """(height, width): 1, with 0 where a sequence begins. LSTM-CF's Mask (Li et al. 2016, Winstonxu123).

    0 are, VERTICAL: for TOP2BOTTOM the first row, for BOTTOM2TOP the second and the last; HORIZONTAL: for LEFT2RIGHT the first
    column, for RIGHT2LEFT the first and the last. Where ``masktype`` and ``direction`` do not fit, all are 0, as in the fork,
    which then writes nothing.
    """

    n_bottoms = exactly(0)
    markers: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.mask_param
        check_sizes(spec, "sizes", (param.height, param.width), "mask_param")
        horizontal = param.masktype == param.HORIZONTAL
        begins = _BEGINS.get((horizontal, param.Direction.Name(param.direction)))
        fill = partial(_one_but, axis=int(horizontal), begins=begins)
        if begins and param.height < 2:
            raise spec.refuse("wants a `height` of at least 2", "mask_param", "height")
        self.add_constant("markers", check_shape(spec, (param.height, param.width), "mask_param", "height"), fill)

    def forward(self) -> Tensor:
        return self.markers


_BEGINS = {(False, "TOP2BOTTOM"): (0,), (False, "BOTTOM2TOP"): (1, -1), (True, "LEFT2RIGHT"): (0,), (True, "RIGHT2LEFT"): (0, -1)}


def _one_but(tensor: Tensor, axis: int, begins: Sequence[int] | None) -> None:
    """Fill with 1, and 0 in some rows (axis 0) or columns; with 0 if none are named."""
    with torch.no_grad():
        tensor.fill_(1 if begins else 0)
        for index in begins or ():
            tensor.select(axis, index).zero_()
