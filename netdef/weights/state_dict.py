"""A net's blobs as a state dict of torch, under the names and in the layouts of torch's modules, and back.

``conv1.weight`` and ``conv1.bias`` are as in ``nn.Conv2d``; a BatchNorm's statistics become ``running_mean`` and
``running_var``; the weight of an InnerProduct with ``transpose`` is transposed as in ``nn.Linear``. Other blobs keep
their layer's names for them. See `Layer.to_torch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.weights.stored_layers import as_array


@torch.no_grad()
def state_dict(net: Net) -> dict[str, Tensor]:
    """{``<layer>.<name>``: tensor}, float32 on the CPU, masks applied; shares the net's memory where that is possible.

    A blob that several layers share is listed for each of them.
    """
    return {f"{key}.{name}": torch.from_numpy(as_array(value))
            for key, layer in net.layers.items() for name, value in layer.to_torch().items()}


@torch.no_grad()
def load_state_dict(net: Net, state: Mapping[str, Tensor]) -> tuple[list[str], list[str]]:
    """Copy tensors into the layers of the same names; return the names left over and the layers left as they were.

    A layer's name may have ``_`` for ``.``, ``/`` and other signs, as in a module written by `dsd-convert`. A prefix that
    all names share (``module.``, ``net.``) is ignored. Raises `NetdefError` with everything that does not fit, before
    anything is copied.
    """
    filled, left = arranged(net, state)
    layers = net.layers
    for key, blobs in filled.items():
        for mine, theirs in zip(layers[key].blobs, blobs):
            mine.copy_(theirs)
    return left, [layer.name for key, layer in layers.items() if layer.blob_names and key not in filled]


def arranged(net: Net, state: Mapping[str, Tensor]) -> tuple[dict[str, list[Tensor]], list[str]]:
    """{layer: its blobs in order and in the net's shapes}, and the names left over. Raises as `load_state_dict`."""
    layers = {_plain(key): layer for key, layer in net.layers.items() if layer.blob_names}
    keys = {_plain(key): key for key in net.layers}
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
    filled = {keys[plain]: _blobs(layers[plain], tensors, complaints) for plain, tensors in found.items()}
    if complaints:
        raise NetdefError("\n".join(complaints))
    return filled, left


def without_pruning(state: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """A state dict without the names of ``torch.nn.utils.prune``, and its masks by the names of their weights.

    ``conv1.weight_orig`` and ``conv1.weight_mask`` are the weight ``conv1.weight`` before it is masked, and its mask.
    """
    weights = [name.removesuffix("_orig") for name in state if name.endswith("_orig")]
    masks = {name: state[f"{name}_mask"] for name in weights if f"{name}_mask" in state}
    ours = {f"{name}_orig": name for name in masks}
    theirs = {f"{name}_mask" for name in masks}
    return {ours.get(name, name): tensor for name, tensor in state.items() if name not in theirs}, masks


def _plain(name: str) -> str:
    """The name with ``_`` for all signs."""
    return "".join(c if c.isalnum() else "_" for c in name)


def _split(name: str, layers: Mapping[str, Layer]) -> tuple[str, str]:
    """The plain name of a tensor's layer, and the tensor's name in it; "" for no layer of the net.

    The layer's name ends at the last dot, or earlier where the layer has names with dots.
    """
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        layer, part = _plain(".".join(parts[:count])), ".".join(parts[count:])
        if layer in layers and ("." not in part or part in layers[layer].to_torch()):
            return layer, part
    return "", name


def _common_prefix(state: Iterable[str], layers: Mapping[str, Layer]) -> str:
    """The prefix, up to the first dot, that all names share; "" if any name is a layer's without it."""
    names = list(state)
    if not names or any(_split(name, layers)[0] for name in names):
        return ""
    head = names[0].partition(".")[0] + "."
    return head if all(name.startswith(head) for name in names) else ""


def _blobs(layer: Layer, tensors: Mapping[str, Tensor], complaints: list[str]) -> list[Tensor]:
    """The layer's blobs, in order; append complaints about tensors that do not fit."""
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
