"""DiceCoefLoss of several classes, of jolibrain's fork (DeepDetect)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.fillers import constant
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.infogain_loss import read_matrix
from netdef.schema.messages import DiceCoefLossParameter

PARAM = "dice_coef_loss_param"
_POWERS = {"EQUALIZE_CLASSES": -1, "INVERSE_VOLUME": -2, "EXTRA_SMALL_VOLUMES": -3}
_IGNORED = 1e6  # how many images an ignored class seems to fill


def _is_of_classes(spec: LayerDefinition) -> bool:
    return any(field.name != "smooth" for field, _ in spec.message.dice_coef_loss_param.ListFields())


@register("DiceCoefLoss", when=_is_of_classes)
class MulticlassDiceLoss(Layer):
    """``1 - (2 sum w a b + s) / (sum w (a^2 + b^2) + s)``, the mean over N items, s being 1 / N.

    a are probabilities (N, C, H, W), b is 1 for the class of a label (N, 1, H, W) and 0 for others. With ``generalization``
    NONE and MULTICLASS w is 1; the channel of an ``ignore_label`` counts with NONE alone. With the others s is 0 and w a power,
    ``weight_mode``, of the pixels of a class, plus 1: in the image, on average in the BATCH, or in ALL batches so far; an
    ignored class has next to no weight. The diagonal of the matrix in the file ``weights``, divided by its sum, and
    `contour_weights` are further factors. The layer is told by any of these fields. The fork's gradient is N times the true
    one, and that of an ignored channel is not 0. Raises NetdefError on a label that is no class.
    """

    n_bottoms = exactly(2)
    is_loss = True
    seen: Tensor
    sizes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.dice_coef_loss_param, shapes[0]
        check_axes(spec, shapes, 4)
        if shapes[1] != (shape[0], 1, *shape[2:]):
            raise refuse_shapes(spec, shapes, 1, "it wants one class number a pixel")
        self.mode = DiceCoefLossParameter.GeneralizationMode.Name(param.generalization)
        self.ignored: int | None = param.ignore_label if self.mode != "NONE" and param.ignore_label >= 0 else None
        if self.ignored is not None and self.ignored >= shape[1]:
            raise spec.refuse(f"has `ignore_label` {self.ignored} and {shape[1]} classes", PARAM, "ignore_label")
        self.power = _POWERS[DiceCoefLossParameter.WeightMode.Name(param.weight_mode)]
        matrix = read_matrix(spec, param.weights, shape[1], PARAM, "weights") if param.weights else None
        given = matrix.diagonal().clip(1e-9) if matrix is not None else None
        self.given = (given / given.sum()).tolist() if given is not None else None
        self.kernel = contour_kernel(param.contour_shape == param.SHARP, param.contour_size) if param.contour_shape else None
        self.amplitude: float = param.contour_amplitude
        if self.mode == "MULTICLASS_WEIGHTED_ALL":
            self.carried = ("seen", "sizes")
            self.add_constant("seen", (1, 1), constant(0.0))
            self.add_constant("sizes", (1, shape[1]), constant(0.0))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        a, classes = x.detach(), labels.detach()[:, 0].round().long()
        check_classes(self, classes, a.shape[1])
        b = F.one_hot(classes, a.shape[1]).movedim(-1, 1).to(a.dtype)
        weights, counted = self.weights(b), torch.ones_like(a[:1, :, :1, :1])
        if self.ignored is not None and self.mode == "MULTICLASS":
            counted[:, self.ignored] = 0
        smooth = 1 / len(a) if self.mode in ("NONE", "MULTICLASS") else 0
        below = smooth + (counted * weights * (a * a + b * b)).sum((1, 2, 3), keepdim=True)
        overlap = (smooth + 2 * (counted * weights * a * b).sum((1, 2, 3), keepdim=True)) / below
        return with_gradient(1 - overlap.abs().mean(), x, 2 * weights * (overlap * a - b) / below)

    def weights(self, b: Tensor) -> Tensor:
        """The weight of each pixel of each class, or one for all pixels of a class, or of all items."""
        weights = torch.ones_like(b[:1, :, :1, :1])
        if self.mode not in ("NONE", "MULTICLASS"):
            weights = self.class_sizes(b).pow(self.power)[..., None, None]
        if self.given:
            weights = weights * weights.new_tensor(self.given)[:, None, None]
        return weights if self.kernel is None else weights * contour_weights(b, self.kernel, self.amplitude)

    def class_sizes(self, b: Tensor) -> Tensor:
        """The pixels of each class, plus 1, (N or 1, C)."""
        sizes = b.sum((2, 3)) + 1
        if self.ignored is not None:
            sizes[:, self.ignored] += _IGNORED * b.shape[2] * b.shape[3] - 1
        if self.mode == "MULTICLASS_WEIGHTED":
            return sizes
        sizes = sizes.mean(0, keepdim=True)
        if self.mode == "MULTICLASS_WEIGHTED_ALL":
            sizes = (self.seen * self.sizes + sizes) / (self.seen + 1)
            self.seen, self.sizes = self.seen + 1, sizes
        return sizes


def contour_kernel(sharp: bool, size: int) -> np.ndarray:
    """A kernel of an odd side of at least 3 that finds contours.

    The sharp one has its positive number beside the centre, where the fork writes it.
    """
    size = max(size, 3) + 1 - max(size, 3) % 2
    centre = size // 2
    if not sharp:
        kernel = np.full((size, size), -1 / (size**2 - 1))
        kernel[centre, centre] = 1
        return kernel
    away = np.abs(np.arange(size) - centre)
    distances = away[:, None] + 4 * away
    kernel = np.where(distances > 0, -1 / np.maximum(distances, 1), 0)
    kernel[centre + 1, centre + 1] = -kernel.sum()
    return kernel


def contour_weights(b: Tensor, kernel: np.ndarray, amplitude: float) -> Tensor:
    """1 away from contours of a class, and up to ``amplitude`` at them, over the mean of the plane.

    The planes of class 0 are turned round first, so that the border of the image, around which are zeros, is no contour.
    """
    planes = torch.cat((1 - b[:, :1], b[:, 1:]), 1).flatten(0, 1)[:, None]
    edges = F.conv2d(planes, planes.new_tensor(kernel)[None, None], padding=len(kernel) // 2).abs().reshape(b.shape)
    weights = 1 + (amplitude - 1) * edges
    return weights / weights.mean((2, 3), keepdim=True)
