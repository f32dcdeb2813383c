"""Restore a run from a snapshot, bit by bit; check the files of one."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from dsd.masks.mask import WeightMask
from dsd.solver.choices import StateRule
from dsd.solver.plateau import Plateau
from dsd.training.changes import reconcile
from dsd.training.convergence import ConvergenceWatch
from dsd.training.early_end import EarlyEnd
from dsd.training.mask_state import read_masks
from dsd.training.run import Run
from dsd.training.same_net import check_net, in_shape
from dsd.training.solverstate import State, read_state
from netdef.errors import FileError, NetdefError, SpecError
from netdef.schema.blobs import to_array
from netdef.schema.messages import DsdState
from netdef.weights.formats import read_layers
from netdef.weights.load import load_weights
from netdef.weights.stored_layers import blame


def check_weights(path: Path, state: State) -> None:
    """Read all weights that a state names. Raises `FileError` if they are missing or damaged."""
    weights = find_weights(path, state.learned_net)
    with read_layers(weights) as layers, blame(weights, ValueError, OSError, RuntimeError):
        for layer in layers:
            for blob in layer.blobs.values():
                blob.read(torch.empty(blob.shape, dtype=torch.float32))
            if layer.mask is not None:
                layer.mask.kept()


def find_weights(state: Path, learned_net: str) -> Path:
    """Find the weights that a state names, from the working directory or beside the state."""
    tried = list(dict.fromkeys([Path(learned_net), state.parent / Path(learned_net).name]))
    for path in tried:
        if learned_net and os.path.isfile(path):  # False for a name too long, or with a NUL
            return path
    raise FileError(f"{state}: its weights are missing: there is no {' and no '.join(map(str, tried))}")


def restore(run: Run, path: Path) -> None:
    """Restore a run from a state file and its weights. Raises `FileError` if they do not fit its net or phases."""
    try:
        _restore(run, path, read_state(path))
    except FileError:
        raise
    except SpecError as error:
        raise FileError(f"{path}: does not go on with this solver\n{error}") from None
    except NetdefError as error:
        raise FileError(f"{path}: {error}") from None


def _restore(run: Run, path: Path, state: State) -> None:
    weights = find_weights(path, state.learned_net)
    check_net(run, path, state, weights)
    run.set_ended(_ended(run, path, state))
    run.early_end = EarlyEnd()
    if state.iteration > run.max_iter:
        raise FileError(f"{path}: is of iteration {state.iteration}, the solver ends at {run.max_iter}")
    index = _phase_of(run, path, state)
    if state.dsd is not None:
        reconcile(run, state.dsd, state.iteration)
    masks = read_masks(run, index, path, state)
    _check_counts(run, index, path, state, masks)
    load_weights(run.net, weights)
    _load_histories(run, state)
    run.solver.iteration = state.iteration
    resets = [p.start for p in run.phases[1 : index + 1] if p.solver_state is StateRule.RESET]
    run.solver.fresh_since = max(resets, default=0)
    run.keeper.restore(run.phases[index], masks)
    run.iteration, run.begun = state.iteration, index
    run.resumed = state.run
    run.plateau = state.plateau or Plateau(state.iteration, state.current_step if state.dsd is None else 0)
    if state.dsd is not None:
        run.early_end.watch = ConvergenceWatch.of(state.dsd.convergence)
        _restore_carried(run, path, state.dsd)
        _restore_randomness(run, state.dsd)
        if run.loss_scale.on and state.dsd.HasField("loss_scale"):
            run.loss_scale.state = state.dsd.loss_scale, state.dsd.loss_scale_steps
        run.losses.extend(torch.tensor(x, device=run.device) for x in state.dsd.losses)


def _ended(run: Run, path: Path, state: State) -> dict[int, int]:
    """{index: iterations} of the phases that ended early before the state was written."""
    ended = {} if state.dsd is None else {phase.phase_index: phase.iterations for phase in state.dsd.ended}
    for index, length in ended.items():
        if not (0 <= index < len(run.phases) and length > 0):
            raise FileError(
                f"{path}: says that phase {index + 1} ended after {length} iterations, which this solver does not have")
    return ended


def _phase_of(run: Run, path: Path, state: State) -> int:
    """The index of the phase that the state was written in."""
    if state.dsd is None:
        return run.index_at(max(state.iteration - 1, 0))
    index = state.dsd.phase_index
    if not 0 <= index < len(run.phases):
        raise FileError(f"{path}: is of phase {index + 1}, the solver has {len(run.phases)}")
    start = run.phases[index].start
    if state.iteration < start:
        raise FileError(f"{path}: is of iteration {state.iteration} in phase {index + 1}, which begins at {start}")
    if not all(0 <= position < 2**62 for position in state.dsd.feed_position):
        raise FileError(f"{path}: holds an impossible position in the data")
    return index


def _check_counts(run: Run, index: int, path: Path, state: State, masks: dict[str, WeightMask]) -> None:
    """Refuse masks that keep another number of weights than the phase in progress does, as in the net's `mask_param`."""
    phase = run.phases[index]
    if phase.keeps_masks:
        return
    counts = run.keeper.pruner.counts(phase, max(state.iteration - 1, phase.start))
    for key, mask in masks.items():
        kept, wanted = int(mask.kept.sum()), counts.get(key)
        if key not in counts or wanted not in (None, kept):
            says = "prunes nothing of" if key not in counts else f"keeps {wanted:,} of"
            raise FileError(f"{path}: mask `{key}` keeps {kept:,} of {mask.kept.numel():,} weights, but phase {index + 1} {says} "
                            "them by the text of solver and net; give these their old sparsities until the phase ends")


def _load_histories(run: Run, state: State) -> None:
    parameters = [entry.tensor for entry in run.net.learnable]
    shapes = [tuple(parameter.shape) for _ in run.solver.slots for parameter in parameters]
    fitted = [in_shape(array, shape) for array, shape in zip(state.history, shapes)]
    run.solver.load_history(parameters, [torch.from_numpy(array) for array in fitted + state.history[len(shapes) :]])


def _restore_randomness(run: Run, saved: DsdState) -> None:
    """Restore the seed, and the positions of the data layers if there are as many."""
    run.seed = saved.seed
    run.configure_feeds()
    feeds = [net.feeds for net in (run.net, *run.test_nets)]
    positions = list(saved.feed_position)
    if len(positions) == sum(len(f) for f in feeds):
        for f in feeds:
            f.seek(positions[: len(f)])
            del positions[: len(f)]


def _restore_carried(run: Run, path: Path, saved: DsdState) -> None:
    """Restore the state that recurrent layers carry from batch to batch; it is zero for a rank that the snapshot lacks."""
    run.net.reset_state()
    for carried in (state for state in saved.carried if state.rank == run.world.rank):
        layer = run.net.layers.get(carried.layer)
        if layer is None or carried.name not in layer.carried:
            raise FileError(
                f"{path}: layer `{carried.layer}` carries `{carried.name}` in the snapshot; the net has no such layer")
        value = to_array(carried.value)
        steps, _, *sizes = getattr(layer, carried.name).shape  # the second axis is the batch, which may differ
        if value.ndim < 2 or [value.shape[0], *value.shape[2:]] != [steps, *sizes]:
            raise FileError(f"{path}: layer `{carried.layer}` carries `{carried.name}` of shape {value.shape}; "
                            f"the net's is ({steps}, batch, {', '.join(map(str, sizes))})")
        setattr(layer, carried.name, torch.from_numpy(value).to(run.device))
