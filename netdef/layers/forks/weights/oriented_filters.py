"""Convolution with filters that are turned, and ORPooling: oriented response networks (Zhou et al. 2017), as in ShipDetection.

The repository is lilinhao's; its copy of Caffe has the layers of ZhouYanzhao/ORN.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "orn_param"


@register("Convolution", when=lambda spec: spec.message.orn_param.orientations > 1)
class OrientedConvolution(Convolution):
    """Convolution whose outputs come in groups of ``orientations``, 4 or 8: a filter, and the same turned a step further each.

    Inputs come in such groups, too. A turn moves the places of a 3x3 kernel clockwise around its middle, and the part of a filter
    that reads orientation o to orientation o + 1. Blob ``weight`` has the shape of the usual one; only the first filter of each
    group is read and learned, and the fork writes the turned ones over the others.
    """

    pruned_by_default = False
    source: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        count: int = spec.message.orn_param.orientations
        outputs, inputs, *kernel = self.weight.shape
        if count not in (4, 8) or kernel not in ([1, 1], [3, 3]) or self.group > 1:
            raise spec.refuse(f"has `orientations` {count}, a kernel of {tuple(kernel)} and `group` {self.group}; there are 4 "
                              "and 8 orientations, kernels of 1x1 and 3x3, and one group", PARAM, "orientations")
        if outputs % count or inputs % count:
            raise spec.refuse(f"has {inputs} input channels and `num_output` {outputs}, which must be multiples of its "
                              f"{count} `orientations`", PARAM, "orientations")
        self.orientations = count
        self.add_constant("source", (count, count * kernel[0] ** 2), _fill_sources)

    def blob(self, name: str) -> Tensor:
        value = super().blob(name)
        if name != "weight":
            return value
        first = value.reshape(-1, self.orientations, value.shape[1] // self.orientations, self.source.shape[1])[:, 0]
        turned = first[:, :, self.source.long()]  # (groups of outputs, groups of inputs, turns, orientations and places)
        return turned.transpose(1, 2).reshape(value.shape)

    def folding_param(self) -> str | None:
        return None


_AROUND = (0, 1, 2, 5, 8, 7, 6, 3)
"""The places of a 3x3 kernel around its middle, clockwise."""


def _fill_sources(sources: Tensor) -> None:
    """Set for each turn and each number of a turned filter, by orientation and place, which number of the first filter it is."""
    count = len(sources)
    places = sources.shape[1] // count
    for turn in range(count):
        origin = list(range(places))
        if places == 9:
            steps = turn * len(_AROUND) // count
            for index, place in enumerate(_AROUND):
                origin[_AROUND[(index + steps) % len(_AROUND)]] = place
        found = [(orientation - turn) % count * places + place for orientation in range(count) for place in origin]
        sources[turn] = torch.tensor(found).to(sources)


@register("ORPooling")
class ORPooling(Layer):
    """(N, orientations C, H, W) to (N, C, H, W): the maximum over ``orientations`` channels on end."""

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.orientations: int = spec.message.orn_param.orientations
        if self.orientations < 2:
            raise spec.refuse(f"has `orientations` {self.orientations}; it wants at least 2", PARAM, "orientations")
        if shapes[0][1] % self.orientations:
            raise refuse_shapes(spec, shapes, 0, f"its channels must be a multiple of its {self.orientations} `orientations`")

    def forward(self, x: Tensor) -> Tensor:
        return x.unflatten(1, (-1, self.orientations)).max(2)[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.unflatten(1, (-1, {self.orientations})).max(2)[0]")
