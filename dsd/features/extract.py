"""Compute blobs of a net for its own data, as the original's extract_features."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from dsd.plan.nets import need_data
from netdef.errors import NetdefError, among
from netdef.graph.net import Net
from netdef.graph.not_finite import Count

FeatureArrays = dict[str, np.ndarray]


def check_blobs(net: Net, blobs: Sequence[str]) -> None:
    """Raise `NetdefError` for unknown or repeated blobs, for blobs that are one number, and for a net without data layers."""
    for blob in blobs:
        if blob not in net.shapes:
            name = f"net `{net.name}`" if net.name else "the net"
            raise NetdefError(f"{name} has no blob `{blob}`{among(blob, net.shapes, 'it has')}")
        if not net.shapes[blob]:
            raise NetdefError(f"blob `{blob}` is one number, not one for each item")
    if len(set(blobs)) < len(blobs):
        raise NetdefError(f"a blob is named twice: {', '.join(blobs)}")
    need_data(net)


def extract(net: Net, blobs: Sequence[str], batches: int, device: torch.device) -> Iterator[FeatureArrays]:
    """Run ``batches`` batches, and yield the blobs of each as float32 arrays.

    Warns once of each blob whose values are not all finite.
    """
    broken: set[str] = set()
    for number in range(batches):
        with torch.inference_mode():
            values = net.activations(**{name: tensor.to(device) for name, tensor in next(net.feeds).items()})
        for blob in blobs:
            if blob not in broken and (count := Count.of(values[blob])) is not None:
                warnings.warn(f"blob `{blob}` has {count} in batch {number}", stacklevel=2)
                broken.add(blob)
        yield {blob: values[blob].float().cpu().numpy() for blob in blobs}
