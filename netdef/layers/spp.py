"""SPP: spatial pyramid pooling, whose output size does not depend on the plane's size. He et al. 2014.

The Pedestrian-Attribute-Recognition fork (HouyuZhang1007) chooses the bins of each level and lets them overlap.
"""

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
from netdef.layers.pooling import draw


@register("SPP")
class SPP(Layer):
    """(batch, channels, height, width) to (batch, channels * (1 + 4 + ... + 4^(pyramid_height - 1))).

    Level l cuts each plane into 2^l by 2^l equal bins, after padding it where its size is no multiple, one more above
    and left where the padding is odd; each bin is pooled as by Pooling: MAX, AVE (padding counts, as zeros) or
    STOCHASTIC (padding is never drawn). Level after level the bins follow each other, within a level channel after
    channel. A pyramid of one level keeps 4 axes: (batch, channels, 1, 1). A plane too small for a level, so that a bin
    would be padding only, is refused.

    With fields of the fork, level l has ``base_bin_h fineness_h^l`` rows of bins; bins lie closer by ``overlap_ratio_h``
    of the plane's height and grow so that they cover it. Where a bin would be padding only they lie closer still. So do columns.
    """

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.spp_param
        check_axes(spec, shapes, 4)
        check_positive(spec, param.pyramid_height, "spp_param", "pyramid_height")
        for field in _COUNTS:
            check_positive(spec, getattr(param, field), "spp_param", field)
        self.height: int = param.pyramid_height
        self.method: str = param.PoolMethod.Name(param.pool)
        self.levels = [(param.base_bin_h * param.fineness_h**level, param.base_bin_w * param.fineness_w**level)
                       for level in range(self.height)]
        self.overlaps: tuple[float, float] | None = None
        if any(param.HasField(field) for field in (*_COUNTS, "overlap_ratio_h", "overlap_ratio_w")):
            self.overlaps = param.overlap_ratio_h, param.overlap_ratio_w
        try:
            pyramid_windows(shapes[0][2:], self.levels, self.overlaps)
        except ValueError as misfit:
            raise spec.refuse(str(misfit), "spp_param", "pyramid_height") from None

    def forward(self, x: Tensor) -> Tensor:
        windows = pyramid_windows(x.shape[2:], self.levels, self.overlaps)
        if self.method != "STOCHASTIC":
            return pyramid_pool(x, windows, average=self.method == "AVE")
        levels = [self._drawn_level(x, level) for level in windows]
        return levels[0] if self.height == 1 else torch.cat([y.flatten(1) for y in levels], 1)

    def _drawn_level(self, x: Tensor, level: Sequence[tuple[int, int, int, int]]) -> Tensor:
        """A level of STOCHASTIC pooling: (batch, channels, rows, columns)."""
        (height, step_h, above, below), (width, step_w, left, right) = level
        bins = F.pad(x, (left, right, above, below)).unfold(2, height, step_h).unfold(3, width, step_w)
        return draw(bins.flatten(4), 4, self.training)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.method == "STOCHASTIC":
            raise NotWritable("pools stochastically in a pyramid")
        average = self.method == "AVE"
        overlaps = f", {self.overlaps}" if self.overlaps else ""
        windows = f"pyramid_windows({bottoms[0]}.shape[2:], {self.levels}{overlaps})"
        return TorchCode(f"pyramid_pool({bottoms[0]}, {windows}, average={average})",
                         functions=(bin_window, pyramid_windows, pyramid_pool))


_COUNTS = ("base_bin_h", "base_bin_w", "fineness_h", "fineness_w")


def bin_window(size: int, bins: int, overlap: float | None) -> tuple[int, int, int, int]:
    """The size, the step and the padding before and after of ``bins`` windows along an axis of ``size`` values.

    ``overlap`` is the part of the axis that windows overlap by; None for windows that only touch. ValueError if a window
    would hold padding only.
    """
    step = -(-size // bins)
    if overlap is not None:
        step = max(1, step - int(torch.tensor(size * overlap, dtype=torch.float32, device="cpu")))
    while step:
        window = max(step, size - (bins - 1) * step)
        padding = window + step * (bins - 1) - size
        if (padding + 1) // 2 < window:
            return window, step, (padding + 1) // 2, padding // 2
        step = 0 if overlap is None else step - 1
    raise ValueError(f"{bins} windows do not fit {size} values")


def pyramid_windows(sizes: Sequence[int], levels: Sequence[tuple[int, int]],
                    overlaps: tuple[float, float] | None = None) -> list[list[tuple[int, int, int, int]]]:
    """`bin_window` of each axis, for each level of so many by so many bins. ValueError if a bin would hold padding only."""
    windows = []
    for bins in levels:
        try:
            windows.append([bin_window(size, count, overlap)
                            for size, count, overlap in zip(sizes, bins, overlaps or (None, None))])
        except ValueError:
            raise ValueError(f"has a pyramid level of {bins[0]} by {bins[1]} bins, which a bottom of size "
                             f"{' by '.join(map(str, sizes))} cannot fill: a bin would hold padding only") from None
    return windows


def pyramid_pool(x: Tensor, levels: Sequence[Sequence[tuple[int, int, int, int]]], average: bool) -> Tensor:
    """Spatial pyramid pooling (He et al. 2014): each plane in the windows of each level; a level's bins follow the last's."""
    pooled = []
    for (height, step_h, above, below), (width, step_w, left, right) in levels:
        padded = F.pad(x, (left, right, above, below), value=0.0 if average else torch.finfo(x.dtype).min)
        pool = F.avg_pool2d if average else F.max_pool2d
        pooled.append(pool(padded, (height, width), (step_h, step_w)))
    return pooled[0] if len(levels) == 1 else torch.cat([y.flatten(1) for y in pooled], 1)
