"""What masks did to weights, recorded at the beginning and the end of every phase for `dsd-report`.

A ``weights`` line holds, for each weight that a Mask covers, under its layer's name:

========== ==========================================================================================================
weights    in all
kept       by the mask in force; null without one
groups     {group: fields of `Histogram`}. Groups are ``all`` before anything was pruned, ``kept`` under a mask, and
           after a sparse phase ``old``, what its mask kept, and ``reborn``, what it pruned
threshold  the smallest magnitude that was kept when the mask in force, or else the last one, was made; null where
           no single threshold decided (policies other than FIXED and DYNAMIC)
overlap    with the mask of the last sparse phase before: fields of `Overlap`; null without one
drift      at the end only, since the beginning of the phase: fields of `Drift`, of ``kept``, ``old`` or else ``all``
regrown    at the end, after a sparse phase: fields of `Regrowth`
========== ==========================================================================================================

Some of these need weights or masks of an earlier moment. They are remembered in the CPU's memory, 5 bytes a masked
weight; a run that goes on from a snapshot reads them from the snapshots written when phases ended. What is not there
any more is null.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dsd.engine.audit import weight_name
from dsd.observers.metrics import JsonLines, read_lines
from dsd.observers.weight_statistics import drift, histogram, overlap, regrowth
from dsd.plan.settings import snapshot_prefix
from dsd.training.events import Observer
from dsd.training.snapshot import paths
from dsd.training.solverstate import read_state
from netdef.errors import FileError
from netdef.weights.formats import read_layers
from netdef.weights.mask_bits import unpack_mask

if TYPE_CHECKING:
    from dsd.plan.phases import DsdPhase
    from dsd.training.events import PhaseResult
    from dsd.training.trainer import Trainer

Tensors = dict[str, Tensor]
"""{Mask layer: tensor on the CPU}."""


class Record(Observer):
    """Writes ``weights`` lines through a `JsonLines` that is told of things before this one."""

    def __init__(self, lines: JsonLines):
        self.lines = lines
        self._before: Tensors = {}  # weights as the phase began
        self._last: Tensors = {}  # masks at the end of the last sparse phase before this one
        self._ended_with: Tensors = {}  # masks at the end of this one
        self._thresholds: dict[str, float] = {}
        self._told: set[tuple[str, int]] = set()  # phases that ended before a restart, with more known than now

    def started(self, trainer: Trainer) -> None:
        if not trainer.net.masked or not trainer.iteration:
            return
        self._remember(trainer)

    def phase_began(self, trainer: Trainer, phase: DsdPhase) -> None:
        if not trainer.net.masked:
            return
        weights, masks = _weights(trainer), _masks(trainer)
        self._last |= self._ended_with
        for key, kept in masks.items():
            self._thresholds.pop(key, None)
            if (threshold := _threshold(trainer, phase, key, weights[key], kept)) is not None:
                self._thresholds[key] = threshold
        self._write(trainer, phase, "begin", weights, masks)
        self._before = weights

    def phase_ended(self, trainer: Trainer, result: PhaseResult) -> None:
        if not trainer.net.masked:
            return
        masks = _masks(trainer)
        if (result.phase.name, trainer.iteration) not in self._told:
            self._write(trainer, result.phase, "end", _weights(trainer), masks)
        self._ended_with = masks

    def _write(self, trainer: Trainer, phase: DsdPhase, moment: str, weights: Tensors, masks: Tensors) -> None:
        layers = {
            weight_name(trainer.net, key): self._facts(key, weight, masks.get(key), moment == "end")
            for key, weight in weights.items()
        }
        self.lines.write("weights", iteration=trainer.iteration, phase=phase.name, moment=moment, layers=layers)

    def _facts(self, key: str, weight: Tensor, kept: Tensor | None, ended: bool) -> dict:
        last, before = self._last.get(key), self._before.get(key)
        survivors = last if kept is None else kept
        if kept is not None:
            groups = {"kept": weight[kept]}
        elif last is not None:
            groups = {"old": weight[last], "reborn": weight[~last]}
        else:
            groups = {"all": weight}
        threshold = self._thresholds.get(key)
        found = {
            "weights": weight.numel(),
            "kept": None if kept is None else int(kept.sum()),
            "groups": {name: asdict(histogram(values)) for name, values in groups.items()},
            "threshold": threshold,
            "overlap": asdict(overlap(last, kept)) if kept is not None and last is not None else None,
        }
        if ended:
            found["drift"] = asdict(drift(before, weight, survivors)) if before is not None else None
            found["regrown"] = asdict(regrowth(groups["reborn"], threshold)) if "reborn" in groups else None
        return found

    def _remember(self, trainer: Trainer) -> None:
        """Take up what went before: masks and weights from the snapshots of ended phases, thresholds from the lines."""
        current = trainer.phase_in_force
        earlier = trainer.phases[: trainer.phases.index(current)]
        self._last = {}
        for phase in earlier:
            if phase.sparse:
                self._last |= _stored_masks(trainer, phase.end)
        self._before = _stored_weights(trainer, current.start) if earlier else {}
        self._thresholds = {}
        names = {weight_name(trainer.net, key): key for key in trainer.net.masked}
        lines = _weights_lines(self.lines.path, trainer.iteration)
        self._told = {(event["phase"], event["iteration"]) for event in lines if event["moment"] == "end"}
        for event in (e for e in lines if e["moment"] == "begin" and e["iteration"] <= current.start):
            for layer, facts in event["layers"].items():
                if layer in names and facts.get("threshold") is not None:
                    self._thresholds[names[layer]] = facts["threshold"]


def _weights(trainer: Trainer) -> Tensors:
    """Copies, flat and on the CPU."""
    found = {key: trainer.mask_weight(key).detach() for key in trainer.net.masked}
    return {key: weight.to("cpu", torch.float32, copy=True).reshape(-1) for key, weight in found.items()}


def _masks(trainer: Trainer) -> Tensors:
    return {key: kept.to("cpu", copy=True).reshape(-1) for key, kept in trainer.masks.items()}


def _threshold(trainer: Trainer, phase: DsdPhase, key: str, weight: Tensor, kept: Tensor) -> float | None:
    if phase.policy.name == "DYNAMIC":
        return trainer.keeper.pruner.thresholds.get(key)
    if phase.policy.name != "FIXED" or phase.keeps_masks or not bool(kept.any()) or bool(kept.all()):
        return None
    return float(weight[kept].abs().min())


def _at(trainer: Trainer, iteration: int) -> tuple[Path, Path]:
    """Where the snapshot of an iteration is, if there is one."""
    stem = f"{snapshot_prefix(trainer.spec)}_iter_{iteration}"
    now = f"{snapshot_prefix(trainer.spec)}_iter_{trainer.iteration}"
    return tuple(Path(str(path).replace(now, stem)) for path in paths(trainer))


def _stored_masks(trainer: Trainer, iteration: int) -> Tensors:
    found = {}
    try:
        state = read_state(_at(trainer, iteration)[1])
        for mask in state.dsd.mask if state.dsd is not None and state.iteration == iteration else ():
            if mask.layer in trainer.net.masked and tuple(mask.shape.dim) == trainer.mask_weight(mask.layer).shape:
                found[mask.layer] = unpack_mask(mask.shape.dim, mask.bits).reshape(-1)
    except (FileError, ValueError):
        return {}
    return found


def _stored_weights(trainer: Trainer, iteration: int) -> Tensors:
    """Weights as a phase began: those that it pruned or let grow are not told apart here, and are not asked for."""
    path, found = _at(trainer, iteration)[0], {}
    try:
        with read_layers(path) as layers:
            stored = {layer.name: layer.blobs for layer in layers}
            for key in trainer.net.masked:
                layer, weight = trainer.net.masked[key][0][0], trainer.mask_weight(key)
                blob = stored.get(layer, {}).get(trainer.net.masks[key].blob_index)
                if blob is not None and blob.fits(tuple(weight.shape)):
                    values = torch.empty(weight.shape, dtype=torch.float32)
                    blob.read(values)
                    found[key] = values.reshape(-1)
    except FileError:
        return {}
    return found


def _weights_lines(path: Path, iteration: int) -> list[dict]:
    """What was recorded up to an iteration, as far as it can be read."""
    try:
        events, _ = read_lines(path)
    except FileError:
        return []
    return [event for event in events if event["event"] == "weights" and event["iteration"] <= iteration]
