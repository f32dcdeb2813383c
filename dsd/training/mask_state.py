"""Masks in a snapshot's solver state: bits, values under the masks, thresholds."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from dsd.masks.mask import WeightMask
from dsd.training.run import Run
from dsd.training.solverstate import State
from netdef.errors import FileError
from netdef.schema.blobs import blob_shape, from_array, to_array
from netdef.schema.messages import BlobShape, MaskState
from netdef.weights.mask_bits import pack_mask, unpack_mask
from netdef.weights.stored_layers import as_array


def mask_messages(run: Run) -> list[MaskState]:
    """The masks in force as messages of a solver state."""
    masks = run.keeper.in_force
    return [_message(key, masks[key], layer.blob_index) for key, layer in run.net.masks.items() if key in masks]


def read_masks(run: Run, index: int, path: Path, state: State) -> dict[str, WeightMask]:
    """Read the masks of a state that was written in the phase ``index``. Masks are never inferred from zeros in weights.

    Raises `FileError` if a mask does not fit the net, or one that the phase needs is missing.
    """
    phase = run.phases[index]
    if state.dsd is None:
        if phase.sparse:
            raise FileError(
                f"{path}: holds no masks, but iteration {state.iteration} lies in the sparse phase `{phase.name}`; "
                "start from its weights with --weights, or resume from a dense phase")
        return {}
    masks = {message.layer: _mask(run, path, message) for message in state.dsd.mask}
    wanted = () if phase.keeps_masks else run.keeper.pruner.sparsities(phase)
    if missing := [key for key in wanted if key not in masks]:
        raise FileError(f"{path}: holds no mask `{missing[0]}`, but phase {index + 1} prunes what it covers; "
                        "was it written with other phases?")
    for key, mask in masks.items() if run.keeper.keeps_under(index) else ():
        if mask.under is None or (phase.policy.remembers_threshold and mask.threshold is None):
            raise FileError(
                f"{path}: does not hold the values under mask `{key}`, which the phase's `mask_policy` or the next phase's "
                "`regrow: SAVED` needs; was it written with other phases?")
    return masks


def _message(key: str, mask: WeightMask, blob: int) -> MaskState:
    message = MaskState(
        layer=key, blob=blob, shape=BlobShape(dim=mask.kept.shape), bits=pack_mask(mask.kept), threshold=mask.threshold)
    if mask.under is not None:
        message.under.CopyFrom(from_array(as_array(mask.under)))
    return message


def _mask(run: Run, path: Path, message: MaskState) -> WeightMask:
    """Read one mask and check it against its weight."""
    if message.layer not in run.keeper.weights:
        raise FileError(f"{path}: has a mask `{message.layer}`, and no phase prunes that weight now; give the phase "
                        "in progress its old text until it ends, or start from the weights with --weights")
    weight = run.mask_weight(message.layer)
    shape = tuple(message.shape.dim)
    try:
        kept = unpack_mask(shape, message.bits).to(run.device)
    except ValueError as error:
        raise FileError(f"{path}: mask `{message.layer}`: {error}") from None
    if shape != tuple(weight.shape):
        raise FileError(f"{path}: mask `{message.layer}` has shape {shape}, its weight {tuple(weight.shape)}")
    under = _under(path, message, weight) if message.HasField("under") else None
    return WeightMask(kept, under, message.threshold if message.HasField("threshold") else None)


def _under(path: Path, message: MaskState, weight: Tensor) -> Tensor:
    shape = blob_shape(message.under)
    if shape != tuple(weight.shape):
        raise FileError(
            f"{path}: the values under mask `{message.layer}` have shape {shape}, its weight {tuple(weight.shape)}")
    return torch.empty_like(weight, requires_grad=False).copy_(torch.from_numpy(to_array(message.under)))
