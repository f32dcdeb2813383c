"""Allocate the memory of a net that was built on the ``meta`` device, and fill it."""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from netdef.errors import Problems
from netdef.graph.graph import Graph
from netdef.graph.layout import best_layout
from netdef.graph.sharing import Sharing
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import Fill


def check_memory(graph: Graph, layers: Mapping[str, Layer], device: torch.device) -> None:
    """Raise `SpecError` about the largest layer if the net's weights do not fit into the memory of the device."""
    available = memory_of_device(device)
    needed = {node.key: 4 * sum(blob.numel() for blob in layers[node.key].blobs)
              for node in graph.nodes if node.key in layers}
    if sum(needed.values()) > available:
        node = max((n for n in graph.nodes if n.key in needed), key=lambda n: needed[n.key])
        problems = Problems()
        problems.add(
            f"the net's weights take {sum(needed.values()) / 2**30:,.1f} GiB, layer `{node.spec.name}` alone "
            f"{needed[node.key] / 2**30:,.1f}; {device} has {available / 2**30:,.1f}",
            node.spec.span(),
        )
        problems.raise_any()


def memory_of_device(device: torch.device) -> int:
    """The bytes of memory that a device has, in use or not."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[1]
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def allocate(layers: Mapping[str, Layer], sharing: Sharing, device: torch.device) -> None:
    """Replace the meta tensors of layers by real ones, except borrowed ones; fill constants, not blobs."""
    for layer in layers.values():
        for name, tensor in [*layer.named_parameters(recurse=False), *layer.named_buffers(recurse=False)]:
            if not tensor.is_meta or sharing.borrows(layer, name):
                continue
            layout = best_layout(layer, name, tensor, device)
            real = torch.empty(tensor.shape, dtype=tensor.dtype, device=device, memory_format=layout)
            setattr(layer, name, nn.Parameter(real) if isinstance(tensor, nn.Parameter) else real)
            if name in layer.fills and name not in layer.blob_names:
                layer.fills[name](real)  # no weight file has constants


@torch.no_grad()
def fill_as_caffe(tensor: Tensor, fill: Fill) -> None:
    """Fill on the CPU, as Caffe does, and in logical order: a seed gives the same weights on any device, in any layout."""
    if tensor.device.type == "cpu" and tensor.is_contiguous():
        fill(tensor)
    else:
        drawn = torch.empty(tensor.shape, dtype=tensor.dtype)
        fill(drawn)
        tensor.copy_(drawn)
