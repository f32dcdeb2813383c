"""Normalize: each image, or each place of it, divided by its L2 norm."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Normalize")
class Normalize(Layer):
    """``scale * x / sqrt(sum(x^2) + eps)``, from SSD's fork (ParseNet: Liu, Rabinovich and Berg 2015).

    The sum goes over all of an image, or with ``across_spatial: false`` over the channels, axis 1, of one place.
    Blob 0: ``scale``, shape () with ``channel_shared``, else (channels,); 1 unless ``scale_filler`` says otherwise.
    """

    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.norm_param
        if len(shapes[0]) < 2:
            raise spec.refuse(f"wants a bottom of at least 2 axes, not one of shape {shapes[0]}", "bottom", 0)
        self.eps: float = param.eps
        self.axes = tuple(range(1, len(shapes[0]))) if param.across_spatial else (1,)
        fill = (
            filler(param.scale_filler, spec, "norm_param", "scale_filler")
            if param.HasField("scale_filler")
            else constant(1.0)
        )
        self.add_blob("scale", () if param.channel_shared else shapes[0][1:2], fill)

    def forward(self, x: Tensor) -> Tensor:
        norm = (x.square().sum(self.axes, keepdim=True) + self.eps).sqrt()
        scale = self.blob("scale")
        return x / norm * (scale.reshape(-1, *[1] * (x.ndim - 2)) if scale.ndim else scale)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, scale = bottoms[0], self.blob("scale")
        norm = f"({x}.square().sum({self.axes}, keepdim=True) + {number(self.eps)}).sqrt()"
        trailing = (1,) * (len(x.shape) - 2) if scale.ndim else ()
        return TorchCode.of_affine(me, f"{x} / {norm}", {"scale": scale}, trailing)
