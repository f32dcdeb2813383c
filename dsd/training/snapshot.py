"""Snapshots: weights and solver state of a `Trainer`, written whole, restored to the bit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from dsd.plan.settings import snapshot_prefix
from dsd.training.solverstate import State, read_state, write_state
from netdef.errors import FileError, NetdefError
from netdef.schema.blobs import blob_shape, from_array, to_array
from netdef.schema.messages import BlobShape, CarriedState, DsdState, MaskState, SolverParameter
from netdef.weights.load import load_weights
from netdef.weights.mask_bits import pack_mask, unpack_mask
from netdef.weights.save import save_weights
from netdef.weights.stored import as_array

if TYPE_CHECKING:
    from dsd.training.trainer import Trainer


def paths(trainer: Trainer) -> tuple[Path, Path]:
    """Where the next snapshot goes: Caffe's names."""
    stem = f"{snapshot_prefix(trainer.spec)}_iter_{trainer.iteration}"
    ending = ".h5" if trainer.settings.snapshot_format == SolverParameter.HDF5 else ""
    return Path(f"{stem}.caffemodel{ending}"), Path(f"{stem}.solverstate{ending}")


def write(trainer: Trainer, weights: Path, state: Path) -> None:
    """Write both files, the state last: a state on the disk has its weights beside it."""
    weights.parent.mkdir(parents=True, exist_ok=True)
    save_weights(trainer.net, weights)
    phase = trainer.phase_in_force
    tensors = trainer.solver.history([entry.tensor for entry in trainer.net.learnable])
    write_state(state, State(
        trainer.iteration,
        str(weights),
        [tensor.cpu().contiguous().numpy() for tensor in tensors],
        phase.rates.current_step(max(trainer.iteration - phase.start - 1, 0)),
        _dsd_state(trainer),
    ))


def restore(trainer: Trainer, path: Path) -> None:
    """Put a trainer where a state file says it was. Raises `FileError` when the files do not fit its net or phases."""
    try:
        _restore(trainer, path, read_state(path))
    except FileError:
        raise
    except NetdefError as error:
        raise FileError(f"{path}: {error}") from None


def _restore(trainer: Trainer, path: Path, state: State) -> None:
    if state.iteration > trainer.max_iter:
        raise FileError(f"{path}: is of iteration {state.iteration}, the solver ends at {trainer.max_iter}")
    weights = _find_weights(path, state.learned_net)
    index, masks = _phase_and_masks(trainer, path, state)
    solver = trainer.solver
    under, thresholds = _under_masks(trainer, path, state)
    known = under.keys() & thresholds.keys() if trainer.phases[index].policy.name == "DYNAMIC" else under.keys()
    if missing := trainer.keeper.keeps_under(index) and [key for key in masks if key not in known]:
        raise FileError(
            f"{path}: does not hold what lies under mask `{missing[0]}`, which `mask_policy: DYNAMIC` and `regrow: "
            "SAVED` need; was it written with other phases?")
    parameters = [entry.tensor for entry in trainer.net.learnable]
    shapes = [tuple(parameter.shape) for _ in solver.slots for parameter in parameters]
    fitted = [_fit(array, shape) for array, shape in zip(state.history, shapes)]
    solver.load_history(parameters, [torch.from_numpy(array) for array in fitted + state.history[len(shapes) :]])
    load_weights(trainer.net, weights)
    solver.iteration = state.iteration
    solver.fresh_since = max((p.start for p in trainer.phases[1 : index + 1] if p.solver_state == "RESET"), default=0)
    trainer.keeper.restore(trainer.phases[index], masks, under, thresholds)
    if state.dsd is not None:
        _restore_carried(trainer, path, state.dsd)
    trainer.resume_at(state.iteration, index, state.dsd)


def _dsd_state(trainer: Trainer) -> DsdState:
    positions = [p for net in (trainer.net, *trainer.test_nets) for p in net.feeds.positions]
    return DsdState(
        phase_index=trainer.phases.index(trainer.phase_in_force),
        mask=[_mask_state(trainer, key, kept) for key, kept in trainer.masks.items()],
        seed=trainer.seed,
        feed_position=positions,
        losses=trainer.recent_losses,
        carried=[
            CarriedState(layer=key, name=name, value=from_array(as_array(getattr(layer, name))))
            for key, layer in trainer.net.layers.items() for name in layer.carried
        ],
    )


def _restore_carried(trainer: Trainer, path: Path, saved: DsdState) -> None:
    """What recurrent layers hand on from batch to batch."""
    for carried in saved.carried:
        layer = trainer.net.layers.get(carried.layer)
        if layer is None or carried.name not in layer.carried:
            raise FileError(f"{path}: layer `{carried.layer}` hands on `{carried.name}`; the net has no such layer")
        value = to_array(carried.value)
        steps, _, *sizes = getattr(layer, carried.name).shape  # the second axis is the batch, which may differ
        if value.ndim < 2 or [value.shape[0], *value.shape[2:]] != [steps, *sizes]:
            raise FileError(f"{path}: layer `{carried.layer}` hands on `{carried.name}` of shape {value.shape}; "
                            f"the net's is ({steps}, batch, {', '.join(map(str, sizes))})")
        setattr(layer, carried.name, torch.from_numpy(value).to(trainer.device))


def _mask_state(trainer: Trainer, key: str, kept: torch.Tensor) -> MaskState:
    message = MaskState(
        layer=key, blob=trainer.net.masks[key].blob_index, shape=BlobShape(dim=kept.shape), bits=pack_mask(kept),
        threshold=trainer.keeper.pruner.thresholds.get(key))
    if key in trainer.keeper.under:
        message.under.CopyFrom(from_array(as_array(trainer.keeper.under[key])))
    return message


def _under_masks(trainer: Trainer, path: Path, state: State) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
    """What lies under the masks and the thresholds of DYNAMIC, by Mask layer; its masks fit the net already."""
    under, thresholds = {}, {}
    for mask in state.dsd.mask if state.dsd is not None else ():
        if mask.HasField("threshold"):
            thresholds[mask.layer] = mask.threshold
        if mask.HasField("under"):
            weight = trainer.mask_weight(mask.layer)
            shape, values = blob_shape(mask.under), torch.empty_like(weight, requires_grad=False)
            if shape != tuple(weight.shape):
                raise FileError(
                    f"{path}: what lies under mask `{mask.layer}` has shape {shape}, its weight {tuple(weight.shape)}")
            under[mask.layer] = values.copy_(torch.from_numpy(to_array(mask.under)))
    return under, thresholds


def _phase_and_masks(trainer: Trainer, path: Path, state: State) -> tuple[int, dict[str, torch.Tensor]]:
    """The phase the state was in and its masks. A mask is never inferred from zeros in the weights."""
    if state.dsd is None:
        index = trainer.index_at(max(state.iteration - 1, 0))
        phase = trainer.phases[index]
        if phase.sparse:
            raise FileError(
                f"{path}: holds no masks, but iteration {state.iteration} lies in the sparse phase `{phase.name}`; "
                "start from its weights with --weights, or resume from a dense phase")
        return index, {}
    index = state.dsd.phase_index
    if not 0 <= index < len(trainer.phases):
        raise FileError(f"{path}: is of phase {index + 1}, the solver has {len(trainer.phases)}")
    phase = trainer.phases[index]
    if state.iteration < phase.start:
        raise FileError(f"{path}: is of iteration {state.iteration} in phase {index + 1}, which begins at {phase.start}")
    if not all(0 <= position < 2**62 for position in state.dsd.feed_position):
        raise FileError(f"{path}: holds a place in the data that there cannot be")
    masks = {}
    for mask in state.dsd.mask:
        if mask.layer not in trainer.net.masks:
            raise FileError(f"{path}: has a mask `{mask.layer}`, the net has none of that name")
        wanted = trainer.net.masks[mask.layer].shape
        try:
            masks[mask.layer] = unpack_mask(mask.shape.dim, mask.bits).to(trainer.device)
        except ValueError as error:
            raise FileError(f"{path}: mask `{mask.layer}`: {error}") from None
        if tuple(mask.shape.dim) != wanted:
            raise FileError(f"{path}: mask `{mask.layer}` has shape {tuple(mask.shape.dim)}, its weight {wanted}")
    if missing := [key for key in trainer.keeper.pruner.sparsities(phase) if key not in masks and not phase.keeps_masks]:
        raise FileError(f"{path}: holds no mask `{missing[0]}`, but phase {index + 1} prunes what it covers; "
                        "was it written with other phases?")
    return index, masks


def _fit(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A history in its parameter's shape, where the file is of before 2014 and has it in four dimensions."""
    return array.reshape(shape) if array.shape == (1,) * (4 - len(shape)) + shape else array


def _find_weights(state: Path, learned_net: str) -> Path:
    """The state names its weights from the directory the run was started in; they lie beside it as a rule."""
    tried = [Path(learned_net), state.parent / Path(learned_net).name]
    for path in tried:
        if learned_net and os.path.isfile(path):  # False for a name too long, or with a NUL
            return path
    raise FileError(f"{state}: its weights `{learned_net}` are neither {tried[0]} nor {tried[1]}")
