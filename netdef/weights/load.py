"""A file of weights into a net, by layer name and blob index."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from netdef.errors import FileError, NetdefError
from netdef.weights.formats import format_to_read
from netdef.weights.mask_blobs import mask_blobs, mask_layer, read_mask
from netdef.weights.mask_zeros import masks_of_zeros
from netdef.weights.state_dict import load_state_dict, read_state_dict
from netdef.weights.stored import Params, Shape, StoredBlob, StoredLayer, StoredMask, Weighted, blame, memory_of


@dataclass(frozen=True)
class Reshaped:
    """A blob whose shape the file has in four dimensions, as all files had before 2014."""

    layer: str
    index: int
    in_file: Shape
    in_net: Shape


@dataclass(frozen=True)
class LoadReport:
    """What became of a file's layers. Only layers with weights are told of, by name and in order."""

    path: str
    used: tuple[str, ...]
    only_in_file: tuple[str, ...]
    only_in_net: tuple[str, ...]
    masks: tuple[str, ...]
    reshaped: tuple[Reshaped, ...]
    zeroed: tuple[str, ...] = ()
    from_zeros: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.path}: weights of {len(self.used)} layer{'s' if len(self.used) != 1 else ''} used"]
        for what, names in (
            ("only in the file, not used", self.only_in_file),
            ("only in the net, left as they were", self.only_in_net),
            ("masks", self.masks),
            ("masks made of zeros", self.from_zeros),
            ("masks of forks, written into the weights as zeros", self.zeroed),
            ("stored in four dimensions, as before 2014", tuple(dict.fromkeys(blob.layer for blob in self.reshaped))),
        ):
            if names:
                lines.append(f"  {what}: {', '.join(f'`{name}`' for name in names)}")
        return "\n".join(lines)


def load_weights(net: Weighted, path: str | os.PathLike[str]) -> LoadReport:
    """Copy the blobs and masks of a file into the layers of the same names, in place.

    Layers that only one side has are reported and left alone. Where both have a layer, number and shapes of its blobs
    must agree: all that do not are raised together as a `FileError`, before anything is copied. Masks that forks keep
    as further blobs of a layer go into the net's Mask layers or, as zeros, into its weights; a Mask that says so, and is
    not in the file, prunes what the file has as zeros. Parameters stay on their devices and keep their memory layouts; a
    shared blob may be with one of its layers only. A state dict of torch (``.pt``, or ``.safetensors`` with such names)
    goes in by the names that `netdef.weights.state_dict` has.
    """
    name, params = os.fspath(path), net.params
    if (state := read_state_dict(path)) is not None:
        return _load_named(net, name, state)
    with format_to_read(path).read(path) as layers:
        stored = _by_name(layers)
        found = {(layer, index): read_mask(mask) for layer, index, mask in mask_blobs(params, stored)}
        complaints = [*_misfits(params, stored), *_mask_misfits(net, stored)]
        complaints += [f"layer `{layer}`: the mask of its blob {index} {kept}"
                       for (layer, index), kept in found.items() if isinstance(kept, str)]
        if complaints:
            lines = [f"{name}: does not fit the net", *(f"  {complaint}" for complaint in complaints)]
            hint = "To learn a layer from scratch rather than copy it from the file, give it another name in the net."
            raise FileError("\n".join([*lines, hint]))
        with blame(path, ValueError):
            masks = {layer: mask.kept() for layer, mask in _masks(net, stored)}
        for layer, blobs in params.items():
            if layer in stored:
                for index, source in stored[layer].blobs.items():
                    _copy(source, blobs[index])
    zeroed = []
    for (layer, index), kept in found.items():
        blob = params[layer][index].detach()
        kept = kept.to(blob.device).reshape(blob.shape)
        if mask := mask_layer(net, layer, index):
            masks[mask] = None if kept.all() else kept
        else:
            blob.masked_fill_(~kept, 0)
            zeroed.append(layer)
    device = next((blob.device for blobs in params.values() for blob in blobs), "cpu")
    for layer, kept in masks.items():
        net.masks[layer].set(None if kept is None else kept.to(device))
    report = replace(_report(name, net, stored), masks=tuple(masks), zeroed=tuple(dict.fromkeys(zeroed)))
    return _with_masks_of_zeros(net, report)


def _with_masks_of_zeros(net: Weighted, report: LoadReport) -> LoadReport:
    of_zeros = dict(masks_of_zeros(net, report.used, report.masks))
    for layer, kept in of_zeros.items():
        net.masks[layer].set(kept)
    return replace(report, from_zeros=tuple(of_zeros))


def _load_named(net: Weighted, name: str, state: Mapping[str, Tensor]) -> LoadReport:
    try:
        left, untouched = load_state_dict(net, state)
    except NetdefError as error:
        raise FileError(f"{name}: does not fit the net\n" + "\n".join(f"  {line}" for line in str(error).splitlines())) from None
    used = tuple(key for key, blobs in net.params.items() if blobs and key not in untouched)
    return _with_masks_of_zeros(net, LoadReport(name, used, tuple(left), tuple(untouched), (), ()))


def _by_name(layers: Iterable[StoredLayer]) -> dict[str, StoredLayer]:
    """One layer a name. Caffe copies namesakes one after the other, so the last one's blobs are what remains."""
    merged: dict[str, StoredLayer] = {}
    for layer in layers:
        one = merged.setdefault(layer.name, layer)
        one.blobs = layer.blobs or one.blobs
        one.mask = layer.mask or one.mask
    return merged


def _own_blobs(params: Params) -> dict[str, set[int]]:
    """Of each layer the indices of the blobs that no layer before it has."""
    seen: set[int] = set()
    own: dict[str, set[int]] = {}
    for layer, blobs in params.items():
        own[layer] = {index for index, blob in enumerate(blobs) if memory_of(blob) not in seen}
        seen.update(map(memory_of, blobs))
    return own


def _misfits(params: Params, stored: dict[str, StoredLayer]) -> Iterator[str]:
    for layer, own in _own_blobs(params).items():
        if layer not in stored:
            continue
        found, blobs = stored[layer].blobs, params[layer]
        if not own <= set(found) <= set(range(len(blobs))):
            yield f"layer `{layer}`: the file has {_blobs(len(found))}, the net {len(blobs)}"
            continue
        for index, blob in found.items():
            shape = tuple(blobs[index].shape)
            if not blob.fits(shape):
                yield f"layer `{layer}`, blob {index}: the file has shape {blob.shape}, the net {shape}"


def _masks(net: Weighted, stored: dict[str, StoredLayer]) -> Iterator[tuple[str, StoredMask]]:
    return ((layer, stored[layer].mask) for layer in net.masks if layer in stored and stored[layer].mask)


def _mask_misfits(net: Weighted, stored: dict[str, StoredLayer]) -> Iterator[str]:
    for layer, mask in _masks(net, stored):
        if mask.shape not in (None, net.masks[layer].shape):
            yield f"layer `{layer}`: the file has a mask of shape {mask.shape}, the net {net.masks[layer].shape}"


def _blobs(count: int) -> str:
    return f"{count} blob{'s' if count != 1 else ''}"


def _copy(source: StoredBlob, blob: Tensor) -> None:
    """Read straight into the blob's memory where that holds the values as a file does, through a copy elsewhere."""
    target = blob.detach()
    if target.device.type == "cpu" and target.dtype == torch.float32 and target.is_contiguous():
        source.read(target)
    else:
        values = torch.empty(target.shape, dtype=torch.float32, device="cpu")
        source.read(values)
        target.copy_(values)


def _report(path: str, net: Weighted, stored: dict[str, StoredLayer]) -> LoadReport:
    params = net.params
    masks = tuple(layer for layer, _ in _masks(net, stored))
    used = tuple(layer for layer, found in stored.items() if found.blobs and layer in params)
    return LoadReport(
        path=path,
        used=used,
        only_in_file=tuple(
            layer for layer, found in stored.items()
            if (found.blobs and layer not in used) or (found.mask and layer not in masks)
        ),
        only_in_net=tuple(layer for layer, own in _own_blobs(params).items() if own and layer not in stored),
        masks=masks,
        reshaped=tuple(
            Reshaped(layer, index, blob.shape, tuple(params[layer][index].shape))
            for layer in used
            for index, blob in stored[layer].blobs.items()
            if blob.shape != tuple(params[layer][index].shape)
        ),
    )  # fmt: skip
