"""Caffe's blobs as torch's modules name and lay them out, and back.

``conv1.weight`` and ``conv1.bias`` are what ``nn.Conv2d`` has under these names; a BatchNorm's statistics become
``running_mean`` and ``running_var``, an InnerProduct with ``transpose`` is turned as ``nn.Linear`` has it. Other blobs
keep the names that their layer gives them. Files with such names are ``.pt``, and the ``.safetensors``
that others write or that `dsd-convert` writes for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.weights.stored import as_array


@torch.no_grad()
def state_dict(net: Net) -> dict[str, Tensor]:
    """{``<layer>.<name>``: tensor}, float32 on the CPU, masks applied; as far as possible the net's own memory.

    A blob that several layers share is with each of them.
    """
    return {f"{key}.{name}": torch.from_numpy(as_array(value))
            for key, layer in net.layers.items() for name, value in layer.to_torch().items()}


@torch.no_grad()
def load_state_dict(net: Net, state: Mapping[str, Tensor]) -> tuple[list[str], list[str]]:
    """Copy tensors into the layers of the same names; returns the names left over and the layers left as they were.

    A layer's name may have ``.``, ``/`` and other signs as ``_``, as in a module written by `dsd-convert`, and a prefix
    that all names share (``module.``, ``net.``) is passed over. Raises `NetdefError` with all that does not fit, before
    anything is copied.
    """
    layers = {_plain(key): layer for key, layer in net.layers.items() if layer.blob_names}
    found: dict[str, dict[str, Tensor]] = {}
    left = []
    prefix = _common_prefix(state, layers)
    for name, tensor in state.items():
        layer, part = _split(name.removeprefix(prefix), layers)
        if layer:
            found.setdefault(layer, {})[part] = tensor
        else:
            left.append(name)
    complaints: list[str] = []
    filled = {key: _blobs(layers[key], tensors, complaints) for key, tensors in found.items()}
    if complaints:
        raise NetdefError("\n".join(complaints))
    for key, blobs in filled.items():
        for mine, theirs in zip(layers[key].blobs, blobs):
            mine.copy_(theirs)
    return left, [layer.name for key, layer in layers.items() if key not in found]


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)


def _split(name: str, layers: Mapping[str, Layer]) -> tuple[str, str]:
    """The layer and its own name of a tensor: up to the last dot, or where the layer has names with dots; "" for neither."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        layer, part = _plain(".".join(parts[:count])), ".".join(parts[count:])
        if layer in layers and ("." not in part or part in layers[layer].to_torch()):
            return layer, part
    return "", name


def _common_prefix(state: Iterable[str], layers: Mapping[str, Layer]) -> str:
    """What stands before every name, up to a dot, where no name is a layer's as it stands."""
    names = list(state)
    if not names or any(_split(name, layers)[0] for name in names):
        return ""
    head = names[0].partition(".")[0] + "."
    return head if all(name.startswith(head) for name in names) else ""


def _blobs(layer: Layer, tensors: Mapping[str, Tensor], complaints: list[str]) -> list[Tensor]:
    """The layer's blobs, in order; what does not fit is told."""
    tensors = {name: tensor for name, tensor in tensors.items() if name != "num_batches_tracked"}
    wanted = layer.to_torch()
    if missing := [name for name in wanted if name not in tensors]:
        complaints.append(f"layer `{layer.name}` ({layer.type_name}): has no {', '.join(f'`{m}`' for m in missing)}")
    if unknown := [name for name in tensors if name not in wanted]:
        complaints.append(f"layer `{layer.name}` ({layer.type_name}): has no use for {', '.join(f'`{u}`' for u in unknown)}")
    for name, tensor in tensors.items():
        if name in wanted and tensor.shape != wanted[name].shape:
            complaints.append(f"layer `{layer.name}` ({layer.type_name}): `{name}` has shape {tuple(tensor.shape)}, "
                              f"the net has {tuple(wanted[name].shape)}")
    if complaints:
        return []
    return layer.from_torch(tensors)
