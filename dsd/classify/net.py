"""Run a net that takes images, and read its outputs."""

from __future__ import annotations

import numpy as np
import torch

from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.graph.not_finite import NotFiniteError, all_finite, first_not_finite


def image_shape(net: Net) -> tuple[int, int, int]:
    """The shape (channels, height, width) of the net's only input. Raises `NetdefError` for another kind of net."""
    if net.feeds or len(net.inputs) != 1:
        has = f"inputs {', '.join(net.inputs)}" if net.inputs and not net.feeds else "data layers" if net.feeds else "no input"
        raise NetdefError(f"net `{net.name}` has {has}; one input that takes images is wanted: a deploy file "
                          "(dsd-convert --deploy makes one)")
    (name,) = net.inputs
    shape = net.shapes[name]
    if len(shape) != 4 or shape[1] not in (1, 3):
        raise NetdefError(f"input `{name}` has shape {shape}; images are (batch, 1 or 3 channels, height, width)")
    return shape[1], shape[2], shape[3]


def scores(net: Net, batch: np.ndarray) -> np.ndarray:
    """The score of each class (classes,), the mean over the batch. Raises `NetdefError` for another output."""
    found = _output(net, batch)
    if found.size != found.shape[0] * found.shape[1]:
        raise NetdefError(f"output `{net.outputs[0]}` has shape {found.shape}; one number for each image and class is wanted")
    return found.reshape(found.shape[:2]).mean(0)


def detection_rows(net: Net, batch: np.ndarray) -> np.ndarray:
    """The detections (n, 7) of one image: its number, class, score, and the box in parts of its sides."""
    found = _output(net, batch)
    if found.ndim != 4 or found.shape[3] != 7:
        raise NetdefError(f"output `{net.outputs[0]}` has shape {found.shape}; --detections wants that of DetectionOutput, "
                          "(1, 1, detections, 7)")
    return found[0, 0]


@torch.no_grad()
def _output(net: Net, batch: np.ndarray) -> np.ndarray:
    if len(net.outputs) != 1:
        raise NetdefError(f"net `{net.name}` has outputs {', '.join(net.outputs)}; one is wanted")
    device = next(net.parameters(), torch.empty(0)).device
    inputs = {net.inputs[0]: torch.from_numpy(batch).to(device)}
    found = net(**inputs)[net.outputs[0]]
    if not all_finite([found]):
        where = first_not_finite(net, inputs)
        raise NotFiniteError(f"output `{net.outputs[0]}` is not finite" + (f"\n  {where}" if where else ""))
    return found.cpu().numpy()
