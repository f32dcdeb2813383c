"""Audit the files of a snapshot: the masks in its weights, and those and the histories in its solver state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from dsd.engine.audit import Audit, audit_mask, violations_of
from dsd.masks.mask import mask_hash
from dsd.plan.masks import named_weights
from dsd.training.solverstate import State, read_state
from netdef.definition.definitions import NetDefinition, PhaseName
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.errors import FileError, NetdefError
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.graph.pruning import attach_masks
from netdef.weights.formats import read_layers
from netdef.weights.load import load_weights
from netdef.weights.mask_bits import unpack_mask


def audit_files(
    model: str | Path, weights: Sequence[str | Path], state: str | Path | None = None,
    phase: PhaseName = "TEST", level: int = 0, stages: Sequence[str] = (), lenient: bool = False, allow_python: bool = False,
) -> Audit:
    """Audit weight files under the masks that they hold, and the masks and histories of a ``.solverstate``.

    A mask without a Mask layer in the model is taken for one that training attached. A mask that is in both the weights
    and the state has to be the same. Raises `NetdefError` if there is no mask to audit, or one that covers no weight of
    the model, and whatever reading the files raises.
    """
    saved = None if state is None else (Path(state), read_state(state))
    from_state = _state_masks(*saved) if saved else {}
    named = from_state.keys() | {name for path in weights for name in _stored_masks(path)}
    what = ", ".join(str(path) for path in weights)
    if not named:
        neither = "" if state is None else f", nor does {state}"
        raise NetdefError(f"{what}: holds no masks{neither}: there is nothing to audit")
    spec = filter_net(read_net(model, lenient=lenient, allow_python=allow_python), phase, level, tuple(stages))
    net = build_net(_with_masks(spec, named), "cpu")
    covered = {weight.key: weight for weight in named_weights(net)}
    if unknown := sorted(named - covered.keys()):
        raise NetdefError(f"{what}: mask `{unknown[0]}` covers no weight of {model}")
    for path in weights:
        load_weights(net, path)
    histories = _histories(*saved, net) if saved else {}
    layers, violations, masks = [], [], {}
    for key in (key for key in net.masks if key in named):
        name, kept, other = covered[key].label, net.masks[key].kept, from_state.get(key)
        if kept is not None and other is not None and not kept.equal(other):
            violations.append(f"layer `{name}` has another mask in {state} than in {what}")
        kept = other if kept is None else kept
        weight = covered[key].tensor
        if kept is not None:
            if kept.shape != weight.shape:
                raise FileError(
                    f"{state}: mask `{key}` has shape {tuple(kept.shape)}, its weight {tuple(weight.shape)}")
            masks[key] = kept
        layers.append(audit_mask(name, weight, kept, None, histories.get(weight, ())))
        violations += violations_of(layers[-1])
    iteration = saved[1].iteration if saved else None
    return Audit(what, iteration, tuple(layers), mask_hash(masks), violations=tuple(violations))


def state_beside(weights: str | Path) -> Path | None:
    """The solver state that belongs to a snapshot's weights, if it lies beside them."""
    path = Path(weights)
    state = path.with_name(path.name.replace(".caffemodel", ".solverstate"))
    return state if state != path and state.is_file() else None


def _stored_masks(path: str | Path) -> list[str]:
    with read_layers(path) as layers:
        return [layer.name for layer in layers if layer.mask is not None]


def _state_masks(path: Path, state: State) -> dict[str, Tensor]:
    try:
        return {mask.layer: unpack_mask(mask.shape.dim, mask.bits) for mask in (state.dsd.mask if state.dsd else ())}
    except ValueError as error:
        raise FileError(f"{path}: {error}") from None


def _with_masks(spec: NetDefinition, named: set[str]) -> NetDefinition:
    """The net with the Masks that training attached, recognised by their names: ``<layer>_mask``, ``<layer>_mask_<blob>``."""
    has = {layer.name for layer in spec.layers if layer.type == "Mask"}
    missing = [name for name in named if name not in has]
    covered = [
        layer.name for layer in spec.layers
        if any(name == f"{layer.name}_mask" or name.startswith(f"{layer.name}_mask_") for name in missing)
    ]
    return attach_masks(spec, {name: None for name in covered})


def _histories(path: Path, state: State, net: Net) -> dict[Tensor, list[Tensor]]:
    """The histories of each parameter. The state has slot after slot, each in the order of the net's parameters."""
    parameters = [entry.tensor for entry in net.learnable]
    if not parameters or len(state.history) % len(parameters):
        raise FileError(f"{path}: has {len(state.history)} histories, the net {len(parameters)} parameters")
    found: dict[Tensor, list[Tensor]] = {}
    for index, history in enumerate(state.history):
        parameter = parameters[index % len(parameters)]
        if history.shape != tuple(parameter.shape):
            raise FileError(
                f"{path}: history {index} has shape {history.shape}, the parameter {tuple(parameter.shape)}")
        found.setdefault(parameter, []).append(torch.from_numpy(history))
    return found
