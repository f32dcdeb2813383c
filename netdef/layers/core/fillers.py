"""Caffe's fillers: the values of blobs before training.

A filler is a plain function that overwrites a tensor, drawing from torch's default generator. The functions stand at
module level and are bound with `functools.partial`, so that layers can be pickled and copied.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError, did_you_mean
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import FillerParameter

Fill = Callable[[Tensor], None]


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
        "msra": lambda: partial(_msra, fan=_FANS[message.variance_norm], alpha=message.alpha),
        "bilinear": lambda: _bilinear,
        "bilinear_upsampling": lambda: partial(_bilinear, old=True),
        "thrlinear": lambda: _trilinear,
        "diagonal": lambda: partial(_diagonal, values=list(message.diag_val)),
        "value": lambda: partial(_values, values=list(message.values)),
        "file": lambda: from_file(spec, message.file),
        "xy": lambda: _places,
        "borderMask": lambda: partial(_border_mask, ratio=message.border_ratio),
        "flowBorderMask": lambda: _flow_border_mask,
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
    if shape is not None and (wanted := _misfit(message.type, shape)):
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
def _msra(blob: Tensor, fan: Callable[[Shape], float], alpha: float) -> None:
    """Gaussian with variance 2 / ((1 + alpha^2) fan), before a rectifier of slope ``alpha`` below 0 (He et al. 2015)."""
    blob.normal_(0, math.sqrt(2 / max(1.0, fan(tuple(blob.shape))) / (1 + alpha * alpha)))


@torch.no_grad()
def _bilinear(blob: Tensor, old: bool = False) -> None:
    """The kernel of bilinear interpolation in every channel, for a Deconvolution that enlarges.

    ``old``: of its first version, `bilinear_upsampling`, whose centre is another for sizes that no whole factor gives.
    """
    if wanted := _misfit("bilinear", tuple(blob.shape)):
        raise ValueError(f"a `bilinear` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    ramp = _ramp(blob.shape[-1], old)
    blob.copy_(torch.outer(ramp, ramp).expand_as(blob))


@torch.no_grad()
def _trilinear(blob: Tensor) -> None:
    """The kernel of linear interpolation of volumes in every channel, with the centre of `bilinear_upsampling`; Caffe-3D's."""
    if wanted := _misfit("thrlinear", tuple(blob.shape)):
        raise ValueError(f"a `thrlinear` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    ramp = _ramp(blob.shape[-1], old=True)
    blob.copy_((ramp[:, None, None] * torch.outer(ramp, ramp)).expand_as(blob))


def _ramp(size: int, old: bool) -> Tensor:
    """The shares of linear interpolation along a side of a kernel; ``old`` as for `_bilinear`."""
    factor = math.ceil(size / 2)
    centre = (2 * factor - 1 - factor % 2 if old else size - 1) / (2 * factor)
    return torch.tensor([1 - abs(x / factor - centre) for x in range(size)], dtype=torch.float64)


@torch.no_grad()
def _diagonal(blob: Tensor, values: Sequence[float]) -> None:
    """Channel n of top n is the mean over the kernel times ``values[n]``, 1 where there are fewer; the rest is 0."""
    blob.zero_()
    if blob.ndim > 1:
        area = math.prod(blob.shape[2:])
        for n in range(min(blob.shape[:2])):
            blob[n, n] = (values[n] if n < len(values) else 1.0) / area


@torch.no_grad()
def _values(blob: Tensor, values: Sequence[float]) -> None:
    """The numbers in the blob's order, zeros after them. From spatial transformers of mikuhatsune's fork."""
    if len(values) > blob.numel():
        raise ValueError(f"{len(values)} `values` cannot fill a blob of shape {tuple(blob.shape)}")
    blob.zero_().view(-1)[: len(values)] = torch.tensor(values, dtype=blob.dtype)


@torch.no_grad()
def _places(blob: Tensor) -> None:
    """Columns in channel 0, rows in channel 1. Of segaware (Harley et al. 2017)."""
    if wanted := _misfit("xy", tuple(blob.shape)):
        raise ValueError(f"an `xy` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    blob[:, 0] = torch.arange(blob.shape[3], dtype=blob.dtype)
    blob[:, 1] = torch.arange(blob.shape[2], dtype=blob.dtype)[:, None]


@torch.no_grad()
def _border_mask(blob: Tensor, ratio: float) -> None:
    """0 along each side, as wide as the ratio of the shorter side; else 1. Of Hidden Two-Stream (bryanyzhu), as the next."""
    if wanted := _misfit("borderMask", tuple(blob.shape)):
        raise ValueError(f"a `borderMask` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    height, width = blob.shape[2:]
    border = math.floor(min(height, width) * ratio + 0.5)
    blob.zero_()[:, :, border : height - border, border : width - border] = 1


@torch.no_grad()
def _flow_border_mask(blob: Tensor) -> None:
    """1, but 0 in the last column of channel 0 and in the last row of channel 1, which have no next ones."""
    if wanted := _misfit("flowBorderMask", tuple(blob.shape)):
        raise ValueError(f"a `flowBorderMask` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    blob.fill_(1)
    blob[:, 0, :, -1] = 0
    blob[:, 1, -1] = 0


def from_file(spec: LayerDefinition, file: str) -> Fill:
    """Fill a blob with the numbers of a text, looked for beside the net and then in the working directory."""
    return partial(_from_file, places=(spec.base_dir / file, Path(file)))


@torch.no_grad()
def _from_file(blob: Tensor, places: Sequence[Path]) -> None:
    """The numbers of a text, in the blob's order; those after the last that is needed are not read."""
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise FileError(f"there is no {' nor '.join(str(place) for place in places)}, from which a blob is filled")
    words = found.read_text(errors="replace").split()[: blob.numel()]
    try:
        numbers = [float(word) for word in words]
    except ValueError as error:
        raise FileError(f"{found}: {error}; a blob is filled with its numbers") from None
    if len(numbers) < blob.numel():
        raise FileError(f"{found}: {len(numbers)} numbers for a blob of shape {tuple(blob.shape)}, which wants {blob.numel()}")
    blob.copy_(torch.tensor(numbers).reshape(blob.shape))


def _misfit(kind: str, shape: Shape) -> str:
    """What a filler of a kind wants of a shape that it cannot fill; "" if it can."""
    if kind.startswith("bilinear") and not (len(shape) == 4 and shape[2] == shape[3]):
        return "it wants 4 axes and a square kernel"
    if kind == "thrlinear" and not (len(shape) == 5 and shape[2] == shape[3] == shape[4]):
        return "it wants 5 axes and a cube as kernel"
    if kind == "borderMask" and len(shape) != 4:
        return "it wants 4 axes"
    if kind in ("xy", "flowBorderMask") and not (len(shape) == 4 and shape[1] == 2):
        return "it wants 4 axes, with 2 channels"
    return ""
