"""Fillers that draw nothing: kernels of interpolation, places, masks, numbers that are given."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError
from netdef.layers.core.shapes import Shape

Fill = Callable[[Tensor], None]


@torch.no_grad()
def bilinear(blob: Tensor, old: bool = False) -> None:
    """The kernel of bilinear interpolation in every channel, for a Deconvolution that enlarges.

    ``old``: of its first version, `bilinear_upsampling`, whose centre is another for sizes that no whole factor gives.
    """
    if wanted := misfit("bilinear", tuple(blob.shape)):
        raise ValueError(f"a `bilinear` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    ramp = _ramp(blob.shape[-1], old)
    blob.copy_(torch.outer(ramp, ramp).expand_as(blob))


@torch.no_grad()
def trilinear(blob: Tensor) -> None:
    """The kernel of linear interpolation of volumes in every channel, with the centre of `bilinear_upsampling`; Caffe-3D's."""
    if wanted := misfit("thrlinear", tuple(blob.shape)):
        raise ValueError(f"a `thrlinear` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    ramp = _ramp(blob.shape[-1], old=True)
    blob.copy_((ramp[:, None, None] * torch.outer(ramp, ramp)).expand_as(blob))


def _ramp(size: int, old: bool) -> Tensor:
    """The shares of linear interpolation along a side of a kernel; ``old`` as for `bilinear`."""
    factor = math.ceil(size / 2)
    centre = (2 * factor - 1 - factor % 2 if old else size - 1) / (2 * factor)
    return torch.tensor([1 - abs(x / factor - centre) for x in range(size)], dtype=torch.float64)


@torch.no_grad()
def diagonal(blob: Tensor, values: Sequence[float]) -> None:
    """Channel n of top n is the mean over the kernel times ``values[n]``, 1 where there are fewer; the rest is 0."""
    blob.zero_()
    if blob.ndim > 1:
        area = math.prod(blob.shape[2:])
        for n in range(min(blob.shape[:2])):
            blob[n, n] = (values[n] if n < len(values) else 1.0) / area


@torch.no_grad()
def values(blob: Tensor, values: Sequence[float]) -> None:
    """The numbers in the blob's order, zeros after them. From spatial transformers of mikuhatsune's fork."""
    if len(values) > blob.numel():
        raise ValueError(f"{len(values)} `values` cannot fill a blob of shape {tuple(blob.shape)}")
    blob.zero_().view(-1)[: len(values)] = torch.tensor(values, dtype=blob.dtype)


@torch.no_grad()
def places(blob: Tensor) -> None:
    """Columns in channel 0, rows in channel 1. Of segaware (Harley et al. 2017)."""
    if wanted := misfit("xy", tuple(blob.shape)):
        raise ValueError(f"an `xy` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    blob[:, 0] = torch.arange(blob.shape[3], dtype=blob.dtype)
    blob[:, 1] = torch.arange(blob.shape[2], dtype=blob.dtype)[:, None]


@torch.no_grad()
def border_mask(blob: Tensor, ratio: float) -> None:
    """0 along each side, as wide as the ratio of the shorter side; else 1. Of Hidden Two-Stream (bryanyzhu), as the next."""
    if wanted := misfit("borderMask", tuple(blob.shape)):
        raise ValueError(f"a `borderMask` filler cannot fill a blob of shape {tuple(blob.shape)}; {wanted}")
    height, width = blob.shape[2:]
    border = math.floor(min(height, width) * ratio + 0.5)
    blob.zero_()[:, :, border : height - border, border : width - border] = 1


@torch.no_grad()
def flow_border_mask(blob: Tensor) -> None:
    """1, but 0 in the last column of channel 0 and in the last row of channel 1, which have no next ones."""
    if wanted := misfit("flowBorderMask", tuple(blob.shape)):
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


def misfit(kind: str, shape: Shape) -> str:
    """Say which shapes a filler of a kind can fill, if this is not one of them; else ""."""
    if kind.startswith("bilinear") and not (len(shape) == 4 and shape[2] == shape[3]):
        return "it wants 4 axes and a square kernel"
    if kind == "thrlinear" and not (len(shape) == 5 and shape[2] == shape[3] == shape[4]):
        return "it wants 5 axes and a cube as kernel"
    if kind == "borderMask" and len(shape) != 4:
        return "it wants 4 axes"
    if kind in ("xy", "flowBorderMask") and not (len(shape) == 4 and shape[1] == 2):
        return "it wants 4 axes, with 2 channels"
    return ""
