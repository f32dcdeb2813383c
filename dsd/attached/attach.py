"""Dense-Sparse-Dense training of any PyTorch model, in a loop that stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch.distributed as dist
from torch import nn
from torch.optim import Optimizer

from dsd.attached.phases import AttachError, Phases, read_phases
from dsd.attached.run import AttachedRun, AttachObserver
from dsd.attached.weights import Chooses
from dsd.distributed import ALONE, World


def attach(
    model: nn.Module,
    optimizer: Optimizer,
    phases: Phases,
    *,
    steps_per_epoch: int | None = None,
    prunes: Chooses | None = None,
    seed: int = 0,
    world: World | None = None,
    observers: Sequence[AttachObserver] = (),
    state: Mapping[str, Any] | None = None,
) -> AttachedRun:
    """Train a model through phases: each ``optimizer.step()`` counts, and begins and ends them.

    A phase begins at the end of the step before it, so that every gradient is taken at the masked weights. Pruned weights
    are +0.0 after every step; the names of parameters stay as they are.

    Args:
        model: any module; also compiled, or in DistributedDataParallel.
        optimizer: any `torch.optim.Optimizer`. Steps that a CUDA graph replays are not seen.
        phases: `Dense` and `Sparse` objects, or ``dsd_phase { ... }`` as text.
        steps_per_epoch: given, the lengths of phases are in epochs.
        prunes: whether a module (its name, the module) is pruned without being named. By default all convolutions but
            the first, Linear, recurrent layers and the projections of MultiheadAttention are, if the optimiser has them.
        seed: of random masks and of new first values.
        world: the processes that train together; by default all of `torch.distributed`.
        observers: called as phases begin and end; `Recorder` is one.
        state: what `AttachedRun.state_dict` returned, to go on from; model and optimiser are loaded.

    Raises `SpecError` for mistakes in phases, `AttachError` for layers that the model does not have, for sharded parameters,
    and for an optimiser that has a run already or none of the model's parameters.
    """
    while isinstance(inner := getattr(optimizer, "optimizer", None), Optimizer):  # as accelerate and Lightning wrap it
        optimizer = inner
    _check(model, optimizer, observers)
    if world is None:
        world = World(dist.get_rank(), dist.get_world_size()) if dist.is_available() and dist.is_initialized() else ALONE
    if any(isinstance(getattr(hook, "__self__", None), AttachedRun) for hook in optimizer._optimizer_step_post_hooks.values()):
        raise AttachError("the optimiser has an attached run already; call its `detach()` first")
    planned = read_phases(phases, steps_per_epoch)
    run = AttachedRun(model, optimizer, planned, prunes, seed, world, observers)
    run.start(state)
    return run


def _check(model: nn.Module, optimizer: Optimizer, observers: Sequence[AttachObserver]) -> None:
    """Raise TypeError for arguments of other types, `AttachError` for the optimiser of another model."""
    for given, wanted in ((model, nn.Module), (optimizer, Optimizer)):
        if not isinstance(given, wanted):
            name = "torch.nn.Module" if wanted is nn.Module else "torch.optim.Optimizer"
            raise TypeError(f"`attach` takes a {name}, not a {type(given).__name__}")
    if not set(model.parameters()) & {p for group in optimizer.param_groups for p in group["params"]}:
        raise AttachError("the optimiser has no parameter of this model: make it of `model.parameters()`, after the model is "
                          "whole and on its device")
    if not isinstance(observers, Iterable) or not all(isinstance(one, AttachObserver) for one in observers):
        raise TypeError(f"`observers` is a list of dsd.AttachObserver objects, such as [dsd.Recorder(path)], not {observers!r}")
