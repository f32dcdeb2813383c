"""The six solver classes, by their rules, and `get_solver`."""

from __future__ import annotations

import os

from dsd.pycaffe.solver import CaffeSolver
from netdef.definition.read import read_solver
from netdef.pycaffe import mode


class SGDSolver(CaffeSolver):
    """Stochastic gradient descent with momentum, even if the file names another type."""

    rule = "SGD"


class NesterovSolver(SGDSolver):
    """Nesterov's accelerated gradient."""

    rule = "Nesterov"


class AdaGradSolver(SGDSolver):
    """Duchi et al. 2011."""

    rule = "AdaGrad"


class RMSPropSolver(SGDSolver):
    """Tieleman and Hinton 2012."""

    rule = "RMSProp"


class AdaDeltaSolver(SGDSolver):
    """Zeiler 2012."""

    rule = "AdaDelta"


class AdamSolver(SGDSolver):
    """Kingma and Ba 2015."""

    rule = "Adam"


_CLASSES = {kind.rule: kind for kind in
            (SGDSolver, NesterovSolver, AdaGradSolver, RMSPropSolver, AdaDeltaSolver, AdamSolver)}


def get_solver(solver_file: str | os.PathLike[str]) -> CaffeSolver:
    """Make the solver of a file, of the type that it names."""
    if not os.path.isfile(solver_file):
        raise RuntimeError(f"Could not open file {os.fspath(solver_file)}")
    kind = read_solver(solver_file, lenient=mode.choices.lenient).message.type
    return _CLASSES.get(kind, SGDSolver)(solver_file)
