"""RunningAverage: the mean of what came before. Of YutingZhang's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("RunningAverage")
class RunningAverage(Layer):
    """The mean of each bottom over all passes, of which the one n passes before weighs ``(mass / (mass + 1))^n``. No gradient.

    Blobs are the means and their weight, (1, 1, 1, 1). They change in TRAIN, and in TEST unless ``update_test`` is false. With
    ``reset_history`` those of a file of weights count nothing in the first pass.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.running_average_param
        check_at_least(spec, param.mass, 0, "running_average_param", "mass")
        self.decay: float = param.mass / (1 + param.mass)
        self.changes_in_test: bool = param.update_test
        self.forgets: bool = param.reset_history
        self.count = len(shapes)
        for i, shape in enumerate(shapes):
            self.add_blob(f"mean{i}", shape, learnable=False)
        self.add_blob("weight", (1, 1, 1, 1), learnable=False)

    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        means = [self.blob(f"mean{i}") for i in range(self.count)]
        if self.training or self.changes_in_test:
            with torch.no_grad():
                weight = self.blob("weight")
                kept = torch.zeros_like(weight) if self.forgets else weight * self.decay
                if not weight.is_meta:
                    self.forgets = False
                for mean, x in zip(means, bottoms):
                    mean.copy_((mean * kept.flatten() + x.detach()) / (kept.flatten() + 1))
                weight.copy_(kept + 1)
        tops = tuple(mean.clone() for mean in means)
        return tops if self.count > 1 else tops[0]
