"""Load a weight file into a net, by layer name and blob index."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.errors import FileError, NetdefError
from netdef.graph.net import Net
from netdef.weights.batch_norm_blobs import arrange_batch_norms, scale_bias_hint
from netdef.weights.formats import format_to_read
from netdef.weights.load_report import LoadReport, Reshaped
from netdef.weights.mask_blobs import mask_blobs, mask_layer, read_mask
from netdef.weights.mask_zeros import masks_of_zeros
from netdef.weights.plane_means import spread_plane_means
from netdef.weights.postfix_names import spread_by_postfix
from netdef.weights.state_dict import arranged, load_state_dict, without_pruning
from netdef.weights.stored_layers import Params, StoredBlob, StoredLayer, StoredMask, blame, memory_of


class NothingLoadedWarning(UserWarning):
    """The warning of a file of which no layer is in the net."""


def load_weights(net: Net, path: str | os.PathLike[str]) -> LoadReport:
    """Copy the blobs and masks of a file into the layers of the same names, in place.

    Layers that only the net or only the file has are reported and left alone. Where both have a layer, the number and
    shapes of its blobs must agree: all that do not are raised together as a `FileError`, before anything is copied. A
    shared blob may be with one of its layers only. Parameters stay on their devices and keep their memory layouts.

    Masks that forks store as further blobs of a layer, and those of ``torch.nn.utils.prune``, go into the net's Mask layers
    or, as zeros, into its weights. A Mask layer with ``zeros`` set, and without a mask in the file, prunes the weights that
    are zero in the file. A state dict of torch (``.pt``, or a ``.safetensors`` with such names) is loaded by name, see
    `netdef.weights.state_dict`.
    """
    name = os.fspath(path)
    with format_to_read(path).read(path) as stored:
        report = _load_by_index(net, name, stored) if isinstance(stored, list) else _load_by_name(net, name, stored)
    of_zeros = dict(masks_of_zeros(net, report.used, report.masks))
    for layer, kept in of_zeros.items():
        net.masks[layer].set(kept)
    if report.only_in_file and report.only_in_net and not report.used and not report.masks:
        warnings.warn(f"{name}: no layer of it is in the net, so nothing was loaded; it has {first_names(report.only_in_file)}, "
                      f"the net {first_names(report.only_in_net)}", NothingLoadedWarning, stacklevel=2)
    return replace(report, from_zeros=tuple(of_zeros))


class Differences(NamedTuple):
    """The differences between the layers of a file and those of a net; masks do not count as layers.

    ``misfits`` are the complaints that `load_weights` would raise.
    """

    only_in_file: tuple[str, ...]
    only_in_net: tuple[str, ...]
    misfits: list[str]


def compare_weights(net: Net, path: str | os.PathLike[str]) -> Differences:
    """Compare the layers of a file with those of a net; nothing is copied.

    Raises `FileError` for a file that cannot be read, or that names tensors as torch does.
    """
    name = os.fspath(path)
    with format_to_read(path).read(path) as layers, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not isinstance(layers, list):
            raise FileError(f"{name}: is a state dict of torch; a file with Caffe's layers is wanted")
        fit = _fit(net, layers)
    only_in_file = tuple(layer for layer, found in fit.stored.items() if found.blobs and layer not in net.params)
    return Differences(only_in_file, _report(name, net, fit.stored).only_in_net, fit.complaints)


def first_names(names: Sequence[str]) -> str:
    """```a`, `b`, `c` and 4 more``."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"`{name}`" for name in names[:3]) + more


def _load_by_name(net: Net, name: str, state: Mapping[str, Tensor]) -> LoadReport:
    plain, pruned = without_pruning(state)
    try:
        masks, _ = arranged(net, {key: pruned.get(key, torch.ones_like(tensor)) for key, tensor in plain.items()})
        left, untouched = load_state_dict(net, plain)
    except NetdefError as error:
        complaints = "\n".join(f"  {line}" for line in str(error).splitlines())
        raise FileError(f"{name}: does not fit the net\n{complaints}") from None
    used = tuple(key for key, blobs in net.params.items() if blobs and key not in untouched)
    extra = {(layer, index): kept.bool() for layer, blobs in masks.items() if pruned
             for index, kept in enumerate(blobs) if not kept.bool().all()}
    under = {mask for layer, index in extra if (mask := mask_layer(net, layer, index))}
    zeroed = _set_masks(net, {}, extra)
    return LoadReport(name, used, tuple(left), tuple(untouched), tuple(under), (), zeroed=zeroed)


class _Fit(NamedTuple):
    """The layers of a file in the order of the net's blobs, masks that forks store as further blobs, and what does not fit.

    ``statistics`` are those of `LoadReport`.
    """

    stored: dict[str, StoredLayer]
    extra: dict[tuple[str, int], Tensor]
    statistics: tuple[str, ...]
    complaints: list[str]


def _fit(net: Net, layers: Iterable[StoredLayer]) -> _Fit:
    params, stored = net.params, _by_name(layers)
    statistics = arrange_batch_norms(net, stored)
    spread_plane_means(net, stored)
    spread_by_postfix(net, stored)
    complaints: list[str] = []
    extra: dict[tuple[str, int], Tensor] = {}
    for layer, index, blob in mask_blobs(params, stored):
        kept = read_mask(blob)
        if isinstance(kept, str):
            complaints.append(f"layer `{layer}`: the mask of its blob {index} {kept}")
        else:
            extra[layer, index] = kept
    return _Fit(stored, extra, statistics, [*_misfits(params, stored), *_mask_misfits(net, stored), *complaints])


def _load_by_index(net: Net, name: str, layers: Iterable[StoredLayer]) -> LoadReport:
    params = net.params
    stored, extra, statistics, complaints = _fit(net, layers)
    if complaints:
        lines = [f"{name}: does not fit the net", *(f"  {complaint}" for complaint in complaints)]
        hint = "To learn a layer from scratch rather than copy it from the file, give it another name in the net."
        raise FileError("\n".join([*lines, hint]))
    with blame(name, ValueError):
        masks = {layer: mask.kept() for layer, mask in _masks(net, stored)}
    for layer, blobs in params.items():
        if layer in stored:
            for index, source in stored[layer].blobs.items():
                _copy(source, blobs[index])
    zeroed = _set_masks(net, masks, extra)
    return replace(_report(name, net, stored), masks=tuple(masks), zeroed=zeroed, statistics=statistics)


def _set_masks(net: Net, masks: dict[str, Tensor | None], extra: Mapping[tuple[str, int], Tensor]) -> tuple[str, ...]:
    """Set the masks of Mask layers; add to them those that forks store, or write their zeros into the weights.

    Returns the layers with such zeros.
    """
    params = net.params
    zeroed = []
    for (layer, index), found in extra.items():
        blob = params[layer][index].detach()
        kept = found.to(blob.device).reshape(blob.shape)
        if mask := mask_layer(net, layer, index):
            masks[mask] = None if kept.all() else kept
        else:
            blob.masked_fill_(~kept, 0)
            zeroed.append(layer)
    device = next((blob.device for blobs in params.values() for blob in blobs), "cpu")
    for layer, kept_or_all in masks.items():
        net.masks[layer].set(None if kept_or_all is None else kept_or_all.to(device))
    return tuple(dict.fromkeys(zeroed))


def _by_name(layers: Iterable[StoredLayer]) -> dict[str, StoredLayer]:
    """The layers by name. Caffe copies layers of one name in turn, so the last one with blobs counts."""
    merged: dict[str, StoredLayer] = {}
    for layer in layers:
        known = merged.setdefault(layer.name, layer)
        known.blobs = layer.blobs or known.blobs
        known.mask = layer.mask or known.mask
    return merged


def _own_blobs(params: Params) -> dict[str, set[int]]:
    """The indices of each layer's blobs that no layer before it shares."""
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
            yield f"layer `{layer}`: the file has {_blobs(len(found))}, the net {len(blobs)}{scale_bias_hint(found, blobs)}"
            continue
        for index, blob in found.items():
            shape = tuple(blobs[index].shape)
            if not blob.fits(shape) and not blob.fits_reshaped(shape):
                yield f"layer `{layer}`, blob {index}: the file has shape {blob.shape}, the net {shape}"


def _masks(net: Net, stored: dict[str, StoredLayer]) -> Iterator[tuple[str, StoredMask]]:
    return ((layer, mask) for layer in net.masks if layer in stored and (mask := stored[layer].mask))


def _mask_misfits(net: Net, stored: dict[str, StoredLayer]) -> Iterator[str]:
    for layer, mask in _masks(net, stored):
        if mask.shape not in (None, net.masks[layer].shape):
            yield f"layer `{layer}`: the file has a mask of shape {mask.shape}, the net {net.masks[layer].shape}"


def _blobs(count: int) -> str:
    return f"{count} blob{'s' if count != 1 else ''}"


def _copy(source: StoredBlob, blob: Tensor) -> None:
    """Read into the blob's memory directly if its values are laid out as in a file, else through a copy."""
    target = blob.detach()
    if target.device.type == "cpu" and target.dtype == torch.float32 and target.is_contiguous():
        source.read(target)
    else:
        values = torch.empty(target.shape, dtype=torch.float32, device="cpu")
        source.read(values)
        target.copy_(values)


def _report(path: str, net: Net, stored: dict[str, StoredLayer]) -> LoadReport:
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
            Reshaped(layer, index, blob.shape, tuple(params[layer][index].shape), blob.fits(tuple(params[layer][index].shape)))
            for layer in used
            for index, blob in stored[layer].blobs.items()
            if blob.shape != tuple(params[layer][index].shape)
        ),
    )  # fmt: skip
