"""MaskOutputs: the channels of each item's class. MASK_OUTPUTS of ViewpointsAndKeypoints (Tulsiani and Malik 2015)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PARAM = "mask_outputs_param"


@register("MaskOutputs")
class MaskOutputs(Layer):
    """The ``kernel_size`` channels of an item that begin at its label, bottom 1, times ``kernel_size``.

    A label whose channels are not there is an error; the fork reads those of another item.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.size: int = spec.message.mask_outputs_param.kernel_size
        check_positive(spec, self.size, _PARAM, "kernel_size")
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.classes = shapes[0][1] // self.size
        if not self.classes:
            raise spec.refuse(f"takes {self.size} of {shapes[0][1]} channels", _PARAM, "kernel_size")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.size, *bottoms[0][2:])]

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom == 0

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        check_classes(self, labels.detach().long(), self.classes)
        return channels_of_labels(x, labels, self.size)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Labels of classes whose channels are there."""
        return torch.randint(self.classes, shape, generator=generator).float() if index == 1 else None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"channels_of_labels({bottoms[0]}, {bottoms[1]}, {self.size})"
        return TorchCode(call, functions=(channels_of_labels,))


def channels_of_labels(x: Tensor, labels: Tensor, size: int) -> Tensor:
    """The channels (N, size, ...) of items (N, C, ...) that begin at each label times ``size``."""
    channels = labels.detach().long().reshape(-1, 1) * size + torch.arange(size, device=x.device)
    return x[torch.arange(len(x), device=x.device)[:, None], channels]
