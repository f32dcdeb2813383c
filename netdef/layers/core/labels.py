"""Check the labels of losses and scores."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape

_NOT_FINITE = torch.iinfo(torch.int64).min, torch.iinfo(torch.int64).max  # what NaN and infinities become


def check_one_label_each(spec: LayerDefinition, shapes: Sequence[Shape], axis: int) -> None:
    """Refuse labels unless there is one for each prediction, where axis ``axis`` of bottom 0 holds the classes."""
    scores, labels = shapes
    wanted = math.prod(scores[:axis] + scores[axis + 1 :])
    if math.prod(labels) != wanted:
        raise spec.refuse(
            f"has scores of shape {scores} with the classes on axis {axis}, so {wanted} predictions, but labels of "
            f"shape {labels}, {math.prod(labels)} in all; it wants one label a prediction", "bottom", 1)


def check_one_label_each_item(spec: LayerDefinition, labels: Shape, place: int, items: int | None = None) -> None:
    """Refuse labels, the bottom at ``place``, that are not one for each of the items along the first axis."""
    items = labels[0] if items is None else items
    if math.prod(labels) != items:
        raise spec.refuse(f"has {items} items, but labels of shape {labels}, {math.prod(labels)} in all; it wants one "
                          "label an item", "bottom", place)


def check_classes(layer: Layer, labels: Tensor, classes: int) -> None:
    """Raise `label_error` if one of the integer labels is no class; does nothing where values are unknown, as when compiled."""
    known = len(labels) and not (labels.is_meta or torch.compiler.is_compiling())
    if known and (labels.min() < 0 or labels.max() >= classes):
        raise label_error(layer, labels, classes, None)


def label_error(
    layer: Layer, labels: Tensor, classes: int, ignore_label: int | None, param: str | None = None
) -> NetdefError:
    """The error for a label that is no class, among labels truncated by `torch.Tensor.long`.

    ``param`` is the message of the layer that has an ``ignore_label``, which the error names if none is set.
    """
    wrong = (labels < 0) | (labels >= classes)
    if ignore_label is not None:
        wrong &= labels != ignore_label
    label = int(labels[wrong][0])
    found, hint = f"the label {label}", ""
    if label in _NOT_FINITE:
        found = "a label that is not a finite number"
    elif param is not None and ignore_label is None:
        hint = f"; `{param} {{ ignore_label: {label} }}` leaves that label out"
    return NetdefError(
        f"layer `{layer.name}` ({layer.type_name}) got {found}; its scores have {classes} classes, 0 to {classes - 1}{hint}")
