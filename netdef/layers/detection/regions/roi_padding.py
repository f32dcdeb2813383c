"""ROIPadding: regions with a margin around them. Of caffe_latte (fireae) and makefile's frcnn."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("ROIPadding")
class ROIPadding(Layer):
    """Regions (R, 5), each larger on every side by ``pad_ratio`` times its width or height. No gradient."""

    keeps_shape = True
    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_padding_param
        if not param.HasField("pad_ratio"):
            raise spec.refuse("needs a `pad_ratio`", "roi_padding_param")
        if len(shapes[0]) < 2 or torch.Size(shapes[0][1:]).numel() != 5:
            raise spec.refuse(f"wants regions of 5 numbers; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.ratio: float = param.pad_ratio

    def forward(self, regions: Tensor) -> Tensor:
        return padded_regions(regions, self.ratio)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"padded_regions({bottoms[0]}, {number(self.ratio)})", functions=(padded_regions,))


def padded_regions(regions: Tensor, ratio: float) -> Tensor:
    """Regions (R, 5), with ``ratio`` times their width and height more on either side."""
    flat = regions.detach().flatten(1)
    start, end = flat[:, 1:3], flat[:, 3:]
    margin = (end - start + 1) * ratio
    return torch.cat((flat[:, :1], start - margin, end + margin), 1).reshape(regions.shape)
