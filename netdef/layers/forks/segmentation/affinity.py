"""Affinity and ConnectedComponent: graphs of neighbouring pixels, and the components of labels. Of naibaf7's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "affinity_param"


@register("Affinity")
class Affinity(Layer):
    """For each bottom (N, C, H, W) a top (1, 2, H, W): the lesser of a pixel and the one below it, and of it and the next.

    Only the first item is read, in the channel that ``offset`` gives for the bottom, 0 unless given. The last row and column of
    the top are 0. The gradient is the fork's: that of both edges goes to the pixel itself, whichever is the lesser, and, with
    the other sign, to that of the other of the first two channels.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if len(spec.tops) != len(shapes):
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; it wants a top for each bottom", "top", 0)
        given = spec.message.affinity_param.offset
        self.channels = [given[i] if i < len(given) else 0 for i in range(len(shapes))]
        for i, (shape, channel) in enumerate(zip(shapes, self.channels)):
            check_axes(spec, shapes, 4, i)
            if not 0 <= channel < shape[1]:
                raise spec.refuse(f"has an `offset` of {channel} for `{spec.bottoms[i]}`, which has {shape[1]} channels",
                                  PARAM, "offset", i)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 2, *shape[2:]) for shape in bottoms]

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        return tuple(edges(x[0], channel) for x, channel in zip(bottoms, self.channels))


def edges(x: Tensor, channel: int) -> Tensor:
    """The top for one item (C, H, W)."""
    planes = x[channel].detach()
    here = planes[:-1, :-1]
    values = torch.stack((torch.minimum(here, planes[1:, :-1]), torch.minimum(here, planes[:-1, 1:])))
    learned = x[channel, :-1, :-1]
    if len(x) > 1:
        learned = learned - x[(channel + 1) % 2, :-1, :-1]
    values = values + (learned - learned.detach())
    return torch.nn.functional.pad(values, (0, 1, 0, 1))[None]


@register("ConnectedComponent")
class ConnectedComponent(Layer):
    """Each plane of labels with a number for each of its components: pixels of one label, joined by their sides.

    0 stays 0. The others are numbered in the order of their first pixels, by rows, from the greatest label of the plane plus 1.
    Labels are cut to whole numbers. There is no gradient.
    """

    depends_on_data = True
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        if x.is_meta:
            return torch.empty_like(x)
        planes = [components(plane.trunc()) for plane in x.flatten(0, 1)]
        return torch.stack(planes).reshape(x.shape).to(x.dtype) if planes else x.clone()


def components(labels: Tensor) -> Tensor:
    """The components of a plane of labels (H, W), numbered."""
    height, width = labels.shape
    first = torch.arange(height * width, device=labels.device).reshape(height, width)
    across, down = labels[:, 1:] == labels[:, :-1], labels[1:] == labels[:-1]
    while True:
        before = first.clone()
        for one, other, joined in ((first[:, 1:], first[:, :-1], across), (first[1:], first[:-1], down)):
            least = torch.minimum(one, other)
            one.copy_(torch.minimum(one, least).where(joined, one))
            other.copy_(torch.minimum(other, least).where(joined, other))
        first = first.flatten()[first]  # from a pixel's least neighbour on to the least that it knows
        if first.equal(before):
            break
    coloured = labels != 0
    _, numbers = first[coloured].unique(return_inverse=True)
    found = torch.zeros_like(first)
    found[coloured] = numbers + int(labels.max().clamp(min=0)) + 1
    return found
