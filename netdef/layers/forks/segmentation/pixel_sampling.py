"""RandBI: the features of single pixels, of PixelNet (Bansal et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "rand_comp_param"


@register("RandBI")
class RandBI(Layer):
    """The channels of all maps at some pixels of their images, behind one another: (pixels, channels of all).

    Bottoms: maps (N, C, H, W), and last the pixels (pixels, 3): item, row and column of each. A map has a place for every
    ``compression_rate`` pixels, its own; a pixel lies at ``(row - p) / rate``, with p ``(rate - 1) / 2`` if ``pad`` is set, else
    0, and before the first place at that. Values between places are interpolated linearly. Pixels get no gradient. Raises
    `NetdefError` for a pixel beyond the last place of a map, or of no item.
    """

    n_bottoms = at_least(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        *maps, pixels = shapes
        for index in range(len(maps)):
            check_axes(spec, shapes, 4, index)
        if len(pixels) != 2 or pixels[1] != 3:
            raise spec.refuse(f"wants pixels of shape (pixels, 3) in its last bottom; it has shape {pixels}", "bottom", len(maps))
        param = spec.message.rand_comp_param
        self.rates = list(param.compression_rate)
        if len(self.rates) != len(maps):
            raise spec.refuse(f"gives `compression_rate` {len(self.rates)} times for {len(maps)} maps", PARAM)
        if min(self.rates) < 1:
            raise spec.refuse(f"has a `compression_rate` of {min(self.rates)}; it must be at least 1", PARAM, "compression_rate")
        self.shifts = [(rate - 1) / 2 if param.pad else 0.0 for rate in self.rates]

    def forward(self, *bottoms: Tensor) -> Tensor:
        *maps, pixels = bottoms
        pixels = pixels.detach()
        for features, rate, shift in zip(maps, self.rates, self.shifts):
            self._check(features, pixels, rate, shift)
        return torch.cat([sample_pixels(*each) for each in zip(maps, [pixels] * len(maps), self.rates, self.shifts)], 1)

    def _check(self, features: Tensor, pixels: Tensor, rate: int, shift: float) -> None:
        if pixels.is_meta or torch.compiler.is_compiling() or not len(pixels):
            return
        last = torch.tensor([len(features), *(size - 1 for size in features.shape[2:])]).to(pixels)
        places = torch.cat([pixels[:, :1].floor() + 1, ((pixels[:, 1:] - shift) / rate).ceil()], 1)
        beyond = (places > last).any(1) | (pixels[:, 0] < 0)
        if beyond.any():
            raise NetdefError(f"layer `{self.name}` ({self.type_name}): pixel {pixels[beyond][0].tolist()} is beyond a map of "
                              f"shape {tuple(features.shape)} with a place for every {rate} pixels")

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """First pixels of the first item."""
        return torch.zeros(shape) if index == len(self.rates) else None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        *maps, pixels = bottoms
        parts = [f"sample_pixels({x}, {pixels}, {rate}, {shift})" for x, rate, shift in zip(maps, self.rates, self.shifts)]
        return TorchCode(f"torch.cat([{', '.join(parts)}], 1)", functions=(sample_pixels,))


def sample_pixels(features: Tensor, pixels: Tensor, rate: int, shift: float) -> Tensor:
    """PixelNet's features of pixels (item, row, column), bilinearly, from a map with a place for every ``rate`` pixels."""
    item = pixels[:, 0].long()
    places = ((pixels[:, 1:] - shift) / rate).clamp(min=0)
    first, last = places.floor().long(), places.ceil().long()
    down, right = (places - first).to(features.dtype).unsqueeze(2).unbind(1)
    upper = features[item, :, first[:, 0], first[:, 1]] * (1 - right) + features[item, :, first[:, 0], last[:, 1]] * right
    lower = features[item, :, last[:, 0], first[:, 1]] * (1 - right) + features[item, :, last[:, 0], last[:, 1]] * right
    return upper * (1 - down) + lower * down
