"""Replace the sparse training of caffe-jacinto's solvers by a `dsd_phase` of rising sparsity."""

from __future__ import annotations

import math
from copy import deepcopy

from netdef.errors import Note, Problems, warn_at
from netdef.schema.messages import DsdPhase, MaskParameter, SolverParameter
from netdef.schema.where import Where


def upgrade_sparse_training(
    solver: SolverParameter, where: Where, problems: Problems
) -> tuple[SolverParameter, Where]:
    """The solver with a GRADUAL phase of its whole length for a ``sparsity_target``, and a warning on what differs.

    In that fork the sparsity of convolutions rises by ``sparsity_step_factor`` every ``sparsity_step_iter`` iterations, from
    ``sparsity_start_factor`` on. ``sparse_mode`` without a target, which keeps zeros, stays in the message.
    """
    if solver.sparse_mode != MaskParameter.SPARSE_UPDATE or not solver.sparsity_target > 0:
        return solver, where
    place = where.at("sparsity_target")
    if solver.dsd_phase:
        problems.add("the solver has phases and a `sparsity_target` of caffe-jacinto's; keep the phases", place,
                     Note("the first phase is here", where.name_span("dsd_phase", 0)))
        return solver, where
    phase = DsdPhase(
        name="sparse", max_iter=solver.max_iter, sparsity=solver.sparsity_target, mask_policy=DsdPhase.GRADUAL,
        mask_end=_end(solver), update_interval=solver.sparsity_step_iter, constraint=DsdPhase.ZERO_AFTER_STEP)
    upgraded = deepcopy(solver)
    upgraded.ClearField("sparse_mode")
    upgraded.ClearField("sparsity_target")
    upgraded.dsd_phase.append(phase)
    warn_at(
        place, "the sparse training of caffe-jacinto is read as `dsd_phase { sparsity: "
        f"{phase.sparsity:g} mask_policy: GRADUAL mask_end: {phase.mask_end} update_interval: {phase.update_interval} "
        "constraint: ZERO_AFTER_STEP }`. There only convolutions of 3 x 3 and more are pruned, in each output channel by "
        "itself and no weight above a fifth of its greatest, in equal steps; here the layers that a phase prunes by default, "
        "along a cubic")
    places = where.child("sparsity_target")
    return upgraded, where.replace(sparse_mode=[], sparsity_target=[], dsd_phase=[Where(places.span, places.name)])


def _end(solver: SolverParameter) -> int:
    """The iteration in which the target is reached, or the last one."""
    if solver.sparsity_step_factor <= 0 or solver.sparsity_step_iter <= 0:
        return max(solver.max_iter, 1)
    steps = math.ceil(round((solver.sparsity_target - solver.sparsity_start_factor) / solver.sparsity_step_factor, 4))
    first = math.ceil(solver.sparsity_start_iter / solver.sparsity_step_iter) * solver.sparsity_step_iter
    return max(min(first + max(steps, 0) * solver.sparsity_step_iter, solver.max_iter), 1)
