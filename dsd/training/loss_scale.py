"""The scale of the loss in float16, in which small gradients would vanish."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from dsd.solver.solver import Solver


class LossScale:
    """Scale losses, and their gradients back, by torch's GradScaler; do nothing unless ``on``.

    Gradients that overflow are not finite: that iteration counts, its update is left out (weights and histories stay as
    they are), and the scale is halved. It is doubled after 2,000 updates in a row.
    """

    def __init__(self, solver: Solver, on: bool, device: torch.device):
        self.solver, self.on = solver, on
        self._scaler = torch.amp.GradScaler(device.type, enabled=on)
        self._unscaled = False

    def scaled(self, loss: Tensor) -> Tensor:
        """The loss to compute gradients of."""
        return self._scaler.scale(loss) if self.on else loss

    def unscale(self) -> None:
        """Make the gradients those of the loss itself, after the last pass of an iteration."""
        if self.on and any(p.grad is not None for p in self._parameters()):
            self._scaler.unscale_(self.solver)
            self._unscaled = True

    def step(self) -> bool:
        """Do the solver's step, if the gradients that `unscale` has seen are finite. Returns whether they are.

        An iteration without its update has no gradients afterwards.
        """
        if not self._unscaled:
            self.solver.step()
            return True
        before = self.solver.iteration
        self._scaler.step(self.solver)
        self._scaler.update()
        self._unscaled = False
        if self.solver.iteration > before:
            return True
        self.solver.zero_grad(set_to_none=True)
        self.solver.iteration += 1
        return False

    @property
    def state(self) -> tuple[float, int]:
        """The scale, and the number of updates since it changed."""
        saved = self._scaler.state_dict()
        return saved["scale"], saved["_growth_tracker"]

    @state.setter
    def state(self, state: tuple[float, int]) -> None:
        saved = self._scaler.state_dict()
        saved["scale"], saved["_growth_tracker"] = state
        self._scaler.load_state_dict(saved)

    def _parameters(self) -> Iterable[Tensor]:
        return (p for group in self.solver.param_groups for p in group["params"])
