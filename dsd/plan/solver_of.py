"""The definition of a solver that a trainer is given: as a file, as a message, or read already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from google.protobuf.message import Message

from dsd.plan.prepare import RunOptions, prepare
from netdef.definition.definitions import SolverDefinition
from netdef.definition.read import read_solver, read_solver_message
from netdef.definition.set_fields import set_fields
from netdef.errors import Problems, SpecError


def solver_of_file(
    path: str | Path, options: RunOptions, settings: Sequence[str] = (), *, lenient: bool = False, allow_python: bool = False
) -> SolverDefinition:
    """Read a solver file and set fields in it. Raises `SpecError` with its mistakes and all those of nets and phases."""
    problems = Problems()
    solver = read_solver(path, lenient=lenient, allow_python=allow_python, problems=problems)
    try:
        solver = set_fields(solver, settings)
    except SpecError as error:
        problems.extend(error.problems)
    if problems:  # raise them with all others
        prepare(solver, options, check_only=True, problems=problems)
    return solver


def solver_of(solver: SolverDefinition | Message) -> SolverDefinition:
    """The solver as it is read from a file. Raises TypeError for what is no solver."""
    if isinstance(solver, SolverDefinition):
        return solver
    if isinstance(solver, Message) and solver.DESCRIPTOR.name == "SolverParameter":
        return read_solver_message(solver)
    raise TypeError(f"a trainer takes a SolverDefinition or a SolverParameter, not a {type(solver).__name__}; "
                    "`Trainer.from_file` takes the path of a solver file")
