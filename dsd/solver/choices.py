"""Options of a phase for its solver: the constraint on pruned weights, the scope of clipping, the treatment of histories."""

from __future__ import annotations

from enum import Enum


class Constraint(Enum):
    """The published ways to keep pruned weights at zero. The values are those of the schema's `DsdPhase.constraint`.

    Survivors get bit-equal updates from all three, unless the gradient norm couples them (see `ClipScope`). What
    differs is the history of pruned weights, which shows only if a later phase carries it on.

    * ``MASK_BLOB``: the mask is an input of the layer, so a pruned weight gets no gradient. Its history is empty.
    * ``ZERO_AFTER_STEP``: Algorithm 1 of the DSD paper. The update is dense and pruned weights are zeroed right after
      the subtraction, inside the step. Their history keeps growing.
    * ``MASK_UPDATE``: the update of pruned weights is masked out. Their history keeps growing. As they are zero when
      the phase begins, this is the same arithmetic as zeroing them.
    """

    MASK_BLOB = 0
    ZERO_AFTER_STEP = 1
    MASK_UPDATE = 2


class ClipScope(Enum):
    """The gradients that the norm of ``clip_gradients`` counts: those of surviving weights, or all."""

    ACTIVE = 0
    ALL = 1


class StateRule(Enum):
    """The treatment of histories when a phase begins. The values are those of the schema's `DsdPhase.solver_state`.

    ``RESET``: all fresh, as ``caffe train --weights`` begins. ``CARRY``: as they are. ``CARRY_ACTIVE``: as they are
    for surviving weights, fresh for pruned ones.
    """

    RESET = 0
    CARRY = 1
    CARRY_ACTIVE = 2
