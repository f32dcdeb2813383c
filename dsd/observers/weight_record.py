"""Record what masks did to weights, at the beginning and the end of every phase, for `dsd-report`.

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

Some of these need earlier weights or masks. They are kept in CPU memory, 5 bytes for each masked weight; a resumed run
reads them from its snapshots at the ends of phases. What is missing is null.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from dsd.engine.phase import Phase
from dsd.engine.state import MaskedRun
from dsd.observers.metrics import JsonLines
from dsd.observers.metrics_lines import read_lines
from dsd.observers.run_history import RunHistory
from dsd.observers.weight_statistics import drift, histogram, overlap, regrowth
from dsd.training.events import Observer, PhaseResult
from dsd.training.run import Run
from dsd.training.snapshot import paths
from dsd.training.solverstate import State, read_state
from netdef.errors import FileError
from netdef.weights.formats import read_layers
from netdef.weights.mask_bits import unpack_mask

Tensors = dict[str, Tensor]
"""{Mask layer: tensor on the CPU}."""


class WeightRecord(Observer):
    """Write ``weights`` lines through a `JsonLines`, which must come before it among the observers."""

    def __init__(self, lines: JsonLines):
        self.lines = lines
        self._before: Tensors = {}  # weights as the phase began
        self._last: Tensors = {}  # masks at the end of the last sparse phase before this one
        self._ended_with: Tensors = {}  # masks at the end of this one
        self._thresholds: dict[str, float] = {}
        self._recorded: set[tuple[str, int]] = set()  # (phase, iteration) of "end" lines of an earlier start

    def started(self, run: Run) -> None:
        if not run.net.masked or not run.iteration:
            return
        self._remember(run)

    def phase_began(self, run: MaskedRun, phase: Phase) -> None:
        if not run.keeper.weights:
            return
        weights, masks = _weights(run), _masks(run)
        self._last |= self._ended_with
        for key, kept in masks.items():
            self._thresholds.pop(key, None)
            if (threshold := _threshold(run, phase, key, weights[key], kept)) is not None:
                self._thresholds[key] = threshold
        self._write(run, phase, "begin", weights, masks)
        self._before = weights

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        self.record_end(run, result.phase)

    def record_end(self, run: MaskedRun, phase: Phase) -> None:
        """Write the line of the end of a phase, with its masks in force."""
        if not run.keeper.weights:
            return
        masks = _masks(run)
        if (phase.name, run.iteration) not in self._recorded:
            self._write(run, phase, "end", _weights(run), masks)
        self._ended_with = masks

    def _write(self, run: MaskedRun, phase: Phase, moment: str, weights: Tensors, masks: Tensors) -> None:
        layers = {
            run.keeper.weights[key].label: self._facts(key, weight, masks.get(key), moment == "end")
            for key, weight in weights.items()
        }
        self.lines.write("weights", iteration=run.iteration, phase=phase.name, moment=moment, layers=layers)

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

    def _remember(self, run: Run) -> None:
        """Restore masks and weights from the snapshots of ended phases, and thresholds from the lines."""
        current = run.phase_in_force
        earlier = run.phases[: run.phases.index(current)]
        history = RunHistory(self.lines.path)
        states = {phase.end: state for phase in earlier if (state := _state(run, history, phase.end)) is not None}
        self._last = {}
        for phase in earlier:
            if phase.sparse and phase.end in states:
                self._last |= _stored_masks(run, states[phase.end])
        self._before = _stored_weights(run, current.start) if current.start in states else {}
        self._thresholds = {}
        names = {weight.label: key for key, weight in run.keeper.weights.items()}
        lines = _weights_lines(self.lines.path, run.iteration)
        self._recorded = {(event["phase"], event["iteration"]) for event in lines if event["moment"] == "end"}
        for event in (e for e in lines if e["moment"] == "begin" and e["iteration"] <= current.start):
            for layer, facts in event["layers"].items():
                if layer in names and facts.get("threshold") is not None:
                    self._thresholds[names[layer]] = facts["threshold"]


def _weights(run: MaskedRun) -> Tensors:
    """Flat copies of the masked weights on the CPU."""
    found = {key: weight.tensor.detach() for key, weight in run.keeper.weights.items()}
    return {key: weight.to("cpu", torch.float32, copy=True).reshape(-1) for key, weight in found.items()}


def _masks(run: MaskedRun) -> Tensors:
    return {key: kept.to("cpu", copy=True).reshape(-1) for key, kept in run.masks.items()}


def _threshold(run: MaskedRun, phase: Phase, key: str, weight: Tensor, kept: Tensor) -> float | None:
    if phase.policy.remembers_threshold:
        return run.keeper.in_force[key].threshold
    if not phase.policy.splits_by_magnitude or phase.keeps_masks or not bool(kept.any()) or bool(kept.all()):
        return None
    return float(weight[kept].abs().min())


def _state(run: Run, history: RunHistory, iteration: int) -> State | None:
    """The state of an iteration, if it is there and of these runs."""
    try:
        state = read_state(paths(run, iteration)[1])
    except FileError:
        return None
    return state if state.iteration == iteration and history.owns(state.run, iteration) else None


def _stored_masks(run: Run, state: State) -> Tensors:
    found = {}
    try:
        for mask in state.dsd.mask if state.dsd is not None else ():
            if mask.layer in run.net.masked and tuple(mask.shape.dim) == run.mask_weight(mask.layer).shape:
                found[mask.layer] = unpack_mask(mask.shape.dim, mask.bits).reshape(-1)
    except ValueError:
        return {}
    return found


def _stored_weights(run: Run, iteration: int) -> Tensors:
    """The weights with which a phase began, as far as its snapshot has them."""
    path, found = paths(run, iteration)[0], {}
    try:
        with read_layers(path) as layers:
            stored = {layer.name: layer.blobs for layer in layers}
            for key in run.net.masked:
                layer, weight = run.keeper.weights[key].layer, run.mask_weight(key)
                blob = stored.get(layer, {}).get(run.net.masks[key].blob_index)
                if blob is not None and blob.fits(tuple(weight.shape)):
                    values = torch.empty(weight.shape, dtype=torch.float32)
                    blob.read(values)
                    found[key] = values.reshape(-1)
    except FileError:
        return {}
    return found


def _weights_lines(path: Path, iteration: int) -> list[dict]:
    """The ``weights`` lines up to an iteration, as far as they can be read."""
    try:
        events, _ = read_lines(path)
    except FileError:
        return []
    return [event for event in events if event["event"] == "weights" and event["iteration"] <= iteration]
