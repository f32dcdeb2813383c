"""What the losses share: by what the sum over a batch is divided, and which labels do not count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from torch import Tensor

from netdef.errors import NetdefError
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


class Normalizer:
    """``loss_param``: the divisor of the summed loss, and the label to ignore.

    FULL divides by the number of predictions, VALID by those whose label is not ignored, BATCH_SIZE by ``batch`` (the
    count of the axes before the class axis), NONE by 1, PRE_FIXED by ``pre_fixed_normalizer``. No divisor is below 1.
    The old ``normalize`` means VALID or BATCH_SIZE and is overruled by ``normalization``.
    """

    def __init__(self, spec: LayerDefinition, default: str):
        param = spec.message.loss_param
        if param.HasField("normalization"):
            default = param.NormalizationMode.Name(param.normalization)
        elif param.HasField("normalize"):
            default = "VALID" if param.normalize else "BATCH_SIZE"
        self.mode = default
        self.fixed: float = param.pre_fixed_normalizer
        self.ignore_label: int | None = param.ignore_label if param.HasField("ignore_label") else None

    def ignored(self, labels: Tensor) -> Tensor | None:
        """Where the labels, cut to whole numbers, are the one to ignore; None when none is."""
        return None if self.ignore_label is None else labels.long() == self.ignore_label

    def reduce(self, losses: Tensor, batch: int, ignored: Tensor | None) -> Tensor:
        """The sum of ``losses``, one a prediction and 0 where ``ignored``, over the divisor."""
        count = losses.numel()
        if self.mode == "VALID" and ignored is not None:
            return losses.sum() / (count - ignored.sum()).clamp(min=1)
        if self.mode in ("FULL", "VALID") and count:
            return losses.mean()  # one kernel each way instead of two
        return losses.sum() / max(1, {"BATCH_SIZE": batch, "PRE_FIXED": self.fixed}.get(self.mode, 1))


def check_same_batch(spec: LayerDefinition, shapes: tuple[Shape, ...]) -> None:
    """Refuse bottoms without axes, and bottoms whose first axes differ."""
    for i, shape in enumerate(shapes):
        if not shape:
            raise spec.refuse(f"wants bottoms of at least 1 axis, but `{spec.bottoms[i]}` is a number", "bottom", i)
    if shapes[0][0] != shapes[1][0]:
        raise spec.refuse(f"has bottoms of shapes {shapes[0]} (`{spec.bottoms[0]}`) and {shapes[1]} "
                          f"(`{spec.bottoms[1]}`); their first axes must agree", "bottom", 1)


def check_one_label_each(spec: LayerDefinition, shapes: tuple[Shape, ...], axis: int) -> None:
    """Refuse labels that are not one a prediction, where axis ``axis`` of bottom 0 holds the classes."""
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


def stray_label(layer: Layer, labels: Tensor, classes: int, ignore_label: int | None) -> NetdefError:
    """The error to raise when torch has found a label that is no class."""
    stray = (labels < 0) | (labels >= classes)
    if ignore_label is not None:
        stray &= labels != ignore_label
    return NetdefError(
        f"layer `{layer.name}` ({layer.type_name}) got the label {labels[stray][0].item()}; its scores have {classes} "
        f"classes, 0 to {classes - 1}")
