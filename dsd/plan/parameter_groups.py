"""Parameter groups for a net's solver: blobs with the same multipliers and regularisation.

Group lasso and a regularisation for single blobs are from the SSL fork (Wen et al. 2016), forces from its successor.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from torch import Tensor

from dsd.solver.force import POWERS, Force
from dsd.solver.group_lasso import GroupLasso, KernelLasso
from netdef.errors import SpecError
from netdef.graph.sharing import Learnable
from netdef.schema.messages import ParamSpec, SolverParameter


def parameter_groups(learnable: Iterable[Learnable], solver: SolverParameter) -> list[dict[str, Any]]:
    """Group a net's learnable blobs for `torch.optim.Optimizer`; frozen blobs are left out.

    Raises `SpecError` as `penalties` does.
    """
    groups: dict[tuple[object, ...], dict[str, Any]] = {}
    for entry in learnable:
        if entry.tensor.requires_grad:
            options = penalties(entry, solver) | {
                "lr_mult": 1.0 if entry.lr_mult is None else entry.lr_mult,
                "decay_mult": 1.0 if entry.decay_mult is None else entry.decay_mult,
            }
            groups.setdefault(tuple(options.items()), {"params": [], **options})["params"].append(entry.tensor)
    return list(groups.values())


def penalties(entry: Learnable, solver: SolverParameter) -> dict[str, object]:
    """The options ``regularization`` and ``lassos`` of a blob's parameter group, if its text has any.

    Raises `SpecError` for an unknown regularisation, for blocks that do not tile the weight, and for kernels that are not square.
    """
    params, weight = entry.spec.message.param, entry.tensor
    param = params[entry.index] if entry.index < len(params) else ParamSpec()
    options: dict[str, object] = {}
    if param.HasField("regularization_type"):
        if param.regularization_type not in ("L1", "L2"):
            raise entry.spec.refuse(
                f"has the unknown `regularization_type` \"{param.regularization_type}\"; it is L1 or L2",
                "param", entry.index, "regularization_type")
        options["regularization"] = param.regularization_type
    rows = weight.shape[0] if weight.ndim else 1
    group: int = getattr(entry.layer, "group", 1)
    lassos: list[GroupLasso | KernelLasso] = [
        GroupLasso(rows // group, 1, _column_decay(weight, solver, param)),
        GroupLasso(1, weight.numel() // rows, solver.breadth_decay * param.breadth_decay_mult),
        KernelLasso(group, solver.special_shape_decay * param.special_shape_decay_mult),
    ]
    if lassos[-1].decay and not lassos[-1].fits(weight):
        raise entry.spec.refuse(f"has a `special_shape_decay_mult` for a blob of shape {tuple(weight.shape)}; it is for square "
                                "kernels", "param", entry.index, "special_shape_decay_mult")
    for i, block in enumerate(param.block_group_lasso):
        lassos.append(GroupLasso(block.ydimen, block.xdimen, solver.block_group_decay * block.block_decay_mult))
        if not lassos[-1].fits(weight):
            raise _misfit(entry, rows, i)
    terms = [*(lasso for lasso in lassos if lasso.decay), *_forces(entry, solver, param)]
    if terms:
        options["lassos"] = tuple(terms)
    return options


def _column_decay(weight: Tensor, solver: SolverParameter, param: ParamSpec) -> float:
    """The decay of a weight's columns; by ``group_weight_decay``, of SSL's first version, that of convolutions only."""
    first = solver.group_weight_decay * param.group_decay_mult if weight.ndim == 4 else 0.0
    return solver.kernel_shape_decay * param.kernel_shape_decay_mult + first


def _forces(entry: Learnable, solver: SolverParameter, param: ParamSpec) -> list[Force]:
    """The force regularisation of a blob, if the solver and its text have one."""
    decay = solver.force_decay * param.force_mult
    if not decay or entry.tensor.ndim < 2:
        return []
    for field, known in (("force_type", tuple(POWERS)), ("force_direction", ("all", "same")),
                         ("force_decay_type", ("fixed", "adaptive"))):
        if getattr(solver, field) not in known:
            raise entry.spec.refuse(
                f"has a `force_mult`, and the solver the unknown `{field}` \"{getattr(solver, field)}\"; it is "
                f"{', '.join(known[:-1])} or {known[-1]}", "param", entry.index, "force_mult")
    end = solver.force_iter if solver.force_iter >= 0 else math.inf
    return [Force(POWERS[solver.force_type], decay, solver.force_direction == "same", solver.force_decay_type == "adaptive", end)]


def _misfit(entry: Learnable, rows: int, index: int) -> SpecError:
    block = entry.spec.message.param[entry.index].block_group_lasso[index]
    return entry.spec.refuse(
        f"has a `block_group_lasso` whose blocks of {block.ydimen} x {block.xdimen} do not divide its "
        f"{rows} x {entry.tensor.numel() // rows} weights", "param", entry.index, "block_group_lasso", index)
