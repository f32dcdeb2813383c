"""A net of one layer on given inputs."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

import netdef


def one_layer(
    kind: str, param: str = "", phase: str = "TEST", *, tops: int = 1, **inputs: Tensor | Sequence[int]
) -> netdef.Net:
    """A float64 net with a layer ``l`` of a type. ``inputs`` name its bottoms, by tensor or shape; its tops are y0, y1, ..."""
    shapes = {name: tuple(x.shape) if isinstance(x, Tensor) else tuple(x) for name, x in inputs.items()}
    text = "".join(
        f'layer {{ name: "{name} in" type: "Input" top: "{name}" input_param {{ shape {{ '
        f'{" ".join(f"dim: {size}" for size in shape)} }} }} }}\n' for name, shape in shapes.items())
    blobs = " ".join([*(f'bottom: "{name}"' for name in shapes), *(f'top: "y{i}"' for i in range(tops))])
    return netdef.loads(f'{text} layer {{ name: "l" type: "{kind}" {blobs} {param} }}', phase=phase).double()


def top_of(kind: str, param: str = "", phase: str = "TEST", **inputs: Tensor) -> Tensor:
    """The only top of a layer; see `one_layer`."""
    (top,) = tops_of(kind, param, 1, phase, **inputs)
    return top


def tops_of(kind: str, param: str, tops: int, phase: str = "TEST", **inputs: Tensor) -> list[Tensor]:
    """The tops of a layer; see `one_layer`."""
    outputs = one_layer(kind, param, phase, tops=tops, **inputs)(**inputs)
    return [outputs[f"y{i}"] for i in range(tops)]


def draw(*shape: int, seed: int = 1) -> Tensor:
    """Normal numbers, float64."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).double()
