"""Caffe's fillers: the values of blobs before training.

A filler is a plain function that overwrites a tensor, drawing from torch's default generator. The functions stand at
module level and are bound with `functools.partial`, so that layers can be pickled and copied.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import did_you_mean
from netdef.layers.core import patterns
from netdef.layers.core.patterns import Fill
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import FillerParameter


def constant(value: float) -> Fill:
    """Set every element to ``value``."""
    return partial(_constant, value=value)


def filler(
    spec: LayerDefinition, param: str, field: str, *, shape: Shape | None = None, default: float | None = None
) -> Fill:
    """The fill of the ``FillerParameter`` in ``field`` of the layer's message ``param``.

    Where the text gives none it is the constant ``default``, by default Caffe's 0. Raises SpecError, with a place, for
    what Caffe refuses. A shape that does not fit the filler (bilinear) is refused if ``shape`` is given; else it is a
    ValueError when the blob is filled.
    """
    parent = getattr(spec.message, param)
    if default is not None and not parent.HasField(field):
        return constant(default)
    return fill_of(getattr(parent, field), spec, param, field, shape=shape)


def fill_of(message: FillerParameter, spec: LayerDefinition, *path: str | int, shape: Shape | None = None) -> Fill:
    """The fill of a message at ``path`` in the layer's; see `filler`."""
    known: dict[str, Callable[[], Fill]] = {
        "constant": lambda: constant(message.value),
        "uniform": lambda: partial(_uniform, low=message.min, high=message.max),
        "gaussian": lambda: partial(_gaussian, mean=message.mean, std=message.std, sparse=message.sparse),
        "positive_unitball": lambda: _positive_unitball,
        "gaussian_unitball": lambda: _gaussian_unitball,
        "xavier": lambda: partial(_xavier, fan=_FANS[message.variance_norm]),
        "msra": lambda: partial(_msra, fan=_FANS[message.variance_norm], alpha=message.alpha or message.negative_slope,
                                scale=message.scale),
        "bilinear": lambda: patterns.bilinear,
        "bilinear_upsampling": lambda: partial(patterns.bilinear, old=True),
        "thrlinear": lambda: patterns.trilinear,
        "diagonal": lambda: partial(patterns.diagonal, values=list(message.diag_val)),
        "value": lambda: partial(patterns.values, values=list(message.values)),
        "file": lambda: patterns.from_file(spec, message.file),
        "xy": lambda: patterns.places,
        "borderMask": lambda: partial(patterns.border_mask, ratio=message.border_ratio),
        "flowBorderMask": lambda: patterns.flow_border_mask,
    }
    if message.type not in known:
        allowed = did_you_mean(message.type, known) or f"; known are {', '.join(f'`{name}`' for name in known)}"
        raise spec.refuse(f"has an unknown filler type `{message.type}`{allowed}", *path, "type")
    if message.sparse != -1 and (message.type != "gaussian" or message.sparse < -1):
        raise spec.refuse(
            f"has a `{message.type}` filler with sparse {message.sparse}; only a `gaussian` filler may be sparse, "
            "with a number of at least 0", *path, "sparse")
    if message.type == "uniform" and message.min > message.max:
        raise spec.refuse(f"fills from {message.min:g} to {message.max:g}; `min` must not exceed `max`", *path, "min")
    if message.type == "uniform" and not message.max - message.min <= torch.finfo(torch.float32).max:
        raise spec.refuse(f"fills from {message.min:g} to {message.max:g}; both must be finite, and less than 3.4e38 apart",
                          *path, "max")
    if message.type == "gaussian" and not message.std >= 0:
        raise spec.refuse(f"fills with std {message.std:g}; it must not be negative", *path, "std")
    if message.type == "value" and shape is not None and len(message.values) > math.prod(shape):
        raise spec.refuse(f"has {len(message.values)} `values` for a blob of shape {shape}", *path, "values", math.prod(shape))
    if message.type == "file" and not message.file:
        raise spec.refuse("has a `file` filler without a `file`", *path)
    if message.type == "borderMask" and not (message.HasField("border_ratio") and 0 <= message.border_ratio <= 1):
        raise spec.refuse("has a `borderMask` filler; it wants a `border_ratio` from 0 to 1", *path, "type")
    if shape is not None and (wanted := patterns.misfit(message.type, shape)):
        raise spec.refuse(f"has a `{message.type}` filler for a blob of shape {shape}; {wanted}", *path, "type")
    return known[message.type]()


def fan_in(shape: Shape) -> float:
    """Caffe's fan in: the count over the first axis, whatever that axis means."""
    return math.prod(shape[1:])


def fan_out(shape: Shape) -> float:
    """Caffe's fan out: the count over the second axis, or all of it when there is none."""
    return math.prod(shape[:1] + shape[2:])


def fan_average(shape: Shape) -> float:
    """The mean of fan in and fan out."""
    return (fan_in(shape) + fan_out(shape)) / 2


_FANS = (fan_in, fan_out, fan_average)  # in the order of FillerParameter.VarianceNorm


@torch.no_grad()
def _constant(blob: Tensor, value: float) -> None:
    blob.fill_(value)


@torch.no_grad()
def _uniform(blob: Tensor, low: float, high: float) -> None:
    blob.uniform_(low, high)


@torch.no_grad()
def _gaussian(blob: Tensor, mean: float, std: float, sparse: int = -1) -> None:
    """Normal numbers. With ``sparse`` k, each is kept with probability k over the first axis: about k inputs an output."""
    blob.normal_(mean, std)
    if sparse >= 0:
        outputs = blob.shape[0] if blob.ndim else 1
        blob.mul_(torch.empty_like(blob).bernoulli_(min(1.0, sparse / max(1, outputs))))


@torch.no_grad()
def _positive_unitball(blob: Tensor) -> None:
    """Uniform in [0, 1), then scaled so that each slice of the first axis sums to 1."""
    blob.uniform_(0, 1)
    axes = tuple(range(1, blob.ndim))
    if axes:
        blob.div_(blob.sum(axes, keepdim=True))
    else:
        blob.fill_(1)  # slices of one element


@torch.no_grad()
def _gaussian_unitball(blob: Tensor) -> None:
    """Normal numbers, then scaled so that each slice of the first axis has length 1. From happynear's fork."""
    blob.normal_()
    blob.div_(blob.flatten(1).square().sum(1).sqrt().reshape(-1, *[1] * (blob.ndim - 1)) if blob.ndim > 1 else blob.abs())


@torch.no_grad()
def _xavier(blob: Tensor, fan: Callable[[Shape], float]) -> None:
    """Uniform with variance 1 / fan (Glorot and Bengio 2010, without their factor for the average)."""
    bound = math.sqrt(3 / max(1.0, fan(tuple(blob.shape))))
    blob.uniform_(-bound, bound)


@torch.no_grad()
def _msra(blob: Tensor, fan: Callable[[Shape], float], alpha: float, scale: float) -> None:
    """Gaussian with variance 2 / ((1 + alpha^2) fan), before a rectifier of slope ``alpha`` below 0 (He et al. 2015)."""
    blob.normal_(0, abs(scale) * math.sqrt(2 / max(1.0, fan(tuple(blob.shape))) / (1 + alpha * alpha)))
