"""Force regularisation: filters that turn towards one another, from wenwei202's fork (Wen et al. 2017)."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

POWERS = {"Degradation": 0, "Constant": 1, "Linear": 2, "Gravity": 3}
"""{type of force: ``power`` in the formula of `Force`}."""

_NEAR = 1e-4  # shorter rows have no force; nor has a pair of unit vectors nearer than this, except by Degradation
_WEAK = 1e-8  # with ``adaptive`` a shorter force becomes 0


class Force(NamedTuple):
    """A term of the gradient that turns the rows w of a weight's matrix, its first axis by all others, together.

    With u the unit vectors, row i is moved by ``decay * |w_i|`` times the part of ``sum over j of (u_j - u_i) / |u_i -
    u_j|^power`` that is orthogonal to it. With ``same`` only where the gradient points the same way; with ``adaptive``
    the whole term is as long as the gradient, times ``decay``. It acts before iteration ``end``.
    """

    power: int
    decay: float
    same: bool = False
    adaptive: bool = False
    end: float = math.inf

    def add_(self, gradient: Tensor, weight: Tensor) -> None:
        """Add the term to a gradient that has its other decay already. Weights of one axis have none."""
        if weight.ndim < 2:
            return
        force = self._of(weight.flatten(1)).view_as(weight)
        if self.same:
            force = force.where(force * gradient >= 0, 0)
        if self.adaptive:
            length = force.norm()
            force = force * torch.where(length >= _WEAK, gradient.norm() / length, 0)
        gradient.add_(force, alpha=self.decay)

    def _of(self, rows: Tensor) -> Tensor:
        lengths = rows.norm(dim=1, keepdim=True)
        units = torch.where(lengths > _NEAR, rows / lengths, 0)
        if self.power == 0:
            pull = units.sum(0).expand_as(units)
        else:
            distances = torch.cdist(units, units, compute_mode="donot_use_mm_for_euclid_dist")
            there = (lengths > _NEAR) & (lengths > _NEAR).t() & (distances > _NEAR)
            pull = torch.where(there, distances**-self.power, 0) @ units
        return -lengths * torch.where(lengths > _NEAR, pull - units * (units * pull).sum(1, keepdim=True), 0)
