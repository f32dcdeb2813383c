"""Dense-Sparse-Dense training of any PyTorch model, in a loop that stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.optim import Optimizer

from dsd.attached.hooked import HookedOptimizer
from dsd.attached.mask_state import mask_entries, read_entries
from dsd.attached.phases import AttachedPhase, AttachError, Phases, read_phases
from dsd.attached.weights import Chooses, named_weights, unwrapped
from dsd.distributed import ALONE, World
from dsd.engine.audit import Audit, AuditError, audit_masks
from dsd.engine.enforce import MaskKeeper
from dsd.masks.mask import NamedWeight
from netdef.errors import did_you_mean


class AttachObserver:
    """The base class of observers of an attached run. Methods do nothing unless overridden.

    With several ranks only the first rank's observers are called, unless ``on_every_rank``.
    """

    on_every_rank = False

    def attached(self, run: AttachedRun) -> None:
        """The run begins or goes on; its phase comes into force next."""

    def phase_began(self, run: AttachedRun) -> None:
        """The masks of ``run.phase`` are in force, before its first step."""

    def phase_ended(self, run: AttachedRun) -> None:
        """The last step of ``run.phase`` is done; its masks are still in force."""

    def audited(self, run: AttachedRun, audit: Audit) -> None:
        """The masks of the phase that ended were audited; after violations the step raises an `AuditError`."""

    def finished(self, run: AttachedRun) -> None:
        """The last phase has ended, or the run was detached before."""


class AttachedRun:
    """The phases of a model and its optimiser; `attach` makes it.

    Attributes:
        model: the module, out of its wrappers.
        optimizer: the optimiser, out of its wrappers.
        phases: all of them, in order.
        iteration: steps done. Those that a `GradScaler` skips do not count.
        keeper: the masks in force.
        world: rank and number of processes.
        seed: of random masks and of new first values.
    """

    def __init__(
        self, model: nn.Module, optimizer: Optimizer, phases: Sequence[AttachedPhase], prunes: Chooses | None, seed: int,
        world: World, observers: Sequence[AttachObserver],
    ):
        self.model, self.optimizer = unwrapped(model), optimizer
        self.phases, self.seed, self.world, self.observers = tuple(phases), seed, world, tuple(observers)
        self.iteration, self._begun = 0, 0
        self._prunes = prunes
        self._rates: list[float] = []  # of the groups, when they were first seen
        self._masked = HookedOptimizer(optimizer)
        every = self._named_weights()
        _check_patterns(self.phases, [weight.layer for weight in every])
        self.keeper = MaskKeeper(filter(self._may_prune, every), self._masked, self.phases, world)
        self._hooks = [
            optimizer.register_step_pre_hook(self._before_step), optimizer.register_step_post_hook(self._after_step)]

    @property
    def phase(self) -> AttachedPhase:
        """The phase in force: that of the next step, after the end of the run the last one."""
        return self.phases[self._begun]

    @property
    def max_iter(self) -> int:
        """The step at which the last phase ends. Its masks stay in force until `detach`."""
        return self.phases[-1].end

    @property
    def masks(self) -> dict[str, Tensor]:
        """{name of a weight: kept} in force. Weights that keep everything are not listed."""
        return self.keeper.masks

    def kept(self) -> dict[str, tuple[int, int]]:
        """{weight: (kept, in all)} of the weights that the phases may prune."""
        masks, found = self.masks, {}
        for key, weight in self.keeper.weights.items():
            total = weight.tensor.numel()
            found[weight.label] = (int(masks[key].sum()) if key in masks else total, total)
        return found

    def sparsity(self) -> float:
        """The share of these weights that is pruned now."""
        counts = self.kept().values()
        return 1 - sum(kept for kept, _ in counts) / max(sum(total for _, total in counts), 1)

    def audit(self) -> Audit:
        """Check the masks in force: counts, zeros, histories, and their hash on every rank."""
        # The masks of the next step are in force already, but at the end of the last phase.
        audit = audit_masks(self.keeper, self.phase, min(self.iteration + 1, self.phase.end))
        return replace(audit, iteration=self.iteration)

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs beside the state dicts of model and optimiser: numbers, texts and tensors."""
        return {"iteration": self.iteration, "phase": self._begun, "rates": list(self._rates),
                "masks": mask_entries(self.keeper.in_force)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Resume from what `state_dict` returned, with weights and optimiser state loaded before or after.

        Raises `AttachError` if it was made with other phases or another model.
        """
        index, iteration = state["phase"], state["iteration"]
        if not (index < len(self.phases) and self.phases[index].start <= iteration <= self.phases[index].end):
            raise AttachError(f"the state is of step {iteration:,} in phase {index + 1}, which these phases do not have")
        masks = read_entries(state["masks"], self.keeper, index)
        self.iteration, self._begun, self._rates = iteration, index, list(state["rates"])
        self.keeper.restore(self.phase, masks)
        self._tell("attached")

    def detach(self) -> None:
        """Remove masks and hooks. Weights and optimiser stay as they are: pruned weights can grow again."""
        for hook in self._hooks:
            hook.remove()
        self._masked.leave()
        if self._hooks and self.iteration < self.max_iter:
            self._tell("finished")
        self._hooks = []

    def _named_weights(self) -> list[NamedWeight]:
        trained = {p for group in self.optimizer.param_groups for p in group["params"]}
        return named_weights(self.model, trained, self._prunes)

    def _may_prune(self, weight: NamedWeight) -> bool:
        return weight.usual or any(phase.names(weight.layer) for phase in self.phases)

    def _begin(self, index: int) -> None:
        for weight in self._named_weights():  # the optimiser may have groups that it had not before
            if self._may_prune(weight) or weight.key in self.keeper.weights:
                self.keeper.weights[weight.key] = weight
        with torch.random.fork_rng(range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []):
            self.keeper.begin(index, self.iteration, self.seed, after_another=index > 0)
        self._begun = index
        self._set_rates()
        self._tell("phase_began")

    def _set_rates(self) -> None:
        groups = self.optimizer.param_groups
        self._rates += [float(group["lr"]) for group in groups[len(self._rates):]]
        phase = self.phase
        factor = phase.lr if phase.base_lr is None else phase.base_lr / self._rates[0]
        for group, rate in zip(groups, self._rates):
            if factor is not None and isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate * factor)
            elif factor is not None:
                group["lr"] = rate * factor

    def _before_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._masked.before_step()
        if kwargs.get("closure") is not None:
            return args, {**kwargs, "closure": self._masked.masked_closure(kwargs["closure"])}
        if len(args) > 1 and callable(args[1]):  # args[0] is the optimiser
            return (args[0], self._masked.masked_closure(args[1]), *args[2:]), kwargs
        return None

    def _after_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._masked.after_step()
        skipped = getattr(optimizer, "found_inf", None)  # a fused optimiser under a GradScaler skips by itself
        if skipped is not None and bool(skipped):
            return
        self.iteration += 1
        if self.iteration == self.phase.end:
            self._end_phase()
        elif self.iteration < self.phase.end:
            self.keeper.change(self.phase, self.iteration, self.seed)

    def _end_phase(self) -> None:
        self._tell("phase_ended")
        if self.masks:
            audit = self.audit()
            self._tell("audited", audit)
            if not audit.holds:
                raise AuditError(audit)
        if self.iteration < self.max_iter:
            self._begin(self._begun + 1)
        else:
            self._tell("finished")

    def _tell(self, event: str, *details: object) -> None:
        for observer in self.observers:
            if self.world.rank == 0 or observer.on_every_rank:
                getattr(observer, event)(self, *details)


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

    Raises `SpecError` for mistakes in phases, `AttachError` for layers that the model has not, and for sharded parameters.
    """
    while isinstance(inner := getattr(optimizer, "optimizer", None), Optimizer):  # as accelerate and Lightning wrap it
        optimizer = inner
    if world is None:
        world = World(dist.get_rank(), dist.get_world_size()) if dist.is_available() and dist.is_initialized() else ALONE
    planned = read_phases(phases, steps_per_epoch)
    run = AttachedRun(model, optimizer, planned, prunes, seed, world, observers)
    if state is not None:
        run.load_state_dict(state)
    else:
        run._tell("attached")
        run._begin(0)
    return run


def _check_patterns(phases: Sequence[AttachedPhase], layers: Sequence[str]) -> None:
    """Raise `AttachError` for patterns of phases that match no layer with weights."""
    for phase in phases:
        for pattern in (*(name for name, _ in phase.layers), *phase.exclude):
            if not any(fnmatchcase(layer, pattern) for layer in layers):
                raise AttachError(
                    f"phase `{phase.name}`: no layer `{pattern}` in the model has weights that can be pruned"
                    f"{did_you_mean(pattern, layers)}; these have: {', '.join(dict.fromkeys(layers))}")
