"""SPP: spatial pyramid pooling, whose output size does not depend on the plane's size. He et al. 2014."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.pooling import draw, enlarge


@register("SPP")
class SPP(Layer):
    """(batch, channels, height, width) to (batch, channels * (1 + 4 + ... + 4^(pyramid_height - 1))).

    Level l cuts each plane into 2^l by 2^l equal bins, after padding it where its size is no multiple, one more above
    and left where the padding is odd; each bin is pooled as by Pooling: MAX, AVE (padding counts, as zeros) or
    STOCHASTIC (padding is never drawn). Level after level the bins follow each other, within a level channel after
    channel. A pyramid of one level keeps 4 axes: (batch, channels, 1, 1). A plane too small for a level, so that a bin
    would be padding only, is refused.
    """

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.spp_param
        check_axes(spec, shapes, 4)
        check_positive(spec, param.pyramid_height, "spp_param", "pyramid_height")
        self.height: int = param.pyramid_height
        self.method: str = param.PoolMethod.Name(param.pool)
        try:
            for level in range(self.height):
                _bins(shapes[0][2:], level)
        except ValueError as misfit:
            raise spec.refuse(str(misfit), "spp_param", "pyramid_height") from None

    def forward(self, x: Tensor) -> Tensor:
        if self.method != "STOCHASTIC":
            return pyramid_pool(x, self.height, average=self.method == "AVE")
        levels = [self._drawn_level(x, level) for level in range(self.height)]
        return levels[0] if self.height == 1 else torch.cat([y.flatten(1) for y in levels], 1)

    def _drawn_level(self, x: Tensor, level: int) -> Tensor:
        """A level of STOCHASTIC pooling: (batch, channels, 2^level, 2^level)."""
        bin_size, before, after = _bins(x.shape[2:], level)
        x = enlarge(x, before, after, 0.0)
        bins = x.unfold(2, bin_size[0], bin_size[0]).unfold(3, bin_size[1], bin_size[1])
        return draw(bins.flatten(4), 4, self.training)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.method == "STOCHASTIC":
            raise NotWritable("pools stochastically in a pyramid")
        average = self.method == "AVE"
        return TorchCode(f"pyramid_pool({bottoms[0]}, {self.height}, average={average})", functions=(pyramid_pool,))


def _bins(sizes: Sequence[int], level: int) -> tuple[Shape, Shape, Shape]:
    """The size of a level's bins and the padding before and after, each by axis. ValueError for a bin of padding only."""
    bin_size, before, after = [], [], []
    for size in sizes:
        kernel = -(-size // 2**level)
        padding = kernel * 2**level - size
        if (padding + 1) // 2 >= kernel:
            raise ValueError(f"has a pyramid level of {2**level} by {2**level} bins, which a bottom of size "
                             f"{' by '.join(map(str, sizes))} cannot fill: a bin would hold padding only")
        bin_size.append(kernel)
        before.append((padding + 1) // 2)
        after.append(padding // 2)
    return tuple(bin_size), tuple(before), tuple(after)


def pyramid_pool(x: Tensor, height: int, average: bool) -> Tensor:
    """Spatial pyramid pooling (He et al. 2014): each plane in 1, 4, 16, ... bins; a level's bins follow the last's."""
    levels = []
    for level in range(height):
        bins = 2**level
        kernel = [-(-size // bins) for size in x.shape[2:]]
        room = [k * bins - size for k, size in zip(kernel, x.shape[2:])]
        sides = ((room[1] + 1) // 2, room[1] // 2, (room[0] + 1) // 2, room[0] // 2)
        padded = F.pad(x, sides, value=0.0 if average else torch.finfo(x.dtype).min)
        levels.append(F.avg_pool2d(padded, kernel) if average else F.max_pool2d(padded, kernel))
    return levels[0] if height == 1 else torch.cat([y.flatten(1) for y in levels], 1)
