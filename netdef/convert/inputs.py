"""Inputs for a net: random numbers, the net's own data, and arrays or images of the user."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from netdef.convert.mean_formats import read_mean_image
from netdef.convert.options import VerifyOptions
from netdef.errors import FileError, NetdefError
from netdef.graph.net import Net


@dataclass(frozen=True)
class Preparation:
    """The preparation of given inputs: ``(x - mean) * scale``, channels (axis 1) reversed before if asked.

    ``mean`` is a number for each channel, or an image (C, H, W).
    """

    mean: Sequence[float] | np.ndarray | None = None
    scale: float | None = None
    swap_channels: bool = False

    @classmethod
    def of(cls, options: VerifyOptions) -> Preparation:
        """The preparation that options ask for, its mean image read. Raises `NetdefError` for a bad mean."""
        return cls(None if options.mean is None else _read_mean(options.mean), options.scale, options.swap_channels)

    def apply(self, name: str, array: np.ndarray) -> Tensor:
        """Prepare an array for the input ``name``, float32."""
        x = torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
        if self.swap_channels:
            x = x.flip(1)
        if self.mean is not None:
            mean = torch.as_tensor(np.asarray(self.mean, np.float32))
            mean = mean.reshape(-1, *[1] * (x.ndim - 2)) if mean.ndim == 1 else mean
            try:
                x = x - mean
            except RuntimeError:
                raise NetdefError(f"the mean has shape {tuple(mean.shape)}, the input `{name}` {tuple(x.shape)}") from None
        return x if self.scale is None else x * self.scale


def _read_mean(text: str) -> np.ndarray | list[float]:
    """``B,G,R`` as numbers, or the image of a file."""
    if text.endswith((".binaryproto", ".npy")):
        return read_mean_image(text)
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise NetdefError(f"--mean: `{text}` is neither numbers nor a .binaryproto or .npy") from None


def own_batch(net: Net, seed: int = 0) -> dict[str, Tensor]:
    """A batch of the net's own data layers, with random numbers for its inputs."""
    return {**random_inputs(net, seed), **(next(net.feeds) if net.feeds else {})}


def refuse_files(net: Net) -> None:
    """Raise `NetdefError` if layers read or write files, which a graph of operations cannot."""
    writers = [f"`{node.key}`" for node in net.graph.nodes if node.key in net.layers and net.layers[node.key].writes_files]
    if writers:
        raise NetdefError(f"{', '.join(writers)} write to files, which PyTorch source and ONNX cannot; --deploy leaves them out")
    if net.feeds:
        made = ", ".join(f"`{top}`" for i in range(len(net.feeds)) for top in net.feeds[i].tops)
        raise NetdefError(f"{made} come from data layers, which PyTorch source and ONNX cannot have; --deploy puts inputs in "
                          "their place")


def random_inputs(net: Net, seed: int = 0) -> dict[str, Tensor]:
    """A batch for every Input layer: values that its readers take (`Layer.random_bottom`), else normal numbers."""
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


def read_arrays(path: str | os.PathLike[str], net: Net) -> dict[str, np.ndarray]:
    """Read arrays by input name from a ``.npz``, or one array without a name from a ``.npy`` or an image.

    An image is resized to the net's first input: (1, C, H, W), blue first, 0 to 255.
    """
    name = os.fspath(path)
    try:
        if name.endswith(".npz"):
            with np.load(path, allow_pickle=False) as arrays:
                return {key: arrays[key] for key in arrays.files}
        if name.endswith(".npy"):
            return {"": np.load(path, allow_pickle=False)}
    except (OSError, ValueError) as error:
        raise FileError(f"{name}: cannot be read as arrays: {error}") from error
    from netdef.data.images.image_file import read_image

    shape = net.shapes[net.inputs[0]] if net.inputs else ()
    if len(shape) != 4 or shape[1] not in (1, 3):
        raise NetdefError(f"{name}: an image is no input of shape {shape}; give a .npy")
    return {"": read_image(Path(path), shape[1] == 3, *shape[2:])[None].astype(np.float32)}


def given_inputs(net: Net, arrays: Mapping[str, np.ndarray], preparation: Preparation) -> dict[str, Tensor]:
    """Arrays as the net's inputs, prepared. A single array for a single input may have any name.

    Raises `NetdefError` for an input that is missing, and for another number of axes or channels.
    """
    if len(net.inputs) == 1 and len(arrays) == 1:
        arrays = {net.inputs[0]: next(iter(arrays.values()))}
    if missing := [name for name in net.inputs if name not in arrays]:
        raise NetdefError(f"nothing is given for the input `{missing[0]}`; there is {', '.join(arrays) or 'nothing'}")
    for name in net.inputs:
        shape, array = net.shapes[name], arrays[name]
        if array.ndim != len(shape) or array.shape[1:2] != shape[1:2]:  # many nets take planes of other sizes
            raise NetdefError(f"the input `{name}` has shape {shape}; what is given has {array.shape}")
    return {name: preparation.apply(name, arrays[name]) for name in net.inputs}
