"""SplitMerge: parts of an axis by their places. Of BraveApple's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("SplitMerge")
class SplitMerge(Layer):
    """For each ``group``, a text of numbers, a top of these places along ``axis``. Together they have each place once."""

    n_tops = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name, param = "split_merge_param", spec.message.split_merge_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), name, "axis")
        if not len(param.group) == param.group_num == len(spec.tops):
            raise spec.refuse(f"has {len(param.group)} `group`, `group_num` {param.group_num} and {len(spec.tops)} tops; these "
                              "must agree", name, "group_num")
        self.groups: list[list[int]] = []
        for index, text in enumerate(param.group):
            words = text.split()
            if not words or not all(word.isdecimal() for word in words):
                raise spec.refuse(f"has a `group` \"{text}\"; it is a list of whole numbers", name, "group", index)
            self.groups.append([int(word) for word in words])
        if sorted(place for group in self.groups for place in group) != list(range(shapes[0][self.axis])):
            raise spec.refuse(f"must have each of the {shapes[0][self.axis]} places of axis {self.axis} in one `group`", name,
                              "group")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        before, after = bottoms[0][: self.axis], bottoms[0][self.axis + 1 :]
        return [(*before, len(group), *after) for group in self.groups]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        tops = tuple(x.index_select(self.axis, torch.tensor(group, device=x.device)) for group in self.groups)
        return tops if len(tops) > 1 else tops[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        before = ":, " * self.axis
        return TorchCode(", ".join(f"{bottoms[0]}[{before}{group}]" for group in self.groups))
