"""Bars of the weights kept."""

from __future__ import annotations

import pytest

from dsd.display.plotting import drawing
from dsd.report.kept_bars import kept_bars
from dsd.report.run_metrics import RunMetrics


def test_kept_bars_add_up_to_the_whole(lines):
    with drawing():
        (axes,) = kept_bars(RunMetrics(lines)).axes
    widths = [p.get_width() for p in axes.patches]
    assert widths[::2] == pytest.approx([100 * 56 / 80, 100 * 504 / 720, 100 * 14 / 27])
    assert [a + b for a, b in zip(widths[::2], widths[1::2])] == pytest.approx([100] * 3)
    assert [t.get_text() for t in axes.texts] == ["56 of 80", "504 of 720", "14 of 27"]
