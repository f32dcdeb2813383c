"""Masks of a net: made from the zeros in its weights or from a mask file, added as Mask layers, and removed."""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch
from torch import Tensor

from netdef.convert.edits.rebuild import rebuilt
from netdef.definition.definitions import NetDefinition
from netdef.definition.masks import strip_masks
from netdef.errors import FileError, NetdefError, did_you_mean
from netdef.graph.net import Net
from netdef.graph.pruning import attach_masks, pruned_by_default

_PRUNED = 0.01
"""The share of exact zeros from which a weight counts as pruned. Trained weights are hardly ever exactly zero."""


def zero_shares(net: Net) -> dict[tuple[str, int], float]:
    """{(layer, blob): share of exact zeros} of every blob that a Mask can cover."""
    return {
        (key, layer.blob_names.index(name)): 1 - int(layer.blob(name).count_nonzero()) / layer.blob(name).numel()
        for key, layer in net.layers.items() for name in layer.maskable if getattr(layer, name, None) is not None
    }  # fmt: skip


def masks_of_zeros(net: Net) -> dict[tuple[str, int], Tensor]:
    """{(layer, blob): kept} of the pruned weights: true where a weight is not zero. Raises `NetdefError` if none is."""
    found = {
        (key, index): net.params[key][index].detach() != 0
        for (key, index), share in zero_shares(net).items() if share >= _PRUNED
    }  # fmt: skip
    if not found:
        raise NetdefError(f"no weight has {_PRUNED:.0%} of zeros or more: there are no masks to make of them")
    return found


def masks_in_text(net: Net, path: str | os.PathLike[str]) -> dict[tuple[str, int], Tensor]:
    """{(layer, blob 0): kept} of a mask file in micronet's format: lines of ``<layer> <count> <count times 0 or 1>``.

    Raises `FileError` naming the line for a file in another format, or of another net.
    """
    found: dict[tuple[str, int], Tensor] = {}
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if words := line.split():
                    found[words[0], 0] = _mask_of_line(net, words, f"{os.fspath(path)}:{number}")
    except UnicodeDecodeError:
        raise FileError(f"{os.fspath(path)}: is no text; a mask file has a line for each layer: name count 0 1 1 ...") from None
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: cannot be read: {error.strerror}") from error
    if not found:
        raise FileError(f"{os.fspath(path)}: is empty; a mask file has a line for each layer: name count 0 1 1 ...")
    return found


def _mask_of_line(net: Net, words: list[str], place: str) -> Tensor:
    name, count, *bits = words[0], words[1] if len(words) > 1 else "", *words[2:]
    if name not in net.params:
        raise FileError(f"{place}: the net has no weights of a layer `{name}`{did_you_mean(name, net.params)}")
    weight = net.params[name][0]
    if not count.isdecimal() or int(count) != weight.numel() or len(bits) != weight.numel():
        raise FileError(f"{place}: layer `{name}` has {weight.numel()} weights; the line says {count or 'nothing'} "
                        f"and has {len(bits)}")
    if other := next((bit for bit in bits if bit not in ("0", "1")), None):
        raise FileError(f"{place}: `{other}` is neither 0 nor 1")
    return torch.tensor([bit == "1" for bit in bits]).reshape(weight.shape)


@torch.no_grad()
def with_masks(net: Net, kept: Mapping[tuple[str, int], Tensor]) -> Net:
    """The net with a Mask layer for each of these weights; pruned weights are set to zero.

    A Mask layer that covers the weight already takes the mask. Raises `NetdefError` for a blob that no Mask can cover.
    """
    own = {(layer, net.layers[layer].blob_names.index(name)): mask
           for mask, readers in net.masked.items() for layer, name in readers}
    spec = net.spec
    missing: dict[int, dict[str, None]] = {}  # {index of a blob: layers}
    for layer, blob in kept:
        if net.layers[layer].blob_names[blob] not in net.layers[layer].maskable:
            raise NetdefError(f"layer `{layer}` ({net.layers[layer].type_name}): no mask can cover its blob {blob}")
        if (layer, blob) not in own:
            missing.setdefault(blob, {})[layer] = None
    for blob, layers in missing.items():
        spec = attach_masks(spec, layers, [blob])
    made = net if spec is net.spec else rebuilt(net, spec)
    for mask, readers in made.masked.items():
        for layer, name in readers:
            index = made.layers[layer].blob_names.index(name)
            if (layer, index) in kept:
                made.masks[mask].set(kept[layer, index])
                made.params[layer][index].masked_fill_(~kept[layer, index], 0)
    return made


def add_default_masks(spec: NetDefinition, sparsity: float | None) -> NetDefinition:
    """The net with a Mask for each weight that the paper prunes: all but the first convolution's."""
    return attach_masks(spec, dict.fromkeys(pruned_by_default(spec), sparsity))


@torch.no_grad()
def without_masks(net: Net) -> Net:
    """The net without its Mask layers; pruned weights are set to zero."""
    for mask, readers in net.masked.items():
        kept = net.masks[mask].kept
        if kept is not None:
            for layer, name in readers:
                getattr(net.layers[layer], name).masked_fill_(~kept, 0)
    return rebuilt(net, strip_masks(net.spec))
