"""Settings and results as text."""

from __future__ import annotations

from dsd.study.equivalence.findings import Setting


def test_setting_as_text():
    assert str(Setting("CARRY", None)) == "solver_state CARRY, no clip_gradients"
