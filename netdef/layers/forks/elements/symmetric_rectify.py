"""SymmetricRectify: numbers nearer to 0 by a learned threshold. Of wenwei202's fork (sfm)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import filler
from netdef.layers.core.given_gradient import with_added_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PARAM = "symmetric_rectify_param"


@register("SymmetricRectify")
class SymmetricRectify(Layer):
    """``sign(x) * max(|x| - t, 0)`` with a threshold t for each channel (axis 1), or one for all (``channel_shared``).

    Blob 0: the thresholds, shape (channels,) or (); 0 by default. A pass first sets those below 0 to 0. ``thre_decay`` is taken
    off the gradient of each, so that they grow.
    """

    keeps_shape = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.symmetric_rectify_param
        check_least_axes(spec, shapes, 2)
        self.decay: float = param.thre_decay
        self.add_blob("threshold", () if param.channel_shared else shapes[0][1:2], filler(spec, _PARAM, "filler"))

    def forward(self, x: Tensor) -> Tensor:
        threshold = self.blob("threshold")
        if not threshold.is_meta:
            with torch.no_grad():
                threshold.clamp_(min=0)
        if self.decay and torch.is_grad_enabled():
            threshold = with_added_gradient(threshold, torch.full_like(threshold, -self.decay))
        return shrunk(x, threshold)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        blob = self.blob("threshold").clamp(min=0)
        made = {"_threshold": f"nn.Parameter(torch.zeros({tuple(blob.shape)}))"}
        return TorchCode(f"shrunk({bottoms[0]}, {me}_threshold)", made, {"_threshold": {"": blob}}, (shrunk,))


def shrunk(x: Tensor, threshold: Tensor) -> Tensor:
    """``x`` nearer to 0 by the threshold of its channel (axis 1), and 0 where it is no farther."""
    threshold = threshold.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x.abs() > threshold, x - x.detach().sign() * threshold, 0)
