"""The enums of a phase are those of the schema: same names, same numbers."""

from __future__ import annotations

import pytest

from dsd.engine.phase import Regrow, Scope
from dsd.solver.choices import ClipScope, Constraint, StateRule
from netdef.schema.messages import DsdPhase


@pytest.mark.parametrize(("ours", "schemas"), [
    (Constraint, DsdPhase.Constraint), (ClipScope, DsdPhase.ClipScope), (StateRule, DsdPhase.SolverStateRule),
    (Scope, DsdPhase.Scope), (Regrow, DsdPhase.Regrow),
])
def test_names_and_numbers(ours, schemas):
    assert {member.name: member.value for member in ours} == dict(schemas.items())
