"""The phases of a model and its optimiser, kept by hooks on the optimiser's steps."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from dsd.attached.hooked import HookedOptimizer
from dsd.attached.mask_state import mask_entries, read_entries
from dsd.attached.phases import AttachedPhase, AttachError
from dsd.attached.weights import Chooses, check_patterns, named_weights, unwrapped
from dsd.distributed import World
from dsd.engine.audit import Audit, AuditError, audit_masks
from dsd.engine.choose import Pruner
from dsd.engine.enforce import MaskKeeper
from dsd.engine.phase import with_lengths
from dsd.masks.mask import NamedWeight


class AttachObserver:
    """The base class of observers of an attached run. Methods do nothing unless overridden.

    With several ranks only the first rank's observers are called, unless ``on_every_rank``.
    """

    on_every_rank = False

    def attached(self, run: AttachedRun) -> None:
        """Called when the run begins, goes on from a state, or has other phases because one ended early."""

    def phase_began(self, run: AttachedRun) -> None:
        """Called when the masks of ``run.phase`` are in force, before its first step."""

    def phase_ended(self, run: AttachedRun) -> None:
        """Called after the last step of ``run.phase``; its masks are still in force."""

    def audited(self, run: AttachedRun, audit: Audit) -> None:
        """Called after the audit of the phase that ended; after violations the step raises an `AuditError`."""

    def finished(self, run: AttachedRun) -> None:
        """Called when the last phase has ended, or the run was detached before."""


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
        check_patterns(self.phases, [weight.layer for weight in every])
        self.keeper = MaskKeeper(filter(self._may_prune, every), self._masked, self.phases, world)
        self._hooks = [
            optimizer.register_step_pre_hook(self._before_step), optimizer.register_step_post_hook(self._after_step)]

    def start(self, state: Mapping[str, Any] | None = None) -> None:
        """Begin the first phase, or go on from a state."""
        if state is not None:
            self.load_state_dict(state)
        else:
            self._notify("attached")
            self._begin(0)

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
        total = sum(total for _, total in counts)
        return 1 - sum(kept for kept, _ in counts) / total if total else 0.0

    def audit(self) -> Audit:
        """Check the masks in force: counts, zeros, histories, and their hash on every rank."""
        # The masks of the next step are in force already, but at the end of the last phase.
        audit = audit_masks(self.keeper, self.phase, min(self.iteration + 1, self.phase.end))
        return replace(audit, iteration=self.iteration)

    def state_dict(self) -> dict[str, Any]:
        """The state for `load_state_dict`, beside the state dicts of model and optimiser: numbers, texts and tensors."""
        return {"iteration": self.iteration, "phase": self._begun, "lengths": [p.length for p in self.phases[: self._begun]],
                "rates": list(self._rates), "masks": mask_entries(self.keeper.in_force)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Resume from what `state_dict` returned, with weights and optimiser state loaded before or after.

        Raises `AttachError` if it was made with other phases or another model.
        """
        if missing := [key for key in self.state_dict() if key not in state]:
            raise AttachError(f"the state lacks `{missing[0]}`: it is not what an attached run's `state_dict` returns")
        index, iteration, lengths = state["phase"], state["iteration"], state["lengths"]
        begins, known = sum(lengths), len(lengths) == index < len(self.phases)
        if not known or not begins <= iteration <= begins + self.phases[index].length:
            raise AttachError(f"the state is of step {iteration:,} in phase {index + 1}, which these phases do not have")
        masks = read_entries(state["masks"], self.keeper, index)
        self._set_lengths(lengths)
        self.iteration, self._begun, self._rates = iteration, index, list(state["rates"])
        self.keeper.restore(self.phase, masks)
        self._notify("attached")

    def end_phase(self) -> None:
        """End the phase in force now, after a step, though its length is not reached; the next one begins.

        Call it on every rank. Raises `AttachError` before the phase's first step, and when the last phase has ended.
        """
        done = self.iteration - self.phase.start
        if not 0 < done < self.phase.length:
            raise AttachError(f"phase `{self.phase.name}` has done {done:,} of {self.phase.length:,} steps and cannot end here")
        audit = self.audit() if self.masks else None
        self._set_lengths([*(p.length for p in self.phases[: self._begun]), done])
        self._notify("attached")
        self._end_phase(audit)

    def detach(self) -> None:
        """Remove masks and hooks. Weights and optimiser stay as they are: pruned weights can grow again."""
        for hook in self._hooks:
            hook.remove()
        self._masked.leave()
        if self._hooks and self.iteration < self.max_iter:
            self._notify("finished")
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
        if self.phases[index].sparse and not Pruner(self.keeper.weights.values()).sparsities(self.phases[index]):
            warnings.warn(
                f"phase `{self.phases[index].name}` prunes nothing: the optimiser has no weights that it prunes by default and "
                "does not exclude; `layers` names layers, `prunes` chooses modules", stacklevel=4)
        with torch.random.fork_rng(range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []):
            self.keeper.begin(index, self.iteration, self.seed, after_another=index > 0)
        self._begun = index
        self._set_rates()
        self._notify("phase_began")

    def _set_lengths(self, lengths: Sequence[int]) -> None:
        """Set the lengths of the first phases; those after them move."""
        self.phases = with_lengths(self.phases, dict(enumerate(lengths)))
        self.keeper.phases = self.phases

    def _set_rates(self) -> None:
        groups = self.optimizer.param_groups
        self._rates += [float(group["lr"]) for group in groups[len(self._rates):]]
        phase = self.phase
        if phase.base_lr is not None and not self._rates[0]:
            raise AttachError(f"phase `{phase.name}` has a `base_lr`, but the rate of the first parameter group, which it is"
                              " measured by, was 0 when attached; leave it out where a scheduler sets the rates")
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
            self._end_phase(self.audit() if self.masks else None)
        elif self.iteration < self.phase.end:
            self.keeper.change(self.phase, self.iteration, self.seed)

    def _end_phase(self, audit: Audit | None) -> None:
        self._notify("phase_ended")
        if audit is not None:
            self._notify("audited", audit)
            if not audit.holds:
                raise AuditError(audit)
        if self.iteration < self.max_iter:
            self._begin(self._begun + 1)
        else:
            self._notify("finished")

    def _notify(self, event: str, *details: object) -> None:
        for observer in self.observers:
            if self.world.rank == 0 or observer.on_every_rank:
                getattr(observer, event)(self, *details)
