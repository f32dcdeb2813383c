"""Scale: multiply by a blob, learned or given, along some axes, and perhaps add a second one."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.batch_norm import LEAST_EPS
from netdef.layers.bias import covered_shape, given_shape
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable, broadcast

PARAM = "scale_param"


@register("Scale")
class Scale(Layer):
    """The first bottom times the blob ``scale``, or times the second; with ``bias_term``, plus the blob ``bias``.

    ``axis`` and ``num_axes`` say along which axes. The bias covers the same axes as the scale. With a second bottom,
    ``bias`` is the only blob.

    With ``min_value`` or ``max_value``, from happynear's fork (NormFace, Wang et al. 2017), a TRAIN pass first brings the
    blob into these limits; a TEST pass, and one with two bottoms, computes with the limited scale. The gradient is that of
    the product, whether a limit was met or not.
    """

    keeps_shape = True
    n_bottoms = between(1, 2)
    fresh_output = True
    family = "norm"
    torch_names = MappingProxyType({"scale": "weight"})

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.scale_param
        bottom = tuple(shapes[0])
        if len(shapes) == 2:
            shape, self.trailing = given_shape(spec, PARAM, bottom, tuple(shapes[1]))
        else:
            shape, self.trailing = covered_shape(spec, PARAM, bottom, param.num_axes)
            self.add_blob("scale", shape, filler(spec, PARAM, "filler", default=1.0))
        self.limits = tuple(getattr(param, name) if param.HasField(name) else None for name in ("min_value", "max_value"))
        self.limited = self.limits != (None, None)
        if param.bias_term:
            self.add_blob("bias", shape, filler(spec, PARAM, "bias_filler"))
        self.per_channel = len(shape) == 1 and len(self.trailing) == len(bottom) - 2
        self.scales_channels = self.per_channel and len(shapes) == 1

    def forward(self, x: Tensor, scale: Tensor | None = None) -> Tensor:
        bias = self.optional_blob("bias")
        if scale is None:
            scale = self.blob("scale")
            if self.limited and self.training and not scale.is_meta:
                with torch.no_grad():
                    scale.clamp_(*self.limits)
        elif bias is not None:
            scale = scale.to(bias.dtype)  # under autocast a bottom may be of half precision
        if self.limited:
            scale = scale.detach().clamp(*self.limits) + (scale - scale.detach())
        if self.per_channel:
            # Torch's batch norm with a mean of 0 and a variance of 1 gives the same numbers in one pass
            # forward and one back, where a product, a sum and their gradients take five.
            return F.batch_norm(x, scale.new_zeros(scale.shape), scale.new_ones(scale.shape), scale, bias, eps=LEAST_EPS)
        top = x * scale.reshape(scale.shape + self.trailing)
        return top if bias is None else top.add_(bias.reshape(bias.shape + self.trailing))

    def channel_affine(self) -> tuple[Tensor, Tensor] | None:
        if not self.scales_channels:
            return None
        scale, bias = self.blob("scale").double(), self.optional_blob("bias")
        scale = scale.clamp(*self.limits) if self.limited else scale
        return scale, torch.zeros_like(scale) if bias is None else bias.double()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        blobs = {name: self.blob(name) for name in self.blob_names}
        if self.limited and len(bottoms) == 2:
            raise NotWritable("limits the scale that its second bottom gives")
        if self.limited:
            blobs["scale"] = blobs["scale"].clamp(*self.limits)
        factor = broadcast(bottoms[1], self.trailing) if len(bottoms) == 2 else ""
        return TorchCode.of_affine(me, bottoms[0], blobs, self.trailing, factor)
