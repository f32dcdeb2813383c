"""Losses of CASENet (Yu et al. 2017) and SEAL (Yu et al. 2018): edges of several classes at once, as the bits of a label."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_IGNORED = 1 << 31


class _BitLoss(Layer):
    """The base of both: the sum over places and classes of the sigmoid cross-entropy, divided by the batch size.

    Bottoms: scores (N, classes, H, W) and labels (N, channels, H, W), float32 numbers of which the 32 bits count, not the
    value: bit k of channel j is that of class 32 j + k, bit 31 of the last channel says that the place is ignored.
    """

    n_bottoms = exactly(2)
    is_loss = True
    answer_type = "Sigmoid"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_axes(spec, shapes, 4, 1)
        (batch, classes, *plane), (labels, channels, *size) = shapes
        if (labels, size) != (batch, plane) or classes >= 32 * channels:
            raise spec.refuse(f"wants labels of {batch} images of {plane[0]} x {plane[1]} with 32 bits a channel, more than its "
                              f"{classes} classes; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def bits(self, labels: Tensor) -> Tensor:
        """The bits (N, channels, H, W) of labels, as whole numbers from 0 to 2^32 - 1."""
        return labels.to(torch.float32).contiguous().view(torch.int32).long() & 0xFFFFFFFF

    def of_classes(self, bits: Tensor, count: int) -> Tensor:
        """Whether each class is at each place, (N, count, H, W)."""
        classes = torch.arange(count, device=bits.device)
        return (bits[:, classes // 32] >> (classes % 32).view(1, -1, 1, 1)) & 1 == 1


@register("MultiChannelSigmoidCrossEntropyLoss")
class MultiChannelSigmoidCrossEntropyLoss(_BitLoss):
    """`_BitLoss` of one channel of labels, up to 31 classes."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if shapes[1][1] != 1:
            raise spec.refuse(f"wants labels of one channel; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        bits = self.bits(labels)
        used = (bits & _IGNORED == 0).to(x.dtype).expand_as(x)
        targets = self.of_classes(bits, x.shape[1]).to(x.dtype)
        return F.binary_cross_entropy_with_logits(x, targets, used, reduction="sum") / len(x)


@register("MultiChannelReweightedSigmoidCrossEntropyLoss")
class MultiChannelReweightedSigmoidCrossEntropyLoss(_BitLoss):
    """`_BitLoss` in which a class that is at its place weighs the share of places without any edge, another the rest.

    The shares are those of an image's places that are not ignored.
    """

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        bits = self.bits(labels)
        used = bits[:, -1:] & _IGNORED == 0
        edge = (bits[:, : x.shape[1] // 32 + 1] != 0).any(1, keepdim=True) & used
        share = edge.sum((1, 2, 3), keepdim=True) / used.sum((1, 2, 3), keepdim=True).clamp(min=1)
        targets = self.of_classes(bits, x.shape[1])
        weights = torch.where(targets, 1 - share, share) * used
        return F.binary_cross_entropy_with_logits(x, targets.to(x.dtype), weights.to(x.dtype), reduction="sum") / len(x)
