"""A solver with three phases, and the phases that an arm of a study makes of them."""

from __future__ import annotations

from dsd.plan.phases import plan_phases
from dsd.study.arms import messages_of
from dsd.study.plan import with_phases
from netdef.definition.read import read_solver_text

SOLVER = 'base_lr: 0.4 lr_policy: "poly" power: 1 type: "SGD" net: "net.prototxt" '
PHASES = """
    dsd_phase { name: "warm" max_iter: 7 }
    dsd_phase { max_iter: 5 sparsity: 0.3 layer { name: "ip*" sparsity: 0.6 } layer { name: "first" sparsity: 0 }
                base_lr: 0.2 constraint: MASK_UPDATE solver_state: CARRY }
    dsd_phase { max_iter: 3 lr_policy: "fixed" regrow: SAVED }
"""


def phases(text: str = PHASES):
    solver = read_solver_text(SOLVER + text)
    return solver, messages_of(plan_phases(solver), solver.message.dsd_phase)


def planned(solver, made):
    return plan_phases(with_phases(solver, made))
