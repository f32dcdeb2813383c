"""WassersteinLoss: how far apart distributions over classes are. Frogner et al. 2015, a pull request to BVLC/caffe."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "wasserstein_param"


@register("WassersteinLoss")
class WassersteinLoss(Layer):
    """``sum(P M) + sum(P log P) / lambda`` over an item's plan P of what goes from class to class, the mean over the items.

    Bottoms: probabilities (N, classes), and labels (N,) or distributions (N, classes). M, the distances of classes, is the data
    set ``data`` of the HDF5 file ``ground_metric``. P is ``u K v`` with ``K = exp(-lambda M - 1)`` after ``scaling_iter`` turns
    of ``v = label / (u K)`` and ``u = probability / (K v)``, from ones.

    The gradient is ``log(u) / (lambda N)``, with ``shift_gradient`` less its mean over the classes.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        items, classes = shapes[0][0], math.prod(shapes[0][1:])
        self.by_label = math.prod(shapes[1]) == items
        if not self.by_label and math.prod(shapes[1]) != items * classes:
            raise refuse_shapes(spec, shapes, 1, "the second has a label, or a number for each class, of each item")
        param = spec.message.wasserstein_param
        self.factor = getattr(param, "lambda")
        check_above_zero(spec, self.factor, _PARAM, "lambda")
        check_positive(spec, param.scaling_iter, _PARAM, "scaling_iter")
        self.turns, self.shifts = param.scaling_iter, param.shift_gradient
        distances = _read_distances(spec)
        if distances.size != classes * classes:
            raise spec.refuse(f"has distances of shape {distances.shape} for {classes} classes", _PARAM, "ground_metric")
        self.distances: list[list[float]] = distances.reshape(classes, classes).astype(float).tolist()

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        rows = x.detach().flatten(1)
        metric = rows.new_tensor(self.distances)
        kernel = (-self.factor * metric - 1).exp()
        wanted = self._distributions(labels.detach(), rows)
        u = v = torch.ones_like(rows)
        for _ in range(self.turns):
            v = wanted / (u @ kernel)
            u = rows / (v @ kernel.t())
        loss = ((u @ (kernel * metric)) * v).sum() + (
            ((torch.xlogy(u, u) @ kernel) * v).sum() + ((torch.xlogy(v, v) @ kernel.t()) * u).sum()
            + ((u @ torch.xlogy(kernel, kernel)) * v).sum()) / self.factor
        gradient = u.log() / (self.factor * len(x))
        if self.shifts:
            gradient = gradient - gradient.mean(1, keepdim=True)
        return with_gradient(loss / len(x), x, gradient.view_as(x))

    def _distributions(self, labels: Tensor, rows: Tensor) -> Tensor:
        if not self.by_label:
            return labels.reshape(rows.shape)
        classes = labels.long().flatten()
        check_classes(self, classes, rows.shape[1])
        return torch.nn.functional.one_hot(classes, rows.shape[1]).to(rows)


def _read_distances(spec: LayerDefinition) -> np.ndarray[Any, Any]:
    """The data set ``data`` of the file of distances."""
    import h5py

    path = spec.resolve(spec.message.wasserstein_param.ground_metric, _PARAM, "ground_metric")
    try:
        with h5py.File(path) as file:
            return np.asarray(file["data"])
    except (OSError, KeyError) as error:
        raise FileError(f"{path}: is no HDF5 file with a data set `data`: {error}") from None
