"""Normalize: divide each image, or each place of it, by its L2 norm."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Normalize")
class Normalize(Layer):
    """``scale * x / sqrt(sum(x^2) + eps)``, from SSD's fork (ParseNet: Liu, Rabinovich and Berg 2015).

    The sum goes over all of an image, or with ``across_spatial: false`` over the channels, axis 1, of one place. With
    ``add_eps_before_sqrt: false``, from Synopsys' fork, it is ``sqrt(sum(x^2)) + eps``; there, and so here, only
    over all of an image.
    Blob 0: ``scale``, shape () with ``channel_shared``, else (channels,); 1 by default. With ``fix_scale``, from PixelNet's
    fork, it is not learned.
    """

    keeps_shape = True
    family = "norm"
    needs_float32 = True  # squares overflow float16

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.norm_param
        check_least_axes(spec, shapes, 2)
        self.eps: float = param.eps
        self.axes = tuple(range(1, len(shapes[0]))) if param.across_spatial else (1,)
        self.on_norm: bool = param.across_spatial and not param.add_eps_before_sqrt
        shape = () if param.channel_shared else shapes[0][1:2]
        self.add_blob("scale", shape, filler(spec, "norm_param", "scale_filler", default=1.0), learnable=not param.fix_scale)

    def forward(self, x: Tensor) -> Tensor:
        if self.on_norm:
            norm = torch.linalg.vector_norm(x, dim=self.axes, keepdim=True) + self.eps
        else:
            norm = (x.square().sum(self.axes, keepdim=True) + self.eps).sqrt()
        scale = self.blob("scale")
        return x / norm * (scale.reshape(-1, *[1] * (x.ndim - 2)) if scale.ndim else scale)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, scale = bottoms[0], self.blob("scale")
        total = f"{x}.square().sum({self.axes}, keepdim=True)"
        norm = f"({total}.sqrt() + {number(self.eps)})" if self.on_norm else f"({total} + {number(self.eps)}).sqrt()"
        trailing = (1,) * (len(x.shape) - 2) if scale.ndim else ()
        return TorchCode.of_affine(me, f"{x} / {norm}", {"scale": scale}, trailing)
