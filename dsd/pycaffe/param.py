"""``solver.param``: the fields of a solver's file that scripts read."""

from __future__ import annotations

from dataclasses import replace

from dsd.training.trainer import Trainer

ENDLESS = 2**31 - 1
"""``max_iter`` of a solver whose file has none: one that scripts step as long as they like."""


class SolverParam:
    """Fields of a solver. Writing ``base_lr`` changes the rate from then on."""

    def __init__(self, trainer: Trainer):
        self._trainer = trainer

    @property
    def max_iter(self) -> int:
        """The iteration at which training ends; 0 if the file has none."""
        return 0 if self._trainer.max_iter == ENDLESS else self._trainer.max_iter

    @property
    def display(self) -> int:
        """The number of iterations between two logged losses; 0 for none."""
        return self._trainer.settings.display

    @property
    def layer_wise_reduce(self) -> bool:
        """Whether several processes add up gradients as each layer has them."""
        return self._trainer.settings.layer_wise_reduce

    @property
    def base_lr(self) -> float:
        """The rate that the policy starts from; writing it also changes the rate of a phase that has its own."""
        return self._trainer.phase.rates.base_lr or 0.0

    @base_lr.setter
    def base_lr(self, value: float) -> None:
        index = self._trainer.index_at(self._trainer.iteration)
        phases = list(self._trainer.phases)
        phases[index] = replace(phases[index], rates=replace(phases[index].rates, base_lr=float(value)))
        self._trainer.phases = tuple(phases)
