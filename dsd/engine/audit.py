"""Audit masks: check counts, zeros, histories and hashes.

Nothing else shows a mask that leaks: the loss keeps falling when pruned weights come back. So the end of each sparse phase
is audited, and weight files can be (``dsd-test --audit``). Each check is one pass over the masked weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from dsd.engine.enforce import MaskKeeper
from dsd.engine.phase import Phase
from dsd.masks.mask import mask_hash
from dsd.solver.bitwise import bits_of
from dsd.solver.choices import Constraint
from netdef.errors import NetdefError


class AuditError(NetdefError):
    """The error for an audit with violations. The commands exit with 1, not 2: the user's files are not at fault."""

    exit_status = 1

    def __init__(self, audit: Audit):
        self.audit = audit
        lines = [f"{audit.what}: the masks did not hold", *(f"  {text}" for text in audit.violations)]
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class LayerAudit:
    """The audit of one mask.

    ``wanted`` is how many weights the phase should keep, None if that depends on their values. ``not_zero`` counts the
    pruned weights that are not +0.0, sign bit included; ``largest_pruned`` is their largest magnitude.
    ``largest_history`` is that of the optimiser's histories of pruned weights, None without histories.
    """

    layer: str
    weights: int
    kept: int
    wanted: int | None
    not_zero: int
    largest_pruned: float
    largest_history: float | None


@dataclass(frozen=True)
class Audit:
    """The result of an audit. ``what`` names the phase or file; ``violations`` describe what did not hold."""

    what: str
    iteration: int | None
    layers: tuple[LayerAudit, ...]
    mask_hash: str
    ranks: int = 1
    violations: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.violations


def audit_masks(keeper: MaskKeeper, phase: Phase, iteration: int) -> Audit:
    """Audit the masks in force after ``iteration`` iterations. Every rank gets the violations of all ranks.

    Under ``MASK_BLOB`` histories of pruned weights must be empty; under other constraints they are only reported.
    """
    masks, pruner = keeper.masks, keeper.pruner
    counts = {} if phase.keeps_masks else pruner.counts(phase, iteration - 1)
    layers, violations = [], []
    for key, kept in masks.items():
        weight = keeper.weights[key]
        histories = keeper.optimizer.histories_of(weight.tensor)
        layer = audit_mask(weight.label, weight.tensor, kept, counts.get(key), histories)
        layers.append(layer)
        violations += violations_of(layer, phase.constraint is Constraint.MASK_BLOB)
    together, wanted = pruner.ranked_together(phase)
    if (found := sum(int(masks[key].sum()) for key in together)) != wanted:
        violations.append(f"the layers ranked together keep {found:,} weights, the phase says {wanted:,}")
    digest = mask_hash(masks)
    ranks = keeper.world.gather((digest, violations))
    violations = [f"rank {rank}: {text}" if rank else text for rank, (_, texts) in enumerate(ranks) for text in texts]
    if len({digest for digest, _ in ranks}) > 1:
        violations.append(f"the ranks hold different masks: {', '.join(digest[:12] for digest, _ in ranks)}")
    return Audit(f"phase `{phase.name}`", iteration, tuple(layers), digest, keeper.world.size, tuple(violations))


@torch.no_grad()
def audit_mask(
    layer: str, weight: Tensor, kept: Tensor | None, wanted: int | None = None, histories: Iterable[Tensor] = ()
) -> LayerAudit:
    """Check one mask and its weight; ``kept`` None keeps all."""
    if kept is None:
        return LayerAudit(layer, weight.numel(), weight.numel(), wanted, 0, 0.0, None)
    not_zero, largest = _not_zero(weight, kept)
    largest_history = max((_not_zero(history, kept)[1] for history in histories), default=None, key=_nan_as_infinity)
    return LayerAudit(layer, weight.numel(), int(torch.count_nonzero(kept)), wanted, not_zero, largest, largest_history)


def violations_of(layer: LayerAudit, histories_empty: bool = False) -> list[str]:
    """Describe what is wrong with a mask; with ``histories_empty`` also histories of pruned weights."""
    found = []
    who = f"layer `{layer.layer}`"
    if layer.wanted not in (None, layer.kept):
        found.append(f"{who} keeps {layer.kept:,} of {layer.weights:,} weights, the phase says {layer.wanted:,}")
    if layer.not_zero:
        found.append(f"{who} has {layer.not_zero:,} pruned weights that are not +0.0, "
                     f"the largest of magnitude {layer.largest_pruned:g}")
    if histories_empty and layer.largest_history not in (None, 0):
        found.append(f"{who} has histories of pruned weights up to {layer.largest_history:g}; "
                     "under MASK_BLOB they are empty")
    return found


def _not_zero(tensor: Tensor, kept: Tensor) -> tuple[int, float]:
    """Count and largest magnitude (NaN if any is) of the pruned elements with any bit set."""
    count = int(torch.count_nonzero(torch.where(kept, 0, bits_of(tensor))))
    return count, float(torch.where(kept, 0, tensor.detach()).abs().max()) if count else 0.0


def _nan_as_infinity(magnitude: float) -> float:
    return math.inf if math.isnan(magnitude) else magnitude
