"""Idx2OneHot and Sample: classes to vectors, and probabilities to classes. Of LRCN's fork in 2014."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("Idx2OneHot")
class Idx2OneHot(Layer):
    """Classes (N), or (N, 1, ...), to (N, dim, ...): 1 at the class, 0 elsewhere. No gradient."""

    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.size: int = spec.message.idx21hot_param.dim
        check_positive(spec, self.size, "idx21hot_param", "dim")
        check_least_axes(spec, shapes, 1)
        if shapes[0][1:2] not in ((), (1,)):
            raise spec.refuse(f"wants an axis 1 of size 1, one class a place; its bottom has shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.size, *bottoms[0][2:])]

    def forward(self, classes: Tensor) -> Tensor:
        index = classes.detach().long().reshape(len(classes), 1, *classes.shape[2:])
        if not index.is_meta and bool(((index < 0) | (index >= self.size)).any()):
            raise NetdefError(f"layer `{self.name}` (Idx2OneHot) got a class outside 0 to {self.size - 1}")
        top = classes.new_zeros(len(classes), self.size, *classes.shape[2:])
        return top.scatter(1, index, 1)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor:
        """Classes."""
        return torch.randint(self.size, shape, generator=generator).float()


@register("Sample")
class Sample(Layer):
    """Probabilities (N, ...) to (N, 1): a class drawn by them in TRAIN and TEST, -1 if their sum is below the number drawn."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1)]

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        reached = x.flatten(1).cumsum(1) >= torch.rand(len(x), 1, dtype=x.dtype, device=x.device)
        return reached.to(x.dtype).argmax(1, keepdim=True).where(reached.any(1, keepdim=True), -1).to(x.dtype)
