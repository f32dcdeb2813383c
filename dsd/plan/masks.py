"""Attach Mask layers to a net's text, and name the weights that a net's Mask layers cover, for the engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase

from torch import Tensor

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401  (the types)
from dsd.engine.phase import Phase
from dsd.masks.mask import NamedWeight
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.definition.masks import mask_blobs
from netdef.errors import Problems, did_you_mean
from netdef.graph.net import Net
from netdef.graph.pruning import attach_masks, can_be_masked, pruned_by_default, shared_with
from netdef.layers.core.fillers import Fill


def with_masks(net: NetDefinition, solver: SolverDefinition, phases: Sequence[Phase]) -> NetDefinition:
    """The net with a Mask layer for every weight that a phase may prune.

    By default these are the weights of Convolution, Deconvolution, InnerProduct, LSTM and RNN layers except the first
    convolution, as in the paper, and except frozen weights. A ``layer { name }`` of a phase adds layers, ``exclude``
    removes layers. A weight that layers share goes by the name of the first of them. Layers that have a Mask in the text
    keep it. Raises `SpecError` for patterns that match nothing.
    """
    sparse = [phase for phase in phases if phase.sparse]
    if not sparse:
        return net
    borrowers = shared_with(net)
    possible = [layer.name for layer in net.layers if can_be_masked(layer) and layer.name not in borrowers]
    _check_patterns(solver, [layer.name for layer in net.layers], possible, borrowers)
    usual, has_mask = set(pruned_by_default(net)), already_masked(net)
    wanted = [
        name for name in possible if name not in has_mask
        and any(p.names(name) or (name in usual and not p.excludes(name)) for p in sparse)
    ]
    return attach_masks(net, {name: None for name in wanted})


def usual_layers(net: NetDefinition) -> set[str]:
    """The layers that sparse phases prune by default: the paper's choice, and those with a Mask in the text."""
    return set(pruned_by_default(net)) | already_masked(net)


def named_weights(net: Net, usual: Collection[str] = ()) -> list[NamedWeight]:
    """The weights that Mask layers of a net cover; ``usual`` are the layers pruned by default."""
    found = []
    for key, readers in net.masked.items():
        name, blob = readers[0]
        layer = net.layers[name]
        tensor = getattr(layer, blob)
        found.append(NamedWeight(
            key, name, name if blob == "weight" else f"{name}.{blob}", tensor, layer.channel_layout(blob).by_channel,
            net.masks[key].sparsity, name in usual, tensor.requires_grad, _fill_of(net, tensor)))
    return found


def net_masks(net: Net) -> dict[str, Tensor]:
    """{Mask layer: kept} of a net; masks that keep everything are not listed."""
    return {key: mask.kept for key, mask in net.masks.items() if mask.kept is not None}


def set_masks(net: Net, masks: Mapping[str, Tensor]) -> None:
    """Set the masks of a net's Mask layers; those not listed keep everything."""
    for key, mask in net.masks.items():
        mask.set(masks.get(key))


def _fill_of(net: Net, weight: Tensor) -> Fill | None:
    """The filler of a weight; the owner of a shared weight has it."""
    return next(
        (fill for layer in net.layers.values() for name, fill in layer.fills.items() if getattr(layer, name) is weight),
        None)


def already_masked(net: NetDefinition) -> set[str]:
    """The layers that have a Mask in the text."""
    masks = mask_blobs(net)
    return {layer.name for layer in net.layers if masks.intersection(layer.bottoms)}


def _check_patterns(
    solver: SolverDefinition, names: list[str], possible: list[str], borrowers: Mapping[str, str]
) -> None:
    """Raise `SpecError` for patterns that match no layer, or only layers without weights of their own."""
    problems = Problems()
    owners = [name for name in names if name not in borrowers]
    for index, phase in enumerate(solver.message.dsd_phase):
        stated: list[tuple[str, tuple[str | int, ...], list[str]]] = [
            (layer.name, ("layer", i, "name"), possible) for i, layer in enumerate(phase.layer)]
        stated += [(pattern, ("exclude", i), owners) for i, pattern in enumerate(phase.exclude)]
        for pattern, path, candidates in stated:
            if not any(fnmatchcase(name, pattern) for name in candidates):
                owner = next((borrowers[name] for name in borrowers if fnmatchcase(name, pattern)), None)
                unweighted = any(fnmatchcase(name, pattern) for name in names)
                why = "has no weights that a mask can cover" if unweighted else "is not in the net"
                message = (f"layer `{pattern}` {why}{did_you_mean(pattern, candidates)}" if owner is None else
                           f"layer `{pattern}` shares the weights of `{owner}`; name that layer")
                problems.add(message, solver.span("dsd_phase", index, *path))
    problems.raise_any()
