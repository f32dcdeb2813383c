"""The proof of a conversion: source and result on the same input, blob by blob."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.layers.core.shapes import Shape


class Difference(NamedTuple):
    """How far a blob of the result is from the source's. ``relative`` is ``absolute`` over the range of the source's."""

    blob: str
    shape: Shape
    absolute: float
    relative: float

    @classmethod
    def of(cls, blob: str, wanted: Tensor, found: Tensor) -> Difference:
        """Raises `NetdefError` where the shapes differ. A NaN in one place only is an infinite difference."""
        if wanted.shape != found.shape:
            raise NetdefError(f"`{blob}` has shape {tuple(found.shape)} in the result, {tuple(wanted.shape)} in the source")
        wanted, found = wanted.detach().double(), found.detach().double()
        same = (wanted == found) | (wanted.isnan() & found.isnan())
        away = torch.where(same, 0.0, (wanted - found).abs()).nan_to_num(torch.inf)
        absolute = float(away.max()) if away.numel() else 0.0
        finite = wanted[wanted.isfinite()]
        extent = float(finite.max() - finite.min()) or float(finite.abs().max()) if finite.numel() else 0.0
        return cls(blob, tuple(wanted.shape), absolute, absolute / (extent or 1.0))


def differences(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[Difference]:
    """Of every blob that both have, in the order of ``wanted``."""
    return [Difference.of(blob, value, found[blob]) for blob, value in wanted.items() if blob in found]


def random_inputs(net: Net, seed: int = 0) -> dict[str, Tensor]:
    """A batch for every input: values that its readers take (`Layer.random_bottom`), else normal numbers."""
    generator = torch.Generator().manual_seed(seed)
    return {name: _random(net, name, generator) for name in net.inputs}


def _random(net: Net, name: str, generator: torch.Generator) -> Tensor:
    shape = net.shapes[name]
    for node in net.graph.nodes:
        for index, bottom in enumerate(node.bottoms):
            if bottom.blob == name:
                values = net.layers[node.key].random_bottom(index, shape, generator)
                if values is not None:
                    return values
    return torch.randn(shape, generator=generator)


def given_inputs(
    net: Net, arrays: Mapping[str, np.ndarray], mean: Sequence[float] | np.ndarray | None = None,
    scale: float | None = None, swap_channels: bool = False,
) -> dict[str, Tensor]:
    """Recorded or real inputs as the net takes them: ``(x - mean) * scale``, channels (axis 1) reversed before if asked.

    ``arrays`` is by name of input; a single one may have any name. ``mean`` is a number a channel, or an image. Raises
    `NetdefError` for what does not fit.
    """
    if len(net.inputs) == 1 and len(arrays) == 1:
        arrays = {net.inputs[0]: next(iter(arrays.values()))}
    if missing := [name for name in net.inputs if name not in arrays]:
        raise NetdefError(f"nothing is given for the input `{missing[0]}`; there is {', '.join(arrays) or 'nothing'}")
    return {name: _prepared(name, arrays[name], net.shapes[name], mean, scale, swap_channels) for name in net.inputs}


def _prepared(
    name: str, array: np.ndarray, shape: Shape, mean: Sequence[float] | np.ndarray | None, scale: float | None, swap: bool
) -> Tensor:
    if array.ndim != len(shape) or array.shape[1:2] != shape[1:2]:  # planes of other sizes go through many nets
        raise NetdefError(f"the input `{name}` has shape {shape}; what is given has {array.shape}")
    x = torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
    if swap:
        x = x.flip(1)
    if mean is not None:
        known = torch.as_tensor(np.asarray(mean, np.float32))
        known = known.reshape(-1, *[1] * (x.ndim - 2)) if known.ndim == 1 else known
        try:
            x = x - known
        except RuntimeError:
            raise NetdefError(f"the mean has shape {tuple(known.shape)}, the input `{name}` {tuple(x.shape)}") from None
    return x if scale is None else x * scale
