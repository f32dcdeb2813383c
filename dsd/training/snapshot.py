"""Write snapshots: weights and solver state of a run, bit by bit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from dsd.plan.settings import snapshot_prefix
from dsd.training.changes import settings_of
from dsd.training.mask_state import mask_messages
from dsd.training.run import Run
from dsd.training.solverstate import State, write_state
from netdef.errors import FileError
from netdef.schema.blobs import from_array
from netdef.schema.messages import CarriedState, DsdState, EndedPhase, SolverParameter
from netdef.weights import caffemodel, hdf5
from netdef.weights.stored_layers import BlobDiff, WrittenLayer, as_array, layers_to_write, memory_of

_STATE = re.compile(r"_iter_(\d+)\.solverstate(\.h5)?")


def paths(run: Run, iteration: int | None = None) -> tuple[Path, Path]:
    """The files of the snapshot of an iteration, by default the current one, named as in Caffe."""
    stem = f"{snapshot_prefix(run.spec)}_iter_{run.iteration if iteration is None else iteration}"
    ending = ".h5" if run.settings.snapshot_format == SolverParameter.HDF5 else ""
    return Path(f"{stem}.caffemodel{ending}"), Path(f"{stem}.solverstate{ending}")


def states(run: Run) -> list[Path]:
    """The state files under a run's prefix, the newest iteration first."""
    prefix = Path(snapshot_prefix(run.spec))
    there = prefix.parent.iterdir() if prefix.parent.is_dir() else ()
    found = {
        path: int(match[1]) for path in there
        if path.name.startswith(prefix.name) and (match := _STATE.fullmatch(path.name[len(prefix.name) :]))}
    return sorted(found, key=lambda path: (found[path], path.name), reverse=True)


def iteration_of(state: Path) -> int:
    """The iteration in the name of a state file."""
    match = _STATE.search(state.name)
    assert match is not None  # as `paths` made it
    return int(match[1])


def write(run: Run, weights: Path, state: Path) -> None:
    """Write both files, the state last, so that a state always has its weights. All ranks call it; the first writes."""
    if (contents := contents_of(run, weights, state)) is not None:
        contents.write()


@dataclass(frozen=True)
class Contents:
    """The contents of a snapshot's files. ``diff`` gives the last update of a blob, if the solver has it saved."""

    weights: Path
    net: str
    layers: list[WrittenLayer]
    diff: BlobDiff | None
    state_file: Path
    state: State

    def write(self) -> None:
        """Write both files, the state last. Raises `FileError`."""
        try:
            self.weights.parent.mkdir(parents=True, exist_ok=True)  # for runs without a lock: `Trainer.step`
        except OSError as error:
            raise FileError(f"{self.weights.parent}: cannot be made: {error.strerror}") from None
        writer = hdf5.write if self.weights.suffix == ".h5" else caffemodel.write
        writer(self.weights, self.net, self.layers, self.diff)
        write_state(self.state_file, self.state)


def contents_of(run: Run, weights: Path, state: Path, copied: bool = False) -> Contents | None:
    """The contents of a snapshot taken now, on the first rank; None on others. All ranks call it.

    ``copied`` gives it memory of its own, which training does not change; ``diff`` is that of the run's last step.
    """
    carried = run.world.gather(_carried(run)) if any(layer.carried for layer in run.net.layers.values()) else []
    if run.world.rank != 0:
        return None
    phase, plateau = run.phase_in_force, None
    if phase.rates.policy == "plateau":
        plateau = replace(run.plateau)
    layers, tensors = layers_to_write(run.net), run.solver.history([entry.tensor for entry in run.net.learnable])
    if copied:
        layers, tensors = _copies(layers), [_copy(tensor) for tensor in tensors]
    found = State(
        run.iteration,
        str(weights),
        [tensor.cpu().contiguous().numpy() for tensor in tensors],
        phase.rates.current_step(max(run.iteration - phase.start - 1, 0)) if plateau is None else plateau.steps,
        _dsd_state(run, [CarriedState.FromString(one) for rank in carried for one in rank]),
        plateau,
    )
    diff = partial(_last_update, run) if run.settings.snapshot_diff else None
    return Contents(weights, run.net.name, layers, diff, state, found)


def _copies(layers: list[WrittenLayer]) -> list[WrittenLayer]:
    """Layers with copies of their blobs; of a shared blob one."""
    blobs = {memory_of(blob): blob for _, blobs in layers for blob in blobs}
    copies = {memory: _copy(blob) for memory, blob in blobs.items()}
    return [(message, [copies[memory_of(blob)].view(blob.shape) for blob in blobs]) for message, blobs in layers]


def _copy(tensor: Tensor) -> Tensor:
    """A copy in row-major order in the memory of the CPU."""
    return tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)


def _dsd_state(run: Run, carried: list[CarriedState]) -> DsdState:
    scale, steps = run.loss_scale.state if run.loss_scale.on else (None, None)
    return DsdState(
        phase_index=run.phases.index(run.phase_in_force),
        mask=mask_messages(run),
        seed=run.seed,
        run=run.id,
        solver=settings_of(run),
        batch_size=[run.net.feeds[i].batch_size for i in range(len(run.net.feeds))],
        ranks=run.world.size,
        precision=run.precision.name,
        loss_scale=scale,
        loss_scale_steps=steps,
        feed_position=[p for net in (run.net, *run.test_nets) for p in net.feeds.positions],
        losses=run.recent_losses,
        ended=[EndedPhase(phase_index=index, iterations=length) for index, length in run.ended_lengths.items()],
        convergence=run.early_end.watch.message() if run.phase_in_force.until else None,
        carried=carried,
    )


def _carried(run: Run) -> list[bytes]:
    """The state that recurrent layers of this rank carry from batch to batch, as messages."""
    return [
        CarriedState(layer=key, name=name, value=from_array(as_array(getattr(layer, name))), rank=run.world.rank)
        .SerializeToString() for key, layer in run.net.layers.items() for name in layer.carried]


def _last_update(run: Run, blob: Tensor) -> Tensor:
    """The last update of a blob, which Caffe has in the blob's ``diff`` after a step; zeros if it is not learned."""
    for entry in run.net.learnable:
        if entry.tensor.requires_grad and memory_of(entry.tensor) == memory_of(blob):
            return run.solver.last_update(entry.tensor).reshape(blob.shape)
    return torch.zeros_like(blob, requires_grad=False)
