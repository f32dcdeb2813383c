"""A phase of training: its length, what it prunes, and by which of the published mechanisms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import TypeVar

from dsd.masks.policies.base import MaskPolicy
from dsd.masks.policies.fixed import Fixed
from dsd.solver.choices import ClipScope, Constraint, StateRule


class Scope(Enum):
    """The weights that share a threshold: each layer's, or all. The values are those of the schema's `DsdPhase.scope`.

    ``LAYER``: in each layer. ``GLOBAL``: in all masked layers together, except those with a sparsity of their own.
    """

    LAYER = 0
    GLOBAL = 1


class Regrow(Enum):
    """The first values of weights that the phase before pruned. The values are those of the schema's `DsdPhase.regrow`.

    ``ZERO``: at 0, as in the DSD paper. ``SAVED``: at their values when they were pruned, or those learned under the
    mask. ``FILLER``: at new values from the layer's filler.
    """

    ZERO = 0
    SAVED = 1
    FILLER = 2


_FIXED = Fixed()


@dataclass(frozen=True)
class Phase:
    """One phase of training. ``start`` and ``length`` are in iterations.

    ``sparsity`` is the share of each masked layer's weights that is pruned, None in a dense phase. ``layers`` are
    (pattern, sparsity) pairs of which the last match counts; ``exclude`` are patterns of layers never pruned.
    ``policy`` chooses the masks. ``keeps_masks`` is plain training: masks in force when it begins stay.
    """

    name: str
    start: int
    length: int
    sparsity: float | None = None
    layers: tuple[tuple[str, float], ...] = ()
    exclude: tuple[str, ...] = ()
    solver_state: StateRule = StateRule.RESET
    constraint: Constraint = Constraint.MASK_BLOB
    clip_scope: ClipScope = ClipScope.ACTIVE
    scope: Scope = Scope.LAYER
    keeps_masks: bool = False
    policy: MaskPolicy = _FIXED
    regrow: Regrow = Regrow.ZERO

    @property
    def end(self) -> int:
        """The first iteration after the phase."""
        return self.start + self.length

    @property
    def sparse(self) -> bool:
        """Whether the phase prunes anything."""
        return self.sparsity is not None or bool(self.layers) or self.policy.share(None) is not None

    def names(self, layer: str) -> bool:
        """Whether a pattern of ``layers`` matches, and no ``exclude``."""
        return not self.excludes(layer) and any(fnmatchcase(layer, pattern) for pattern, _ in self.layers)

    def excludes(self, layer: str) -> bool:
        """Whether a pattern of ``exclude`` matches."""
        return any(fnmatchcase(layer, pattern) for pattern in self.exclude)

    def sparsity_of(self, layer: str, own: float | None = None, usual: bool = True) -> float | None:
        """The sparsity of a layer in this phase; None keeps all of it.

        A pattern of ``layers`` overrides ``own``, the sparsity of the layer's Mask, which overrides ``sparsity``; the
        policy may override all. Layers that are not ``usual`` are pruned only if a pattern names them.
        """
        if self.keeps_masks:
            return own
        if not self.sparse or self.excludes(layer) or not (usual or self.names(layer)):
            return None
        given = self.sparsity if own is None else own
        stated = next((share for pattern, share in reversed(self.layers) if fnmatchcase(layer, pattern)), given)
        return None if stated is None and self.layers else self.policy.share(stated)

    def ranks_together(self, layer: str, own: float | None = None) -> bool:
        """Whether a layer shares one threshold with others: scope GLOBAL, and no sparsity of its own."""
        return self.scope is Scope.GLOBAL and own is None and not self.names(layer)


P = TypeVar("P", bound=Phase)


def with_lengths(phases: Sequence[P], lengths: Mapping[int, int]) -> tuple[P, ...]:
    """The phases with the lengths {index: iterations}; those that are not listed keep theirs, and each begins where the one
    before it ends."""
    moved: list[P] = []
    for index, phase in enumerate(phases):
        moved.append(replace(phase, start=moved[-1].end if moved else 0, length=lengths.get(index, phase.length)))
    return tuple(moved)
