"""Refuse a snapshot of another net."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dsd.training.run import Run
from dsd.training.solverstate import State
from netdef.errors import FileError
from netdef.graph.net import Net
from netdef.weights.load import compare_weights, first_names

_MOST_SHOWN = 6  # blobs that do not fit


def check_net(run: Run, path: Path, state: State, weights: Path) -> None:
    """Raise `FileError` with what differs if the layers of a snapshot, or their shapes, are not those of the run's net.

    A state of the original program may lack layers of the net, as there, if its histories fit.
    """
    found = compare_weights(run.net, weights)
    differs = bool(found.misfits) or (state.dsd is not None and bool(found.only_in_net))
    if not differs and (not (found.only_in_file or found.only_in_net) or _histories_fit(run, state)):
        return
    lines = [f"{path}: is of another net than {net_file(run.net)}"]
    for names, where in ((found.only_in_file, weights), (found.only_in_net, "the net")):
        if names:
            lines.append(f"  only in {where}: {first_names(names)}")
    lines += [f"  {misfit}" for misfit in found.misfits[:_MOST_SHOWN]]
    if len(found.misfits) > _MOST_SHOWN:
        lines.append(f"  and {len(found.misfits) - _MOST_SHOWN} more")
    if any(blobs and layer not in found.only_in_net for layer, blobs in run.net.params.items()):
        other = ", with new names in the net for the layers that do not fit" if found.misfits else ""
        lines.append(f"To begin a new run from its weights, use --weights {weights}{other}.")
    raise FileError("\n".join(lines))


def net_file(net: Net) -> str:
    """The file of a net's text; the net's name if it is in none."""
    spans = (layer.span() for layer in net.spec.layers)
    return next((span.source.name for span in spans if span is not None), f"`{net.name}`")


def in_shape(history: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A history in its parameter's shape; files from before 2014 have it in four dimensions."""
    return history.reshape(shape) if history.shape == (1,) * (4 - len(shape)) + shape else history


def _histories_fit(run: Run, state: State) -> bool:
    """Whether the first histories have the shapes of the parameters; their number depends on the solver's type, too."""
    shapes = [tuple(entry.tensor.shape) for entry in run.net.learnable]
    fitted = [in_shape(array, shape).shape for array, shape in zip(state.history, shapes)]
    return fitted == shapes and len(state.history) % max(len(shapes), 1) == 0
