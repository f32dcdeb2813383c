"""Layers that choose windows of several scales by attention. AttentionMask (Wilms and Frintrop 2018), chwilms' fork; FastMask's.

Places of all scales lie in a row, (1, 1, 1, places). How many are chosen depends on the data: the shapes that a net states are
those of one window a scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.accuracy import greatest
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


def check_rows(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse bottoms that are not rows of places, (1, 1, 1, places)."""
    for index, shape in enumerate(shapes):
        if len(shape) != 4 or shape[:3] != (1, 1, 1):
            raise spec.refuse(f"wants (1, 1, 1, places); `{spec.bottoms[index]}` has shape {shape}", "bottom", index)


@register("CheckAtt")
class CheckAtt(Layer):
    """Scores of objects and of others, unchanged; if none of an object is the greater, the first two become 0.51 and 0.49.

    No gradient.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(2)
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)

    def forward(self, objects: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
        return with_one_object(objects.detach(), others.detach())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"with_one_object({', '.join(bottoms)})", functions=(with_one_object,))


def with_one_object(objects: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Both scores, the first of which are 0.51 and 0.49 if no object's is the greater."""
    first = torch.arange(objects.numel(), device=objects.device).reshape(objects.shape) == 0
    none = first & ~(objects > others).any()
    return objects.masked_fill(none, 0.51), others.masked_fill(none, 0.49)


@register("ArgMaxMy")
class ArgMaxMy(Layer):
    """The places of the best scores of objects, greatest first, as many as there are objects' scores above the others'.

    Bottoms: both scores (1, 1, 1, places); top (1, 1, 1, chosen). ``top_k`` has no effect. No gradient.
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "score"
    least: ClassVar[int] = 0

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_rows(spec, shapes)
        check_same_shape(spec, shapes)
        param = spec.message.argmax_param
        if param.axis not in (-1, 3) or param.out_max_val:
            raise spec.refuse("is there along the last axis, `axis: -1`, without `out_max_val`", "argmax_param")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, min(max(self.least, 1), bottoms[0][3]))]

    def forward(self, objects: Tensor, others: Tensor) -> Tensor:
        count = max(int((objects > others).sum()), self.least)
        return greatest(objects.detach(), min(count, objects.shape[3]), 3)[1]


@register("ArgMaxAll")
class ArgMaxAll(ArgMaxMy):
    """`ArgMaxMy` of at least 1,000 places, or all if there are fewer."""

    least = 1000


@register("ConvertIndices")
class ConvertIndices(Layer):
    """Places (1, 1, 1, chosen) in a row of scores (1, 1, 1, places) to a row of 1s there and 0s, and to their scores.

    The scores are (chosen, 1, 1, 1). No gradient.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(2)
    depends_on_data = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_rows(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[1], (bottoms[0][3], 1, 1, 1)]

    def forward(self, places: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
        index = places.flatten().long()
        flags = torch.zeros_like(scores)
        flags[..., index] = 1
        return flags, scores.detach().flatten()[index].reshape(-1, 1, 1, 1)


@register("FlagsToIndices")
class FlagsToIndices(Layer):
    """The places of the 1s of a row (1, 1, 1, places): (chosen, 1, 1, 1). No gradient."""

    depends_on_data = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_rows(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)]

    def forward(self, flags: Tensor) -> Tensor:
        return (flags.flatten() == 1).nonzero().to(flags.dtype).reshape(-1, 1, 1, 1)


@register("SplitIndices")
class SplitIndices(Layer):
    """Cut bottom 0, (1, 1, 1, places), into rows as long as the further bottoms, which together have as many. No gradient."""

    n_bottoms = at_least(2)
    n_tops = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_rows(spec, shapes)
        self.lengths: list[int] = [shape[3] for shape in shapes[1:]]
        if len(spec.tops) != len(self.lengths) or sum(self.lengths) != shapes[0][3]:
            raise spec.refuse(f"cuts {shapes[0][3]} places into rows of {self.lengths}, and has {len(spec.tops)} tops: wanted "
                              "is a top for each further bottom, and as many places as these have together")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return list(bottoms[1:])

    def forward(self, flags: Tensor, *rows: Tensor) -> tuple[Tensor, ...] | Tensor:
        parts = flags.detach().split([row.shape[3] for row in rows], 3)
        return parts if len(parts) > 1 else parts[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.split({self.lengths}, 3)" + ("" if len(self.lengths) > 1 else "[0]"))


@register("SlidingWindowIndex")
class SlidingWindowIndex(Layer):
    """The windows of a map (1, C, H, W) that flags choose: (chosen, C, ``window_h``, ``window_w``).

    The flags (1, 1, 1, (H + 1)(W + 1)) are of the window's middles, between pixels and at the border; sides are even numbers.
    Beyond the map are zeros. Without a flag there is one window of zeros (in the fork of whatever its memory held).
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_rows(spec, [shapes[1]])
        param = spec.message.sliding_window_param
        self.sides: Shape = param.window_h, param.window_w
        if min(self.sides) < 1 or any(side % 2 for side in self.sides):
            raise spec.refuse(f"has windows of {self.sides[0]} x {self.sides[1]}; both must be even, and above 0",
                              "sliding_window_param", "window_h")
        _, _, height, width = shapes[0]
        if shapes[0][0] != 1 or shapes[1][3] != (height + 1) * (width + 1):
            raise spec.refuse(f"chooses windows of one map by as many flags as (height + 1) (width + 1); its bottoms have shapes "
                              f"{shapes[0]} and {shapes[1]}")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, bottoms[0][1], *self.sides)]

    def forward(self, x: Tensor, flags: Tensor) -> Tensor:
        tall, wide = self.sides
        chosen = (flags.flatten() > 0).nonzero().flatten()
        if not len(chosen):
            return x.new_zeros(1, x.shape[1], tall, wide)
        padded = F.pad(x[0], (wide // 2, wide // 2, tall // 2, tall // 2))
        windows = padded.unfold(1, tall, 1).unfold(2, wide, 1)  # C, rows, columns, tall, wide
        rows, columns = chosen // windows.shape[2], chosen % windows.shape[2]
        return windows[:, rows, columns].movedim(0, 1)


@register("TileProduct")
class TileProduct(Layer):
    """Each channel of (N, C, H, W) times a map (N, 1, H, W)."""

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[1] != (shapes[0][0], 1, *shapes[0][2:]):
            raise refuse_shapes(spec, shapes, 1, "the second must be as large, with one channel")

    def forward(self, x: Tensor, tile: Tensor) -> Tensor:
        return x * tile

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]} * {bottoms[1]}")
