"""MLQuant and DecoderQuant: values rounded to levels that are learned. CCN (Li et al. 2020), limuhit's fork."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import MLQuantParameter

PARAM = "mlquant_param"


class _Levels(Layer):
    """The base of both: ``groups`` levels for each channel of (N, C, H, W).

    Blob 0 ``steps``, (1, C, 1, groups): the lowest level, and the logarithms of the steps from one to the next. Blob 1, (5,
    1, 1, 1): a factor of the second top's gradient, how fast counts fade, passes so far, passes between corrections (below
    2: none), and an error that programs read. Blob 2, as blob 0: a count for each level.
    """

    steps: Tensor
    settings: Tensor
    counts: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.mlquant_param
        check_at_least(spec, param.groups, 3, PARAM, "groups")
        if param.method != MLQuantParameter.SINGLE:
            raise spec.refuse("quantises by neighbouring codes, which no net of the fork does, and is not implemented", PARAM,
                              "method")
        shape = 1, shapes[0][1], 1, param.groups
        self.add_blob("steps", shape, _even_steps)
        self.add_blob("settings", (5, 1, 1, 1), _first_settings, learnable=False)
        self.add_blob("counts", shape, constant(0.0), learnable=False)

    def levels_code(self, me: str, x: str, function: Callable[..., object]) -> TorchCode:
        """A call of a function with ``x`` and the levels, as source."""
        levels = self.levels()[1].detach()
        made = f"nn.Buffer(torch.zeros({tuple(levels.shape)}))"
        return TorchCode(f"{function.__name__}({x}, {me}_levels)", {"_levels": made}, {"_levels": {"": levels}}, (function,))

    def levels(self) -> tuple[Tensor, Tensor]:
        """The steps (C, groups), the first of which is the lowest level, and the levels."""
        steps = self.blob("steps")[0, :, 0]
        steps = torch.cat((steps[:, :1], steps[:, 1:].exp()), 1)
        return steps, steps.cumsum(1)


@register("MLQuant")
class MLQuant(_Levels):
    """Each value to the nearest level of its channel; the second top is the level's number.

    The first top's gradient passes through; the second's does times blob 1's first number over the step towards the value. Steps
    learn by half the square of what rounding adds, whatever loss the net has: a step's gradient is the sum, over
    the values above it, of top minus bottom. In TRAIN each pass counts the values of each level, and every 200th
    shares the last step that is used among unused ones above it, and raises a lowest level that has no values to the next, whose
    two steps up become alike. (The fork counts in TEST, too.)
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.tops = len(spec.tops)
        self.depends_on_data = spec.phase == "TRAIN"

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]] * self.tops

    def forward(self, x: Tensor) -> tuple[Tensor, ...] | Tensor:
        if self.training and not x.is_meta:
            self._correct()
        steps, levels = self.levels()
        number = nearest_level(x.detach(), levels.detach())
        if self.training and not x.is_meta:
            self._count(number)
        tops: tuple[Tensor, Tensor] = _Round.apply(x, self.blob("steps"), steps.detach(), levels.detach(), number, self.settings)
        return tops if self.tops == 2 else tops[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        code = self.levels_code(me, bottoms[0], round_to_levels)
        call = code.call if self.tops == 2 else f"{code.call}[0]"
        return replace(code, call=call, functions=(round_to_levels, nearest_level, level_of))

    def _count(self, number: Tensor) -> None:
        """Let the counts of the levels fade, and add those of a batch."""
        groups = self.counts.shape[3]
        seen = torch.nn.functional.one_hot(number, groups).sum((0, 2, 3))
        self.counts.mul_(self.settings[1]).add_(seen[None, :, None])

    @torch.no_grad()
    def _correct(self) -> None:
        """Count the pass, and where it is a turn, move levels that no values are at."""
        passed, between_turns = int(self.settings[2]), int(self.settings[3])
        self.settings[2] += 1
        if passed <= 0 or between_turns < 2 or passed % between_turns:
            return
        for steps, counts in zip(self.steps[0, :, 0], self.counts[0, :, 0]):
            last = max([j for j in range(2, len(counts)) if counts[j] > 0], default=1)
            steps[last:] = steps[last] - math.log(len(counts) - last)
            if counts[0] < 1:
                steps[0] += steps[1].exp()
                steps[1:3] = (steps[1:3].exp().sum() / 2).log()


@register("DecoderQuant")
class DecoderQuant(_Levels):
    """The level of each number, as MLQuant's second top has them; its blobs are MLQuant's. No gradient."""

    def forward(self, x: Tensor) -> Tensor:
        return level_of(x.detach(), self.levels()[1].detach())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return self.levels_code(me, bottoms[0], level_of)


def nearest_level(x: Tensor, levels: Tensor) -> Tensor:
    """The number of the nearest of levels (C, groups) for each value (N, C, H, W); of two as near, the upper."""
    middles = (levels[:, 1:] + levels[:, :-1]) / 2
    return (x[..., None] >= middles[:, None, None]).sum(-1)


def level_of(numbers: Tensor, levels: Tensor) -> Tensor:
    """The levels (C, groups) of numbers (N, C, H, W)."""
    channels = torch.arange(levels.shape[0], device=levels.device)[:, None, None]
    return levels[channels, numbers.long()]


def round_to_levels(x: Tensor, levels: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest levels, and their numbers."""
    number = nearest_level(x, levels)
    return level_of(number, levels), number.to(x.dtype)


class _Round(torch.autograd.Function):
    """Values to levels, with the gradients of `MLQuant`."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, logs: Tensor, steps: Tensor, levels: Tensor, number: Tensor, settings: Tensor
    ) -> tuple[Tensor, Tensor]:
        top = level_of(number, levels)
        ctx.save_for_backward(top - x, number, steps, settings)
        return top, number.to(x.dtype)

    @staticmethod
    def backward(ctx: Any, outer: Tensor, of_number: Tensor) -> tuple[Tensor | None, ...]:
        added, number, steps, settings = ctx.saved_tensors
        groups = steps.shape[1]
        channel = torch.arange(number.shape[1], device=number.device)[:, None, None]
        far = steps.new_full((len(steps), 1), 1e4)
        sides = torch.cat((far, steps[:, 1:], far), 1)
        below, above = sides[channel, number], sides[channel, number + 1]
        at_level = torch.where(number == 0, above, torch.where(number == groups - 1, below, (below + above) / 2))
        step = torch.where(added < 0, above, torch.where(added > 0, below, at_level)).clamp(min=1e-3)
        reached = number[..., None] >= torch.arange(groups, device=number.device)
        gradient = (added[..., None] * reached).sum((0, 2, 3))
        factor = torch.cat((torch.ones_like(steps[:, :1]), steps[:, 1:]), 1)
        return outer + settings[0] * of_number / step, (gradient * factor)[None, :, None], None, None, None, None


def _even_steps(blob: Tensor) -> None:
    """Levels from half a step up, with steps of 1 / groups."""
    with torch.no_grad():
        blob.fill_(-math.log(blob.shape[3]))
        blob[..., 0] = 0.5 / blob.shape[3]


def _first_settings(blob: Tensor) -> None:
    with torch.no_grad():
        blob.copy_(torch.tensor([1, 0.999, 0, 200, 0]).reshape(blob.shape))
