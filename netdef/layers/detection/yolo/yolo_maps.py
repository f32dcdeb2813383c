"""Read YOLO's maps and true boxes, for its losses and scores. Redmon and Farhadi 2017."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.shapes import Shape

Pair = tuple[float, float]


def read_anchors(spec: LayerDefinition, numbers: Sequence[float], field: str) -> list[Pair]:
    """Width and height of each anchor in ``biases`` of the layer's message ``field``."""
    if not numbers or len(numbers) % 2 or min(numbers) <= 0:
        raise spec.refuse("needs `biases` above 0, a width and a height for each anchor", field, "biases")
    return list(zip(numbers[::2], numbers[1::2]))


def check_map(spec: LayerDefinition, shapes: Sequence[Shape], anchors: int, classes: int, field: str, count: str) -> None:
    """Refuse a bottom 0 that is no (N, anchors * (5 + classes), H, W); ``count`` is the field with the number of anchors."""
    check_axes(spec, shapes, 4)
    check_positive(spec, classes, field, "num_class")
    check_positive(spec, anchors, field, count)
    if shapes[0][1] != anchors * (5 + classes):
        raise spec.refuse(f"wants {anchors} x (5 + {classes}) channels in `{spec.bottoms[0]}`, which has shape {shapes[0]}",
                          "bottom", 0)


def by_anchor(x: Tensor, anchors: int) -> Tensor:
    """A map (N, A * (5 + K), H, W) as (N, A, H, W, 5 + K)."""
    return x.unflatten(1, (anchors, -1)).permute(0, 1, 3, 4, 2)


def as_map(x: Tensor) -> Tensor:
    """The inverse of `by_anchor`."""
    return x.permute(0, 1, 4, 2, 3).flatten(1, 2)


def corner(height: int, width: int, like: Tensor) -> Tensor:
    """Column and row of each place (H, W, 2)."""
    columns, rows = (torch.arange(size, device=like.device, dtype=like.dtype) for size in (width, height))
    return torch.stack(torch.meshgrid(columns, rows, indexing="xy"), -1)


def predicted_boxes(x: Tensor, sizes: Tensor) -> Tensor:
    """Centre and sizes (N, A, H, W, 4), in parts of the image's sides, of `by_anchor`'s numbers; ``sizes`` (A, 2) of anchors."""
    height, width = x.shape[2:4]
    centre = (x[..., :2].sigmoid() + corner(height, width, x)) / x.new_tensor((width, height))
    return torch.cat((centre, x[..., 2:4].exp() * sizes[:, None, None]), -1)


def overlap(boxes: Tensor, others: Tensor) -> Tensor:
    """Intersection over union of boxes (..., 4), centre and sizes, that are broadcast against each other."""
    half, other = boxes[..., 2:] / 2, others[..., 2:] / 2
    far = torch.minimum(boxes[..., :2] + half, others[..., :2] + other)
    sides = (far - torch.maximum(boxes[..., :2] - half, others[..., :2] - other)).clamp(min=0)
    both = sides.prod(-1)
    whole = boxes[..., 2:].prod(-1) + others[..., 2:].prod(-1) - both
    return both / whole.where(whole > 0, 1)


def check_box_classes(layer: Layer, classes: Tensor, count: int) -> None:
    """Raise `NetdefError` for a true box of another class than 0 to ``count`` - 1."""
    if len(classes) and not 0 <= int(classes.min()) <= int(classes.max()) < count:
        raise NetdefError(f"layer `{layer.name}` ({layer.type_name}) got a true box of class {classes.tolist()}; it has "
                          f"{count} classes, 0 to {count - 1}")


def best_overlap(boxes: Tensor, truths: Tensor) -> Tensor:
    """The largest overlap of each box (..., 4) with any true box (M, 4); 0 if there is none."""
    if not len(truths):
        return boxes.new_zeros(boxes.shape[:-1])
    return torch.stack([overlap(boxes, truth) for truth in truths]).amax(0)


def size_overlap(sizes: Tensor, others: Tensor) -> Tensor:
    """Overlaps (M, A) of boxes about one centre, from their sizes (M, 2) and (A, 2)."""
    boxes, more = (torch.nn.functional.pad(x, (2, 0)) for x in (sizes, others))
    return overlap(boxes[:, None], more)


def truths_of_rows(labels: Tensor) -> tuple[Tensor, Tensor]:
    """The true boxes (M, 4) and their classes of one image's rows: class, x, y, width, height, then zeros."""
    rows = labels.reshape(-1, 5)
    there = (rows[:, 1] != 0).long().cumprod(0).bool()
    return rows[there, 1:], rows[there, 0].long()


def truths_of_image(labels: Tensor, image: int) -> tuple[Tensor, Tensor]:
    """The true boxes (M, 4) and their classes, from 0, of an image, from the rows of 8 numbers that AnnotatedData makes."""
    rows = labels.reshape(-1, 8)
    rows = rows[rows[:, 0].long() == image]
    return torch.cat(((rows[:, 3:5] + rows[:, 5:7]) / 2, rows[:, 5:7] - rows[:, 3:5]), 1), rows[:, 1].long() - 1
