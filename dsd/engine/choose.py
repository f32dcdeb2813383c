"""From a phase to masks: which layers can be pruned, how much of each in this phase, and the masks themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase

import torch
from torch import Tensor

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from dsd.masks import policies
from dsd.masks.magnitude import MaskError, global_masks, kept_count, magnitude_mask
from dsd.plan.phases import DsdPhase
from dsd.seeds import seed_of
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.errors import Problems, did_you_mean
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.layers.pruning import attach_masks, can_be_masked, pruned_by_default


def with_masks(net: NetDefinition, solver: SolverDefinition, phases: Sequence[DsdPhase]) -> NetDefinition:
    """The net with a Mask layer for everything the phases may prune.

    Without a word from the text that is every Convolution, Deconvolution, InnerProduct, LSTM and RNN weight except the
    first convolution, as in the paper. A ``layer { name }`` of a phase adds what it matches, ``exclude`` takes away.
    Layers that have a Mask in the text keep it. Raises `SpecError` for patterns that match nothing.
    """
    sparse = [phase for phase in phases if phase.sparse]
    if not sparse:
        return net
    possible = [layer.name for layer in net.layers if can_be_masked(layer)]
    _check_patterns(solver, [layer.name for layer in net.layers], possible)
    usual, has_mask = set(pruned_by_default(net)), _already_masked(net)
    wanted = [
        name for name in possible if name not in has_mask
        and any(p.names(name) or (name in usual and not p.excludes(name)) for p in sparse)
    ]
    return attach_masks(net, {name: None for name in wanted})


class Pruner:
    """Makes the masks of each phase of a run, from the weights as they are when it begins and, if its policy says so,
    again as it goes on.

    ``usual`` are the layers pruned without being named: the paper's choice, and those that the text gives a Mask.
    ``thresholds`` are {Mask layer: magnitude} of a phase under DYNAMIC, fixed on entry.
    """

    def __init__(self, net: Net, usual: set[str]):
        self.net = net
        self.usual = usual
        self.thresholds: dict[str, float] = {}

    def weight(self, mask: str) -> Tensor:
        """The parameter that a Mask layer covers."""
        layer, blob = self.net.masked[mask][0]
        return getattr(self.net.layers[layer], blob)

    def sparsities(self, phase: DsdPhase) -> dict[str, float]:
        """{Mask layer: sparsity} of what the phase prunes."""
        found = {}
        for mask, readers in self.net.masked.items():
            sparsity = layer_sparsity(phase, readers[0][0], self.net.masks[mask].sparsity, self.usual)
            if sparsity is not None:
                found[mask] = sparsity
        return found

    @torch.no_grad()
    def masks(self, phase: DsdPhase, seed: int = 0) -> dict[str, Tensor]:
        """{Mask layer: bool tensor, true = kept} as the phase begins, by its policy from the weights now.

        Scope GLOBAL puts one threshold over all layers that have no sparsity of their own.
        """
        sparsities = self.sparsities(phase)
        self.thresholds = {}
        found = {}
        if phase.keeps_masks:
            found = {key: mask.kept for key, mask in self.net.masks.items() if mask.kept is not None}
            sparsities = {key: s for key, s in sparsities.items() if key not in found}
        elif phase.scope == "GLOBAL":
            together, _ = self.ranked_together(phase)
            with self._naming(phase):
                found = global_masks({key: self.weight(key) for key in together}, phase.sparsity or 0.0)
        for key, sparsity in sparsities.items():
            if key not in found:
                with self._naming(phase, key):
                    found[key] = self._first_mask(phase, key, sparsity, seed)
        return found

    @torch.no_grad()
    def changes(
        self, phase: DsdPhase, iteration: int, masks: Mapping[str, Tensor], under: Mapping[str, Tensor], seed: int
    ) -> dict[str, Tensor]:
        """The masks that change at the beginning of an iteration, counted over the run; those of other layers stay.

        ``under`` is what pruned weights have learned to be under their masks.
        """
        policy, since = phase.policy, iteration - phase.start
        if not policy.looks_at(since):
            return {}
        found = {}
        for key, sparsity in self.sparsities(phase).items():
            if policy.name == "GRADUAL":
                sparsity = policies.ramp(sparsity, since, policy.end)
                with self._naming(phase, key):
                    found[key] = policies.gradual_mask(self.weight(key), masks[key], sparsity)
            elif _coin(seed, iteration, key) < policies.surgery_chance(since, policy.gamma, policy.power):
                dense = self.weight(key) + under[key]
                found[key] = policies.surgery_mask(dense, masks[key], self.thresholds[key])
        return found

    def counts(self, phase: DsdPhase, iteration: int) -> dict[str, int | None]:
        """{Mask layer: weights that the phase says are kept in an iteration of the run}; None where weights decide."""
        return {
            key: self._count(phase, iteration - phase.start, key, sparsity)
            for key, sparsity in self.sparsities(phase).items()
        }

    def ranked_together(self, phase: DsdPhase) -> tuple[list[str], int]:
        """The Mask layers under one threshold (scope GLOBAL), and how many of all their weights are kept."""
        if phase.scope != "GLOBAL":
            return [], 0
        keys = [key for key in self.sparsities(phase) if not self._has_own_sparsity(key, phase)]
        return keys, kept_count(sum(self.weight(key).numel() for key in keys), phase.sparsity or 0.0)

    def _count(self, phase: DsdPhase, since: int, key: str, sparsity: float) -> int | None:
        policy, shape, layer = phase.policy, self.weight(key).shape, self._layer(key)
        ranked_together = phase.scope == "GLOBAL" and not self._has_own_sparsity(key, phase)
        stays = phase.keeps_masks and self.net.masks[key].kept is not None
        if policy.name == "DYNAMIC" or ranked_together or stays:
            return None
        if policy.name == "N_OF_M":
            return policies.n_of_m_count(shape, layer, policy.n, policy.m)
        if policy.name == "CHANNEL":
            return policies.channel_count(shape, layer, sparsity)
        if policy.name == "GRADUAL":
            sparsity = policies.ramp(sparsity, policy.last_look(since), policy.end)
        return kept_count(shape.numel(), sparsity)

    def _first_mask(self, phase: DsdPhase, key: str, sparsity: float, seed: int) -> Tensor:
        policy, weight = phase.policy, self.weight(key)
        if policy.name == "GRADUAL":
            return magnitude_mask(weight, policies.ramp(sparsity, 0, policy.end))
        if policy.name == "N_OF_M":
            return policies.n_of_m_mask(weight, self._layer(key), policy.n, policy.m)
        if policy.name == "CHANNEL":
            return policies.channel_mask(weight, self._layer(key), sparsity, policy.order)
        if policy.name == "RANDOM":
            return policies.random_mask(weight, sparsity, seed_of(seed, "mask", phase.start, key))
        if policy.name == "DYNAMIC" and policy.c_rate is not None:
            self.thresholds[key] = policies.surgery_threshold(weight, policy.c_rate)
            return weight.abs() > self.thresholds[key]
        mask = magnitude_mask(weight, sparsity)
        if policy.name == "DYNAMIC":
            pruned = weight[~mask].abs()
            self.thresholds[key] = float(pruned.max()) if pruned.numel() else 0.0
        return mask

    @contextmanager
    def _naming(self, phase: DsdPhase, mask: str | None = None) -> Iterator[None]:
        """Whoever reads that weights cannot be ranked must know which, and why that comes to pass."""
        try:
            yield
        except MaskError as error:
            layer = f", layer `{self.net.masked[mask][0][0]}`" if mask else ""
            raise MaskError(f"phase `{phase.name}`{layer}: {error}; training has diverged") from None

    def _layer(self, mask: str) -> Layer:
        return self.net.layers[self.net.masked[mask][0][0]]

    def _has_own_sparsity(self, mask: str, phase: DsdPhase) -> bool:
        return self.net.masks[mask].sparsity is not None or phase.names(self.net.masked[mask][0][0])


def layer_sparsity(phase: DsdPhase, layer: str, own: float | None, usual: Collection[str]) -> float | None:
    """The sparsity that a phase gives a layer under a Mask whose text says ``own``; None keeps all of it.

    ``usual`` are the layers pruned without being named.
    """
    if phase.keeps_masks:
        return own
    return phase.sparsity_of(layer, own) if layer in usual or phase.names(layer) else None


def usual_layers(net: NetDefinition) -> set[str]:
    """Layers that a sparse phase prunes without naming them."""
    return set(pruned_by_default(net)) | _already_masked(net)


def _coin(seed: int, iteration: int, mask: str) -> float:
    """A number in [0, 1) that follows from its arguments alone."""
    return seed_of(seed, "surgery", iteration, mask) / 2**63


def _already_masked(net: NetDefinition) -> set[str]:
    mask_blobs = {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}
    return {layer.name for layer in net.layers if mask_blobs.intersection(layer.bottoms)}


def _check_patterns(solver: SolverDefinition, names: list[str], possible: list[str]) -> None:
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
