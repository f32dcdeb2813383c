"""MalisLoss: the loss of affinities by the pairs of pixels that they join, or keep apart. Of naibaf7's fork."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

Steps = list[list[int]]


@register("MalisLoss")
class MalisLoss(Layer):
    """The maximin loss of affinities between neighbouring pixels (Turaga et al. 2009).

    Bottoms: predicted and true affinities (N, edges, (Z,) (Y,) X), and segments (N, 1 or 2, ...).

    Edges join a pixel with the next one along Z, Y and X, of which the last so many are there; or by steps (z, y, x), ``edges``
    of them in a fourth bottom. Over a greatest spanning tree, an edge of affinity a joins two parts, and so n pairs of pixels
    with segments that are not 0. The loss is half of two sums over edges, each over the number of all such pairs:
    ``n (1 - a)^2``, n the pairs of one segment and a the lesser of both affinities, and ``n a^2``, n the pairs of different
    segments and a the greater. With two channels of segments the pairs of one segment are those of the second. It is the
    mean over items.

    The gradient is the fork's: half of what the sums would have, not divided by the number of items, and to the predicted
    affinity also where the true one counts. Of equal affinities those of the first edge come first. The optional second top is
    bottom 0. The tree is built on the CPU, in Python: a plane of 500 x 500 takes seconds.
    """

    n_bottoms = between(3, 4)
    n_tops = between(1, 2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        shape = shapes[0]
        if not 3 <= len(shape) <= 5:
            raise spec.refuse(f"wants affinities of 1 to 3 axes behind batch and edges; `{spec.bottoms[0]}` has shape {shape}",
                              "bottom", 0)
        if shapes[1] != shape:
            raise refuse_shapes(spec, shapes, 1, "both affinities must be alike")
        if len(shapes[2]) < 2 or (shapes[2][0], *shapes[2][2:]) != (shape[0], *shape[2:]) or shapes[2][1] not in (1, 2):
            raise refuse_shapes(spec, shapes, 2, "segments must be as large, of 1 or 2 channels")
        if len(shapes) == 3 and shape[1] > 3:
            raise spec.refuse(f"has {shape[1]} edges a pixel; for more than 3 give their steps in a fourth bottom", "bottom", 0)
        if len(shapes) == 4 and torch.Size(shapes[3]).numel() != 3 * shape[1]:
            raise refuse_shapes(spec, shapes, 3, f"it wants 3 steps for each of {shape[1]} edges")
        self.copies = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), bottoms[0]][: 1 + self.copies]

    def forward(self, found: Tensor, true: Tensor, segments: Tensor, steps: Tensor | None = None) -> Any:
        if found.is_meta:
            loss = found.new_empty(())
        else:
            loss = _Malis.apply(found, true.detach(), segments.detach(), self.steps(found.shape[1], steps))
        return (loss, found) if self.copies else loss

    def steps(self, edges: int, given: Tensor | None) -> Steps:
        """The step (z, y, x) of each edge."""
        if given is None:
            return [[int(axis == i) for axis in range(3)] for i in range(3 - edges, 3)]
        return given.detach().reshape(-1, 3).long().tolist()


class _Malis(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, found: Tensor, true: Tensor, segments: Tensor, steps: Steps) -> Tensor:
        size = [1] * (5 - found.ndim) + list(found.shape[2:])
        loss, gradient = 0.0, torch.zeros_like(found, device="cpu")
        for item in range(len(found)):
            for same in (False, True):
                affinity = (torch.minimum if same else torch.maximum)(found[item], true[item])
                of_item = segments[item, -1 if same else 0]
                part, moves = tree_loss(affinity, of_item, size, steps, same)
                loss += part / 2 / len(found)
                gradient[item] -= moves.reshape(affinity.shape).to(gradient.dtype) / 2
        ctx.save_for_backward(gradient.to(found.device))
        return found.new_tensor(loss)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return gradient * above[0], None, None, None


def tree_loss(affinity: Tensor, segments: Tensor, size: Sequence[int], steps: Steps, same: bool) -> tuple[float, Tensor]:
    """The sum over the edges of a greatest spanning tree, and what raises each affinity, (edges x pixels,).

    ``same``: pairs of one segment count, else those of different ones.
    """
    pixels = segments.numel()
    labels = segments.flatten().long().tolist()
    counts = Counter(label for label in labels if label)
    total = sum(counts.values())
    pairs = sum(count * (count - 1) // 2 for count in counts.values())
    if not same:
        pairs = total * (total - 1) // 2 - pairs
    moves = torch.zeros(affinity.numel(), dtype=torch.float64)
    if not pairs:
        return 0.0, moves
    values = affinity.detach().double().flatten().cpu()
    if not bool(values.isfinite().all()):
        raise NetdefError("MalisLoss got an affinity that is not a finite number")
    strides = (size[1] * size[2], size[2], 1)
    jumps = [sum(step * stride for step, stride in zip(each, strides)) for each in steps]
    order = values.argsort(descending=True, stable=True)
    edges: list[int] = order[_inside(size, steps).flatten()[order]].tolist()
    parent, held = list(range(pixels)), [{label: 1} if label else {} for label in labels]
    loss, numbers = 0.0, values.tolist()
    for edge in edges:
        pixel = edge % pixels
        one, other = _root(parent, pixel), _root(parent, pixel + jumps[edge // pixels])
        if one == other:
            continue
        if len(held[one]) < len(held[other]):
            one, other = other, one
        into, gone = held[one], held[other]
        joined = sum(count * into.get(label, 0) for label, count in gone.items())
        if not same:
            joined = sum(into.values()) * sum(gone.values()) - joined
        if joined:
            slope = (1 - numbers[edge]) if same else -numbers[edge]
            loss += slope * slope * joined / pairs
            moves[edge] = slope * joined / pairs
        for label, count in gone.items():
            into[label] = into.get(label, 0) + count
        parent[other], held[other] = one, {}
    return loss, moves


def _root(parent: list[int], pixel: int) -> int:
    """The pixel that stands for the part of a forest that a pixel is in; the paths to it are halved."""
    while parent[pixel] != pixel:
        parent[pixel] = parent[parent[pixel]]
        pixel = parent[pixel]
    return pixel


def _inside(size: Sequence[int], steps: Steps) -> Tensor:
    """Which edges (edges, Z, Y, X) end within the volume."""
    inside = torch.ones(len(steps), *size, dtype=torch.bool)
    for number, each in enumerate(steps):
        for axis, step in enumerate(each):
            ends = torch.arange(size[axis]) + step
            inside[number] &= ((ends >= 0) & (ends < size[axis])).reshape([-1 if i == axis else 1 for i in range(3)])
    return inside
