"""Curves of logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsd.logs.plot import CHARTS, LogCurve, curves_of, plot
from dsd.logs.tables import Tables
from netdef.errors import NetdefError


def tables(*rows: dict[str, float]) -> Tables:
    return Tables(train=[], test=list(rows))


def test_charts_have_the_originals_numbers_and_titles():
    assert [CHARTS[number].title for number in (0, 3, 4, 7)] == [
        "Test accuracy vs. Iters", "Test loss vs. Seconds", "Train learning rate vs. Iters", "Train loss vs. Seconds"]


def test_each_run_has_a_curve():
    runs = [tables({"NumIters": 0, "Seconds": 1.5, "accuracy": 0.25}, {"NumIters": 50, "Seconds": 4, "accuracy": 0.5}),
            tables({"NumIters": 0, "Seconds": 2, "accuracy": 0.125})]
    curves = curves_of(runs, CHARTS[0], Path("x.log"))
    assert [(curve.x, curve.y) for curve in curves] == [([0, 50], [0.25, 0.5]), ([0], [0.125])]


def test_a_missing_output_names_the_others():
    with pytest.raises(NetdefError, match="x.log: has no `accuracy`.*loss"):
        curves_of([tables({"NumIters": 0, "Seconds": 1, "loss": 2.0})], CHARTS[0], Path("x.log"))


def test_a_picture_has_title_and_legend():
    pytest.importorskip("matplotlib")
    drawn = plot([LogCurve("x.log", [0, 50], [0.25, 0.5])], CHARTS[0], "svg").decode()
    assert ">x.log<" in drawn and ">Test accuracy vs. Iters<" in drawn
