"""Medians of turns, by a clock that the ways themselves move."""

from __future__ import annotations

import runpy
from pathlib import Path

import torch

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "turns.py"))


def test_each_way_has_its_median():
    now = 0.0

    def lasting(seconds: float):
        def way() -> None:
            nonlocal now
            now += seconds

        return way

    found = TOOL["milliseconds"]({"a": lasting(0.25), "b": lasting(0.5)}, "a", 3, lambda: now, torch.device("cpu"))
    assert found == {"a": 250, "b": 500}
