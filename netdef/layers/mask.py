"""Mask: a bool for each weight, true = kept, as a blob that a layer with weights takes as an extra bottom.

The original DSD design gave a layer a binary mask blob as an additional input. The layer computes with
``where(mask, weight, 0)``, so a pruned weight gets no gradient and whatever it holds, NaN included, leaks nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_share
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("Mask")
class Mask(Layer):
    """The mask of one blob, of one or more layers.

    ``kept`` is None while every weight is kept: a mask that keeps all is absent and costs nothing. The mask takes its
    shape from the layers that read it; ``sparsity`` is what the text asks for, and is what the first sparse phase uses.
    """

    n_bottoms = exactly(0)
    family = "mask"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.mask_param
        if param.HasField("sparsity"):
            check_share(spec, param.sparsity, "mask_param", "sparsity")
        self.sparsity: float | None = param.sparsity if param.HasField("sparsity") else None
        self.blob_index: int = param.blob
        self.shape: Shape | None = None
        self.folded = False
        self.register_buffer("kept", None)

    def set(self, kept: Tensor | None) -> None:
        """Keep the weights where ``kept`` is true; None keeps all. Raises ValueError on another shape than the weight's."""
        if kept is not None and tuple(kept.shape) != self.shape:
            raise ValueError(f"mask `{self.name}` has shape {tuple(kept.shape)}, its weight {self.shape}")
        self.kept = None if kept is None else kept.bool()

    def cover(self, weight: Tensor) -> Tensor:
        """The weight as a layer sees it: pruned entries are 0 and get no gradient.

        ``folded`` says that the trainer holds pruned weights at +0.0 and masks their gradients itself: then the weight
        *is* the masked weight, with the same numbers and nothing to compute.
        """
        if self.folded or self.kept is None:
            return weight
        # In the weight's order of memory, so that the result is too: a convolution's last bits depend on it.
        kept = torch.empty_like(weight, dtype=torch.bool, requires_grad=False).copy_(self.kept)
        return torch.where(kept, weight, 0)

    def forward(self, weight: Tensor) -> Tensor:
        """The mask blob beside the weight it covers: bool, true = kept."""
        return torch.ones_like(weight, dtype=torch.bool) if self.kept is None else self.kept
