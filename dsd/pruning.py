"""From a phase to masks: which layers can be pruned, how much of each in this phase, and the masks themselves."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import torch
from torch import Tensor

import netdef.data.catalogue  # noqa: F401  (what can be masked is asked of the layers' classes)
import netdef.layers.catalogue  # noqa: F401
from dsd.masks import global_masks, magnitude_mask
from dsd.phases import DsdPhase
from netdef.errors import Problems, did_you_mean
from netdef.graph.net import Net
from netdef.layers.base import Layer, layer_class
from netdef.spec.masks import attach_masks, maskable
from netdef.spec.spec import LayerSpec, NetSpec, SolverSpec


def with_masks(net: NetSpec, solver: SolverSpec, phases: Sequence[DsdPhase]) -> NetSpec:
    """The net with a Mask layer for everything the phases may prune.

    Without a word from the text that is every Convolution, Deconvolution, InnerProduct, LSTM and RNN weight except the
    first convolution, as in the paper. A ``layer { name }`` of a phase adds what it matches, ``exclude`` takes away.
    Layers that have a Mask in the text keep it. Raises `SpecError` for patterns that match nothing.
    """
    sparse = [phase for phase in phases if phase.sparse]
    if not sparse:
        return net
    possible = [layer.name for layer in net.layers if _can_be_masked(layer)]
    _check_patterns(solver, [layer.name for layer in net.layers], possible)
    usual, has_mask = set(maskable(net)), _already_masked(net)
    wanted = [
        name for name in possible if name not in has_mask
        and any(p.names(name) or (name in usual and not p.excludes(name)) for p in sparse)
    ]
    return attach_masks(net, {name: None for name in wanted})


class Pruner:
    """Makes the masks of each phase of a run from the weights as they are when it begins.

    ``usual`` are the layers pruned without being named: the paper's choice, and those that the text gives a Mask.
    """

    def __init__(self, net: Net, usual: set[str]):
        self.net = net
        self.usual = usual

    def weight(self, mask: str) -> Tensor:
        """The parameter that a Mask layer covers."""
        layer, blob = self.net.masked[mask][0]
        return getattr(self.net.layers[layer], blob)

    def sparsities(self, phase: DsdPhase) -> dict[str, float]:
        """{Mask layer: sparsity} of what the phase prunes."""
        found = {}
        for mask, readers in self.net.masked.items():
            layer = readers[0][0]
            if phase.keeps_masks:
                sparsity = self.net.masks[mask].sparsity
            elif layer in self.usual or phase.names(layer):
                sparsity = phase.sparsity_of(layer, self.net.masks[mask].sparsity)
            else:
                sparsity = None
            if sparsity is not None:
                found[mask] = sparsity
        return found

    @torch.no_grad()
    def masks(self, phase: DsdPhase) -> dict[str, Tensor]:
        """{Mask layer: bool tensor, true = kept} for the phase, from the weights' magnitudes now.

        Scope GLOBAL puts one threshold over all layers that have no sparsity of their own.
        """
        sparsities = self.sparsities(phase)
        found = {}
        if phase.keeps_masks:
            found = {key: mask.kept for key, mask in self.net.masks.items() if mask.kept is not None}
            sparsities = {key: s for key, s in sparsities.items() if key not in found}
        elif phase.scope == "GLOBAL":
            together = [key for key in sparsities if not self._has_own_sparsity(key, phase)]
            found = global_masks({key: self.weight(key) for key in together}, phase.sparsity or 0.0)
        for key, sparsity in sparsities.items():
            if key not in found:
                found[key] = magnitude_mask(self.weight(key), sparsity)
        return found

    def _has_own_sparsity(self, mask: str, phase: DsdPhase) -> bool:
        return self.net.masks[mask].sparsity is not None or phase.names(self.net.masked[mask][0][0])


def usual_layers(net: NetSpec) -> set[str]:
    """Layers that a sparse phase prunes without naming them."""
    return set(maskable(net)) | _already_masked(net)


def _can_be_masked(spec: LayerSpec) -> bool:
    cls = layer_class(spec)
    return issubclass(cls, Layer) and bool(cls.maskable)


def _already_masked(net: NetSpec) -> set[str]:
    mask_blobs = {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}
    return {layer.name for layer in net.layers if mask_blobs.intersection(layer.bottoms)}


def _check_patterns(solver: SolverSpec, names: list[str], possible: list[str]) -> None:
    """A pattern that matches nothing is a typing mistake; one that matches only unweighted layers is another."""
    problems = Problems()
    for index, phase in enumerate(solver.message.dsd_phase):
        stated = [(layer.name, ("layer", i, "name"), possible) for i, layer in enumerate(phase.layer)]
        stated += [(pattern, ("exclude", i), names) for i, pattern in enumerate(phase.exclude)]
        for pattern, path, candidates in stated:
            if not any(fnmatchcase(name, pattern) for name in candidates):
                unweighted = any(fnmatchcase(name, pattern) for name in names)
                why = "has no weights that a mask can cover" if unweighted else "is not in the net"
                problems.add(f"layer `{pattern}` {why}{did_you_mean(pattern, candidates)}",
                             solver.span("dsd_phase", index, *path))
    problems.raise_any()
